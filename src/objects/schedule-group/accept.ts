import type { Acceptance, Drifted } from '../../model/contracts.ts';
import { isEmpty, type Json } from '../../model/json.ts';
import { keyOf } from '../../model/key.ts';
import { getAt } from '../../model/pointer.ts';
import type { Resource } from '../../model/resource.ts';
import { anotherOf } from './compose.ts';
import { lists } from './labels.ts';

/** What moved, as a document says it: schedules by their names, in its own order, new ones at the end. */
export function accept(resource: Resource, { live, fields, index }: Drifted): Acceptance[] {
  return fields.map(({ path }): Acceptance => {
    const list = anotherOf(path) ?? path.slice(1);
    const now = getAt(live, `/${list}`);
    const pointer = `/spec/${list}`;
    if (anotherOf(path) !== undefined) {
      return { pointer, why: 'another schedule of the same name is meant, which only an id in an environment can say' };
    }
    if (lists.some((name) => name === list)) return { pointer, ...members(resource.spec[list], now, index) };
    if (path === '/description') return { pointer, value: isEmpty(now) ? null : now! };
    if (typeof now !== 'string' || now === '')
      return { pointer, why: 'nothing is live there that a document could say' };
    return { pointer, value: now };
  });
}

function members(
  written: Json | undefined,
  now: Json | undefined,
  index: Drifted['index'],
): { value: Json } | { why: string } {
  const labels = Array.isArray(now) ? now.map(String) : [];
  const nameOf = (item: Json): string | undefined => {
    if (typeof item === 'string') return item;
    const id = getAt(item, '/id');
    const entry = index.all('schedule').find((one) => one.id === id);
    // Groups call a schedule by its id where the name does not tell which one it is.
    return entry === undefined || index.find('schedule', entry.key).length > 1 ? String(id) : entry.name;
  };
  const kept = (Array.isArray(written) ? written : []).filter((item) => labels.includes(nameOf(item) ?? ''));
  const known = new Set(kept.map(nameOf));
  const fresh = labels.filter((label) => !known.has(label));
  const unnamed = fresh.filter((label) => index.find('schedule', keyOf(label)).length !== 1);
  if (unnamed.length > 0) {
    return { why: `it has a schedule (${unnamed.join(', ')}) that is gone, or whose name another one has as well` };
  }
  return { value: [...kept, ...fresh] };
}
