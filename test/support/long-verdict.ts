import { equal, isObject, type Json } from '../../src/model/json.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { ActionRecord, Sandbox, SandboxState } from '../../src/sandbox/index.ts';
import { flowsLost, ourFlows, publishedTwice, seedForeign } from './flow-verdict.ts';
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

/** Everything that was ever there: who is made and gone between two looks is seen all the same. */
export interface Watch {
  /** Names of the objects that were made, by id, in order. */
  made: Map<string, string>;
  gone: Set<string>;
  stop(): void;
}

const byHand = 'made by hand';

/** Puts somebody else's object there, which is nobody's business, and watches. */
export function watch({ state, onRequest }: Sandbox): Watch {
  state.seedAction({ id: 'by-hand', name: byHand, integration: webServices });
  seedForeign(state, byHand);
  const made = new Map<string, string>();
  const gone = new Set<string>();
  const look = (): void => {
    for (const { id, name } of ours(state)) if (!made.has(id)) made.set(id, name);
    for (const id of made.keys()) if (!isThere(state, id)) gone.add(id);
  };
  return { made, gone, stop: onRequest(look) };
}

const ours = (state: SandboxState): { id: string; name: string }[] => [
  ...state.actions().filter(isOurs),
  ...ourFlows(state),
];
const isThere = (state: SandboxState, id: string): boolean =>
  state.action(id) !== undefined || state.flow(id)?.deleted === false;
const isOurs = ({ id, name }: ActionRecord): boolean => !id.startsWith('static') && name !== byHand;

export const liveName = ({ name, spec }: Resource): string => (typeof spec['name'] === 'string' ? spec['name'] : name);

/** Looks at everything, by the sandbox's own state and the journal; `handles` are the names that each document ever had. */
export async function judge(
  it: World,
  desired: readonly Resource[],
  { made, gone }: Watch,
  handles: readonly Resource[],
): Promise<Verdict> {
  const { state, org } = it.sandbox;
  const scope = { organization: org.id, target: it.engine.target };
  const handleOf = (id: string): string =>
    handles.find((resource) => liveName(resource) === made.get(id))?.name ?? `unknown ${made.get(id)}`;
  const counts = Map.groupBy(made.keys(), handleOf);
  const live = ours(state);
  const inventory = await it.journal.inventory(scope);
  const wished = new Set(desired.map(({ name }) => name));
  const open = await it.journal.openIntents(scope.organization);
  const checkpoints = await it.journal.recallAll('checkpoint:');
  return {
    doubled: [...[...counts].filter(([, ids]) => ids.length > 1).map(([handle]) => handle), ...publishedTwice(state)],
    orphaned: live.filter(({ id }) => inventory.every((entry) => entry.id !== id)).map(({ name }) => name),
    lost: [
      ...desired.filter(isAction).flatMap((resource) => differences(resource, state.actions().filter(isOurs))),
      ...flowsLost(it.sandbox, desired),
      ...[...gone].filter((id) => wished.has(handleOf(id))).map((id) => `${made.get(id)} was deleted`),
      ...(state.action('by-hand')?.version === 1 ? [] : [`${byHand} was touched`]),
      ...inventory.filter(({ id }) => !isThere(state, id)).map(({ owner }) => `${owner} is only inventory`),
      // Adopted objects are not pruned: who takes its own for somebody else's has lost the right to delete it.
      ...inventory.filter(({ adopted }) => adopted).map(({ owner }) => `${owner} is taken for somebody else's`),
    ],
    left: [
      ...live.filter(({ name }) => !desired.some((one) => liveName(one) === name)).map(({ name }) => `object ${name}`),
      ...state.drafts().map(({ name }) => `draft of ${name}`),
      ...state.flows().flatMap(({ name, lockedBy }) => (lockedBy === undefined ? [] : [`lock of ${name}`])),
      ...open.map(({ step, object }) => `open intent ${step} of ${object.key}`),
      ...checkpoints.keys(),
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

/** Written anew here, so that it shares no mistake with the engine's comparison. */
function holds(wanted: Json, live: Json | undefined): boolean {
  if (wanted === null) return live === undefined || live === null;
  if (!isObject(wanted)) return equal(wanted, live ?? null);
  return Object.entries(wanted).every(([key, value]) => holds(value, isObject(live) ? live[key] : undefined));
}

/** Everything wrong in a line; empty: nothing. */
export function inWords(verdict: Verdict): string {
  return Object.entries(verdict)
    .filter(([, found]) => found.length > 0)
    .map(([what, found]) => `${what}: ${found.join(', ')}`)
    .join('; ');
}
