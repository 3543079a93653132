import { expect, test } from 'vitest';
import { fakeClock } from './support/clock.ts';
import { body, type Changes, ends, useChats } from './support/web-chat.ts';

// Where GET of a configuration is not served: what was last applied counts as live, and only versions are known of what others do.

const open = useChats();
const bigger: Changes = [['fontSize: 16', 'fontSize: 18']];
const overwriting: Changes = [['[ORG_ID_2]', '[ORG_ID_2]\n    overwriteExisting: true']];

test.each(['webchat-get-404', 'webchat-get-405'])('%s: the story without a look', async (quirk) => {
  const it = await open({ sandbox: { quirks: [quirk] } });
  const first = await it.run();
  expect(ends(first)).toEqual(['ORG_ID_1 applied', 'ORG_ID_2 applied']);
  const second = await it.run();
  expect(second.plan.warnings.map(({ code, object }) => `${code} ${object?.id}`)).toEqual([
    'unreadable ORG_ID_1',
    'unreadable ORG_ID_2',
  ]);
  expect([second.plan.changes, second.outcomes]).toEqual([[], []]);

  // The version of our own last write goes along, so that nothing is to be found out first.
  it.sandbox.clearRequests();
  const third = await it.run([...bigger, ...overwriting]);
  expect(it.sent()).toEqual(['PUT ORG_ID_1 200', 'POST replicate ORG_ID_2 202']);
  expect(third.outcomes[0]).toMatchObject({
    fields: [{ path: '/widget/theme/typography/fontSize', from: '16px', to: '18px' }],
    receipt: { versionBefore: '1', versionAfter: '2' },
  });

  // Somebody else's change cannot be seen, but its version is told, before and after it is written over.
  it.edit('ORG_ID_1', { greetings: { delayMs: 1 } });
  it.sandbox.clearRequests();
  const fourth = await it.run([['fontSize: 16', 'fontSize: 20']]);
  expect(it.sent().slice(0, 2)).toEqual(['PUT ORG_ID_1 409', 'PUT ORG_ID_1 200']);
  const source = fourth.outcomes.find(({ object }) => object.id === 'ORG_ID_1')!;
  expect(source.warnings).toEqual([
    'version 3 was there, which this tool did not write and cannot read; it was written over',
  ]);
  expect(it.live('ORG_ID_1')!['greetings']).toMatchObject({ delayMs: 2000 });
  // Genesys decides whether a configuration that nobody here can see is overwritten.
  expect(ends(fourth)).toEqual(['ORG_ID_1 applied', 'ORG_ID_2 failed OverwriteRefused']);
});

test('a configuration that was there before is written over only where drift is healed', async () => {
  const it = await open({ sandbox: { quirks: ['webchat-get-405'] }, policy: { drift: 'report' } });
  it.edit('ORG_ID_1', () => ({ ...body, region: 'eu' }));
  const report = await it.run();
  expect(ends(report)).toEqual(['ORG_ID_1 failed Drifted', 'ORG_ID_2 skipped DependencyNotReady']);
  expect(it.version('ORG_ID_1')).toBe(1);
  const healing = await it.run(
    [['{ name: support-chat }', '{ name: support-chat, annotations: { genesys-gitops/drift: heal } }']],
    { byHand: true },
  );
  expect(ends(healing)).toEqual(['ORG_ID_1 applied', 'ORG_ID_2 applied']);
  expect(healing.outcomes[0]!.warnings).toEqual([
    'version 1 was there, which this tool did not write and cannot read; it was written over',
  ]);
  expect(it.live('ORG_ID_1')).toEqual(body);
});

test('under the policy to report drift, another version is named and not written over; our own is written over', async () => {
  const it = await open({ sandbox: { quirks: ['webchat-get-404'] }, policy: { drift: 'report' } });
  await it.run();
  expect(ends(await it.run(bigger))).toContain('ORG_ID_1 applied');
  it.edit('ORG_ID_1', { greetings: { delayMs: 1 } });
  it.sandbox.clearRequests();
  const report = await it.run([['fontSize: 16', 'fontSize: 20']]);
  expect(it.sent()).toEqual(['PUT ORG_ID_1 409']);
  expect(report.outcomes[0]!.reason).toBe('Drifted');
  expect(report.outcomes[0]!.message).toMatch(
    /^organisation ORG_ID_1 has version 3 of its configuration, which this tool did not write \(its last was 2\)/,
  );
  expect(it.live('ORG_ID_1')!['greetings']).toMatchObject({ delayMs: 1 });
});

test('what an earlier run learnt of versions writes nothing over where drift is left alone by now', async () => {
  const it = await open({ sandbox: { quirks: ['webchat-get-404'] } });
  await it.run();
  const stop = it.sandbox.onRequest(({ method, phase }) => {
    if (method === 'PUT' && phase === 'arrived') it.edit('ORG_ID_1', { greetings: { delayMs: 1 } });
  });
  expect(ends(await it.run(bigger))).toContain('ORG_ID_1 failed Contended');
  stop();
  it.engine.policy.drift = 'report';
  expect(ends(await it.run(bigger, { byHand: true }))).toContain('ORG_ID_1 failed Drifted');
  expect(it.live('ORG_ID_1')!['greetings']).toMatchObject({ delayMs: 1 });
});

test.each([
  ['a lost answer', { lostResponse: true }, ['PUT ORG_ID_1 0', 'PUT ORG_ID_1 409', 'PUT ORG_ID_1 200']],
  ['a 500', { status: 500 }, ['PUT ORG_ID_1 500', 'PUT ORG_ID_1 200']],
])(
  '%s to a PUT: nobody can tell whether it was done, and it is sent again over the same version',
  async (_what, then, sent) => {
    const it = await open({ sandbox: { quirks: ['webchat-get-404'] } });
    await it.run(overwriting);
    it.sandbox.addFault({ when: { method: 'PUT', times: 1 }, then });
    it.sandbox.clearRequests();
    expect(ends(await it.run([...overwriting, ...bigger]))).toEqual(['ORG_ID_1 applied', 'ORG_ID_2 applied']);
    expect(it.sent()).toEqual([...sent, 'POST replicate ORG_ID_2 202']);
    expect(it.live('ORG_ID_2')).toMatchObject({ widget: { theme: { typography: { fontSize: '18px' } } } });
  },
);

test('a lost answer to a replication is asked for again; what was there already is not taken for ours', async () => {
  const it = await open({ sandbox: { quirks: ['webchat-get-404'] } });
  const lost = { when: { path: '/api/v2/webchat/configurations/replicate', times: 1 }, then: { lostResponse: true } };
  it.sandbox.addFault(lost);
  expect(ends(await it.run())).toEqual(['ORG_ID_1 applied', 'ORG_ID_2 failed OverwriteRefused']);
  it.sandbox.addFault(lost);
  expect(ends(await it.run(overwriting))).toEqual(['ORG_ID_2 applied']);
});

const alone: Changes = [['  replicateTo:\n    organizations: [ORG_ID_2]\n', '']];
const job = '/api/v2/webchat/configurations/replicate';

test('under report, the version right after ours is taken for our own PUT whose answer was lost, and not written over', async () => {
  const it = await open({ sandbox: { quirks: ['webchat-get-404'] }, policy: { drift: 'report' } });
  await it.run(alone);
  it.sandbox.addFault({ when: { method: 'PUT', times: 1 }, then: { lostResponse: true } });
  it.sandbox.clearRequests();
  const [outcome] = (await it.run([...alone, ...bigger])).outcomes;
  expect(outcome).toMatchObject({ status: 'applied', receipt: { versionAfter: '2' } });
  expect(outcome!.warnings).toEqual([
    expect.stringMatching(
      /^version 2 of its configuration is there, which most likely is what this tool sent, whose answer/,
    ),
  ]);
  expect(it.sent()).toEqual(['PUT ORG_ID_1 0', 'PUT ORG_ID_1 409']);
  expect((await it.run([...alone, ...bigger])).plan.changes).toEqual([]);
  // Two versions on, it was not ours alone.
  it.sandbox.addFault({ when: { method: 'PUT', times: 1 }, then: { lostResponse: true } });
  const stop = it.sandbox.onRequest(({ method, phase }) => {
    if (method !== 'PUT' || phase !== 'served') return;
    stop();
    it.edit('ORG_ID_1', { greetings: { delayMs: 1 } });
  });
  const both = await it.run([...alone, ['fontSize: 16', 'fontSize: 20']]);
  expect(ends(both)).toEqual(['ORG_ID_1 failed Drifted']);
  expect(both.outcomes[0]!.message).toContain('(its last was 2, and a write of its own has no answer)');
});

test('under report, a replica that nobody can see is replicated to once, and never overwritten', async () => {
  const it = await open({ sandbox: { quirks: ['webchat-get-405'] }, policy: { drift: 'report' } });
  expect(ends(await it.run(overwriting))).toEqual(['ORG_ID_1 applied', 'ORG_ID_2 applied']);
  it.edit('ORG_ID_2', { greetings: { delayMs: 1 } });
  it.sandbox.clearRequests();
  expect(ends(await it.run([...overwriting, ...bigger]))).toEqual(['ORG_ID_1 applied', 'ORG_ID_2 failed Drifted']);
  expect(it.sent()).toEqual(['PUT ORG_ID_1 200']);
  it.engine.policy.drift = 'heal';
  expect(ends(await it.run([...overwriting, ...bigger], { byHand: true }))).toEqual(['ORG_ID_2 applied']);

  // One that was there before is not overwritten either, even by the first.
  const other = await open({ sandbox: { quirks: ['webchat-get-405'] }, policy: { drift: 'report' } });
  other.edit('ORG_ID_2', () => ({ ...body, region: 'eu' }));
  expect(ends(await other.run(overwriting))).toEqual(['ORG_ID_1 applied', 'ORG_ID_2 failed Drifted']);
  expect(other.version('ORG_ID_2')).toBe(1);
});

test('a job of which Genesys tells nothing is acknowledged with an unknown result, and asked for again by a person only', async () => {
  const clock = fakeClock();
  const it = await open({ clock, sandbox: { quirks: ['webchat-get-404'] } });
  it.sandbox.addFault({ when: { method: 'GET', path: `${job}/*` }, then: { status: 404 } });
  const first = await clock.drive(it.run());
  expect(ends(first)).toEqual(['ORG_ID_1 applied', 'ORG_ID_2 failed ReplicationUnknown']);
  expect(first.outcomes.find(({ status }) => status === 'failed')!.message).toMatch(
    /^Genesys acknowledged the replication to organisation ORG_ID_2 .*: its result is unknown/,
  );
  it.sandbox.clearRequests();
  expect((await it.run()).plan.held.map(({ reason }) => reason)).toEqual(['ReplicationUnknown']);
  await clock.advance(61 * 60_000);
  expect(ends(await clock.drive(it.run()))).toEqual(['ORG_ID_2 failed ReplicationUnknown']);
  expect(it.sent()).toEqual([]);
  it.sandbox.clearFaults();
  await clock.drive(it.run(overwriting, { byHand: true }));
  expect(it.sent()).toEqual(['POST replicate ORG_ID_2 202']);
});

test('what may be the work of our own lost replication is said to be so, and a person may take it for that', async () => {
  const it = await open({ sandbox: { quirks: ['webchat-get-404'] } });
  it.sandbox.addFault({ when: { path: job, times: 1 }, then: { lostResponse: true } });
  const [, refused] = (await it.run()).outcomes;
  expect(refused).toMatchObject({ reason: 'OverwriteRefused' });
  expect(refused!.message).toMatch(
    /may be the work of this tool's own request, whose answer was lost: .*`genesys-gitops reconcile`/,
  );
  it.sandbox.clearRequests();
  expect((await it.run()).plan.held.map(({ reason }) => reason)).toEqual(['OverwriteRefused']);
  expect(it.sent()).toEqual([]);
  const [taken] = (await it.run([], { byHand: true })).outcomes;
  expect(taken).toMatchObject({ status: 'applied', warnings: [expect.stringContaining('a person asked to go on')] });
  expect((await it.run()).plan.changes).toEqual([]);
});
