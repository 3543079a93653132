import { equal, isObject, type Json } from '../../model/json.ts';
import { formatPointer, type Pointer } from '../../model/pointer.ts';
import { type Desired, type Resource, type ResourceId, resourceId } from '../../model/resource.ts';
import type { Wish } from './layers.ts';

export interface Asked {
  wishes: readonly Wish[];
  /** Resources that go. */
  removed: readonly ResourceId[];
}

/** A resource that is read otherwise than before without having been asked to, or that is still there. */
export interface Unasked {
  resource: Resource;
  why: string;
}

/** What an edited repository, read as one environment reads it, says otherwise than was asked for: gone, new or changed. */
export function unasked(before: Desired, after: Desired, { wishes, removed }: Asked): Unasked[] {
  const was = byId(before);
  const is = byId(after);
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((id): Unasked[] => {
    const [a, b] = [was.get(id), is.get(id)];
    const isLeaving = removed.includes(id);
    if (b === undefined) return isLeaving ? [] : [{ resource: a!, why: `${id} would be gone with it` }];
    if (a === undefined) return [{ resource: b, why: `${id} would be there with it` }];
    if (isLeaving) return [{ resource: b, why: `${id} would still be there` }];
    const own = wishes.filter((wish) => wish.id === id).map(({ acceptance }) => acceptance.pointer);
    const stray = differences(sayingOf(a), sayingOf(b), '').find((at) => !own.some((pointer) => overlap(pointer, at)));
    return stray === undefined ? [] : [{ resource: a, why: `${id} would say something else at ${stray}` }];
  });
}

function byId({ resources }: Desired): Map<ResourceId, Resource> {
  return new Map(resources.map((resource) => [resourceId(resource), resource]));
}

function sayingOf({ spec, annotations, files }: Resource): Json {
  return { spec, metadata: { annotations }, files: files as never };
}

/** Where two values differ; of files by the place that refers to them. A list of another length differs as a whole. */
function differences(a: Json | undefined, b: Json | undefined, at: Pointer): Pointer[] {
  if (a === b || (a !== undefined && b !== undefined && equal(a, b))) return [];
  if (isObject(a) && isObject(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    if (at === '/files') return keys.filter((key) => !equal(a[key] ?? null, b[key] ?? null));
    const child = (map: typeof a, key: string): Json | undefined => (Object.hasOwn(map, key) ? map[key] : undefined);
    return keys.flatMap((key) => differences(child(a, key), child(b, key), at + formatPointer([key])));
  }
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
    return a.flatMap((item, i) => differences(item, b[i], at + formatPointer([i])));
  }
  return [at];
}

/** Whether one place is within the other. */
export function overlap(a: Pointer, b: Pointer): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}
