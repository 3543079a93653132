import { describe, expect, test } from 'vitest';
import { fakeClock } from '../../test/support/clock.ts';
import { config, dataAction, timeout, useWorlds, type WorldOptions } from '../../test/support/world.ts';
import type { Plan } from '../model/plan.ts';

const open = useWorlds();

const told = ({ changes, held }: Plan): string[] => [
  ...changes.map(({ action, name }) => `${action} ${name}`),
  ...held.map(({ action, name, reason }) => `held ${action} ${name} ${reason}`),
];
const notes = (annotations: Record<string, string>): { annotations: Record<string, string> } => ({
  annotations: Object.fromEntries(
    Object.entries(annotations).map(([name, value]) => [`genesys-gitops/${name}`, value]),
  ),
});

describe('adoption', () => {
  async function found(policy: NonNullable<WorldOptions['policy']>, annotations = {}): Promise<string[]> {
    const first = await open();
    await first.apply([dataAction('same'), dataAction('other')]);
    const it = await open({ policy }, first);
    const other = dataAction('other', { config: config({ requestType: 'PUT' }) }, notes(annotations));
    const plan = await it.plan([dataAction('same'), other]);
    return [...told(plan), ...plan.unchanged.map(({ name, adopt }) => `unchanged ${name}${adopt ? ' adopted' : ''}`)];
  }

  test.each([
    ['identical', {}, ['held update other AdoptionRequired', 'unchanged same adopted']],
    ['identical', { adopt: 'enabled' }, ['update other', 'unchanged same adopted']],
    ['always', {}, ['update other', 'unchanged same adopted']],
    ['never', {}, ['held update other AdoptionRequired', 'held update same AdoptionRequired']],
  ] as const)('%s, annotated %j', async (adopt, annotations, expected) => {
    expect(await found({ adopt }, annotations)).toEqual(expected);
  });
});

describe('pruning', () => {
  test.each([
    [false, {}, ['held delete a PruneDisabled']],
    [true, {}, ['delete a']],
    [true, { protect: 'enabled' }, ['held delete a Protected']],
    [true, { prune: 'disabled' }, []],
  ] as const)('prune: %s, annotated %j at the last apply', async (prune, annotations, expected) => {
    const it = await open({ policy: { prune } });
    await it.apply([dataAction('a', {}, notes(annotations)), dataAction('b')]);
    const report = await it.apply([dataAction('b')]);
    expect(told(report.plan)).toEqual(expected);
    if (expected.length > 0) return;
    expect(report.plan.warnings.map(({ code }) => code)).toEqual(['released']);
    expect((await it.plan([dataAction('b')])).warnings).toEqual([]);
  });

  test('an empty revision deletes nothing', async () => {
    const it = await open();
    await it.apply([dataAction('a')]);
    expect(told((await it.apply([])).plan)).toEqual(['held delete a EmptySnapshot']);
  });

  test('an excluded resource is let go: its object stays, and is not ours any more', async () => {
    const it = await open();
    await it.apply([dataAction('a'), dataAction('b')]);
    const report = await it.apply([dataAction('b')], { excluded: ['DataAction/a'] });
    expect(told(report.plan)).toEqual([]);
    expect(it.sandbox.state.actionNamed('a')).toBeDefined();
    expect(told((await it.apply([dataAction('b')])).plan)).toEqual([]);
  });

  test('a resource with a problem keeps its object', async () => {
    const it = await open();
    await it.apply([dataAction('a')]);
    const report = await it.apply([dataAction('a', { integration: 'Nothing of that name' })]);
    expect(told(report.plan)).toEqual([]);
    expect(it.sandbox.state.actionNamed('a')).toBeDefined();
  });
});

test('limits count objects, all or nothing', async () => {
  const it = await open({ policy: { maxChanges: 2, maxDeletes: 1 } });
  const three = ['a', 'b', 'c'].map((name) => dataAction(name));
  expect(told((await it.apply(three)).plan)).toEqual(
    ['a', 'b', 'c'].map((name) => `held create ${name} ChangeLimitExceeded`),
  );
  it.engine.policy = { ...it.engine.policy, maxChanges: 3 };
  await it.apply(three);
  const left = dataAction('a', { config: config({ requestType: 'PUT' }) });
  expect(told(await it.plan([left], { revision: 'next' }))).toEqual([
    'update a',
    'held delete b ChangeLimitExceeded',
    'held delete c ChangeLimitExceeded',
  ]);
});

test('mode: observe plans and writes nothing', async () => {
  const it = await open({ policy: { mode: 'observe' } });
  expect(told((await it.apply([dataAction('a')])).plan)).toEqual(['held create a ObserveOnly']);
  expect(it.writes()).toEqual([]);
});

test('a suspended resource rests until its time is over; wishes of others for its object rest with it', async () => {
  const clock = fakeClock('2026-01-01T00:00:00Z');
  const it = await open({ clock });
  await clock.drive(it.apply([dataAction('a'), timeout('t', 5)]));
  const resting = dataAction(
    'a',
    { config: config({ requestType: 'PUT' }) },
    notes({ suspend: 'enabled', 'suspend-until': '2026-01-02T00:00:00Z', 'suspend-reason': 'migration' }),
  );
  const plan = await clock.drive(it.plan([resting, timeout('t', 6)]));
  expect(told(plan)).toEqual(['held update a Suspended']);
  expect(plan.held[0]!.message).toBe('DataAction/a is suspended: migration (until 2026-01-02 00:00:00Z)');
  await clock.advance(25 * 3_600_000);
  expect(told(await clock.drive(it.plan([resting, timeout('t', 6)])))).toEqual(['update a']);
});

test('a suspended Timeout rests alone: what the owner of the action wants goes on', async () => {
  const it = await open();
  await it.apply([dataAction('a'), timeout('t', 5)]);
  const resting = { ...timeout('t', 6), ...notes({ suspend: 'enabled' }) };
  const report = await it.apply([dataAction('a', { config: config({ requestType: 'PUT' }) }), resting]);
  expect(told(report.plan)).toEqual(['update a', 'held update t Suspended']);
  expect(it.sandbox.state.actionNamed('a')!.config).toMatchObject({
    timeoutSeconds: 5,
    request: { requestType: 'PUT' },
  });
});

test('an object that another target manages is left to it', async () => {
  const first = await open({ journal: ':memory:' });
  await first.apply([dataAction('a')]);
  const it = await open({ target: 'second' }, first);
  it.engine.journal = first.journal;
  expect(told((await it.apply([dataAction('a')])).plan)).toEqual(['held update a OwnershipConflict']);
  const plan = await it.plan([dataAction('a', { config: config({ requestType: 'PUT' }) })]);
  expect(told(plan)).toEqual(['held update a OwnershipConflict']);
});

test('--only takes what the named resources have a part in, and deletes nothing', async () => {
  const it = await open();
  await it.apply([dataAction('a'), dataAction('gone')]);
  // What is still live counts for a Timeout, and --only deletes nothing.
  const wanted = [dataAction('a'), dataAction('b'), timeout('t', 9)];
  expect(told(await it.plan(wanted, { only: ['Timeout/t'] })).sort()).toEqual(['update a', 'update t']);
  expect(told(await it.plan(wanted, { only: ['DataAction/b'] }))).toEqual(['create b']);
});

test('every object is read afresh within a day, against a version that lies', async () => {
  const clock = fakeClock();
  const it = await open({ clock });
  await clock.drive(it.apply([dataAction('a')]));
  const lying = it.sandbox.state.actionNamed('a')!;
  (lying.config as { timeoutSeconds?: number }).timeoutSeconds = 3;
  await clock.advance(11 * 3_600_000);
  const declared = [dataAction('a', { config: { ...config(), timeoutSeconds: 30 } })];
  await clock.drive(it.apply([dataAction('a')]));
  await clock.advance(13 * 3_600_000);
  const plan = await clock.drive(it.plan(declared));
  expect(plan.changes[0]!.fields).toEqual([{ path: '/config/timeoutSeconds', from: 3, to: 30, by: 'DataAction/a' }]);
});
