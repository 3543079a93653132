import type { WriteContext } from '../../model/contracts.ts';
import { Failure } from '../../model/failure.ts';
import type { Reader } from '../../model/http.ts';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { listEntities, type Place, readEntity } from '../versioned.ts';

/** The published paths of the schedules that groups have. */
const schedules: Place = {
  list: '/api/v2/architect/schedules',
  item: '/api/v2/architect/schedules/{scheduleId}',
  param: 'scheduleId',
  label: 'schedule',
};

/** The lists of a group. */
export const lists = ['openSchedules', 'closedSchedules', 'holidaySchedules'] as const;

/** What groups call a schedule: its name, or its id where several have that name or none has that id. */
export type Labels = (id: string) => string;

/** Made of the names by id, since a label must mean one thing. */
export function labelsOf(names: ReadonlyMap<string, string>): Labels {
  const counts = new Map<string, number>();
  for (const name of names.values()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return (id) => {
    const name = names.get(id);
    return name !== undefined && counts.get(name) === 1 ? name : id;
  };
}

/** The names of all schedules, by id. */
export async function namesIn(reader: Reader): Promise<Map<string, string>> {
  const items = await listEntities(reader, schedules);
  return new Map(items.map(({ id, name }) => [id, name]));
}

/** The labels of what a group refers to. Lists may lag: of what they lack, or call otherwise than the group does, it is asked itself. */
export async function labelsFor(reader: Reader, group: JsonObject): Promise<Labels> {
  const names = await namesIn(reader);
  const doubtful = lists
    .flatMap((list) => referencesIn(group[list]))
    .filter(({ id, name }) => !names.has(id) || (name !== undefined && names.get(id) !== name));
  await Promise.all(
    [...new Set(doubtful.map(({ id }) => id))].map(async (id) => {
      const schedule = await readEntity(reader, schedules, id);
      if (schedule === undefined) names.delete(id);
      else names.set(id, String(schedule['name']));
    }),
  );
  return labelsOf(names);
}

/** The schedules of a list as the API answers it, with their names where it tells them. */
export function referencesIn(list: Json | undefined): { id: string; name?: string }[] {
  return (Array.isArray(list) ? list.filter(isObject) : []).map(({ id, name }) => {
    return { id: String(id), ...(typeof name === 'string' ? { name } : {}) };
  });
}

/** In the one order in which lists compare: they are sets. */
export function sorted(labels: readonly string[]): string[] {
  return [...new Set(labels)].sort();
}

/** Milliseconds to wait before each look: what was made or renamed just now may show in the list only after a while. */
const patience = [0, 250, 500, 1000, 2000, 4000];

/** The ids of labels: from what the group has already, and where it lacks one, from the list. */
export async function idsOf(
  ctx: WriteContext,
  group: JsonObject,
  labels: readonly string[],
): Promise<(label: string) => string> {
  const had = lists.flatMap((list) => referencesIn(group[list]));
  let missing: readonly string[] = labels;
  const ids = new Map<string, string>();
  for (const wait of patience) {
    if (wait > 0) await ctx.reader.wait(wait);
    const names = await namesIn(ctx.reader);
    const label = labelsOf(names);
    for (const id of [...had.map((one) => one.id), ...names.keys()]) ids.set(label(id), id);
    // One that this plan gives the name of another may be the only one of its name as yet.
    for (const id of names.keys()) if (!ids.has(id)) ids.set(id, id);
    missing = labels.filter((one) => !ids.has(one));
    if (missing.length === 0) return (one) => ids.get(one)!;
  }
  const named = missing.map((one) => `"${one}"`).join(', ');
  throw new Failure(
    'DependencyNotReady',
    `Genesys does not list ${named} yet, or several schedules are called so; the next run looks again`,
  );
}
