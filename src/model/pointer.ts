import { isObject, type Json, type JsonObject } from './json.ts';

/** A JSON pointer (RFC 6901): `/config/request/headers`. The empty string is the whole value. */
export type Pointer = string;

export function parsePointer(pointer: Pointer): string[] {
  if (pointer === '') return [];
  const parts = pointer.slice(1).split('/');
  return pointer.includes('~') ? parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')) : parts;
}

export function formatPointer(parts: readonly (string | number)[]): Pointer {
  let pointer = '';
  for (const part of parts) pointer += `/${escaped(String(part))}`;
  return pointer;
}

function escaped(part: string): string {
  return part.includes('~') || part.includes('/') ? part.replaceAll('~', '~0').replaceAll('/', '~1') : part;
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
  return setFrom(base, parsePointer(pointer), 0, value);
}

function setFrom(base: JsonObject, parts: readonly string[], depth: number, value: Json): JsonObject {
  const part = parts[depth];
  if (part === undefined) return isObject(value) ? value : base;
  if (depth === parts.length - 1) return { ...base, [part]: value };
  const child = base[part];
  return { ...base, [part]: setFrom(isObject(child) ? child : {}, parts, depth + 1, value) };
}

/** Patterns are constants of the objects' code, so they are few and each is taken apart once. */
const patterns = new Map<Pointer, readonly string[]>();

/** True where `pattern` (a pointer in which `*` stands for any one part) names the place with these parts. */
export function matches(pattern: Pointer, parts: readonly string[]): boolean {
  let wanted = patterns.get(pattern);
  if (wanted === undefined) {
    wanted = parsePointer(pattern);
    patterns.set(pattern, wanted);
  }
  return wanted.length === parts.length && wanted.every((part, i) => part === '*' || part === parts[i]);
}

/** How people read a pointer: `config.request.headers`. */
export function dotted(pointer: Pointer): string {
  return parsePointer(pointer).join('.');
}
