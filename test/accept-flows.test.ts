import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../src/model/json.ts';
import { type Drifting, drifting } from './support/drifting.ts';

/** One world, since it takes a while until all of it is live: each test leaves a repository that is as live is. */
let world: Drifting & { close(): Promise<void> };
beforeAll(async () => {
  world = await drifting(undefined);
  await world.apply();
}, 60_000);
afterAll(() => world.close());

// biome-ignore lint/suspicious/noExplicitAny: a flow as plain objects, of which each test knows the form
type Body = Record<string, any>;

/** What a person publishes of a flow in Architect. */
function publish(type: string, name: string, change: (body: Body) => void): void {
  const { state } = world.sandbox;
  state.editFlow(state.flowNamed(type, name)!.id, {
    tree: (tree) => {
      change((tree[type] ?? tree) as Body);
      return undefined as unknown as JsonObject;
    },
  });
}

/** Takes the patch, and looks that nothing is left to do. */
async function taken(): Promise<void> {
  const { patch, told } = await world.patch();
  expect(told).toEqual([]);
  world.take(patch);
  expect(await world.plan()).toEqual([]);
  await world.apply();
  expect(await world.plan()).toEqual([]);
}

const file = 'flows/architect/customer-lookup.yaml';
const task = (body: Body): Body => body['tasks'][0].task;

test('steps that came, moved and went, and a task', async () => {
  publish('inboundCall', 'Customer Lookup', (body) => {
    const { actions } = task(body);
    const gone = actions.pop();
    actions.unshift({ playAudio: { name: 'One Moment', audio: { tts: 'One moment: "please"' } } });
    actions.push({ jumpToTask: { name: 'Go On', targetTaskRef: './tasks/task[Farewell_77]' } });
    body['tasks'].push({ task: { name: 'Farewell', refId: 'Farewell_77', actions: [gone] } });
  });
  await taken();
  expect(world.read(file)).toContain('name: Farewell');
});

test('a step that calls an action, with its timeout, in another place', async () => {
  publish('inboundCall', 'Customer Lookup', (body) => {
    const { actions } = task(body);
    const [loop] = actions.filter((step: Body) => step['loop'] !== undefined);
    loop.loop.loopCount = { exp: '1 + 1' };
    const [call] = loop.loop.outputs.loop.actions;
    call.callData.timeout = { lit: { ms: 2500 } };
  });
  await taken();
  expect(world.read(file)).toContain('ms: 2500');
});

test('a flow that was renamed, with a FlowTimeout on it', async () => {
  world.write(
    'timeouts/lookup.yaml',
    `apiVersion: genesys-gitops/v1
kind: FlowTimeout
metadata:
  name: lookup
spec:
  flow: { type: inboundCall, name: Customer Lookup } # whose
  steps:
    - step: Reopen Case
      timeout: 31s
`,
  );
  await world.apply();
  publish('inboundCall', 'Customer Lookup', (body) => {
    body['name'] = 'Caller Lookup';
  });
  await taken();
  expect(world.read('timeouts/lookup.yaml')).toContain('flow: { type: inboundCall, name: Caller Lookup } # whose');
  expect(world.read(file)).toContain('name: Caller Lookup');
});

test('one step of several that a FlowTimeout names by their action', async () => {
  const all = (value: unknown): Body[] => {
    if (typeof value !== 'object' || value === null) return [];
    return [value as Body, ...Object.values(value).flatMap(all)];
  };
  const booking = (body: Body): Body => all(body).find(({ callData }) => callData?.name === 'Book Callback')!;
  publish('inboundCall', 'Callback Offer', (body) => {
    const list = all(body).find((one) => Array.isArray(one) && one.includes(booking(body))) as unknown as Body[];
    const again = structuredClone(booking(body));
    again['callData'] = { ...again['callData'], name: 'Book Again', refId: 'Book Again_88' };
    list.push(again);
  });
  await world.apply();
  publish('inboundCall', 'Callback Offer', (body) => {
    booking(body)['callData'].timeout = { lit: { seconds: 7 } };
  });
  const before = world.read('timeouts/callback-offer.yaml');
  await taken();
  const put = '      timeout: 1m\n    - step: Book Callback\n      timeout: 7s\n';
  expect(world.read('timeouts/callback-offer.yaml')).toBe(before.replace('      timeout: 1m\n', put));
});
