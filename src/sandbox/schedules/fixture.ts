import type { world } from '../fixture.ts';
import { flowYaml } from '../flows/fixture.ts';

/** What tests of schedules share: a week, a group that has it, a flow that evaluates the group, and each quirk's effect. */

type World = Awaited<ReturnType<typeof world>>;

/** Monday to Wednesday from Monday, 5 January 2026. */
export const week = {
  name: 'Week',
  start: '2026-01-05T08:00:00.000',
  end: '2026-01-05T17:00:00.000',
  rrule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE',
};

export const evaluating = (group: string): string =>
  flowYaml('Main IVR', [
    `- evaluateScheduleGroup: { evaluate: { now: true }, scheduleGroup: { lit: { name: ${group} } } }`,
  ]);

const root = '/architect/schedules';
const groups = '/architect/schedulegroups';

/** A schedule and a group that has it. */
export function seedHours({ state }: Pick<World, 'state'>) {
  const schedule = state.seedSchedule(week);
  return { schedule, group: state.seedScheduleGroup({ name: 'Hours', openSchedules: ['Week'] }) };
}

const read = async (w: World, path: string, field: string) => (await w.call('GET', path)).body[field];
const status = async (w: World, method: string, path: string, body?: unknown) =>
  (await w.call(method, path, body)).status;
const put = async (w: World, body: object) => {
  const { schedule } = seedHours(w);
  const reply = await w.call('PUT', `${root}/${schedule.id}`, { ...week, version: 1, ...body });
  return { schedule, ...reply };
};

/** What one sees of each quirk: without it, and with it. */
export const seenOfSchedules = {
  'schedule-version-mismatch-400': {
    look: async (w: World) => {
      const reply = await put(w, { version: 9 });
      return [reply.status, reply.text.includes('does not match the current version')];
    },
    without: [409, false],
    with: [400, true],
  },
  'schedule-version-optional': {
    look: async (w: World) => (await put(w, { version: null })).status,
    without: 400,
    with: 200,
  },
  'schedule-lists-without-version': {
    look: async (w: World) => {
      seedHours(w);
      const lists = await Promise.all([root, groups].map((path) => w.call('GET', path)));
      return lists.map(({ text }) => text.includes('"version"'));
    },
    without: [true, true],
    with: [false, false],
  },
  'schedule-references-bare': {
    look: async (w: World) =>
      JSON.stringify(await read(w, `${groups}/${seedHours(w).group.id}`, 'openSchedules')).includes('Week'),
    without: true,
    with: false,
  },
  'schedule-empty-lists-omitted': {
    look: async (w: World) => read(w, `${groups}/${seedHours(w).group.id}`, 'closedSchedules'),
    without: [],
    with: undefined,
  },
  'schedule-times-shortened': {
    look: async (w: World) => read(w, `${root}/${seedHours(w).schedule.id}`, 'start'),
    without: '2026-01-05T08:00:00.000',
    with: '2026-01-05T08:00',
  },
  'schedule-rrule-rewritten': {
    look: async (w: World) => {
      const { id } = w.state.seedSchedule({ ...week, rrule: `${week.rrule};UNTIL=20261231` });
      return read(w, `${root}/${id}`, 'rrule');
    },
    without: 'FREQ=WEEKLY;BYDAY=MO,TU,WE;UNTIL=20261231',
    with: 'INTERVAL=1;UNTIL=20261231T000000Z;BYDAY=WE,TU,MO;FREQ=WEEKLY',
  },
  'schedule-start-kept': {
    look: async (w: World) => {
      const thursday = { start: '2026-01-08T08:00:00.000', end: '2026-01-08T17:00:00.000' };
      const { start, end } = w.state.seedSchedule({ ...week, ...thursday });
      return [start, end];
    },
    without: ['2026-01-12T08:00:00.000', '2026-01-12T17:00:00.000'],
    with: ['2026-01-08T08:00:00.000', '2026-01-08T17:00:00.000'],
  },
  'schedule-put-merges': {
    look: async (w: World) => (await put(w, { rrule: null })).body['rrule'],
    without: undefined,
    with: week.rrule,
  },
  'schedule-duplicate-names-refused': {
    look: async (w: World) => {
      seedHours(w);
      return [await status(w, 'POST', root, week), await status(w, 'POST', groups, { name: 'Hours' })];
    },
    without: [200, 200],
    with: [409, 409],
  },
  'schedule-deleted-readable': {
    look: async (w: World) => {
      const { id } = w.state.seedSchedule(week);
      w.state.deleteSchedule(id);
      return [await read(w, `${root}/${id}`, 'state'), w.state.schedules(), await read(w, root, 'total')];
    },
    without: [undefined, [], 0],
    with: ['deleted', [], 0],
  },
  'schedule-delete-allowed': {
    look: async (w: World) => {
      const { schedule, group } = seedHours(w);
      w.state.seedFlow({ yaml: evaluating('Hours') });
      return [await status(w, 'DELETE', `${root}/${schedule.id}`), await status(w, 'DELETE', `${groups}/${group.id}`)];
    },
    without: [409, 409],
    with: [200, 200],
  },
  'schedule-groups-tracked': {
    look: async (w: World) => {
      const path = '/architect/dependencytracking/consumingresources?objectType=SCHEDULE&id=';
      const { entities } = (await w.call('GET', `${path}${seedHours(w).schedule.id}`)).body;
      return (entities as unknown as { type: string }[]).map(({ type }) => type);
    },
    without: [],
    with: ['SCHEDULEGROUP'],
  },
} as const;
