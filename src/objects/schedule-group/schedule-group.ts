import type {
  Contributed,
  ExportedDocument,
  Field,
  Index,
  IndexEntry,
  Kind,
  Summary,
  Use,
} from '../../model/contracts.ts';
import type { JsonObject } from '../../model/json.ts';
import { keyOf } from '../../model/key.ts';
import type { Problem } from '../../model/problem.ts';
import { type Resource, resourceId } from '../../model/resource.ts';
import { divisionLookUp, divisionWish } from '../divisions.ts';
import { lookUp, type Reference } from '../lookup.ts';
import { accept } from './accept.ts';
import { lists, sorted } from './labels.ts';
import { zoneFault } from './zones.ts';

/** Opening hours in a time zone: which schedules say that one is open, closed, or on holiday. */
export const scheduleGroupKind: Kind = {
  name: 'ScheduleGroup',
  surface: 'platform',
  apiVersion: 'genesys-gitops/v1',
  schema: 'schedule-group.schema.json',
  object: 'schedule-group',
  owns: true,
  check,
  checksUnfit: true,
  looksUp: divisionLookUp,
  contribute,
  toDocument,
  accept,
};

function check(resource: Resource): Problem[] {
  const { timeZone } = resource.spec;
  const fault = typeof timeZone === 'string' ? zoneFault(timeZone) : undefined;
  return fault === undefined
    ? []
    : [{ code: 'schema', message: fault, resource: resourceId(resource), pointer: '/spec/timeZone' }];
}

function contribute(resource: Resource, index: Index): Contributed {
  const { spec } = resource;
  const by = resourceId(resource);
  const name = typeof spec['name'] === 'string' ? spec['name'] : resource.name;
  const division = divisionWish(resource, index);
  const members = lists.map((list) => membersOf(resource, list, index));
  const declared = ['description', 'timeZone'].flatMap((field): Field[] => {
    const value = spec[field];
    return value === undefined ? [] : [{ path: `/${field}`, value }];
  });
  return {
    contributions: [
      {
        by,
        owns: true,
        target: { type: 'schedule-group', key: keyOf(name), name },
        fields: [
          { path: '/name', value: name },
          ...division.fields,
          ...declared,
          ...members.flatMap(({ field }) => field ?? []),
        ],
        uses: members.flatMap(({ uses }) => uses),
      },
    ],
    problems: [...division.problems, ...members.flatMap(({ problems }) => problems)],
  };
}

/** One list of the document: its schedules as groups call them, each of them used. */
function membersOf(
  resource: Resource,
  list: (typeof lists)[number],
  index: Index,
): { field?: Field; uses: Use[]; problems: Problem[] } {
  const wished = resource.spec[list];
  if (!Array.isArray(wished)) return { uses: [], problems: [] };
  const found = (wished as Reference[]).map((reference, i) =>
    lookUp(reference, index, {
      type: 'schedule',
      label: 'schedule',
      resource: resourceId(resource),
      pointer: `/spec/${list}/${i}`,
      notFound: 'schedule-not-found',
      advice: 'neither live nor in this repository',
    }),
  );
  const entries = found.flatMap((one) => ('entry' in one ? [one.entry] : []));
  return {
    field: { path: `/${list}`, at: `/spec/${list}`, value: sorted(entries.map((entry) => labelOf(entry, index))) },
    uses: entries.map(({ key }) => ({ type: 'schedule', key })),
    problems: found.flatMap((one) => ('problem' in one ? [one.problem] : [])),
  };
}

/** Its name; its id where the environment says which of several it is. */
function labelOf({ name, key, id }: IndexEntry, index: Index): string {
  return index.find('schedule', key).length === 1 || id === undefined ? name : id;
}

/** As a person would write it: no default, no empty list. */
function toDocument(live: JsonObject, _summary: Summary, index: Index): ExportedDocument | { why: string } {
  const { name = null, description, division, timeZone } = live;
  const members = lists.flatMap((list) => {
    const labels = live[list];
    return Array.isArray(labels) && labels.length > 0 ? [[list, labels.map(String)] as const] : [];
  });
  const unnamed = members
    .flatMap(([, labels]) => labels)
    .filter((label) => index.find('schedule', keyOf(label)).length !== 1);
  if (unnamed.length > 0)
    return { why: `it has a schedule (${unnamed.join(', ')}) that is gone, or whose name another one has as well` };
  // A document is refused for such a zone, which is mostly a slip in it.
  if (typeof timeZone === 'string' && timeZone !== '' && zoneFault(timeZone) !== undefined)
    return { why: `its time zone "${timeZone}" is none that this program knows` };
  return {
    apiVersion: 'genesys-gitops/v1',
    kind: 'ScheduleGroup',
    spec: {
      name,
      ...(description === undefined || description === '' ? {} : { description }),
      ...(division === undefined || division === 'Home' ? {} : { division }),
      ...(timeZone === undefined || timeZone === '' ? {} : { timeZone }),
      ...Object.fromEntries(members),
    },
  };
}
