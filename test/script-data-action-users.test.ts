import { expect, test } from 'vitest';
import type { JsonObject } from '../src/model/json.ts';
import { tutorialIds as ids } from '../src/sandbox/index.ts';
import { hasty } from './support/clock.ts';
import { lookup } from './support/scripts.ts';
import { resource, useWorlds, type World } from './support/world.ts';

// Who calls a script is known of the flows that documents or earlier runs gave it to, also where DELETE does not look.

const openWorld = useWorlds();
const open = (): Promise<World> => openWorld({ clock: hasty, sandbox: { quirks: ['script-delete-unchecked'] } });

const mapping = { inputs: { user_id: '{{User.ID}}' }, outputs: { user_name: '{{User.Name}}' } };
const usedBy = [{ flowId: ids.flatFlow, step: 'MySlowDataAction', ...mapping }];
const slow = resource('FlowStepTimeout', 'slow', {
  flowId: ids.flatFlow,
  steps: [{ name: 'MySlowDataAction', timeoutSeconds: 20 }],
});
const unused = { ...lookup({ name: 'Unused' }), name: 'unused' };
const users = `it is used by flow-definition "Slow Lookup" (${ids.flatFlow})`;
const names = (it: World): unknown[] => (it.sandbox.state.scriptActions() as JsonObject[]).map((one) => one['name']);
const callHand = (it: World, actionId: string): void =>
  void it.sandbox.state.editFlowDefinition(ids.flatFlow, (flow) => ({
    ...flow,
    steps: (flow['steps'] as JsonObject[]).map((step) => ({ ...step, actionId })),
  }));
const told = ({ plan }: { plan: { warnings: { code: string; message: string }[] } }): string[] =>
  plan.warnings.filter(({ code }) => code === 'no-longer-managed').map(({ message }) => message);

test('a script goes only after the publish that gives its step to another one', async () => {
  const it = await open();
  const other = { ...lookup({ name: 'Other', usedBy }), name: 'other' };
  await it.apply([lookup({ usedBy }), slow]);
  const forbidden = { status: 403, body: { status: 403, code: 'missing.scope', message: 'Forbidden' } };
  it.sandbox.addFault({ when: { method: 'PUT', path: '/api/v2/flows/*/publish' }, then: forbidden });
  expect((await it.apply([other, slow])).outcomes).toMatchObject([
    { name: 'other', status: 'applied' },
    { name: 'other', status: 'failed', reason: 'PermissionMissing' },
    { name: 'user-lookup', status: 'failed', reason: 'DependencyNotReady', message: expect.stringContaining(users) },
  ]);
  await it.apply([other, slow]);
  // The change of the flow stalls, so nobody is about to free it: the plan says who uses it.
  expect((await it.apply([other, slow])).plan.held).toContainEqual(
    expect.objectContaining({ name: 'user-lookup', reason: 'InUse', message: users }),
  );
  it.sandbox.clearFaults();
  await it.apply([other, slow], { byHand: true });
  expect(names(it)).toEqual(['Other']);
});

test('what leaves the repository with all that is wished of its flow is held as long as the flow calls it', async () => {
  const it = await open();
  await it.apply([lookup({ usedBy }), unused]);
  const first = await it.apply([unused]);
  expect(told(first)).toHaveLength(3);
  for (const { plan } of [first, await it.apply([unused]), await it.apply([unused], { byHand: true })]) {
    expect(plan.held).toMatchObject([{ action: 'delete', reason: 'InUse', message: users }]);
  }
  callHand(it, '55555555-0000-4000-8000-000000000001');
  expect((await it.apply([unused], { byHand: true })).outcomes).toMatchObject([
    { action: 'delete', status: 'applied' },
  ]);
  expect(await it.journal.recallAll('left:')).toEqual(new Map());
});

test('a person may delete it in spite of the flow that calls it', async () => {
  const it = await open();
  await it.apply([lookup({ usedBy }), unused]);
  const { plan } = await it.apply([unused]);
  expect((await it.apply([unused], { approve: plan.approval! })).outcomes).toMatchObject([{ status: 'applied' }]);
  expect(names(it)).toEqual(['Unused']);
});

test('what nobody wishes any more stays, and a plan says it until it was applied', async () => {
  const it = await open();
  await it.apply([lookup({ usedBy }), slow]);
  const timeout =
    'no longer managed: steps.MySlowDataAction.timeout of the flow definition "Slow Lookup" stays at 20; FlowStepTimeout/slow does not wish it any more, and nothing resets it';
  expect((await it.plan([lookup({ usedBy })])).warnings).toMatchObject([{ message: timeout }]);
  expect(told(await it.apply([lookup({ usedBy })]))).toEqual([timeout]);
  expect(told(await it.apply([lookup({ usedBy })]))).toEqual([]);
  // Nobody wishes anything of the flow now.
  const bare = await it.apply([lookup()]);
  expect(told(bare).map((text) => /\.(\w+) of the flow .* stays at (.*);/.exec(text)?.slice(1))).toEqual([
    ['actionId', expect.stringMatching(/^"[-0-9a-f]{36}"$/)],
    ['inputs', expect.stringContaining('{{User.ID}}')],
    ['outputs', expect.stringContaining('{{User.Name}}')],
  ]);
  expect(told(await it.apply([lookup()]))).toEqual([]);
  // A document that has a problem lets nothing go.
  await it.apply([lookup(), slow]);
  const broken = resource('FlowStepTimeout', 'slow', {
    flowId: ids.flatFlow,
    steps: [{ name: 'No', timeoutSeconds: 2 }],
  });
  const { plan } = await it.apply([lookup(), broken]);
  expect([plan.problems.length, told({ plan })]).toEqual([1, []]);
});

test.each([
  ['is suspended, and not made yet', { 'genesys-gitops/suspend': 'enabled' }, false],
  ['was deleted, which is to be left so', { 'genesys-gitops/drift': 'report' }, true],
])('the timeout of a step does not wait for its script, which %s', async (_what, annotations, isMade) => {
  const it = await open();
  const script = { ...lookup({ usedBy }), annotations };
  if (isMade) {
    await it.apply([script]);
    it.sandbox.state.deleteScriptAction(String((it.sandbox.state.scriptActions() as JsonObject[])[0]!['id']));
  }
  const { plan, outcomes } = await it.apply([script, slow]);
  expect(outcomes).toMatchObject([{ name: 'slow', status: 'applied', fields: [{ to: 20 }] }]);
  expect(plan.held.map(({ name }) => name)).toEqual(['user-lookup', 'user-lookup']);
});
