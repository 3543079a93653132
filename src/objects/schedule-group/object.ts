import type { ObjectType, Summary, WriteContext, WriteOrder } from '../../model/contracts.ts';
import type { Reader } from '../../model/http.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { keyOf } from '../../model/key.ts';
import { askConsumers } from '../consumers.ts';
import { divisionLabel } from '../divisions.ts';
import {
  auditedAs,
  common,
  fingerprint,
  listEntities,
  type Place,
  readEntity,
  settleEntity,
  versionOf,
  writeEntity,
} from '../versioned.ts';
import { anotherOf, compose } from './compose.ts';
import { idsOf, labelsFor, labelsOf, lists, namesIn, referencesIn, sorted } from './labels.ts';

/** The published paths of schedule groups. */
const place: Place = {
  list: '/api/v2/architect/schedulegroups',
  item: '/api/v2/architect/schedulegroups/{scheduleGroupId}',
  param: 'scheduleGroupId',
  label: 'schedule group',
};

/** `/api/v2/architect/schedulegroups` (facts: README of this folder). */
export const scheduleGroup: ObjectType = {
  type: 'schedule-group',
  surface: 'platform',
  label: 'schedule group',
  managed: true,
  sensitive: [],
  required: ['/name'],
  immutable: {},
  refersTo: ['schedule'],
  mayReferTo: ['division'],
  list,
  read,
  // Schedules and divisions may get other names without another version of the group.
  refreshed: (live, { attributes }) => ({ ...live, ...attributes }),
  fingerprintOf: versionOf,
  normalise,
  compose,
  // What is put down there is no value, and its title says it all.
  differences: (path, { title }) => (anotherOf(path) === undefined ? undefined : [{ at: title ?? path }]),
  renders: (path) => anotherOf(path) !== undefined,
  write,
  settle: settleEntity(place, normalise),
  audited: auditedAs('ScheduleGroup'),
  // Flows name what they evaluate.
  referredBy: ['/name'],
  consumers: (reader, { id }) => askConsumers(reader, id, 'SCHEDULEGROUP'),
};

async function list(reader: Reader): Promise<Summary[]> {
  const [groups, names] = await Promise.all([listEntities(reader, place), namesIn(reader)]);
  const label = labelsOf(names);
  return groups.map((item) => {
    const division = divisionLabel(item['division']);
    const told = lists.filter((name) => Array.isArray(item[name]));
    return {
      id: item.id,
      key: keyOf(item.name),
      name: item.name,
      ...fingerprint(item),
      attributes: {
        ...(division === undefined ? {} : { division }),
        ...Object.fromEntries(told.map((name) => [name, sorted(referencesIn(item[name]).map(({ id }) => label(id)))])),
      },
    };
  });
}

async function read(reader: Reader, { id }: { id: string }): Promise<JsonObject | undefined> {
  const body = await readEntity(reader, place, id);
  if (body === undefined) return undefined;
  const label = await labelsFor(reader, body);
  const named = lists.map((name) => [name, referencesIn(body[name]).map((reference) => label(reference.id))]);
  return normalise({ ...body, ...Object.fromEntries(named) });
}

/** What can be wished, and the version; schedules by what they are called, in order. */
function normalise({ name, description, division, version, timeZone, ...rest }: JsonObject): JsonObject {
  const known: [string, Json | undefined][] = [
    ['name', name],
    ['description', description],
    ['division', divisionLabel(division)],
    ['version', version],
    ['timeZone', timeZone],
    ...lists.map((one): [string, Json] => [one, labelsIn(rest[one])]),
  ];
  return Object.fromEntries(known.filter((field): field is [string, Json] => field[1] !== undefined));
}

function labelsIn(list: Json | undefined): string[] {
  const items = Array.isArray(list) ? list : [];
  return sorted(
    items.flatMap((item) => (typeof item === 'string' ? item : referencesIn([item]).map(({ id, name }) => name ?? id))),
  );
}

async function write(ctx: WriteContext, order: WriteOrder) {
  return writeEntity(ctx, order, place, async (before) => {
    const changed = new Set(order.fields.map(({ path }) => anotherOf(path) ?? path.slice(1)));
    const wished = new Map(order.wished.map(({ path, value }) => [path.slice(1), value]));
    const wishOf = (name: string): string[] | undefined => {
      const value = changed.has(name) ? (wished.get(name) ?? []) : undefined;
      return Array.isArray(value) ? value.map(String) : undefined;
    };
    const labels = lists.flatMap((name) => wishOf(name) ?? []);
    const idOf = labels.length === 0 ? String : await idsOf(ctx, before, labels);
    const members = lists.flatMap((name) => {
      const ids = wishOf(name)?.map(idOf) ?? referencesIn(before[name]).map(({ id }) => id);
      return changed.has(name) || before[name] !== undefined ? [[name, ids.map((id) => ({ id }))]] : [];
    });
    return { ...(await common(ctx, before, order, ['timeZone'])), ...Object.fromEntries(members) };
  });
}
