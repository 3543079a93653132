import { expect, test } from 'vitest';
import { fakeClock } from './support/clock.ts';
import { body, type Changes, ends, useChats } from './support/web-chat.ts';

const open = useChats();
const path = '/api/v2/webchat/configurations/replicate';
const twoReplicas: Changes = [['    organizations: [ORG_ID_2]', '    organizations: [ORG_ID_2, ORG_ID_3]']];
const overwriting: Changes = [
  ['    organizations: [ORG_ID_2]', '    organizations: [ORG_ID_2]\n    overwriteExisting: true'],
];
const bigger: Changes = [['fontSize: 16', 'fontSize: 18']];

test('one that fails does not hide the others, and the next run asks for it again', async () => {
  const it = await open();
  it.sandbox.state.failReplication('ORG_ID_2', 'The region did not answer.');
  const report = await it.run(twoReplicas);
  expect(ends(report)).toEqual(['ORG_ID_1 applied', 'ORG_ID_2 failed ReplicationFailed', 'ORG_ID_3 applied']);
  const failed = report.outcomes.find(({ status }) => status === 'failed')!;
  expect(failed.message).toBe(
    'Genesys could not replicate the configuration to organisation ORG_ID_2: The region did not answer',
  );
  expect(failed.receipt.trace).toEqual({ jobId: expect.any(String) });
  // Of the two only the one is left.
  it.sandbox.clearRequests();
  expect(ends(await it.run(twoReplicas, { byHand: true }))).toEqual(['ORG_ID_2 applied']);
  expect(it.sent()).toEqual(['POST replicate ORG_ID_2 202']);
});

test('an organisation with another configuration is held, unless the document says to overwrite it', async () => {
  const it = await open();
  await it.run();
  const held = await it.run(bigger);
  expect(ends(held)).toEqual(['ORG_ID_1 applied']);
  expect(held.plan.held.map(({ object, reason, message }) => `${object.id} ${reason}: ${message}`)).toEqual([
    'ORG_ID_2 OverwriteRefused: organisation "ORG_ID_2" has another configuration, and overwriteExisting is false; set replicateTo.overwriteExisting to true, or take it out of replicateTo',
  ]);
  expect(ends(await it.run([...bigger, ...overwriting]))).toEqual(['ORG_ID_2 applied']);
  expect(it.live('ORG_ID_2')).toEqual(it.live('ORG_ID_1'));
  // What somebody does there is drift as elsewhere.
  it.edit('ORG_ID_2', { features: { dynamicRouting: false } });
  expect((await it.run([...bigger, ...overwriting])).outcomes).toMatchObject([
    { object: { id: 'ORG_ID_2' }, cause: 'drift', status: 'applied' },
  ]);
  expect(it.live('ORG_ID_2')).toMatchObject({ features: { dynamicRouting: true } });
});

test('nothing is replicated from a source that is held', async () => {
  const it = await open({ policy: { drift: 'report' } });
  await it.run();
  it.edit('ORG_ID_1', { greetings: { delayMs: 1 } });
  it.sandbox.clearRequests();
  const { plan } = await it.run(twoReplicas);
  expect(plan.held.map(({ object, reason }) => `${object.id} ${reason}`).sort()).toEqual([
    'ORG_ID_1 Drifted',
    'ORG_ID_3 DependencyNotReady',
  ]);
  expect(it.sent()).toEqual([]);
});

test('what somebody does to the source meanwhile is not taken for what was replicated', async () => {
  const it = await open();
  const stop = it.sandbox.onRequest(({ pathTemplate, phase }) => {
    if (pathTemplate !== path || phase !== 'arrived') return;
    stop();
    it.edit('ORG_ID_1', { greetings: { delayMs: 1 } });
  });
  expect(ends(await it.run(overwriting))).toEqual(['ORG_ID_1 applied', 'ORG_ID_2 failed DependencyNotReady']);
  expect(ends(await it.run(overwriting))).toEqual(['ORG_ID_1 applied', 'ORG_ID_2 applied']);
  expect([it.live('ORG_ID_1'), it.live('ORG_ID_2')]).toEqual([body, body]);
});

test('a job that lasts is waited for by the next run, which starts no other', async () => {
  const clock = fakeClock();
  const it = await open({ clock, sandbox: { jobMs: 600_000 } });
  const first = await clock.drive(it.run());
  expect(ends(first)).toEqual(['ORG_ID_1 applied', 'ORG_ID_2 failed JobRunning']);
  const { message } = first.outcomes.find(({ status }) => status === 'failed')!;
  const [job] = it.sandbox.state.replications();
  expect(message).toBe(
    `after 120 s replication job ${job!.id} is still in the state "QUEUED"; the next run looks at it again, and starts no other`,
  );
  it.sandbox.clearRequests();
  expect(ends(await clock.drive(it.run()))).toEqual(['ORG_ID_2 failed JobRunning']);
  expect(it.sent()).toEqual([]);
  // It ends while nobody looks: its answer is taken, and no other is begun.
  it.edit('ORG_ID_2', () => ({ ...it.live('ORG_ID_1') }));
  expect((await clock.drive(it.run())).plan.unchanged).toHaveLength(2);
});

test.each<[what: string, next: Changes, sent: string[]]>([
  ['the same wish: nothing is asked for again', overwriting, []],
  [
    'another wish: it counts for nothing',
    [...overwriting, ...bigger],
    ['PUT ORG_ID_1 200', 'POST replicate ORG_ID_2 202'],
  ],
])('a job that ended while nobody looked, and %s', async (_what, next, sent) => {
  const clock = fakeClock();
  const it = await open({ clock, sandbox: { jobMs: 600_000 } });
  await clock.drive(it.run(overwriting));
  const [job] = it.sandbox.state.replications();
  const results = [{ organizationId: 'ORG_ID_2', status: 'FAILED', message: 'Out of order' }];
  const done = { id: job!.id, status: 'FAILED', results };
  it.sandbox.addFault({ when: { path: `${path}/*` }, then: { status: 200, body: done } });
  it.sandbox.clearRequests();
  expect(ends(await clock.drive(it.run(next)))).toContain('ORG_ID_2 failed ReplicationFailed');
  expect(it.sent()).toEqual(sent);
});

test('an answer that has the id of the job and nothing else', async () => {
  const it = await open({ sandbox: { quirks: ['webchat-replicate-minimal'] } });
  expect(ends(await it.run())).toEqual(['ORG_ID_1 applied', 'ORG_ID_2 applied']);
});
