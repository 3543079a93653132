import { expect, test } from 'vitest';
import { heldGroups } from '../src/cli/held-groups.ts';
import { planLines } from '../src/cli/render-plan.ts';
import type { PolicyConfig } from '../src/model/daemon-config.ts';
import type { RunRecord } from '../src/model/journal.ts';
import type { Held } from '../src/model/plan.ts';
import type { Resource } from '../src/model/resource.ts';
import { fakeClock } from './support/clock.ts';
import { deed, keptLog, setByHand, toldAuditor } from './support/drift.ts';
import { messenger, page } from './support/web-documents.ts';
import { config, dataAction, timeout, useWorlds } from './support/world.ts';

// Drift that comes at a bad time, or several drifts of one object: each has its name, its end and its policy.

const open = useWorlds();
const both = (annotations: Record<string, string> = {}): Resource[] => [
  dataAction('a', { category: 'C' }, { annotations }),
  timeout('crm', 30),
];
const pausing = { 'genesys-gitops/drift': 'pause' };

async function drifting(policy: PolicyConfig, wish: Resource[] = both()) {
  const clock = fakeClock('2026-11-21T14:00:00.000Z');
  const { log, lines } = keptLog();
  // What takes its time takes real time, which this clock does not wait for.
  const it = await open({ clock, policy, log, sandbox: { jobMs: 1, activationMs: 1 } });
  const auditor = toldAuditor();
  it.engine.auditor = auditor;
  const apply = (...resources: Parameters<typeof it.apply>) => clock.drive(it.apply(...resources));
  await apply(wish);
  await clock.advance(600_000);
  const live = () => it.sandbox.state.actionNamed('a')!;
  const scope = { organization: it.sandbox.org.id, target: it.engine.target };
  const drifts = async () =>
    (await it.journal.drifts(scope, {})).map(({ fields, deleted, ended, story }) =>
      [deleted ? 'deleted' : fields.map(({ path }) => path).join(), ended?.how ?? 'open', story?.deeds.length].join(
        ' ',
      ),
    );
  return { it, clock, auditor, apply, live, wish, drifts, lines, scope };
}

/** Somebody does something just after the run has seen the object. */
function inTheMiddle(it: Awaited<ReturnType<typeof drifting>>['it'], act: () => void): void {
  let done = false;
  it.sandbox.onRequest(({ method, phase, path }) => {
    if (done || method !== 'GET' || phase !== 'served' || !path.startsWith('/api/v2/integrations/actions?')) return;
    done = true;
    act();
  });
}

test.each(['heal', 'report'] as const)(
  'what somebody changes in the middle of a run is drift with a name, and treated by its policy: %s',
  async (drift) => {
    const { it, clock, auditor, apply, live, drifts, lines } = await drifting({ drift });
    const { id } = live();
    inTheMiddle(it, () => {
      it.sandbox.state.editAction(id, { category: 'By Ann' });
      auditor.deeds.set(`data-action:${id}`, [deed(clock.now())]);
    });
    const { outcomes } = await apply([both()[0]!, timeout('crm', 31)]);
    const found = lines.filter(({ message }) => message === 'drift found');
    expect(found).toMatchObject([{ fields: [{ path: '/category' }], who: 'Ann Smith (sandbox-admin)' }]);
    expect(live().config['timeoutSeconds']).toBe(31);
    if (drift === 'heal') {
      expect(outcomes).toMatchObject([{ status: 'applied', cause: 'both', drift: { deeds: [{}] } }]);
      expect([live().category, await drifts()]).toEqual(['C', ['/category healed 1']]);
    } else expect([live().category, await drifts()]).toEqual(['By Ann', ['/category open 1']]);
  },
);

test('who changes a field back in the middle of three runs is another master', async () => {
  const { it, clock, apply, live } = await drifting({});
  const { id } = live();
  for (const seconds of [31, 32, 33]) {
    inTheMiddle(it, () => void it.sandbox.state.editAction(id, { category: `By Ann ${seconds}` }));
    await apply([both()[0]!, timeout('crm', seconds)]);
    await clock.advance(60_000);
  }
  expect(live()).toMatchObject({ category: 'By Ann 33', config: { timeoutSeconds: 33 } });
});

test('what somebody deleted and made anew by hand is drift of what was there, with the deeds of both', async () => {
  const { it, clock, auditor, apply, live, drifts, wish } = await drifting({ adopt: 'always', drift: 'report' });
  const { id, integrationId, contract, config: before } = live();
  it.sandbox.state.deleteAction(id);
  const client = it.engine.writer!;
  const body = { name: 'a', category: 'C', integrationId, contract, config: { ...before, timeoutSeconds: 5 } };
  await client.send({ method: 'POST', path: '/api/v2/integrations/actions', body: body as never });
  const made = live().id;
  expect(made).not.toBe(id);
  const gone = deed(clock.now(), { action: 'Delete' });
  auditor.deeds.set(`data-action:${id}`, [gone]);
  auditor.deeds.set(`data-action:${made}`, [deed(new Date(clock.now().getTime() + 1000), { action: 'Create' })]);
  auditor.asked.length = 0;
  const { plan } = await apply(wish);
  expect(auditor.asked[0]!.objects).toEqual([`data-action:${made}`, `data-action:${id}`]);
  expect(plan.held).toMatchObject([
    { reason: 'Drifted', cause: 'drift', drift: { deeds: [{ action: 'Create' }, { action: 'Delete' }] } },
  ]);
  expect([live().config['timeoutSeconds'], await drifts()]).toEqual([5, ['/config/timeoutSeconds open 2']]);
  // Not this tool's work: it is taken over only where the policy says so, and then healed.
  it.engine.policy = { ...it.engine.policy, drift: 'heal', adopt: 'never' };
  expect((await apply(wish)).plan.held).toMatchObject([{ reason: 'AdoptionRequired', cause: 'drift' }]);
  it.engine.policy = { ...it.engine.policy, adopt: 'always' };
  expect((await apply(wish)).outcomes).toMatchObject([{ status: 'applied', cause: 'drift' }]);
  expect([live().config['timeoutSeconds'], await drifts()]).toEqual([30, ['/config/timeoutSeconds healed 2']]);
  expect((await apply(wish)).plan).toMatchObject({ changes: [], held: [] });
});

test('of one object what is healed and what is paused have their own record; the pause keeps its name and its time', async () => {
  const { it, clock, auditor, apply, live, drifts } = await drifting({}, both(pausing));
  const { id, config: before } = live();
  it.sandbox.state.editAction(id, { category: 'X', config: { ...before, timeoutSeconds: 9 } });
  auditor.deeds.set(`data-action:${id}`, [deed(clock.now())]);
  for (const first of [true, false]) {
    const { plan, outcomes } = await apply(both(pausing));
    expect(plan.held).toMatchObject([
      { reason: 'DriftPaused', until: '2026-11-21T15:10:00.000Z', fields: [{ path: '/category' }] },
    ]);
    expect(outcomes.map(({ fields }) => fields!.map(({ path }) => path))).toEqual(
      first ? [['/config/timeoutSeconds']] : [],
    );
    await clock.advance(20 * 60_000);
  }
  // Another deed at another field is another drift, and no new pause.
  setByHand(it, 'a', 4);
  auditor.deeds.set(`data-action:${id}`, [deed(clock.now()), ...auditor.deeds.get(`data-action:${id}`)!]);
  const { plan } = await apply(both(pausing));
  expect(plan.held).toMatchObject([{ until: '2026-11-21T15:10:00.000Z' }]);
  expect(await drifts()).toEqual([
    '/config/timeoutSeconds healed 1',
    '/config/timeoutSeconds healed 1',
    '/category open 1',
  ]);
  await clock.advance(20 * 60_000);
  await apply(both(pausing));
  expect((await drifts()).at(-1)).toBe('/category healed 1');
});

test('another master of one field is found beside another field that is only reported', async () => {
  const wish = both({ 'genesys-gitops/drift': 'report' });
  const { it, clock, apply, live } = await drifting({}, wish);
  it.sandbox.state.editAction(live().id, { category: 'By hand' });
  const reasons: string[] = [];
  for (let i = 0; i < 3; i++) {
    setByHand(it, 'a', 3);
    reasons.push((await apply(wish)).plan.held.map(({ reason }) => reason).join());
    await clock.advance(60_000);
  }
  expect(reasons).toEqual(['Drifted', 'Drifted', 'OwnershipConflict']);
});

test('a long value is known again after another change of the object', async () => {
  const wish = (category: string) => [dataAction('a', { category, config: config({}) })];
  const { it, apply, live, drifts, lines } = await drifting({ drift: 'report' }, wish('C'));
  const { id, config: before } = live();
  const request = { ...(before['request'] as object), requestUrlTemplate: `https://example.com/${'x'.repeat(200)}` };
  it.sandbox.state.editAction(id, { config: { ...before, request } as never });
  await apply(wish('C'));
  await apply(wish('D'));
  await apply(wish('D'));
  expect(await drifts()).toEqual(['/config/request/requestUrlTemplate open 0']);
  expect(lines.filter(({ message }) => message === 'drift found')).toHaveLength(1);
});

test('who deletes an object a third time within an hour is another master, until somebody resumes it or wishes another', async () => {
  const { it, clock, apply, live } = await drifting({});
  const seen: string[] = [];
  for (let i = 0; i < 4; i++) {
    if (it.sandbox.state.actionNamed('a') !== undefined) it.sandbox.state.deleteAction(live().id);
    const { plan } = await apply(both());
    seen.push([...plan.changes.map(({ action }) => action), ...plan.held.map(({ reason }) => reason)].join());
    await clock.advance(120_000);
  }
  expect(seen).toEqual(['create', 'create', 'OwnershipConflict', 'OwnershipConflict']);
  const { plan } = await clock.drive(it.apply(both()));
  expect(plan.held[0]!.message).toMatch(/^it was deleted three times within an hour, by .*resume DataAction\/a/);
  const next = [dataAction('a', { category: 'D' }), timeout('crm', 30)];
  expect((await apply(next)).plan.changes).toMatchObject([{ action: 'create' }]);
});

test('the log is asked since the last run that found this object right, whatever else drifts; what is unexplained for a day no more', async () => {
  const wish = [...both(), dataAction('b')];
  const { it, clock, auditor, apply } = await drifting({ drift: 'report' }, wish);
  setByHand(it, 'b', 3);
  for (let day = 0; day < 3; day++) {
    await apply(wish);
    await clock.advance(86_400_000);
  }
  const asked = auditor.asked.length;
  setByHand(it, 'a', 4);
  await apply(wish);
  expect(auditor.asked.slice(asked)).toEqual([
    { objects: [`data-action:${it.sandbox.state.actionNamed('a')!.id}`], since: expect.stringMatching(/^2026-11-23T/) },
  ]);
});

test('what only follows an object that somebody changed has the story of that, and no record of its own', async () => {
  const { it, clock, auditor, apply, drifts } = await drifting({}, [messenger(), page()]);
  const { id } = it.sandbox.state.webConfigurationNamed('Messenger')!;
  it.sandbox.state.editWebConfiguration(id, { messenger: { styles: { primaryColor: '#ff0000' } } } as never);
  auditor.deeds.set(`web-messaging-configuration:${id}`, [deed(clock.now())]);
  const { outcomes, plan } = await apply([messenger(), page()]);
  const [first, second] = outcomes;
  expect(first).toMatchObject({ kind: 'WebMessagingConfiguration', drift: { deeds: [{}] } });
  expect(first!.drift).not.toHaveProperty('follows');
  expect(second).toMatchObject({
    kind: 'WebMessagingDeployment',
    cause: 'drift',
    drift: { follows: 'WebMessagingConfiguration/messenger', deeds: [{ by: { user: { name: 'Ann Smith' } } }] },
  });
  const shown = [...planLines(plan, (_style, text) => text)].join('\n');
  expect(shown).toContain('(it follows what was changed outside the repository)');
  expect(shown).toContain(
    'drift: it follows WebMessagingConfiguration/messenger: changed by Ann Smith (sandbox-admin)',
  );
  expect(await drifts()).toEqual([expect.stringMatching(/^\/messenger.* healed 1$/)]);
});

test('status tells held drift under the name of who it was, each under their own', () => {
  const entry = (name: string, reason: Held['reason'], message: string) =>
    ({
      kind: 'DataAction',
      name,
      action: 'update',
      object: { type: 'data-action', key: name },
      reason,
      message,
    }) as const;
  const held = [
    entry('a', 'Drifted', 'changed by Ann'),
    entry('b', 'Drifted', 'changed by Bob'),
    entry('c', 'PruneDisabled', 'one'),
    entry('d', 'PruneDisabled', 'two'),
  ];
  const groups = heldGroups({ target: 'test', held } as unknown as RunRecord, 'x.yaml', undefined);
  expect(groups.map(({ message, changes }) => [message, ...changes.map(({ name }) => name)])).toEqual([
    ['one', 'c', 'd'],
    ['changed by Ann', 'a'],
    ['changed by Bob', 'b'],
  ]);
});
