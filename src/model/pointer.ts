import { isObject, type Json, type JsonObject } from './json.ts';

/** A JSON pointer (RFC 6901): `/config/request/headers`. The empty string is the whole value. */
export type Pointer = string;

export function parsePointer(pointer: Pointer): string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export function formatPointer(parts: readonly (string | number)[]): Pointer {
  return parts.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The value at the pointer; undefined where there is none. */
export function getAt(value: Json | undefined, pointer: Pointer): Json | undefined {
  let at: Json | undefined = value;
  for (const part of parsePointer(pointer)) {
    if (Array.isArray(at)) at = at[Number(part)];
    else if (isObject(at) && Object.hasOwn(at, part)) at = at[part];
    else return undefined;
  }
  return at;
}

/** A copy with the value at the pointer set; objects on the way are made where missing. */
export function setAt(base: JsonObject, pointer: Pointer, value: Json): JsonObject {
  const [head, ...rest] = parsePointer(pointer);
  if (head === undefined) return isObject(value) ? value : base;
  const child = base[head];
  return {
    ...base,
    [head]: rest.length === 0 ? value : setAt(isObject(child) ? child : {}, formatPointer(rest), value),
  };
}

/** A copy without the value at the pointer. */
export function removeAt(base: JsonObject, pointer: Pointer): JsonObject {
  const [head, ...rest] = parsePointer(pointer);
  if (head === undefined || !Object.hasOwn(base, head)) return base;
  if (rest.length === 0) {
    const { [head]: _gone, ...others } = base;
    return others;
  }
  const child = base[head];
  return isObject(child) ? { ...base, [head]: removeAt(child, formatPointer(rest)) } : base;
}

/** True where `pattern` (a pointer in which `*` stands for any one part) names the pointer. */
export function matches(pattern: Pointer, pointer: Pointer): boolean {
  const wanted = parsePointer(pattern);
  const parts = parsePointer(pointer);
  return wanted.length === parts.length && wanted.every((part, i) => part === '*' || part === parts[i]);
}

/** How people read a pointer: `config.request.headers`. */
export function dotted(pointer: Pointer): string {
  return parsePointer(pointer).join('.');
}
