import { expect, test } from 'vitest';
import { conflictsIn, resumeHealing } from '../src/app/control.ts';
import { conditionsOf } from '../src/cli/conditions.ts';
import type { Facts } from '../src/cli/status-facts.ts';
import type { PolicyConfig } from '../src/model/daemon-config.ts';
import type { Plan } from '../src/model/plan.ts';
import type { Resource } from '../src/model/resource.ts';
import { fakeClock } from './support/clock.ts';
import { deed, setByHand, toldAuditor } from './support/drift.ts';
import { config, dataAction, resource, timeout, useWorlds, type World } from './support/world.ts';

// What becomes of drift: it is healed, told and left alone, or left alone for a while; and what two masters fight over.

const open = useWorlds();
const start = '2026-11-21T14:00:00.000Z';
const told = ({ changes, held }: Plan): string[] => [
  ...changes.map(({ action, kind, name, cause }) => `${action} ${kind}/${name} ${cause}`),
  ...held.map(({ action, kind, name, reason, fields }) =>
    [`held ${action} ${kind}/${name} ${reason}`, ...(action === 'create' ? [] : fields.map(({ path }) => path))].join(
      ' ',
    ),
  ),
];

async function drifting(policy: PolicyConfig, wish: Resource[] = [dataAction('a'), timeout('crm', 30)]) {
  const clock = fakeClock(start);
  const it = await open({ clock, policy });
  const auditor = toldAuditor();
  it.engine.auditor = auditor;
  const apply = (...resources: Parameters<typeof it.apply>) => clock.drive(it.apply(...resources));
  await apply(wish);
  await clock.advance(60_000);
  const live = (name = 'a') => it.sandbox.state.actionNamed(name)!;
  return { it, clock, auditor, apply, live, wish };
}

async function drifted(it: World): Promise<{ status: string; reason: string; message: string }> {
  const scope = { organization: it.sandbox.org.id, target: it.engine.target };
  const facts = {
    runs: await it.journal.runs(it.engine.target, 10),
    outcomes: [],
    stalled: [],
    daemons: [],
    drifts: await it.journal.drifts(scope, { open: true }),
    conflicts: (await conflictsIn(it.journal, it.engine.target)).length,
    now: new Date(start),
  } as unknown as Facts;
  return conditionsOf(facts).find(({ type }) => type === 'Drifted')!;
}

const notes = (annotations: Record<string, string>): { annotations: Record<string, string> } => ({
  annotations: Object.fromEntries(
    Object.entries(annotations).map(([name, value]) => [`genesys-gitops/${name}`, value]),
  ),
});

test('drift that is only reported is never overwritten, and the condition says who it was; healing it is one word', async () => {
  const { it, clock, auditor, apply, live, wish } = await drifting({ drift: 'report' });
  expect(await drifted(it)).toMatchObject({ status: 'False', reason: 'NoDrift' });
  auditor.deeds.set(setByHand(it, 'a', 3), [deed(clock.now())]);
  const { plan, status, reason } = await apply(wish);
  expect(told(plan)).toEqual(['held update DataAction/a Drifted /config/timeoutSeconds']);
  expect(plan.held[0]!.message).toContain('changed by Ann Smith (sandbox-admin) at 2026-11-21 14:01:00Z');
  expect([status, reason, live().config['timeoutSeconds']]).toEqual(['held', 'Drifted', 3]);
  expect(await drifted(it)).toMatchObject({
    status: 'True',
    reason: 'Drifted',
    message: 'DataAction/a changed by Ann Smith (sandbox-admin)',
  });
  it.engine.policy = { ...it.engine.policy, drift: 'heal' };
  expect(told((await apply(wish)).plan)).toEqual(['update DataAction/a drift']);
  expect(live().config['timeoutSeconds']).toBe(30);
  expect(await drifted(it)).toMatchObject({ status: 'False' });
});

test('of one object a commit changes what it wishes, and drift of the rest stays; a new wish for what drifted wins', async () => {
  const { it, apply, live } = await drifting({ drift: 'report' });
  setByHand(it, 'a', 3);
  const other = dataAction('a', { category: 'New' });
  const { plan } = await apply([other, timeout('crm', 30)]);
  expect(told(plan)).toEqual(['update DataAction/a commit', 'held update Timeout/crm Drifted /config/timeoutSeconds']);
  expect(live()).toMatchObject({ category: 'New', config: { timeoutSeconds: 3 } });
  // What was held is still drift, though our own write gave the object another version.
  expect(told((await apply([other, timeout('crm', 30)])).plan)).toEqual([
    'held update DataAction/a Drifted /config/timeoutSeconds',
  ]);
  const scope = { organization: it.sandbox.org.id, target: 'test' };
  expect(await it.journal.drifts(scope, {})).toHaveLength(1);
  expect(told((await apply([other, timeout('crm', 40)])).plan)).toEqual(['update DataAction/a both']);
  expect(live().config['timeoutSeconds']).toBe(40);
});

test('what somebody deleted is not made anew where drift is only reported', async () => {
  const { it, apply } = await drifting({ drift: 'report' }, [dataAction('a')]);
  it.sandbox.state.deleteAction(it.sandbox.state.actionNamed('a')!.id);
  expect(told((await apply([dataAction('a')])).plan)).toEqual(['held create DataAction/a Drifted']);
  expect(await drifted(it)).toMatchObject({ reason: 'Drifted', message: expect.stringContaining('deleted') });
  expect(told((await apply([dataAction('a', {}, notes({ drift: 'heal' }))])).plan)).toEqual([
    'create DataAction/a drift',
  ]);
});

test('the annotation of who wants a field goes before the policy, for its fields alone', async () => {
  const { it, apply, live } = await drifting({ drift: 'report' }, [
    dataAction('a', { category: 'C' }),
    timeout('crm', 30),
  ]);
  const { id } = live();
  setByHand(it, 'a', 3);
  it.sandbox.state.editAction(id, { category: 'By hand' });
  const healing = resource('Timeout', 'crm', timeout('crm', 30).spec, notes({ drift: 'heal' }));
  expect(told((await apply([dataAction('a', { category: 'C' }), healing])).plan)).toEqual([
    'update DataAction/a drift',
    'held update DataAction/a Drifted /category',
  ]);
  expect(live()).toMatchObject({ category: 'By hand', config: { timeoutSeconds: 30 } });
  it.engine.policy = { ...it.engine.policy, drift: 'heal' };
  const resting = dataAction('a', { category: 'C' }, notes({ drift: 'report' }));
  setByHand(it, 'a', 4);
  expect(told((await apply([resting, timeout('crm', 30)])).plan)).toEqual([
    'update DataAction/a drift',
    'held update DataAction/a Drifted /category',
  ]);
});

test('a pause lasts from the newest deed for as long as the nearest word says, and ends by itself', async () => {
  const { it, clock, auditor, apply, live, wish } = await drifting({ drift: 'pause' });
  auditor.deeds.set(setByHand(it, 'a', 3), [deed(clock.now())]);
  await clock.advance(10 * 60_000);
  const { plan, reason } = await apply(wish);
  expect(told(plan)).toEqual(['held update DataAction/a DriftPaused /config/timeoutSeconds']);
  expect(plan.held[0]).toMatchObject({
    until: '2026-11-21T15:01:00.000Z',
    message: expect.stringMatching(/^changed by Ann Smith .*; it is left alone until 2026-11-21 15:01:00Z$/),
  });
  expect(reason).toBe('DriftPaused');
  expect(await drifted(it)).toMatchObject({ status: 'True', reason: 'DriftPaused' });
  const short = (seconds: string) => [
    dataAction('a'),
    resource('Timeout', 'crm', wish[1]!.spec, notes({ 'drift-pause': seconds })),
  ];
  expect(told((await apply(short('20m'))).plan)).toEqual([
    'held update DataAction/a DriftPaused /config/timeoutSeconds',
  ]);
  await clock.advance(10 * 60_000);
  expect(told((await apply(short('20m'))).plan)).toEqual(['update DataAction/a drift']);
  expect(live().config['timeoutSeconds']).toBe(30);
});

test('where the log does not say who, a pause lasts from when the drift was seen first, over restarts', async () => {
  const { it, clock, apply, live, wish } = await drifting({ drift: 'pause', driftPause: '30m' });
  setByHand(it, 'a', 3);
  for (const minutes of [0, 29]) {
    await clock.advance(minutes * 60_000);
    it.engine = { ...it.engine };
    expect((await apply(wish)).plan.held[0]).toMatchObject({
      reason: 'DriftPaused',
      until: '2026-11-21T14:31:00.000Z',
    });
  }
  await clock.advance(60_000);
  expect(told((await apply(wish)).plan)).toEqual(['update DataAction/a drift']);
  expect(live().config['timeoutSeconds']).toBe(30);
  // A deed that Genesys dates ahead of our clock pauses no longer than one of now.
  const { it: other, clock: time, auditor, apply: again } = await drifting({ drift: 'pause', driftPause: '30m' });
  auditor.deeds.set(setByHand(other, 'a', 3), [deed(new Date(time.now().getTime() + 7_200_000))]);
  expect((await again(wish)).plan.held[0]).toMatchObject({ until: '2026-11-21T14:31:00.000Z' });
});

test('who changes a field back a third time within an hour is another master: healing stops, until a commit or a person ends it', async () => {
  const { it, clock, auditor, apply, live, wish } = await drifting({});
  const at = setByHand(it, 'a', 3);
  const contest = async (resources = wish): Promise<string[]> => {
    await clock.advance(5 * 60_000);
    setByHand(it, 'a', 3);
    auditor.deeds.set(at, [...(auditor.deeds.get(at) ?? []), deed(clock.now())]);
    return told((await apply(resources)).plan);
  };
  const healed = ['update DataAction/a drift'];
  const stopped = ['held update DataAction/a OwnershipConflict /config/timeoutSeconds'];
  expect(await contest()).toEqual(healed);
  expect(await contest()).toEqual(healed);
  expect(await contest()).toEqual(stopped);
  const { plan } = await apply(wish);
  expect(told(plan)).toEqual(stopped);
  expect(plan.held[0]!.message).toMatch(
    /config\.timeoutSeconds .* by Ann Smith \(sandbox-admin\); .*genesys-gitops resume DataAction\/a/,
  );
  expect(live().config['timeoutSeconds']).toBe(3);
  expect(await drifted(it)).toMatchObject({ status: 'True', reason: 'OwnershipConflict' });
  // It stands, however long ago it began; who resumes it begins anew.
  await clock.advance(3 * 3_600_000);
  expect(told((await apply(wish)).plan)).toEqual(stopped);
  expect(await resumeHealing(it.journal, 'test', 'Timeout/other', clock.now())).toBe(false);
  expect(await resumeHealing(it.journal, 'other', 'Timeout/crm', clock.now())).toBe(false);
  expect(await resumeHealing(it.journal, 'test', 'Timeout/crm', clock.now())).toBe(true);
  expect(told((await apply(wish)).plan)).toEqual(healed);
  expect([await contest(), await contest(), await contest()]).toEqual([healed, healed, stopped]);
  // Another wish for it ends it as well, and what drifted before counts no more.
  const next = [dataAction('a'), timeout('crm', 31)];
  expect(told((await apply(next)).plan)).toEqual(['update DataAction/a both']);
  expect([await contest(next), await contest(next), await contest(next)]).toEqual([healed, healed, stopped]);
  const annotated = [dataAction('a', {}, notes({ drift: 'heal' })), timeout('crm', 31)];
  expect(told((await apply(annotated)).plan)).toEqual(healed);
});

test('different fields, or the same one more slowly, are no conflict', async () => {
  const { it, clock, apply, wish } = await drifting({});
  for (let i = 0; i < 4; i++) {
    setByHand(it, 'a', 3);
    expect(told((await apply(wish)).plan)).toEqual(['update DataAction/a drift']);
    await clock.advance(31 * 60_000);
  }
  const two = [dataAction('a', { category: 'C', config: config({ requestType: 'GET' }) }), timeout('crm', 30)];
  await apply(two);
  const { id } = it.sandbox.state.actionNamed('a')!;
  const hands = [
    () => void it.sandbox.state.editAction(id, { category: 'X' }),
    () => void setByHand(it, 'a', 3),
    () => void it.sandbox.state.editAction(id, { category: 'Y' }),
  ];
  for (const byHand of hands) {
    byHand();
    expect(told((await apply(two)).plan)).toEqual(['update DataAction/a drift']);
    await clock.advance(60_000);
  }
});

test('a plan tells of a conflict that a run would find, and puts nothing down', async () => {
  const { it, clock, apply, wish } = await drifting({});
  for (let i = 0; i < 2; i++) {
    setByHand(it, 'a', 3);
    await apply(wish);
  }
  setByHand(it, 'a', 3);
  const plan = await clock.drive(it.plan(wish));
  expect(told(plan)).toEqual(['held update DataAction/a OwnershipConflict /config/timeoutSeconds']);
  expect(plan.held[0]!.message).toContain('by somebody of whom the audit log does not say who');
  expect(await conflictsIn(it.journal, 'test')).toEqual([]);
});

test('every plan tells what a document leaves alone where the target heals', async () => {
  const annotations = {
    'genesys-gitops/drift': 'report',
    'genesys-gitops/ignore-fields': '/config/timeoutSeconds\n/category',
  };
  const kept = { ...dataAction('a'), annotations };
  const healing = await open({});
  const said = (plan: Plan): string[] =>
    plan.warnings
      .filter(({ code }) => code === 'drift-left-alone')
      .map(({ resource: by, pointer, message }) => `${by} ${pointer} ${message}`);
  const ignores =
    'DataAction/a /metadata/annotations/genesys-gitops~1ignore-fields left as it is live: /config/timeoutSeconds, /category';
  expect(said(await healing.plan([kept]))).toEqual([
    'DataAction/a /metadata/annotations/genesys-gitops~1drift the target heals drift, and this document leaves its own alone (report)',
    ignores,
  ]);
  const reporting = await open({ policy: { drift: 'report' } });
  expect(said(await reporting.plan([kept]))).toEqual([ignores]);
});
