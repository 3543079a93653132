import type { Consumers, ObjectType, Summary, WriteContext, WriteOrder } from '../../model/contracts.ts';
import { asFailure } from '../../model/failure.ts';
import type { Reader } from '../../model/http.ts';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { keyOf } from '../../model/key.ts';
import type { Pointer } from '../../model/pointer.ts';
import { askConsumers } from '../consumers.ts';
import { divisionLabel } from '../divisions.ts';
import { listed } from '../listed.ts';
import {
  auditedAs,
  common,
  fingerprint,
  listEntities,
  readEntity,
  settleEntity,
  versionOf,
  writeEntity,
} from '../versioned.ts';
import { groupsPath, place } from './paths.ts';
import { canonicalRule, sameButForEnd } from './recurrence.ts';
import { canonicalTime, instantOf } from './times.ts';

/** `/api/v2/architect/schedules` (facts: README of this folder). */
export const schedule: ObjectType = {
  type: 'schedule',
  surface: 'platform',
  label: 'schedule',
  managed: true,
  sensitive: [],
  required: ['/name', '/start', '/end'],
  immutable: {},
  refersTo: [],
  mayReferTo: ['division'],
  list,
  async read(reader, { id }) {
    const body = await readEntity(reader, place, id);
    return body === undefined ? undefined : normalise(body);
  },
  refreshed: (live, { attributes: { division } }) => ({ ...live, ...(division === undefined ? {} : { division }) }),
  fingerprintOf: versionOf,
  normalise,
  renders,
  write,
  settle: settleEntity(place, normalise),
  audited: auditedAs('Schedule'),
  // Flows name what they evaluate; groups refer by id, and a new name does not take it from them.
  referredBy: ['/name'],
  consumers,
};

async function list(reader: Reader): Promise<Summary[]> {
  return (await listEntities(reader, place)).map((item) => {
    const division = divisionLabel(item['division']);
    return {
      id: item.id,
      key: keyOf(item.name),
      name: item.name,
      ...fingerprint(item),
      // A division may get another name without another version of what is in it.
      attributes: division === undefined ? {} : { division },
    };
  });
}

/** What can be wished, and the version; times and rule in their canonical form. */
function normalise({ name, description, division, version, start, end, rrule }: JsonObject): JsonObject {
  const known: [string, Json | undefined][] = [
    ['name', name],
    ['description', description],
    ['division', divisionLabel(division)],
    ['version', version],
    ['start', typeof start === 'string' ? canonicalTime(start) : start],
    ['end', typeof end === 'string' ? canonicalTime(end) : end],
    ['rrule', typeof rrule === 'string' ? canonicalRule(rrule) : rrule],
  ];
  return Object.fromEntries(known.filter((field): field is [string, Json] => field[1] !== undefined));
}

const weekMs = 7 * 86_400_000;

/**
 * Genesys moves a start on a day that the rule does not name to the next one that it does (Terraform provider, pull request
 * 1430), and the end perhaps with it: the same time, within a week. An UNTIL may come back in another form.
 */
function renders(path: Pointer, wanted: Json, live: Json | undefined): boolean {
  if (typeof wanted !== 'string' || typeof live !== 'string') return false;
  if (path === '/rrule') return sameButForEnd(wanted, live);
  if (path !== '/start' && path !== '/end') return false;
  const moved = (instantOf(live) ?? Number.NaN) - (instantOf(wanted) ?? Number.NaN);
  return moved > 0 && moved < weekMs && wanted.slice(10) === live.slice(10);
}

function write(ctx: WriteContext, order: WriteOrder) {
  return writeEntity(ctx, order, place, (before) => common(ctx, before, order, ['start', 'end', 'rrule']));
}

/**
 * Flows, by dependency tracking; where the schedule is to go (then nothing is given of what is live) also the groups that
 * have it, asked for themselves: that tracking knows them is unconfirmed.
 */
async function consumers(reader: Reader, { id, live }: { id: string; live?: JsonObject }): Promise<Consumers> {
  const { users: tracked, ...rest } = await askConsumers(reader, id, 'SCHEDULE');
  const others = tracked.filter(({ type }) => type !== 'schedulegroup');
  if (live !== undefined) return { users: others, ...rest };
  try {
    const groups = listed(await reader.list({ path: groupsPath, query: { scheduleIds: id } }), groupsPath);
    const having = groups.filter((group) => Object.values(group).some((value) => refersTo(value, id)));
    const users = having.map((group) => ({ type: 'schedule-group', id: group.id, name: group.name }));
    return { users: [...others, ...users], ...rest };
  } catch (error) {
    const { class: next, message } = asFailure(error);
    if (next === 'TryLater' || next === 'TargetStalled') throw error;
    return { users: others, uncertain: rest.uncertain ?? message };
  }
}

function refersTo(value: Json, id: string): boolean {
  return Array.isArray(value) && value.some((item) => isObject(item) && item['id'] === id);
}
