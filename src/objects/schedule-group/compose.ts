import type { Composed, ComposedField } from '../../model/compose.ts';
import type { Index } from '../../model/contracts.ts';
import { equal, type Json, type JsonObject } from '../../model/json.ts';
import { keyOf } from '../../model/key.ts';
import { labelsOf, lists, sorted } from './labels.ts';

/** Where it is put down that a name is to mean another schedule than it means to the group now: `/another/openSchedules`. */
const another = '/another/';

/** The list that such a place is about. */
export function anotherOf(path: string): string | undefined {
  return path.startsWith(another) ? path.slice(another.length) : undefined;
}

/**
 * Groups refer by id, and documents by name. Where this plan renames a schedule, the group has it already, and nothing is to
 * be written; where a name goes to another schedule, it is to be written though the names are the same.
 */
export function compose(wish: Composed, { live, index }: { live?: JsonObject; index: Index }): Composed {
  if (live === undefined) return wish;
  const now = liveLabels(index);
  const fields = wish.fields.flatMap((field): ComposedField[] => {
    const list = lists.find((name) => field.path === `/${name}`);
    const before = list === undefined ? undefined : live[list];
    if (list === undefined || !('value' in field) || !Array.isArray(field.value)) return [field];
    const meant = sorted(field.value.map((label) => now(String(label))));
    if (equal(meant, before)) return [{ ...field, value: meant }];
    if (!equal(field.value, before)) return [field];
    const title = `${list}, where a name goes to another schedule`;
    return [field, { path: another + list, by: field.by, title, value: true satisfies Json }];
  });
  return { ...wish, fields };
}

/** What groups call now what is to be called so after this plan; a text that none is called by for what is yet to be made. */
function liveLabels(index: Index): (label: string) => string {
  const entries = index.all('schedule');
  const names = new Map(
    entries.flatMap(({ id, live }) => (id === undefined || live === undefined ? [] : [[id, live.name]])),
  );
  const label = labelsOf(names);
  return (wished) => {
    if (names.has(wished)) return label(wished);
    const entry = index.find('schedule', keyOf(wished))[0];
    return entry?.id === undefined || !names.has(entry.id) ? `\0${wished}` : label(entry.id);
  };
}
