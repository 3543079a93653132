import { describe, expect, test } from 'vitest';
import { listening } from './support/audit-world.ts';
import { body, type Changes, ends, useChats } from './support/web-chat.ts';

// What others do is shown before it is written over, and stays where a policy or a document says so, in replicas too.

const open = useChats();
const overwriting: Changes = [['[ORG_ID_2]', '[ORG_ID_2]\n    overwriteExisting: true']];
const bigger: Changes = [...overwriting, ['fontSize: 16', 'fontSize: 18']];
const ignoring: Changes = [
  [
    '{ name: support-chat }',
    '{ name: support-chat, annotations: { genesys-gitops/ignore-fields: [/greetings/delayMs] } }',
  ],
];
const alone: Changes = [['  replicateTo:\n    organizations: [ORG_ID_2]\n', '']];
const report = { policy: { drift: 'report' } } as const;
const theirs = { greetings: { delayMs: 1 } };
const path = '/api/v2/webchat/organizations/ORG_ID_1/configurations';
type Chats = Awaited<ReturnType<typeof open>>;

const delays = (it: Chats) =>
  ['ORG_ID_1', 'ORG_ID_2'].map((id) => (it.live(id) as unknown as typeof body).greetings.delayMs);

/** Somebody else writes at the moment when the next such request has arrived. */
function at(it: Chats, method: string, act: () => void): void {
  const stop = it.sandbox.onRequest((request) => {
    if (request.method !== method || request.phase !== 'arrived') return;
    stop();
    act();
  });
}

const held = ({ plan }: Awaited<ReturnType<Chats['run']>>) =>
  plan.held.map(({ object, reason, message }) => `${object.id} ${reason}: ${message}`);

describe('a replica is written whole, so it is left whole', () => {
  test('where one field of it drifted and another is committed', async () => {
    const it = await open(report);
    await it.run(overwriting);
    it.edit('ORG_ID_2', theirs);
    const run = await it.run(bigger);
    expect(ends(run)).toEqual(['ORG_ID_1 applied']);
    expect(held(run)).toEqual([expect.stringMatching(/^ORG_ID_2 Drifted: it was changed outside the repository/)]);
    expect(run.plan.held[0]!.fields.map(({ path: field }) => field)).toEqual([
      '/greetings/delayMs',
      '/widget/theme/typography/fontSize',
    ]);
    expect(delays(it)).toEqual([2000, 1]);
  });

  test('where a field that its document ignores differs, in it or in the source', async () => {
    const it = await open();
    await it.run([...ignoring, ...overwriting]);
    it.edit('ORG_ID_2', theirs);
    const run = await it.run([...ignoring, ...bigger]);
    expect(ends(run)).toEqual(['ORG_ID_1 applied']);
    expect(held(run)).toEqual([
      expect.stringMatching(
        /^ORG_ID_2 OverwriteRefused: .*would overwrite greetings\.delayMs; its document says to leave/,
      ),
    ]);
    it.edit('ORG_ID_2', { greetings: { delayMs: 2000 } });
    it.edit('ORG_ID_1', theirs);
    expect(held(await it.run([...ignoring, ...bigger]))).toEqual([
      'ORG_ID_2 DependencyNotReady: it uses "ORG_ID_1", which is not as its document says: greetings.delayMs is left as it is live (genesys-gitops/ignore-fields)',
    ]);
    expect(delays(it)).toEqual([1, 2000]);
  });
});

describe('somebody is there between plan and replication', () => {
  test.each([
    ['heal', ['ORG_ID_1 applied', 'ORG_ID_2 applied'], 2000],
    ['report', ['ORG_ID_1 applied', 'ORG_ID_2 skipped Drifted'], 1],
  ] as const)('in the replica, under %s', async (drift, after, delay) => {
    const { log, said } = listening();
    const it = await open({ policy: { drift }, log });
    await it.run(overwriting);
    at(it, 'PUT', () => it.edit('ORG_ID_2', theirs));
    expect(ends(await it.run(bigger))).toEqual(after);
    expect(delays(it)).toEqual([2000, delay]);
    expect(said('planned anew').map(({ fields }) => fields['fields'])).toEqual(
      drift === 'report' ? [] : [[expect.objectContaining({ path: '/greetings/delayMs', from: 2000, to: 1 })]],
    );
  });

  test('in the source, under report: nothing of that is copied', async () => {
    const it = await open(report);
    await it.run(overwriting);
    at(it, 'PUT', () => it.edit('ORG_ID_1', theirs));
    const run = await it.run(bigger);
    expect(ends(run)).toEqual(['ORG_ID_1 applied', 'ORG_ID_2 failed DependencyNotReady']);
    expect(run.outcomes.find(({ status }) => status === 'failed')!.message).toMatch(
      /^organisation ORG_ID_1 is not as the document says in greetings\.delayMs, which a job would copy to organisation ORG_ID_2/,
    );
    expect(delays(it)).toEqual([1, 2000]);
  });

  test('while the job runs: what it wrote over is named', async () => {
    const it = await open({ sandbox: { jobMs: 60 } });
    await it.run(overwriting);
    at(it, 'POST', () => at(it, 'GET', () => it.edit('ORG_ID_2', theirs)));
    const { outcomes } = await it.run(bigger);
    expect(outcomes.find(({ object }) => object.id === 'ORG_ID_2')).toMatchObject({
      status: 'applied',
      warnings: [
        'organisation ORG_ID_2 was changed by somebody else while the job ran; it was greetings.delayMs, and the job wrote over it',
      ],
    });
  });
});

describe('404 where GET is served', () => {
  test.each([
    ['once more directly before the PUT', { nth: 2 }, ['PUT ORG_ID_1 200']],
    ['in the plan and before the PUT', { times: 2 }, ['PUT ORG_ID_1 409', 'PUT ORG_ID_1 200']],
  ])('a wrong one %s loses nothing that is unknown here', async (_what, when, sent) => {
    const it = await open();
    it.edit('ORG_ID_1', () => ({ ...body, region: 'eu' }));
    await it.run(overwriting);
    it.sandbox.clearRequests();
    it.sandbox.addFault({ when: { method: 'GET', path, ...when }, then: { status: 404 } });
    await it.run([...alone, ['fontSize: 16', 'fontSize: 18']]);
    expect(it.sent()).toEqual(sent);
    expect(it.live('ORG_ID_1')).toMatchObject({
      region: 'eu',
      widget: { theme: { typography: { fontSize: '18px' } } },
    });
  });

  test('nothing is there any more: written again, as drift; left where drift is left', async () => {
    const it = await open();
    await it.run(alone);
    it.sandbox.state.clearWebChat('ORG_ID_1');
    it.engine.policy.drift = 'report';
    expect(held(await it.run(alone))).toEqual([expect.stringMatching(/^ORG_ID_1 Drifted/)]);
    it.engine.policy.drift = 'heal';
    expect((await it.run(alone)).outcomes).toMatchObject([
      { object: { id: 'ORG_ID_1' }, cause: 'drift', status: 'applied' },
    ]);
    expect(it.live('ORG_ID_1')).toEqual(body);
    // A replica that is not there has nothing to be overwritten.
    expect(ends(await it.run())).toEqual(['ORG_ID_2 applied']);
  });
});

test('one that somebody made before the first PUT came is left under report, in later runs too', async () => {
  const it = await open(report);
  at(it, 'PUT', () => it.edit('ORG_ID_1', () => ({ ...body, greetings: { ...body.greetings, delayMs: 5 } })));
  const first = await it.run(alone);
  expect(ends(first)).toEqual(['ORG_ID_1 failed Drifted']);
  expect(first.outcomes[0]!.message).toMatch(
    /^organisation ORG_ID_1 has a configuration \(version 1\) that this tool did not write .* differs from the document in greetings\.delayMs; /,
  );
  it.sandbox.clearRequests();
  expect(ends(await it.run(alone, { byHand: true }))).toEqual(['ORG_ID_1 failed Drifted']);
  expect(held(await it.run(alone))).toEqual([expect.stringMatching(/^ORG_ID_1 Drifted/)]);
  expect(it.sent()).toEqual([]);
  it.engine.policy.drift = 'heal';
  expect(ends(await it.run(alone, { byHand: true }))).toEqual(['ORG_ID_1 applied']);
  expect(it.live('ORG_ID_1')).toEqual(body);
});
