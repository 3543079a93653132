import { expect, test } from 'vitest';
import type { Commit } from '../src/model/plan.ts';
import { fakeClock } from './support/clock.ts';
import { deed, keptLog, setByHand, toldAuditor } from './support/drift.ts';
import { config, dataAction, timeout, useWorlds, type World } from './support/world.ts';

// Every change carries its story, and every drift a name.

const open = useWorlds();
const scope = (it: World): { organization: string; target: string } => ({
  organization: it.sandbox.org.id,
  target: it.engine.target,
});
const slow = timeout('crm', 30);

async function drifting(start = '2026-11-21T14:00:00.000Z') {
  const clock = fakeClock(start);
  const { log, lines } = keptLog();
  const it = await open({ clock, log });
  const auditor = toldAuditor();
  it.engine.auditor = auditor;
  const apply = (...resources: Parameters<typeof it.apply>) => clock.drive(it.apply(...resources));
  await apply([dataAction('a'), dataAction('b'), slow]);
  await clock.advance(600_000);
  await apply([dataAction('a'), dataAction('b'), slow]);
  await clock.advance(600_000);
  lines.length = 0;
  return { it, clock, auditor, apply, lines, wish: [dataAction('a'), dataAction('b'), slow] };
}

test('a change is told with what it was and is to be, with its requests, its versions and whose commit it is', async () => {
  const { log, lines } = keptLog();
  const it = await open({ log });
  const commit: Commit = {
    sha: '1'.repeat(40),
    author: { name: 'Ann', email: 'ann@example.com' },
    committer: { name: 'GitHub', email: 'noreply@github.com' },
    at: '2026-11-21T07:00:00Z',
    message: `Slower customers (#12)\n\n${'x'.repeat(1000)}`,
  };
  const past = { commitsOf: async () => ({ commits: new Map([['Timeout/crm', commit]]), rewritten: false }) };
  await it.apply([dataAction('a'), timeout('crm', 10)]);
  const long = { requestUrlTemplate: `https://example.com/${'y'.repeat(200)}` };
  const { runId, outcomes } = await it.apply([dataAction('a', { config: config(long) }), slow], { past });
  const fields = [
    { path: '/config/request/requestUrlTemplate', by: 'DataAction/a', from: 'https://example.com/${input.id}' },
    { path: '/config/timeoutSeconds', by: 'Timeout/crm', from: 10, to: 30 },
  ];
  expect(outcomes[0]).toMatchObject({ fields, commit: { sha: commit.sha } });
  expect(outcomes[0]!.fields![0]).not.toHaveProperty('to');
  const line = lines.filter(({ message }) => message === 'change applied').at(-1)!;
  expect(line).toMatchObject({
    runId,
    target: 'test',
    resource: 'DataAction/a',
    object: { type: 'data-action', key: expect.stringContaining('a') },
    action: 'update',
    cause: 'commit',
    status: 'applied',
    fields,
    requests: [{ method: 'PATCH', path: '/api/v2/integrations/actions/{actionId}', status: 200, attempts: 1 }],
    versionBefore: '1',
    versionAfter: '2',
    commit: { sha: commit.sha, author: commit.author, committer: commit.committer, pullRequest: '#12' },
  });
  const [request] = line['requests'] as { correlationId: string; serverDate: string }[];
  expect(request!.correlationId).toBe(line['correlationId']);
  expect(request!.serverDate).toMatch(/^20/);
  expect((line['commit'] as { message: string }).message).toHaveLength(500);
  expect(JSON.stringify(line).length).toBeLessThan(4000);
});

test('writes are noted with the short values that they set, and with the id of what they made', async () => {
  const it = await open({ secrets: { crm: 'hush-hush' } });
  const headers = { 'X-Api-Key': { secret: 'crm' } };
  const { runId } = await it.apply([dataAction('a', { config: config({ headers }) }), slow]);
  const [sent] = await it.journal.writesOf(runId);
  expect(sent).toMatchObject({
    object: { type: 'data-action', id: it.sandbox.state.actionNamed('a')!.id },
    sets: { '/name': 'a', '/config/timeoutSeconds': '30', '/config/request/requestType': 'GET' },
  });
  expect(Object.keys(sent!.sets!).length).toBeLessThanOrEqual(10);
  expect(JSON.stringify(sent)).not.toMatch(/hush|hmac/);
});

test('drift is told with who, when and from where, in the plan, the log, the outcome and the journal; healed, it has ended', async () => {
  const { it, clock, auditor, apply, lines, wish } = await drifting();
  const before = (await it.journal.changes({ resource: 'DataAction/a', limit: 1 }))[0]!;
  const at = setByHand(it, 'a', 3);
  auditor.deeds.set(at, [deed(clock.now())]);
  const planned = await clock.drive(it.plan(wish));
  expect(planned.changes).toMatchObject([
    { name: 'a', cause: 'drift', drift: { deeds: [{ remoteIp: ['10.0.0.1'] }] } },
  ]);
  expect(await it.journal.drifts(scope(it), {})).toEqual([]);
  expect(lines.filter(({ message }) => message === 'drift found')).toEqual([]);

  // Once for both, since a little before the last run began that left all well.
  setByHand(it, 'b', 4);
  auditor.asked.length = 0;
  const { runId, outcomes, plan } = await apply(wish);
  expect(auditor.asked).toEqual([
    { objects: plan.changes.map(({ object }) => `data-action:${object.id}`), since: '2026-11-21T14:08:00.000Z' },
  ]);
  const against = { revision: before.revision };
  expect(plan.changes[0]!.drift).toMatchObject({ against });
  expect(outcomes).toMatchObject([
    { name: 'a', status: 'applied', drift: { deeds: [{ by: { user: { name: 'Ann Smith' } } }] } },
    { name: 'b', status: 'applied', drift: { deeds: [], unexplained: 'nothing recorded yet' } },
  ]);
  const found = lines.filter(({ message }) => message === 'drift found');
  expect(found).toMatchObject([
    {
      level: 'warn',
      resource: 'DataAction/a',
      fields: [{ path: '/config/timeoutSeconds', from: 3, to: 30, by: 'Timeout/crm' }],
      who: 'Ann Smith (sandbox-admin)',
      client: { name: 'sandbox-admin' },
      user: { id: 'ann' },
      remoteIp: ['10.0.0.1'],
      action: 'Update',
      changes: [{ property: 'timeoutSeconds', from: ['30'], to: ['3'] }],
      against,
    },
    { resource: 'DataAction/b', unexplained: 'nothing recorded yet' },
  ]);
  expect(await it.journal.drifts(scope(it), {})).toMatchObject([
    { kind: 'drift', resource: 'DataAction/b', runId, ended: { how: 'healed', runId } },
    {
      kind: 'drift',
      resource: 'DataAction/a',
      runId,
      fields: [{ path: '/config/timeoutSeconds', from: 3, to: 30 }],
      story: { deeds: [{ action: 'Update' }] },
      ended: { how: 'healed', runId },
    },
  ]);
});

test('a run without drift asks nothing; what was told of an earlier drift is not told of the next', async () => {
  const { it, clock, auditor, apply, wish } = await drifting();
  expect(auditor.asked).toEqual([]);
  const at = setByHand(it, 'a', 3);
  const first = deed(clock.now());
  auditor.deeds.set(at, [first]);
  await apply(wish);
  // The last good run is still the one before: the audit log answers both.
  it.sandbox.state.editAction(it.sandbox.state.actionNamed('a')!.id, { category: 'By hand' });
  setByHand(it, 'a', 4);
  const { plan } = await apply(wish);
  expect(plan.changes[0]!.drift).toMatchObject({ deeds: [], unexplained: 'nothing recorded yet' });
  const asked = auditor.asked.length;
  await apply(wish);
  expect(auditor.asked).toHaveLength(asked);
});

test('drift that is held is put down once, explained later, and over when it is taken back or made the wish', async () => {
  const { it, clock, auditor, apply, lines } = await drifting();
  const [a, b] = [dataAction('a'), dataAction('b')];
  it.engine.policy = { ...it.engine.policy, drift: 'report' };
  const at = setByHand(it, 'a', 3);
  for (let i = 0; i < 2; i++) await apply([a, b, slow]);
  expect(await it.journal.drifts(scope(it), {})).toMatchObject([{ story: { deeds: [] } }]);
  auditor.deeds.set(at, [deed(clock.now())]);
  for (let i = 0; i < 2; i++) await apply([a, b, slow]);
  // What is explained is not asked for again.
  expect(auditor.asked).toHaveLength(3);
  expect(lines.filter(({ message }) => /^drift /.test(message)).map(({ message }) => message)).toEqual([
    'drift found',
    'drift explained',
  ]);
  // Another value is another drift.
  setByHand(it, 'a', 4);
  expect((await apply([a, b, slow])).plan.held[0]!.drift).toMatchObject({ deeds: [] });
  const [newer, older] = await it.journal.drifts(scope(it), {});
  expect(older).toMatchObject({ story: { deeds: [{}] }, ended: { how: 'superseded' } });
  expect(newer).not.toHaveProperty('ended');
  setByHand(it, 'a', 30);
  await apply([a, b, slow]);
  expect((await it.journal.drifts(scope(it), { limit: 1 }))[0]).toMatchObject({
    id: newer!.id,
    ended: { how: 'gone' },
  });
  setByHand(it, 'a', 5);
  await apply([a, b, slow]);
  expect(await it.journal.drifts(scope(it), { open: true })).toHaveLength(1);
  setByHand(it, 'b', 5);
  const revision = 'main@sha1:0000000000000000000000000000000000000002';
  await apply([a, b, timeout('crm', 5)], { revision });
  expect(await it.journal.drifts(scope(it), { open: true })).toEqual([]);
  // The newest is that of b, which the same commit made the wish.
  expect((await it.journal.drifts(scope(it), {})).map(({ ended }) => [ended?.how, ended?.revision])).toEqual([
    ['accepted', revision],
    ['gone', undefined],
    ['superseded', undefined],
  ]);
  // From then on that revision is what is moved away from, though nothing was written for it.
  setByHand(it, 'b', 6);
  const { plan } = await apply([a, b, timeout('crm', 5)], { revision });
  expect(plan.held[0]!.drift!.against).toEqual({ revision });
});

test('an object that somebody deleted has a name on it, too, and ends when it is made anew; one that nobody wishes any more is accepted', async () => {
  const { it, clock, auditor, apply } = await drifting();
  const action = it.sandbox.state.actionNamed('a')!;
  auditor.deeds.set(`data-action:${action.id}`, [deed(clock.now(), { action: 'Delete', changes: [] })]);
  it.sandbox.state.deleteAction(action.id);
  const { plan, outcomes } = await apply([dataAction('a'), dataAction('b'), slow]);
  expect(plan.changes).toMatchObject([{ action: 'create', cause: 'drift', drift: { deeds: [{ action: 'Delete' }] } }]);
  expect(outcomes[0]).toMatchObject({ status: 'applied', drift: { deeds: [{ action: 'Delete' }] } });
  it.sandbox.state.deleteAction(it.sandbox.state.actionNamed('b')!.id);
  await apply([dataAction('a'), slow]);
  expect(await it.journal.drifts(scope(it), {})).toMatchObject([
    { resource: 'DataAction/b', deleted: true, ended: { how: 'accepted' } },
    { resource: 'DataAction/a', deleted: true, object: { id: action.id }, ended: { how: 'healed' } },
  ]);
});

test('an audit log that hangs or fails holds nothing up for long', async () => {
  const { it, clock, apply, wish } = await drifting();
  for (const [explain, unexplained] of [
    [() => new Promise<never>(() => {}), 'it did not answer in time'],
    [() => Promise.reject(new Error('no')), 'it could not be asked'],
  ] as const) {
    it.engine.auditor = { explain };
    setByHand(it, 'a', 3);
    const before = clock.now().getTime();
    const { plan, outcomes } = await apply(wish);
    expect(plan.changes[0]!.drift).toMatchObject({ deeds: [], unexplained });
    expect(outcomes).toMatchObject([{ status: 'applied' }]);
    expect(clock.now().getTime() - before).toBeLessThan(15_000);
  }
});

test('what Genesys quotes in its audit log of a sensitive value is sealed', async () => {
  const it = await open({ secrets: { crm: 'hush-hush' } });
  const auditor = toldAuditor();
  it.engine.auditor = auditor;
  const mine = [dataAction('a', { config: config({ headers: { 'X-Api-Key': { secret: 'crm' } } }) }), slow];
  await it.apply(mine);
  const at = setByHand(it, 'a', 3);
  auditor.deeds.set(at, [deed(new Date(), { changes: [{ property: 'headers', from: ['key hush-hush'], to: [] }] })]);
  const { plan } = await it.apply(mine);
  expect(JSON.stringify(plan)).toMatch(/key \(sensitive, hmac:/);
  expect(JSON.stringify([plan, await it.journal.drifts(scope(it), {})])).not.toContain('hush');
});
