import { expect, test } from 'vitest';
import { turnsOf } from '../src/audit/turns.ts';
import { type Clock, systemClock } from '../src/model/clock.ts';
import type { Resource } from '../src/model/resource.ts';
import { askedOf, auditsOf, hours, listening, setTimeoutOf, soon, told } from './support/audit-world.ts';
import { callFlow, flowOf } from './support/flows.ts';
import { group, hours as hoursOf, messenger, page } from './support/web-documents.ts';
import { config, contract, dataAction, useWorlds, type WorldOptions } from './support/world.ts';

const open = useWorlds();
const hour = 3_600_000;
/** For what takes minutes. */
const hurried: Clock = { now: () => new Date(), sleep: (ms, signal) => systemClock.sleep(ms / 2000, signal) };

function setUp(options: WorldOptions = {}) {
  const time = hours();
  const heard = listening();
  const sandbox = { now: time.now, ...soon, ...options.sandbox };
  return open({ clock: time.clock, log: heard.log, ...options, sandbox }).then((it) => ({ it, time, ...heard }));
}

test('a change is matched with its record, in the journal and in one line of the log; then nothing is asked', async () => {
  const { it, said } = await setUp();
  const { runId } = await it.apply([dataAction('a')]);
  const audits = auditsOf(it);
  expect(await audits.round()).toMatchObject({ matched: 1, waiting: 0, strangers: 0 });
  expect(await told(it)).toEqual(['create matched Action:Create']);
  const [record] = it.sandbox.state.audits();
  const { id } = it.sandbox.state.actionNamed('a')!;
  expect(said('change matched').map(({ level, fields }) => ({ level, ...fields }))).toEqual([
    {
      level: 'info',
      runId,
      target: 'test',
      revision: 'main@sha1:0000000000000000000000000000000000000001',
      object: expect.objectContaining({ type: 'data-action', id }),
      resource: 'DataAction/a',
      action: 'create',
      match: 'matched',
      auditIds: [record!.id],
      correlationIds: [expect.any(String)],
      entry: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  ]);
  const asked = askedOf(it);
  expect(asked).toEqual([
    'GET /api/v2/audits/query/servicemapping',
    'GET /api/v2/audits/query/realtime/servicemapping',
    'POST /api/v2/audits/query/realtime',
  ]);
  await audits.round();
  expect(askedOf(it)).toEqual(asked);
});

test.each([
  [[]],
  [['audit-parts-own-ids', 'audit-extra-records', 'audit-dates-in-seconds']],
  [['audit-no-properties', 'audit-flow-steps', 'audit-entities-bare']],
  [['audit-publish-is-update', 'audit-failures-recorded', 'audit-realtime-lacks-web', 'audit-type-in-two-services']],
  [['audit-service-required', 'audit-interval-closed', 'audit-headers-masked']],
  [['audit-no-transactions', 'audit-entities-bare', 'audit-dates-in-seconds', 'audit-realtime-cut']],
])('every step of every object finds its record, with %j', async (quirks) => {
  const { it, time } = await setUp({
    sandbox: { audits: { delayMs: 0, twiceShare: 0.5, seed: 3 }, quirks, activationMs: 1, jobMs: 1 },
  });
  const all = (description: string): Resource[] => [
    hoursOf({ description }),
    group({ description }),
    messenger(description === 'one' ? '#1d4ed8' : '#000000'),
    page({ description }),
  ];
  const steps = [
    [dataAction('a'), ...all('one')],
    [dataAction('a', { config: config({ requestType: 'POST' }) }), ...all('two')],
    [dataAction('a', { contract: contract('more') }), ...all('two')],
    [dataAction('a', { contract: contract('more') })],
  ];
  for (const resources of steps) {
    await it.apply(resources);
    time.pass(5000);
  }
  await it.apply([dataAction('b')]);
  await auditsOf(it).round();
  const words = (await told(it)).map((line) => line.split(' ').slice(0, 2).join(' '));
  expect(words.filter((line) => !line.endsWith(' matched'))).toEqual([]);
  expect(new Set(words.map((line) => line.split(' ')[0]))).toEqual(
    new Set([
      'create',
      'publish',
      'put',
      'patch',
      'put-draft',
      'create-draft',
      'patch-draft',
      'publish-draft',
      'delete',
    ]),
  );
});

test('500 changes by both clients, late, out of order and twice: each ends with its own record', async () => {
  const { it, time } = await setUp({
    sandbox: { audits: { delayMs: 1000, jitterMs: 7_000, lateShare: 0.2, twiceShare: 0.3, seed: 5 } },
  });
  const names = Array.from({ length: 42 }, (_, n) => `a${n}`);
  const audits = auditsOf(it);
  for (let round = 1; round <= 8; round++) {
    await it.apply(
      names.map((name, n) =>
        dataAction(name, { config: config({ requestUrlTemplate: `https://e.com/${round}/${n}` }) }),
      ),
    );
    // Somebody else sets another value of half of them, each time of others.
    for (const name of names.filter((_, n) => (n * 7 + round) % 2 === 0))
      setTimeoutOf(it, name, 10 + round, 'sandbox-admin');
    time.pass(5_000);
    await audits.round();
  }
  time.pass(hour + 10_000);
  expect(await audits.round()).toMatchObject({ waiting: 0 });
  const writes = await it.journal.writesSince(it.engine.organization.id, '2000-01-01');
  expect(writes.length + 21 * 8).toBeGreaterThanOrEqual(500);
  // The truth, as the sandbox knows it: the records of each object by our client, in the order of the changes.
  for (const name of names) {
    const { id } = it.sandbox.state.actionNamed(name)!;
    const truth = it.sandbox.state
      .allAudits()
      .filter(({ entity, actor }) => entity.id === id && actor.clientId === 'sandbox-daemon');
    const found = writes.filter(({ object }) => object.id === id);
    expect(found.map(({ audit }) => [audit?.match, audit?.records])).toEqual(
      truth.map((record) => ['matched', [record.id]]),
    );
  }
});

test('the audit API answers 403: a warning that names the permission, once, and what is granted later lets changes match', async () => {
  const { it, time, said } = await setUp();
  it.sandbox.state.takePermissions('sandbox-daemon', 'audits:audit:view');
  await it.apply([dataAction('a')]);
  for (let n = 0; n < 3; n++) expect(await auditsOf(it).round()).toMatchObject({ waiting: 1, matched: 0 });
  const warned = said('the audit log cannot be asked; changes stay unmatched, and drift has no name');
  expect(warned).toHaveLength(1);
  expect(warned[0]!.fields['detail']).toContain('audits:audit:view');
  it.sandbox.state.givePermissions('sandbox-daemon', 'audits:audit:view');
  expect(await auditsOf(it).round()).toMatchObject({ matched: 1, waiting: 0 });
  expect(said('the audit log answers again')).toHaveLength(1);
  it.sandbox.state.takePermissions('sandbox-daemon', 'audits:audit:view');
  await it.apply([dataAction('a', { config: config({ requestType: 'PUT' }) })]);
  await auditsOf(it).round();
  expect(warned).toHaveLength(1);
  expect(said('the audit log cannot be asked; changes stay unmatched, and drift has no name')).toHaveLength(2);
  time.pass(25 * hour);
  expect(await auditsOf(it).round()).toMatchObject({ unmatched: 1, waiting: 0 });
  expect(said('change not matched')[0]).toMatchObject({
    level: 'warn',
    fields: { match: 'unmatched', why: expect.stringContaining('audits:audit:view') },
  });
});

test.each([
  ['429', { status: 429 }, 'RateLimited'],
  ['500', { status: 500 }, 'ServerError'],
])('the audit API answers %s: later is tried again, and no run fails of it', async (_what, then, reason) => {
  const { it } = await setUp();
  await it.apply([dataAction('a')]);
  it.sandbox.addFault({ when: { path: '/api/v2/audits/**' }, then });
  const audits = auditsOf(it);
  expect(await audits.round()).toMatchObject({ waiting: 1, failure: { reason } });
  expect(await it.apply([dataAction('a')])).toMatchObject({ status: 'succeeded' });
  it.sandbox.clearFaults();
  expect(await audits.round()).toMatchObject({ matched: 1, waiting: 0 });
});

test.each([
  ['never ends', { never: true }],
  ['fails', { state: 'Failed' as const }],
  ['is cancelled', { state: 'Cancelled' as const }],
])('an asynchronous query that %s: later is tried again; one that succeeds matches', async (_what, auditQuery) => {
  const { it } = await setUp({ sandbox: { audits: { delayMs: 0, realtimeServices: [] } }, clock: hurried });
  await it.apply([dataAction('a')]);
  it.sandbox.addFault({ when: { method: 'POST', path: '/api/v2/audits/query', times: 1 }, then: { auditQuery } });
  const audits = auditsOf(it);
  expect(await audits.round()).toMatchObject({ waiting: 1, failure: { reason: 'ServerError' } });
  expect(await audits.round()).toMatchObject({ matched: 1, waiting: 0 });
});

test('records that arrive an hour late are waited for; those that never come are unmatched, and why', async () => {
  const { it, time, said } = await setUp({ sandbox: { audits: { pattern: [hour, null] } } });
  await it.apply([dataAction('a')]);
  await it.apply([dataAction('a'), dataAction('b')]);
  const audits = auditsOf(it);
  expect(await audits.round()).toMatchObject({ waiting: 2, matched: 0 });
  time.pass(hour + 1000);
  expect(await audits.round()).toMatchObject({ waiting: 1, matched: 1 });
  time.pass(23 * hour);
  expect(await audits.round()).toMatchObject({ waiting: 0, unmatched: 1 });
  expect(said('change not matched').map(({ fields }) => [fields['resource'], fields['why']])).toEqual([
    ['DataAction/b', 'no record of it was found within 24 hours'],
  ]);
});

test.each([-120_000, 120_000])('a clock that is %i ms off matches all the same', async (clockSkewMs) => {
  const { it } = await setUp({ sandbox: { ...soon, clockSkewMs } });
  await it.apply([dataAction('a'), dataAction('b')]);
  await it.apply([dataAction('a', { config: config({ requestType: 'PUT' }) }), dataAction('b')]);
  expect(await auditsOf(it).round()).toMatchObject({ matched: 3, waiting: 0 });
});

test('a restart between apply and match loses nothing; a lost answer waits until it is settled', async () => {
  const { it } = await setUp();
  it.sandbox.addFault({ when: { method: 'PATCH', nth: 1 }, then: { lostResponse: true } });
  await it.apply([dataAction('a')]);
  await it.apply([dataAction('a', { config: config({ requestType: 'PUT' }) })]);
  expect(await told(it)).toEqual(['create waits', 'patch waits']);
  await auditsOf(it).round();
  await it.apply([dataAction('a', { config: config({ requestType: 'PUT' }) })]);
  await auditsOf(it).round();
  expect(await told(it)).toEqual(['create matched Action:Create', 'patch matched Action:Update']);
});

test('another process with our client is told of, once', async () => {
  const { it, said, time } = await setUp();
  await it.apply([dataAction('a')]);
  time.pass(60_000);
  const id = setTimeoutOf(it, 'a', 9, 'sandbox-daemon');
  time.pass(1000);
  it.sandbox.state.createAction({ ...it.sandbox.state.actionNamed('a')!, name: 'x' }, 'sandbox-daemon');
  await auditsOf(it).round();
  await it.apply([dataAction('a'), dataAction('b')]);
  await auditsOf(it).round();
  expect(said('another process with our client').map(({ fields }) => [fields['action'], fields['object']])).toEqual([
    ['Action:Update', expect.objectContaining({ id, type: 'data-action' })],
    ['Action:Create', expect.objectContaining({ key: 'x' })],
  ]);
  const drifts = await it.journal.drifts({ organization: it.engine.organization.id }, {});
  expect(drifts.map(({ kind, story }) => [kind, story?.deeds[0]?.by])).toEqual([
    ['other-process', { client: { id: 'sandbox-daemon', name: expect.any(String) } }],
    ['other-process', { client: { id: 'sandbox-daemon', name: expect.any(String) } }],
  ]);
});

test('two targets of one organisation: each claims its own records, and neither takes the other for a stranger', async () => {
  const first = await setUp();
  const second = await open({ target: 'second', clock: first.time.clock, policy: { prune: false } }, first.it);
  const both = { ...second, journal: first.it.journal, engine: { ...second.engine, journal: first.it.journal } };
  await first.it.apply([dataAction('a')]);
  const { run } = await import('../src/reconcile/run.ts');
  const { desired } = await import('./support/world.ts');
  await run(both.engine, desired([dataAction('b')]), { mode: 'apply' });
  expect(await auditsOf(first.it).round()).toMatchObject({ matched: 2, strangers: 0 });
});

test('drift has the name of who did it, with what from where; a plan asks, too', async () => {
  const { it } = await setUp();
  const audits = auditsOf(it);
  await it.apply([dataAction('a')]);
  const since = new Date(Date.now() - 60_000).toISOString();
  const id = setTimeoutOf(it, 'a', 9, 'sandbox-admin');
  const stories = await audits.explain(
    [
      { type: 'data-action', id },
      { type: 'data-action', id: 'other' },
    ],
    since,
  );
  const [deed, ...more] = stories.get(`data-action:${id}`)!.deeds;
  expect(more).toEqual([]);
  expect(deed).toMatchObject({
    by: { client: { id: 'sandbox-admin', name: expect.any(String) }, user: { name: 'Sandbox Admin' } },
    action: 'Update',
    entityType: 'Action',
    changes: expect.arrayContaining([{ property: 'config.timeoutSeconds', from: [], to: ['9'] }]),
  });
  setTimeoutOf(it, 'a', 10);
  const [newest, ...older] = (await audits.explain([{ type: 'data-action', id }], since)).get(
    `data-action:${id}`,
  )!.deeds;
  expect(newest).toMatchObject({ by: { client: { id: 'sandbox-ui' } }, remoteIp: ['198.51.100.7'] });
  expect(older).toEqual([deed]);
  expect(stories.get('data-action:other')).toEqual({
    since,
    deeds: [],
    unexplained: expect.stringContaining('no record'),
  });
  // Names are asked for once a day.
  const names = askedOf(it).filter((one) => one.includes('/oauth/clients')).length;
  await audits.explain([{ type: 'data-action', id }], since);
  expect(askedOf(it).filter((one) => one.includes('/oauth/clients'))).toHaveLength(names);
});

test('who may not see names gets ids; a log that does not answer holds nobody up', async () => {
  const { it, time } = await setUp({ sandbox: { ...soon, quirks: ['audit-ui-clientless'] } });
  await it.apply([dataAction('a')]);
  const since = new Date(Date.now() - 60_000).toISOString();
  it.sandbox.state.takePermissions('sandbox-daemon', 'oauth:client:view', 'directory:user:view');
  const id = setTimeoutOf(it, 'a', 9, 'sandbox-admin');
  const explain = async () =>
    (await auditsOf(it).explain([{ type: 'data-action', id }], since)).get(`data-action:${id}`)!;
  expect((await explain()).deeds[0]!.by.client).toEqual({ id: 'sandbox-admin' });
  it.sandbox.addFault({ when: { path: '/api/v2/audits/query/realtime' }, then: { delayMs: 400 } });
  expect(await explain()).toEqual({
    since,
    deeds: [],
    unexplained: expect.stringContaining('has not answered within 7 s'),
  });
  it.sandbox.clearFaults();
  // Whoever asks next waits for nothing, until some time has passed.
  const asked = askedOf(it).length;
  expect((await explain()).unexplained).toContain('did not answer a while ago');
  expect(askedOf(it)).toHaveLength(asked);
  it.sandbox.state.takePermissions('sandbox-daemon', 'audits:audit:view');
  await expect
    .poll(() =>
      turnsOf({ journal: it.journal, organization: it.engine.organization.id, clock: it.engine.clock }).isTaken(),
    )
    .toBe(false);
  time.pass(60_000);
  expect((await explain()).unexplained).toContain('audits:audit:view');
});

test('drift that the log explains only later gets its name in a later round', async () => {
  const { it, time, said } = await setUp({ sandbox: { audits: { delayMs: 60_000 } } });
  await it.apply([dataAction('a')]);
  const id = setTimeoutOf(it, 'a', 9, 'sandbox-admin');
  const audits = auditsOf(it);
  await it.apply([dataAction('a')]);
  await it.journal.recordDrift({
    kind: 'drift',
    at: it.engine.clock.now().toISOString(),
    organization: it.engine.organization.id,
    target: 'test',
    object: { type: 'data-action', key: 'a', id },
    fields: [],
    story: {
      since: new Date(time.now() - 60_000).toISOString(),
      deeds: [],
      unexplained: 'x',
      against: { revision: 'r' },
    },
  });
  await audits.round();
  expect(said('drift explained')).toEqual([]);
  time.pass(70_000);
  await audits.round();
  expect(said('drift explained')).toHaveLength(1);
  const found = await it.journal.drifts({ organization: it.engine.organization.id }, { limit: 1 });
  expect(found[0]!.story).toMatchObject({
    against: { revision: 'r' },
    deeds: [{ by: { user: { name: 'Sandbox Admin' } } }],
  });
  const asked = askedOf(it).length;
  await audits.round();
  expect(askedOf(it)).toHaveLength(asked);
});

test('what is sensitive in a record is sealed before it is kept or shown', async () => {
  const { it, lines } = await setUp();
  const secret = 'Bearer abcdefghijkl';
  await it.apply([dataAction('a', { config: config({ headers: { Authorization: secret } }) })]);
  await auditsOf(it).round();
  const [write] = await it.journal.writesSince(it.engine.organization.id, '2000-01-01');
  const [record] = await it.journal.auditRecords(it.engine.organization.id, write!.audit!.records);
  expect(JSON.stringify(record!.changes)).toContain('(sensitive');
  expect(JSON.stringify([record, lines])).not.toContain('abcdefghijkl');
});

test.each([[[]], [['audit-flow-steps', 'audit-dates-in-seconds']]])(
  'a flow is matched with what its job published, made, renamed and deleted, with %j',
  async (quirks) => {
    const { it, time } = await setUp({ sandbox: { ...soon, quirks, jobMs: 1 } });
    const keep = dataAction('keep');
    for (const flows of [
      ['Sales', 'one'],
      ['Sales', 'two'],
      ['Orders', 'two'],
    ].map(([name, said]) => [flowOf('sales', callFlow(name!).replace('Welcome', said!))])) {
      await it.apply([keep, ...flows]);
      time.pass(5000);
    }
    await it.apply([keep]);
    expect(await auditsOf(it).round()).toMatchObject({ waiting: 0, ambiguous: 0, unmatched: 0 });
    expect((await told(it)).map((line) => line.split(' ').slice(0, 3).join(' ')).slice(1)).toEqual([
      'upload matched Flow:Publish',
      'upload matched Flow:Publish',
      'update matched Flow:Update',
      'upload matched Flow:Publish',
      'delete matched Flow:Delete',
    ]);
  },
);

test('a change of which Genesys says that it came to nothing expects no record', async () => {
  const { it, time, said } = await setUp({ sandbox: { ...soon, jobMs: 1 } });
  it.sandbox.addFault({
    when: { method: 'POST', path: '/api/v2/flows/jobs' },
    then: { job: { status: 'Failure' } },
  });
  const { outcomes } = await it.apply([flowOf('sales', callFlow('Sales'))]);
  expect(outcomes[0]!.status).toBe('failed');
  time.pass(25 * hour);
  await auditsOf(it).round();
  expect([await told(it), said('change not matched')]).toEqual([['upload refused'], []]);
});

test('two processes that look at the same time say everything once', async () => {
  const { it, said } = await setUp();
  await it.apply([dataAction('a'), dataAction('b')]);
  await Promise.all([auditsOf(it).round(), auditsOf(it).round(), auditsOf(it).round()]);
  expect(said('change matched')).toHaveLength(2);
});

test('many are asked for asynchronously', async () => {
  const { it, time } = await setUp({ policy: { maxChanges: 1000 } });
  const resources = Array.from({ length: 210 }, (_, n) => dataAction(`a${n}`));
  await it.apply(resources);
  time.pass(1000);
  it.sandbox.clearRequests();
  expect(await auditsOf(it).round()).toMatchObject({ matched: 210, waiting: 0 });
  expect(askedOf(it).filter((one) => one.startsWith('POST'))).toEqual(['POST /api/v2/audits/query']);
  expect(askedOf(it).length).toBeLessThanOrEqual(6);
});

test('what waits long is asked about less and less often, and once more when its patience is over', async () => {
  const { it, time } = await setUp({ sandbox: { audits: { neverShare: 1 } } });
  await it.apply([dataAction('a')]);
  const audits = auditsOf(it);
  const queries = (): number => askedOf(it).filter((line) => line.endsWith('/realtime')).length;
  const perHour: number[] = [];
  for (let hours = 0; hours < 25; hours++) {
    const before = queries();
    for (let rounds = 0; rounds < 12; rounds++) {
      time.pass(hour / 12);
      await audits.round();
    }
    perHour.push(queries() - before);
  }
  expect(perHour[0]).toBeGreaterThan(5);
  expect(perHour.reduce((sum, one) => sum + one, 0)).toBeLessThan(40);
  expect(await told(it)).toEqual(['create unmatched']);
});
