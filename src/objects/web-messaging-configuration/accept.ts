import type { Acceptance, Drifted } from '../../model/contracts.ts';
import { equal, isEmpty, isObject, type Json } from '../../model/json.ts';
import { getAt, type Pointer, parsePointer } from '../../model/pointer.ts';
import type { Resource } from '../../model/resource.ts';
import { canonicalAt, isSetAt, keyAt } from './canonical.ts';
import { references } from './references.ts';

/** What moved, as a document says it: names for ids, lists in the document's order and in its words. */
export function accept(resource: Resource, { live, fields, index }: Drifted): Acceptance[] {
  return fields.map(({ path, title }): Acceptance => {
    const now = getAt(live, path);
    const reference = references.find(({ id, whole }) => id === path || whole === path);
    if (reference !== undefined) {
      const pointer: Pointer = `/spec${reference.at}`;
      const id = getAt(live, reference.id);
      if (isEmpty(id)) return { pointer, value: null };
      const found = index.all(reference.type).filter((entry) => entry.id === id);
      if (found.length === 1 && index.all(reference.type).filter(({ name }) => name === found[0]!.name).length === 1) {
        return { pointer, value: found[0]!.name };
      }
      return { pointer, why: `no ${reference.label} can be told by its name for ${title ?? 'it'} (${String(id)})` };
    }
    const pointer = `/spec${path}`;
    if (now === undefined || now === null) return { pointer, value: null };
    return { pointer, value: likened(now, getAt(resource.spec, path), parsePointer(path)) };
  });
}

/** A live value that is in the canonical form, as near to what is written as it can be. */
function likened(live: Json, written: Json | undefined, at: readonly string[]): Json {
  if (written === undefined || written === null) return live;
  if (equal(canonicalAt(written, at), live)) return written;
  if (isObject(live) && isObject(written)) {
    const before = Object.entries(canonicalAt(written, at) as object);
    // What the canonical form spells out need not be written.
    const silent = new Set(
      before.flatMap(([key, value]) => (!Object.hasOwn(written, key) && equal(value, live[key]) ? [key] : [])),
    );
    const keys = [...Object.keys(written).filter((key) => Object.hasOwn(live, key)), ...Object.keys(live)];
    const kept = [...new Set(keys)].filter((key) => !silent.has(key));
    return Object.fromEntries(kept.map((key) => [key, likened(live[key]!, written[key], [...at, key])]));
  }
  if (!Array.isArray(live) || !Array.isArray(written)) return live;
  const below = [...at, '*'];
  const isSet = isSetAt(at);
  const key = keyAt(at);
  if (!isSet && key === undefined) return live.map((item, i) => likened(item, written[i], below));
  const labelOf = (item: Json): Json => (key === undefined ? item : ((isObject(item) ? item[key] : undefined) ?? null));
  const pairs = written.map(
    (item) => [item, live.find((one) => equal(labelOf(one), labelOf(canonicalAt(item, below))))] as const,
  );
  const kept = pairs.flatMap(([item, now]) => (now === undefined ? [] : [likened(now, item, below)]));
  const known = pairs.flatMap(([, now]) => (now === undefined ? [] : [now]));
  return [...kept, ...live.filter((one) => !known.includes(one))];
}
