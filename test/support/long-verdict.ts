import { equal, type Json } from '../../src/model/json.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { ActionRecord, Sandbox, SandboxState } from '../../src/sandbox/index.ts';
import { flowSort } from './flow-verdict.ts';
import { holds } from './long-holds.ts';
import { webSorts } from './web-verdict.ts';
import { type World, webServices } from './world.ts';

/** What is wrong when all is over. Empty lists: nothing. */
export interface Verdict {
  /** Handles for which more than one object was ever made, also where one is gone again; what was published twice. */
  doubled: string[];
  /** Objects of ours that nobody's inventory has. */
  orphaned: string[];
  /** Wishes that live does not meet, and objects that went although somebody wished them. */
  lost: string[];
  /** What a finished run leaves behind and must not: drafts, open intents, checkpoints, a plan that is not empty. */
  left: string[];
}

/** One sort of object, seen by the sandbox's own state and by nothing of the engine. */
export interface Sort {
  /** Puts somebody else's object there, which is nobody's business. */
  seedForeign(state: SandboxState): void;
  /** Objects that are neither somebody else's nor built in. */
  ours(state: SandboxState): { id: string; name: string }[];
  /** Wishes that are not met, and somebody else's objects that were touched. */
  lost(state: SandboxState, desired: readonly Resource[]): string[];
  /** What was published for nothing. */
  twice?(state: SandboxState): string[];
  /** Objects with a version that every write moves, to see what was written for nothing. */
  versions?(state: SandboxState): { id: string; name: string; version: number; content: Json }[];
  /** Drafts, locks and the like. */
  left?(state: SandboxState): string[];
}

const byHand = 'made by hand';

const actionSort: Sort = {
  seedForeign: (state) => state.seedAction({ id: 'by-hand', name: byHand, integration: webServices }),
  ours: (state) => state.actions().filter(isOurs),
  lost: (state, desired) => [
    ...desired.filter(isAction).flatMap((resource) => differences(resource, state.actions().filter(isOurs))),
    ...(state.action('by-hand')?.version === 1 ? [] : [`${byHand} was touched`]),
  ],
  left: (state) => state.drafts().map(({ name }) => `draft of ${name}`),
};

const sorts: readonly Sort[] = [actionSort, flowSort, ...webSorts];

/** Everything that was ever there: who is made and gone between two looks is seen all the same. */
export interface Watch {
  /** Names of the objects that were made, by id, in order. */
  made: Map<string, string>;
  gone: Set<string>;
  /** What was written once more, and was no other than before. */
  repeated: string[];
  stop(): void;
}

/** Puts somebody else's objects there, and watches. */
export function watch({ state, onRequest }: Sandbox): Watch {
  for (const sort of sorts) sort.seedForeign(state);
  const made = new Map<string, string>();
  const gone = new Set<string>();
  const repeated: string[] = [];
  const seen = new Map<string, { version: number; content: Json }>();
  const look = (): void => {
    const now = new Set<string>();
    for (const { id, name } of ours(state)) {
      now.add(id);
      if (!made.has(id)) made.set(id, name);
    }
    for (const id of made.keys()) if (!now.has(id)) gone.add(id);
    for (const { id, name, version, content } of sorts.flatMap((sort) => sort.versions?.(state) ?? [])) {
      const before = seen.get(id);
      if (before !== undefined && before.version !== version && equal(before.content, content))
        repeated.push(`write ${version} of ${name}`);
      seen.set(id, { version, content });
    }
  };
  return { made, gone, repeated, stop: onRequest(look) };
}

const ours = (state: SandboxState): { id: string; name: string }[] => sorts.flatMap((sort) => sort.ours(state));
const isOurs = ({ id, name }: ActionRecord): boolean => !id.startsWith('static') && name !== byHand;

export const liveName = ({ name, spec }: Resource): string => (typeof spec['name'] === 'string' ? spec['name'] : name);

/** Looks at everything, by the sandbox's own state and the journal; `handles` are the names that each document ever had. */
export async function judge(
  it: World,
  desired: readonly Resource[],
  { made, gone, repeated }: Watch,
  handles: readonly Resource[],
): Promise<Verdict> {
  const { state, org } = it.sandbox;
  const scope = { organization: org.id, target: it.engine.target };
  const handleOf = (id: string): string =>
    handles.find((resource) => liveName(resource) === made.get(id))?.name ?? `unknown ${made.get(id)}`;
  const counts = Map.groupBy(made.keys(), handleOf);
  const live = ours(state);
  const isThere = (id: string): boolean => live.some((one) => one.id === id);
  const inventory = await it.journal.inventory(scope);
  const wished = new Set(desired.map(({ name }) => name));
  const open = await it.journal.openIntents(scope.organization);
  // What was begun for an object that is there may be needed by a later commit; of anything else it is of no use.
  const checkpoints = [...(await it.journal.recallAll('checkpoint:')).keys()].filter(
    (kept) =>
      !inventory.some(({ type, id, key }) => kept.endsWith(`:${type}:${id}`) || kept.endsWith(`:${type}:${key}`)),
  );
  // That of an object which went since is forgotten by the next run.
  const activations = [...(await it.journal.recallAll('activation:')).keys()].filter((key) =>
    isThere(key.slice(key.lastIndexOf(':') + 1)),
  );
  return {
    doubled: [
      ...[...counts].filter(([, ids]) => ids.length > 1).map(([handle]) => handle),
      ...sorts.flatMap((sort) => sort.twice?.(state) ?? []),
      ...repeated,
    ],
    orphaned: live.filter(({ id }) => inventory.every((entry) => entry.id !== id)).map(({ name }) => name),
    lost: [
      ...sorts.flatMap((sort) => sort.lost(state, desired)),
      ...[...gone].filter((id) => wished.has(handleOf(id))).map((id) => `${made.get(id)} was deleted`),
      ...inventory.filter(({ id }) => !isThere(id)).map(({ owner }) => `${owner} is only inventory`),
      // Adopted objects are not pruned: who takes its own for somebody else's has lost the right to delete it.
      ...inventory.filter(({ adopted }) => adopted).map(({ owner }) => `${owner} is taken for somebody else's`),
    ],
    left: [
      ...live.filter(({ name }) => !desired.some((one) => liveName(one) === name)).map(({ name }) => `object ${name}`),
      ...sorts.flatMap((sort) => sort.left?.(state) ?? []),
      ...open.map(({ step, object }) => `open intent ${step} of ${object.key}`),
      ...checkpoints,
      ...activations,
    ],
  };
}

const isAction = ({ kind }: Resource): boolean => kind === 'DataAction';

function differences(resource: Resource, live: readonly ActionRecord[]): string[] {
  const found = live.filter(({ name }) => name === liveName(resource));
  if (found.length !== 1) return [`${resource.name}: ${found.length} of it are live`];
  const { config, contract } = found[0]! as unknown as { config: Json; contract: Json };
  const { config: wantedConfig, contract: wantedContract } = resource.spec;
  const met = holds(wantedConfig ?? null, config) && holds(wantedContract ?? null, contract);
  return met ? [] : [`${resource.name} is not as wished`];
}

/** Everything wrong in a line; empty: nothing. */
export function inWords(verdict: Verdict): string {
  return Object.entries(verdict)
    .filter(([, found]) => found.length > 0)
    .map(([what, found]) => `${what}: ${found.join(', ')}`)
    .join('; ');
}
