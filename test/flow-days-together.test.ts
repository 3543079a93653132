import { expect, test } from 'vitest';
import type { Resource } from '../src/model/resource.ts';
import { exportObjects } from '../src/reconcile/export.ts';
import { hasty } from './support/clock.ts';
import { useFlowDays } from './support/flow-days.ts';
import { callFlow, callStep, flowOf } from './support/flows.ts';
import { dataAction, line, resource, useWorlds, type World } from './support/world.ts';

const worlds = useWorlds();
const days = useFlowDays();
const open = (more: object = {}): Promise<World> => worlds({ clock: hasty, sandbox: { jobMs: 1 }, ...more });
const minute = { timeout: '{ minutes: 1 }' };
const rest = { 'genesys-gitops/suspend': 'enabled' };
const a = dataAction('a');
const flow = (hi: string, name = 'Main Line', ...steps: string[]): Resource =>
  flowOf('main', callFlow(name, ...(steps.length > 0 ? steps : [callStep('a', minute)])).replace('Welcome', hi));
const ft = (timeout: string, annotations = {}, name = 'Main Line', step = 'a', handle = 'ft'): Resource =>
  resource('FlowTimeout', handle, { flow: { type: 'inboundCall', name }, steps: [{ step, timeout }] }, { annotations });
const text = (it: World, name = 'Main Line'): string =>
  it.sandbox.state.exportText(it.sandbox.state.flowNamed('inboundCall', name)!.id, 'published');
const idOf = (it: World): string => it.sandbox.state.flowNamed('inboundCall', 'Main Line')!.id;

test('a suspended FlowTimeout of an owned flow is still wished afterwards', async () => {
  const it = await open();
  await it.apply([flow('W1'), a, ft('12s')]);
  expect((await it.apply([flow('W2'), a, ft('13s', rest)])).status).toBe('held');
  expect((await it.plan([flow('W2'), a, ft('13s', rest)])).held).toHaveLength(1);
  expect((await it.apply([flow('W2'), a, ft('13s')])).outcomes).toHaveLength(1);
  expect(text(it)).toContain('seconds: 13');
});
test('of two FlowTimeouts on a foreign flow', async () => {
  const it = await open();
  const all = (notes: object): Resource[] => [
    a,
    dataAction('b'),
    ft('11s', {}, 'T', 'a', 'fa'),
    ft('12s', notes, 'T', 'b', 'fb'),
  ];
  await it.apply([a, dataAction('b')]);
  it.sandbox.state.seedFlow({ yaml: callFlow('T', callStep('a', minute), callStep('b', minute)) });
  await it.apply(all(rest));
  await it.apply(all({}));
  expect(text(it, 'T')).toContain('seconds: 12'); // b keeps 1m for ever
});
test('a suspended FlowTimeout is not written', async () => {
  const it = await open();
  await it.apply([flow('W1'), a, ft('12s')]);
  await it.apply([flow('W2'), a, ft('13s', rest)]);
  it.sandbox.state.editFlow(idOf(it), (yaml) => yaml.replace('W2', 'Hand'));
  await it.apply([flow('W2'), a, ft('13s', rest)]);
  expect(text(it)).not.toContain('seconds: 13');
});
test('a new flow that Genesys refused is published by the run after its fix', async () => {
  const day = await days();
  const over =
    '          - transferToFlow:\n              name: Over\n              targetFlow:\n                name: Nope';
  const { outcomes } = await day.apply([flow('W1', 'Main Line', callStep('a', minute), over), a]);
  expect(outcomes.at(-1)!.reason).toBe('PublishFailed');
  await day.clock.advance(300_000);
  const next = await day.apply([flow('W1'), a]);
  expect(next.plan.held.map(({ reason }) => reason)).toEqual([]); // Unsettled
});
test('a flow waits for the renamed action that is held back', async () => {
  const it = await open();
  await it.apply([flow('W1'), a]);
  const to = (notes: Record<string, string>): Resource[] => [
    flow('W1', 'Main Line', callStep('A2', minute)),
    dataAction('a', { name: 'A2' }, { annotations: notes }),
  ];
  const first = await it.apply(to(rest));
  expect.soft(first.outcomes.map(({ reason }) => reason)).toEqual([]); // PublishFailed
  expect((await it.apply(to({}))).status).toBe('succeeded');
});
test('--only of a flow whose action is to be made', async () => {
  const it = await open();
  await it.apply([dataAction('b')]);
  const first = await it.apply([flow('W1'), a, dataAction('b')], { only: ['Flow/main'] });
  expect.soft(first.outcomes.map(({ reason }) => reason)).toEqual([]); // PublishFailed
  expect((await it.apply([flow('W1'), a, dataAction('b')])).status).toBe('succeeded');
});
test('a timeout that leaves the file and equals the default', async () => {
  const it = await open({ sandbox: { jobMs: 1, quirks: ['flow-timeout-default'] } });
  await it.apply([flow('W1'), a]);
  const report = await it.apply([flow('W1', 'Main Line', callStep('a')), a]);
  expect(report.outcomes.map(({ reason }) => reason)).toEqual([undefined]);
});
test('what a suspended FlowTimeout governs stays as it is live', async () => {
  const it = await open();
  await it.apply([flow('W1'), a, ft('12s')]);
  it.sandbox.state.editFlow(idOf(it), (yaml) => yaml.replace(/lit:\s+seconds: 12/, 'exp: MakeDuration(0,0,0,44)'));
  await it.apply([flow('W2'), a, ft('12s', rest)]);
  expect(text(it)).toContain('MakeDuration(0,0,0,44)');
});
test('a rename to a name that is taken is held', async () => {
  const it = await open();
  await it.apply([flow('W1'), a]);
  it.sandbox.state.seedFlow({ yaml: callFlow('Taken') });
  await it.apply([flow('W1', 'Taken'), a]);
  const second = await it.apply([flow('W1', 'Taken'), a]);
  expect(second.outcomes.map(({ reason }) => reason)).toEqual([]); // Conflict, in every run: "changed by somebody else"
});
test('a flow that is renamed without its FlowTimeout keeps the timeout', async () => {
  const it = await open();
  await it.apply([flow('W1'), a, ft('12s')]);
  const { plan } = await it.apply([flow('W1', 'Front'), a, ft('12s')]);
  expect(plan.problems.map(({ code }) => code)).toEqual(['flow-not-found']);
  expect(plan.held.map(({ reason }) => reason)).toEqual(['DependencyNotReady']);
  expect(text(it)).toContain('seconds: 12');
});
test('what Genesys keeps although the whole was published is said', async () => {
  const it = await open();
  await it.apply([flow('W1'), a]);
  it.sandbox.state.editFlow(idOf(it), { tree: (tree) => ({ ...tree, description: 'zz' }) });
  const { outcomes } = await it.apply([flow('W1'), a]);
  expect(outcomes[0]!.warnings).toContain('Genesys took it, and keeps as it was: description');
  expect((await it.plan([flow('W1'), a])).changes.map(line)).toEqual([]);
});

test('flows that use each other are not deleted, and it is said why', async () => {
  const it = await open();
  const over = (name: string): string =>
    `          - transferToFlow:\n              name: Over\n              targetFlow:\n                name: ${name}`;
  await it.apply([flowOf('x', callFlow('X')), flowOf('y', callFlow('Y', over('X'))), a]);
  await it.apply([flowOf('x', callFlow('X', over('Y'))), flowOf('y', callFlow('Y', over('X'))), a]);
  const { changes, held } = await it.plan([a]);
  expect(changes).toEqual([]);
  expect(held.map(({ reason, message }) => [reason, message.includes('"inboundCall/X", "inboundCall/Y"')])).toEqual([
    ['InUse', true],
    ['InUse', true],
  ]);
});

test('a flow that is taken over: what only live has is told before it goes, and is no drift until then', async () => {
  const it = await open();
  const theirs = callFlow('Main Line', callStep('a', minute));
  it.sandbox.state.seedAction({ name: 'a', integration: 'Web Services Data Actions' });
  it.sandbox.state.seedFlow({ yaml: theirs });
  const bare = (change = ''): Resource =>
    flowOf('main', theirs.replace(/ {2}initialGreeting:\n {4}tts: Welcome\n/, change));
  const only = { only: undefined } as object;
  expect((await it.apply([bare()], only)).plan.warnings.map(({ code }) => code)).toEqual(['unmanaged']);
  it.sandbox.state.editFlow(idOf(it), (yaml) => yaml.replace('Welcome', 'By hand'));
  expect((await it.plan([bare()])).changes).toEqual([]);
  const plan = await it.plan([bare('  description: ours\n')]);
  expect(plan.warnings.map(({ code }) => code)).toEqual(['unmanaged']);
  expect(plan.changes.flatMap(({ fields }) => fields.flatMap(({ parts = [] }) => parts.map(({ at }) => at)))).toEqual([
    'description',
  ]);
});

test('what a person did to the steps is told by their names, and their timeouts are not mixed up', async () => {
  const it = await open();
  const steps = [
    ['A', 15],
    ['B', 20],
    ['C', 30],
  ].map(([name, seconds]) => callStep('a', { name: String(name), timeout: `{ seconds: ${seconds} }` }));
  await it.apply([flow('W1', 'Main Line', ...steps), a]);
  const insert = (yaml: string): string => {
    const first = yaml.indexOf('          - callData:');
    const one = yaml.slice(first, yaml.indexOf('          - callData:', first + 1));
    return (
      yaml.slice(0, first) +
      one.replace('name: A', 'name: New').replace('seconds: 15', 'seconds: 3') +
      yaml.slice(first)
    );
  };
  it.sandbox.state.editFlow(idOf(it), insert);
  const { changes } = await it.plan([flow('W1', 'Main Line', ...steps), a]);
  const ats = changes.flatMap(({ fields }) => fields.flatMap(({ parts = [] }) => parts.map(({ at }) => at)));
  expect(ats).toEqual(['Main › New']);
});

test('an export keeps what looks like a token as it is spelt', async () => {
  const it = await open();
  it.sandbox.state.seedAction({ name: 'a', integration: 'Web Services Data Actions' });
  it.sandbox.state.seedFlow({
    yaml: callFlow('Main Line', callStep('a', minute)).replace('Welcome', '"{{ x }} {{x}} {{  x }}"'),
  });
  const { documents } = await exportObjects(it.engine);
  const { document } = documents.find(({ document: { kind } }) => kind === 'Flow')!;
  const exported = flowOf('main', document.files!['/file']!.text, document.spec);
  const { changes, held, problems } = await it.plan([exported]);
  expect([changes, held, problems]).toEqual([[], [], []]);
});

test('a file that uses a flow that is not there is a warning before Genesys refuses it', async () => {
  const it = await open();
  const over =
    '          - transferToFlow:\n              name: Over\n              targetFlow:\n                name: Nowhere';
  const { warnings } = await it.plan([flow('W1', 'Main Line', over)]);
  expect(warnings.map(({ code, message }) => [code, message.includes('"Nowhere"')])).toEqual([
    ['flow-not-found', true],
  ]);
});
