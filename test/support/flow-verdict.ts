import { parse } from 'yaml';
import { equal, type Json, type JsonObject } from '../../src/model/json.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { SandboxState } from '../../src/sandbox/index.ts';
import { callFlow, callStep } from './flows.ts';
import type { Sort } from './long-verdict.ts';
import { resource } from './world.ts';

/** Somebody else's flow: nobody here owns it, and a FlowTimeout may wish something of its step "Look up". */
export const foreign = 'Flow made by hand';

type Flow = ReturnType<SandboxState['flows']>[number];

export const flowSort: Sort = {
  // With a step that calls the foreign action.
  seedForeign: (state) => state.seedFlow({ yaml: foreignText('made by hand', '{ minutes: 1 }') }),
  ours: (state) => state.flows().filter(({ name }) => name !== foreign),
  lost: flowsLost,
  twice: publishedTwice,
  left: (state) => state.flows().flatMap(({ name, lockedBy }) => (lockedBy === undefined ? [] : [`lock of ${name}`])),
};

const foreignText = (action: string, timeout: string): string =>
  callFlow(foreign, callStep(action, { name: 'Look up', timeout }), callStep(action, { name: 'Again' }));

export function timeoutOf(handle: string, flow: string, step: string, timeout: string): Resource {
  return resource('FlowTimeout', handle, { flow: { type: 'inboundCall', name: flow }, steps: [{ step, timeout }] });
}

/** Two versions of one flow, one after the other, that are the same: the second was published for nothing. */
function publishedTwice(state: SandboxState): string[] {
  return state.flows().flatMap(({ name, versions }) =>
    versions.flatMap((version, i) => {
      const before = versions[i - 1];
      const same = before !== undefined && equal(before.tree as Json, version.tree as Json);
      return same && version.type === 'PUBLISH' ? [`version ${version.id} of ${name}`] : [];
    }),
  );
}

/** What is not as it is wished, and what was changed beside that. */
function flowsLost(state: SandboxState, desired: readonly Resource[]): string[] {
  const timeouts = desired.filter(({ kind }) => kind === 'FlowTimeout');
  const wrong = desired.filter(({ kind }) => kind === 'Flow').flatMap((one) => flowLost(state, one, timeouts));
  const theirs = state.flowNamed('inboundCall', foreign);
  if (theirs === undefined) return [...wrong, `${foreign} is gone`];
  const mine = timeouts.filter(({ spec }) => (spec['flow'] as JsonObject)['name'] === foreign);
  const now = withoutTimeouts(textOf(state, theirs));
  if (!equal(now, withoutTimeouts(state.exportText(theirs.id, '1.0')))) wrong.push(`${foreign} was touched`);
  return [...wrong, ...mine.flatMap((one) => stepsLost(textOf(state, theirs), one))];
}

function flowLost(state: SandboxState, { name: handle, spec, files }: Resource, timeouts: Resource[]): string[] {
  const found = state.flows().filter(({ name }) => name === spec['name']);
  if (found.length !== 1) return [`${handle}: ${found.length} of it are live`];
  const live = textOf(state, found[0]!);
  const wanted = treeOf(files['/spec/file']!.text);
  const greeting = equal(treeOf(live)['initialGreeting'] ?? null, wanted['initialGreeting'] ?? null);
  const mine = timeouts.filter((one) => (one.spec['flow'] as JsonObject)['name'] === spec['name']);
  return [...(greeting ? [] : [`${handle} is not as wished`]), ...mine.flatMap((one) => stepsLost(live, one))];
}

function stepsLost(live: string, { name, spec }: Resource): string[] {
  return (spec['steps'] as { step: string; timeout: string }[]).flatMap(({ step, timeout }) => {
    const at = live.indexOf(`name: ${step}`);
    const seconds = Number.parseInt(timeout, 10);
    const isThere = at >= 0 && new RegExp(`^[^-]*seconds: ${seconds}\\b`).test(live.slice(at, at + 200));
    return isThere ? [] : [`${name}: ${step} has no timeout of ${timeout}`];
  });
}

const textOf = (state: SandboxState, { id }: Flow): string => state.exportText(id, 'published');
const treeOf = (text: string): JsonObject => Object.values(parse(text) as Record<string, JsonObject>)[0]!;

/** The tree, with the durations taken out. */
function withoutTimeouts(text: string): Json {
  const tree = JSON.stringify(treeOf(text));
  return JSON.parse(tree.replaceAll(/"timeout":\{[^{}]*(\{[^{}]*\})?[^{}]*\}/g, '"timeout":{}')) as Json;
}
