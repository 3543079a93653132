import { describe, expect, test } from 'vitest';
import { hasty } from '../../test/support/clock.ts';
import { dataAction, useWorlds, type World, type WorldOptions, webServices } from '../../test/support/world.ts';
import type { Consumers } from '../model/contracts.ts';
import type { Change } from '../model/plan.ts';
import { whyInUse } from './in-use.ts';

const openWorld = useWorlds();
const asking = 'GET /api/v2/architect/dependencytracking/consumingresources';
const questions = (it: World): number =>
  it.sandbox.requests().filter(({ method, pathTemplate }) => `${method} ${pathTemplate}` === asking).length;

/** `a` and `b` are there; the flow "Main" uses `a`. */
async function open(options: WorldOptions = {}): Promise<World> {
  const it = await openWorld(options);
  await it.apply([dataAction('a'), dataAction('b')]);
  it.sandbox.state.addConsumer({ id: 'flow-1', name: 'Main', uses: { integration: webServices, name: 'a' } });
  return it;
}

const gone = [dataAction('b')];
const renamed = [dataAction('a', { name: 'A' }), dataAction('b')];
const moved = [dataAction('a', { category: 'Other' }), dataAction('b')];

test.each([
  ['deletion', gone],
  ['renaming', renamed],
  ['re-categorising', moved],
])('the %s of what a flow uses is held, with the flow named, until a person approves it', async (_what, wish) => {
  const it = await open();
  const { plan, outcomes } = await it.apply(wish);
  expect(outcomes).toEqual([]);
  expect(plan.held).toMatchObject([{ reason: 'InUse', message: 'it is used by flow "Main" (flow-1)' }]);
  expect(await it.apply(wish, { approve: plan.approval! })).toMatchObject({ outcomes: [{ status: 'applied' }] });
  expect((await it.plan(wish)).changes).toEqual([]);
});

test('only what would be lost to its users is asked about: one question each', async () => {
  const it = await open();
  await it.plan([
    dataAction('a', { config: { ...(dataAction('a').spec['config'] as object), timeoutSeconds: 9 } }),
    dataAction('b'),
  ]);
  expect(questions(it)).toBe(0);
  await it.plan([dataAction('a')]);
  expect(questions(it)).toBe(1);
  // The other one is unused, and goes without a word.
  expect((await it.apply([dataAction('a')])).outcomes).toMatchObject([{ action: 'delete', status: 'applied' }]);
});

test('a held deletion is not asked about in every run, but whenever a person asks', async () => {
  const it = await open();
  for (let i = 0; i < 3; i++) await it.apply(gone);
  expect(questions(it)).toBe(1);
  await it.apply(gone, { byHand: true });
  expect(questions(it)).toBe(2);
});

test('an approval is for these users, and not for one who came since', async () => {
  const it = await open();
  const { approval } = await it.plan(gone);
  it.sandbox.state.addConsumer({ name: 'Emergency', uses: { integration: webServices, name: 'a' } });
  await expect(it.apply(gone, { approve: approval! })).rejects.toMatchObject({ reason: 'ApprovalMismatch' });
});

test('what moved while it was written is asked about as well', async () => {
  const it = await open();
  const { id } = it.sandbox.state.actionNamed('a')!;
  const { writer } = it.engine;
  const spec = dataAction('a').spec;
  const slower = dataAction('a', { config: { ...(spec['config'] as object), timeoutSeconds: 9 } });
  let renamed = false;
  it.engine.writer = {
    ...writer!,
    async get(request) {
      // Between the plan and the read before the write.
      if (!renamed && request.params?.['actionId'] === id) {
        renamed = true;
        it.sandbox.state.editAction(id, { name: 'By hand' });
      }
      return writer!.get(request);
    },
  };
  const { outcomes } = await it.apply([slower, dataAction('b')]);
  expect(outcomes).toMatchObject([{ status: 'skipped', reason: 'InUse' }]);
});

test('a limit and its users are both seen before anything is approved', async () => {
  const it = await open({ policy: { maxDeletes: 0 } });
  const { held, approval } = await it.plan(gone);
  expect(held).toMatchObject([{ reason: 'InUse' }]);
  expect(await it.apply(gone, { approve: approval! })).toMatchObject({ outcomes: [{ status: 'applied' }] });
});

describe('where Genesys cannot tell for sure, it counts as used', () => {
  test.each([
    [[], '206'],
    [['dependency-206-partial'], '206'],
  ] as const)('while the index is being rebuilt, quirks %j', async (quirks, status) => {
    // An empty 206 is asked for again, with pauses.
    const it = await open({ clock: hasty, sandbox: { quirks: [...quirks] } });
    it.sandbox.state.dependencyTracking = 'rebuilding';
    const { held } = await it.plan([dataAction('a')]);
    expect(held).toMatchObject([
      {
        reason: 'InUse',
        message: `whether anything uses it is not known: Genesys is rebuilding its dependency tracking (status ${status}), so its list is incomplete`,
      },
    ]);
    it.sandbox.state.dependencyTracking = 'operational';
    expect((await it.plan([dataAction('a')], { byHand: true })).held).toEqual([]);
  });

  test('where the client may not ask', async () => {
    const it = await open();
    it.sandbox.state.takePermissions('sandbox-daemon', 'architect:dependencyTracking:view');
    const { held } = await it.plan([dataAction('a')]);
    expect(held[0]).toMatchObject({
      reason: 'InUse',
      message: expect.stringContaining('architect:dependencyTracking:view'),
    });
  });

  test('where only the index fails, everything else goes on', async () => {
    const it = await open();
    it.sandbox.addFault({ when: { method: 'GET', path: asking.slice(4) }, then: { status: 501 } });
    const { plan, outcomes } = await it.apply([dataAction('b'), dataAction('c')]);
    expect(plan.held).toMatchObject([{ reason: 'InUse', message: expect.stringContaining('is not known') }]);
    expect(outcomes).toMatchObject([{ name: 'c', status: 'applied' }]);
  });

  test('but a Genesys that is away is no answer: the run ends, and the next asks again', async () => {
    const it = await open();
    it.sandbox.addFault({ when: { method: 'GET', path: asking.slice(4) }, then: { status: 401 } });
    await expect(it.plan(gone)).rejects.toMatchObject({ reason: 'AuthenticationFailed' });
  });
});

describe('a user that the same plan changes so that it fits does not count', () => {
  const action: Change = {
    action: 'update',
    kind: 'DataAction',
    name: 'a',
    object: { type: 'data-action', key: 'I/New', id: '1' },
    cause: 'commit',
    fields: [],
  };
  const users: Consumers = { users: [{ type: 'flow', id: 'f', name: 'Main' }] };
  const flow = (more: Partial<Change> = {}): Change => ({
    ...action,
    kind: 'Flow',
    name: 'main',
    object: { type: 'flow', key: 'f', id: 'f' },
    ...more,
  });
  const gone = { ...action, action: 'delete' } as const;

  test.each<[string, Change, Change[], boolean]>([
    ['nobody changes it', action, [], true],
    ['it comes to refer to the new name', action, [flow({ after: ['data-action:I/New'] })], false],
    ['it changes, but does not refer to the new name', action, [flow()], true],
    [
      'another flow changes',
      action,
      [flow({ after: ['data-action:I/New'], object: { type: 'flow', key: 'g', id: 'g' } })],
      true,
    ],
    ['a deletion, and it is deleted itself', gone, [flow({ action: 'delete' })], false],
    ['a deletion, and it is written before: asked again then', gone, [flow()], false],
  ])('%s', (_name, change, planned, inUse) => {
    expect(whyInUse(change, users, planned) !== undefined).toBe(inUse);
  });
});
