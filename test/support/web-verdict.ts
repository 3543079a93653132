import { equal, type Json, type JsonObject } from '../../src/model/json.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { SandboxState, WebConfigurationRecord, WebVersionRecord } from '../../src/sandbox/index.ts';
import { holds } from './long-holds.ts';
import type { Sort } from './long-verdict.ts';

/** What somebody else has of each of the four objects. */
export const theirs = {
  schedule: 'Hours made by hand',
  group: 'Group made by hand',
  configuration: 'Messenger made by hand',
  deployment: 'Page made by hand',
} as const;

const names = new Set<string>(Object.values(theirs));
const isOurs = ({ name }: { name: string }): boolean => !names.has(name);

/** The name, the content and the rest of what a document wishes. */
function wishOf({ name: handle, spec: { name, ...spec } }: Resource): { name: string; spec: JsonObject } {
  return { name: typeof name === 'string' ? name : handle, spec };
}

/** Looks at every document of a kind: that exactly one object of its name is there, and is as wished. */
function lostOf<T extends { name: string }>(
  kind: string,
  desired: readonly Resource[],
  live: readonly T[],
  contentOf: (one: T) => Json,
): string[] {
  return desired
    .filter((resource) => resource.kind === kind)
    .flatMap((resource) => {
      const { name, spec } = wishOf(resource);
      const found = live.filter((one) => one.name === name);
      if (found.length !== 1) return [`${resource.name}: ${found.length} of it are live`];
      return holds(spec, contentOf(found[0]!)) ? [] : [`${resource.name} is not as wished`];
    });
}

const untouched = (name: string, isIt: boolean | undefined): string[] => (isIt === true ? [] : [`${name} was touched`]);
const short = (time: string): string => time.replace(/:00\.000$/, '');

const scheduleSort: Sort = {
  seedForeign: (state) =>
    state.seedSchedule({ name: theirs.schedule, start: '2026-01-05T01:00', end: '2026-01-05T02:00' }),
  ours: (state) => state.schedules().filter(isOurs),
  lost: (state, desired) => [
    ...lostOf('Schedule', desired, state.schedules(), ({ start, end, rrule, description }) => {
      return { start: short(start), end: short(end), rrule: rrule.replace(';INTERVAL=1', ''), description };
    }),
    ...untouched(theirs.schedule, state.scheduleNamed(theirs.schedule)?.version === 1),
  ],
  versions: (state) =>
    state.schedules().map(({ id, name, version, ...rest }) => {
      const { start, end, rrule, description } = rest;
      return { id, name, version, content: { name, start, end, rrule, description } };
    }),
};

const groupSort: Sort = {
  seedForeign: (state) => state.seedScheduleGroup({ name: theirs.group, openSchedules: [theirs.schedule] }),
  ours: (state) => state.scheduleGroups().filter(isOurs),
  lost: (state, desired) => [
    ...lostOf('ScheduleGroup', desired, state.scheduleGroups(), (group) => groupContent(state, group)),
    ...untouched(theirs.group, state.scheduleGroupNamed(theirs.group)?.version === 1),
  ],
  versions: (state) =>
    state.scheduleGroups().map(({ id, name, version, ...rest }) => {
      const { description, timeZone, openSchedules, closedSchedules, holidaySchedules } = rest;
      const lists = [openSchedules, closedSchedules, holidaySchedules].map((list) => [...list]);
      return { id, name, version, content: [name, description, timeZone, ...lists] };
    }),
};

function groupContent(state: SandboxState, group: ReturnType<SandboxState['scheduleGroups']>[number]): JsonObject {
  const { timeZone, openSchedules, closedSchedules, holidaySchedules } = group;
  const called = (ids: readonly string[]): string[] =>
    ids.map((id) => state.schedules().find((one) => one.id === id)?.name ?? id);
  return {
    timeZone,
    openSchedules: called(openSchedules),
    closedSchedules: called(closedSchedules),
    holidaySchedules: called(holidaySchedules),
  };
}

/** What a list shows: the draft, and where that is gone, the newest version. */
const shownOf = ({ draft, versions }: WebConfigurationRecord): WebVersionRecord => (draft ?? versions.at(-1))!;
const newest = ({ versions }: WebConfigurationRecord): WebVersionRecord | undefined => versions.at(-1);
const sameContent = (a: WebVersionRecord, b: WebVersionRecord): boolean =>
  a.name === b.name && equal(a.content as Json, b.content as Json);

const configurationSort: Sort = {
  seedForeign: (state) =>
    state.seedWebConfiguration({ name: theirs.configuration, languages: ['en-us'], defaultLanguage: 'en-us' }),
  ours: (state) =>
    state
      .webConfigurations()
      .map((one) => ({ id: one.id, name: shownOf(one).name }))
      .filter(isOurs),
  lost: (state, desired) => [
    ...lostOf(
      'WebMessagingConfiguration',
      desired,
      state.webConfigurations().map((one) => ({ name: shownOf(one).name, version: newest(one) })),
      ({ version }) => (version?.content ?? {}) as JsonObject,
    ),
    ...untouched(
      theirs.configuration,
      state
        .webConfigurations()
        .some((one) => shownOf(one).name === theirs.configuration && shownOf(one).writes + one.versions.length <= 2),
    ),
  ],
  // The same content twice in a row: the second was published for nothing.
  twice: (state) =>
    state.webConfigurations().flatMap(({ versions }) =>
      versions.flatMap((version, i) => {
        const before = versions[i - 1];
        return before !== undefined && sameContent(before, version)
          ? [`version ${version.version} of ${version.name}`]
          : [];
      }),
    ),
  left: (state) =>
    state.webConfigurations().flatMap((one) => {
      const { draft } = one;
      const published = newest(one);
      const isLeft = draft !== undefined && (published === undefined || !sameContent(draft, published));
      return isLeft ? [`draft of ${draft.name}`] : [];
    }),
};

const deploymentSort: Sort = {
  seedForeign: (state) =>
    state.seedWebDeployment({
      name: theirs.deployment,
      configuration: theirs.configuration,
      allowedDomains: ['www.example.org'],
    }),
  ours: (state) => state.webDeployments().filter(isOurs),
  lost(state, desired) {
    const wished = desired.filter(({ kind }) => kind === 'WebMessagingDeployment');
    const foreign = state.webDeploymentNamed(theirs.deployment);
    return [
      ...lostOf('WebMessagingDeployment', wished.map(inRecords(state)), state.webDeployments(), (one) => {
        const { served, ...rest } = one as unknown as JsonObject;
        return { ...rest, served: served ?? null };
      }),
      ...untouched(theirs.deployment, foreign?.activations === 0 && foreign.modifiedAt === foreign.createdAt),
    ];
  },
  versions: (state) =>
    state.webDeployments().map(({ id, name, modifiedAt, ...rest }) => {
      const { configuration, flowId = null, allowedDomains, allowAllDomains, intended, description = null } = rest;
      const { version } = configuration;
      const content = [name, configuration.id, version, flowId, [...allowedDomains], allowAllDomains, intended];
      return { id, name, version: modifiedAt, content: [...content, description] };
    }),
};

/** A document of a deployment in the terms of the sandbox's records: ids, and what is served. */
function inRecords(state: SandboxState): (resource: Resource) => Resource {
  return (resource) => {
    const { configuration, version = 'latest', flow, allowedDomains, ...spec } = resource.spec;
    const found = state.webConfigurations().find((one) => shownOf(one).name === configuration);
    const wanted = version === 'latest' ? found && newest(found)?.version : String(version);
    const refers: JsonObject = { id: found?.id ?? 'none', version: wanted ?? 'none' };
    const flowId = state.flows().find(({ name }) => name === flow)?.id ?? 'none';
    return {
      ...resource,
      spec: {
        ...spec,
        ...{ configuration: refers, served: refers, status: 'Active' },
        ...(flow === undefined ? {} : { flowId }),
        ...(Array.isArray(allowedDomains) ? { allowedDomains: allowedDomains.toSorted() } : {}),
      },
    };
  };
}

export const webSorts: readonly Sort[] = [scheduleSort, groupSort, configurationSort, deploymentSort];
