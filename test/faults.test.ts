import { afterEach, describe, expect, test } from 'vitest';
import type { Outcome } from '../src/model/plan.ts';
import type { Resource } from '../src/model/resource.ts';
import type { RunReport } from '../src/reconcile/run.ts';
import type { Fault } from '../src/sandbox/index.ts';
import { type FakeClock, fakeClock } from './support/clock.ts';
import {
  config,
  contract,
  dataAction,
  timeout,
  type World,
  type WorldOptions,
  webServices,
  world,
} from './support/world.ts';

const actions = '/api/v2/integrations/actions';
const one = `${actions}/*`;

const worlds: World[] = [];
let clock: FakeClock;
async function open(options: WorldOptions = {}): Promise<World> {
  clock = fakeClock();
  const made = await world({ clock, ...options });
  worlds.push(made);
  return made;
}
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((each) => each.close()));
});

function apply(it: World, resources: Resource[]): Promise<RunReport> {
  return clock.drive(it.apply(resources));
}

const said = ({ status, reason }: Outcome): string => (reason === undefined ? status : `${status} ${reason}`);

/** Nothing doubled, nothing lost, nothing left to do. */
async function converged(it: World, resources: Resource[], names: string[]): Promise<void> {
  it.sandbox.clearFaults();
  // A stalled object is tried again when a person asks, as `apply` on the command line does.
  const report = await clock.drive(it.apply(resources, { byHand: true }));
  expect(report.outcomes.filter(({ status }) => status !== 'applied')).toEqual([]);
  const { changes, held } = await clock.drive(it.plan(resources));
  expect({ changes, held }).toEqual({ changes: [], held: [] });
  const live = it.sandbox.state.actions().filter(({ id }) => !id.startsWith('static'));
  expect(live.map(({ name }) => name).sort()).toEqual(names);
}

interface Story {
  what: string;
  /** What a write does to `b`, from what the world starts with. */
  from?: Resource;
  to: Resource;
  fault: Fault;
  /** What becomes of `b` in the run with the fault; `a`, its sibling, always succeeds. */
  becomes: string;
  /** What its message must say. */
  message?: RegExp;
}

const b = dataAction('b');
const changed = dataAction('b', { config: config({ requestType: 'POST' }) });
const recontracted = dataAction('b', { contract: contract('more') });

const stories: Story[] = [
  {
    what: 'create: 500',
    to: b,
    fault: { when: { method: 'POST', path: actions, nth: 2 }, then: { status: 500 } },
    becomes: 'failed Unsettled',
  },
  {
    what: 'create: the answer is lost',
    to: b,
    fault: { when: { method: 'POST', path: actions, nth: 2 }, then: { lostResponse: true } },
    becomes: 'applied',
  },
  {
    what: 'create: dropped before anything happened',
    to: b,
    fault: { when: { method: 'POST', path: actions, nth: 2 }, then: { drop: true } },
    becomes: 'failed Unsettled',
  },
  {
    what: 'create: 200 with an empty body',
    to: b,
    fault: { when: { method: 'POST', path: actions, nth: 2 }, then: { emptyBody: true } },
    becomes: 'applied',
  },
  {
    what: 'create: 200 with a body that is no JSON',
    to: b,
    fault: { when: { method: 'POST', path: actions, nth: 2 }, then: { contentType: 'text/html' } },
    becomes: 'applied',
  },
  {
    what: 'create: 429 with Retry-After',
    to: b,
    fault: { when: { method: 'POST', path: actions, nth: 2 }, then: { status: 429, retryAfter: 3 } },
    becomes: 'applied',
  },
  {
    what: 'create: 429 without Retry-After',
    to: b,
    fault: { when: { method: 'POST', path: actions, nth: 2 }, then: { status: 429 } },
    becomes: 'applied',
  },
  {
    what: 'create: 403',
    to: b,
    fault: { when: { method: 'POST', path: actions, nth: 2 }, then: { status: 403 } },
    becomes: 'failed PermissionMissing',
    message: /integrations:action:add/,
  },
  {
    what: 'create: 400',
    to: b,
    fault: { when: { method: 'POST', path: actions, nth: 2 }, then: { status: 400 } },
    becomes: 'failed BadRequest',
  },
  {
    what: 'create: 413',
    to: b,
    fault: { when: { method: 'POST', path: actions, nth: 2 }, then: { status: 413 } },
    becomes: 'failed RequestTooLarge',
  },
  {
    what: 'patch: 500',
    from: b,
    to: changed,
    fault: { when: { method: 'PATCH', path: one, nth: 1 }, then: { status: 500 } },
    becomes: 'applied',
  },
  {
    what: 'patch: the answer is lost',
    from: b,
    to: changed,
    fault: { when: { method: 'PATCH', path: one, nth: 1 }, then: { lostResponse: true } },
    becomes: 'applied',
  },
  {
    what: 'patch: dropped',
    from: b,
    to: changed,
    fault: { when: { method: 'PATCH', path: one, nth: 1 }, then: { drop: true } },
    becomes: 'applied',
  },
  {
    what: 'patch: 409',
    from: b,
    to: changed,
    fault: { when: { method: 'PATCH', path: one, nth: 1 }, then: { status: 409 } },
    becomes: 'applied',
  },
  {
    what: 'patch: 400 that means a version conflict',
    from: b,
    to: changed,
    fault: {
      when: { method: 'PATCH', path: one, nth: 1 },
      then: {
        status: 400,
        body: { message: 'Version 1 does not match the current version 2', code: 'bad.request', status: 400 },
      },
    },
    becomes: 'applied',
  },
  {
    what: 'patch: 409 for ever',
    from: b,
    to: changed,
    fault: { when: { method: 'PATCH', path: one }, then: { status: 409 } },
    becomes: 'failed Conflict',
  },
  {
    what: 'patch: 403',
    from: b,
    to: changed,
    fault: { when: { method: 'PATCH', path: one }, then: { status: 403 } },
    becomes: 'failed PermissionMissing',
    message: /integrations:action:edit/,
  },
  {
    what: 'verification: reads lag behind',
    from: b,
    to: changed,
    fault: { when: { method: 'GET', path: one, nth: 2 }, then: { stale: 30 } },
    becomes: 'applied',
  },
  {
    what: 'verification: 503 once',
    from: b,
    to: changed,
    fault: { when: { method: 'GET', path: one, nth: 2 }, then: { status: 503 } },
    becomes: 'applied',
  },
  {
    what: 'draft: the answer to its creation is lost',
    from: b,
    to: recontracted,
    fault: { when: { method: 'POST', path: `${one}/draft`, nth: 1 }, then: { lostResponse: true } },
    becomes: 'applied',
  },
  {
    what: 'draft: the answer to its change is lost',
    from: b,
    to: recontracted,
    fault: { when: { method: 'PATCH', path: `${one}/draft`, nth: 1 }, then: { lostResponse: true } },
    becomes: 'applied',
  },
  {
    what: 'draft: the answer to publishing is lost',
    from: b,
    to: recontracted,
    fault: { when: { method: 'POST', path: `${one}/draft/publish`, nth: 1 }, then: { lostResponse: true } },
    becomes: 'applied',
  },
  {
    what: 'draft: publishing is dropped',
    from: b,
    to: recontracted,
    fault: { when: { method: 'POST', path: `${one}/draft/publish`, nth: 1 }, then: { drop: true } },
    becomes: 'applied',
  },
  {
    what: 'draft: found invalid',
    from: b,
    to: recontracted,
    fault: {
      when: { path: `${one}/draft/validation` },
      then: { status: 200, body: { valid: false, errors: [{ message: 'no such type' }] } },
    },
    becomes: 'failed DraftInvalid',
    message: /no such type/,
  },
];

describe('bad answers to writes', () => {
  test.each(stories)('$what', async ({ from, to, fault, becomes, message }) => {
    const it = await open();
    const sibling = dataAction('a');
    if (from !== undefined) await apply(it, [sibling, from]);
    it.sandbox.addFault(fault);
    const changedSibling = from === undefined ? sibling : dataAction('a', { name: 'a' });
    const report = await apply(it, [changedSibling, to]);
    const outcome = report.outcomes.find(({ name }) => name === 'b')!;
    expect(said(outcome)).toBe(becomes);
    if (message !== undefined) expect(outcome.message).toMatch(message);
    if (from === undefined) expect(said(report.outcomes.find(({ name }) => name === 'a')!)).toBe('applied');
    await converged(it, [changedSibling, to], ['a', 'b']);
  });

  test.each([
    ['the answer is lost', { lostResponse: true }],
    ['dropped', { drop: true }],
    ['500', { status: 500 }],
  ])('delete: %s', async (_what, then) => {
    const it = await open();
    await apply(it, [dataAction('a'), b]);
    it.sandbox.addFault({ when: { method: 'DELETE', path: one, nth: 1 }, then });
    const report = await apply(it, [dataAction('a')]);
    const still = it.sandbox.state.actionNamed('b') !== undefined;
    expect(report.outcomes.map(said)).toEqual([still ? 'failed Conflict' : 'applied']);
    expect(still).toBe(false);
    await converged(it, [dataAction('a')], ['a']);
  });
});

test('a delete that somebody else was faster with is done', async () => {
  const it = await open();
  await apply(it, [dataAction('a'), b]);
  const { id } = it.sandbox.state.actionNamed('b')!;
  const report = await clock.drive(it.apply([dataAction('a')], { planned: () => it.sandbox.state.deleteAction(id) }));
  expect(report.outcomes.map(said)).toEqual(['applied']);
  await converged(it, [dataAction('a')], ['a']);
});

test('a delete that is refused for ever fails, and nothing is forgotten', async () => {
  const it = await open();
  await apply(it, [dataAction('a'), b]);
  it.sandbox.addFault({ when: { method: 'DELETE', path: one }, then: { status: 409 } });
  const report = await apply(it, [dataAction('a')]);
  expect(report.outcomes.map(said)).toEqual(['failed Conflict']);
  await converged(it, [dataAction('a')], ['a']);
});

test('an action that only a Timeout wishes something of, deleted meanwhile, is skipped', async () => {
  const it = await open();
  it.sandbox.state.seedAction({ id: 'x', name: 'by hand', integration: webServices });
  const report = await clock.drive(it.apply([timeout('t', 9)], { planned: () => it.sandbox.state.deleteAction('x') }));
  expect(report.outcomes.map(said)).toEqual(['skipped Gone']);
});

describe('bad answers to reads', () => {
  test('a page that fails half-way through a list ends the run, and nothing is written', async () => {
    const it = await open();
    for (let i = 0; i < 150; i++) it.sandbox.state.seedAction({ name: `n${i}`, integration: webServices });
    it.sandbox.addFault({ when: { method: 'GET', path: actions, nth: 2 }, then: { status: 500 } });
    it.sandbox.addFault({ when: { method: 'GET', path: actions }, then: { status: 500 } });
    await expect(clock.drive(it.apply([dataAction('a')]))).rejects.toMatchObject({ class: 'Retry' });
    expect(it.writes()).toEqual([]);
  });

  test('a token that ends in the middle of a run is renewed once', async () => {
    const it = await open();
    await apply(it, [dataAction('a')]);
    it.sandbox.state.expireTokens();
    const report = await apply(it, [dataAction('a', { name: 'renamed' })]);
    expect(report.status).toBe('succeeded');
  });

  test('a permission that is missing is named', async () => {
    const it = await open();
    it.sandbox.addFault({ when: { method: 'GET', path: actions }, then: { status: 403 } });
    await expect(clock.drive(it.apply([b]))).rejects.toThrow(/integrations:action:view/);
  });
});

describe('other people', () => {
  test('two live actions with one name are a problem that says how to tell them apart, and nothing is written', async () => {
    const it = await open();
    for (const id of ['first', 'second']) it.sandbox.state.seedAction({ id, name: 'b', integration: webServices });
    const report = await apply(it, [b]);
    expect(report.plan.problems.map(({ code }) => code)).toEqual(['ambiguous-identity']);
    expect(it.writes()).toEqual([]);
    const [first] = it.sandbox.state.actions().filter(({ name }) => name === 'b');
    const pinned = await clock.drive(it.plan([b], { ids: { 'DataAction/b': first!.id } }));
    expect(pinned.problems).toEqual([]);
  });

  test('an object that was changed between plan and write is planned anew, and both changes are kept', async () => {
    const it = await open();
    await apply(it, [dataAction('b')]);
    const { id, config: before } = it.sandbox.state.actionNamed('b')!;
    let once = false;
    const report = await clock.drive(
      it.apply([dataAction('b'), timeout('t', 20)], {
        planned: () => {
          if (!once) it.sandbox.state.editAction(id, { category: 'By hand', config: { ...before, timeoutSeconds: 1 } });
          once = true;
        },
      }),
    );
    expect(report.outcomes.map(said)).toEqual(['applied']);
    // Planned on version 1, written on the version that the person made.
    expect(report.outcomes[0]!.receipt.versionBefore).toBe('2');
    expect(it.sandbox.state.action(id)).toMatchObject({ category: 'By hand', config: { timeoutSeconds: 20 } });
  });

  test('an object that was deleted between plan and write is made anew', async () => {
    const it = await open();
    await apply(it, [b]);
    const { id } = it.sandbox.state.actionNamed('b')!;
    await clock.drive(it.apply([changed], { planned: () => it.sandbox.state.deleteAction(id) }));
    await converged(it, [changed], ['b']);
  });

  test("somebody's draft is not published over; once it is gone, the change goes on", async () => {
    const it = await open();
    await apply(it, [b]);
    const { id } = it.sandbox.state.actionNamed('b')!;
    it.sandbox.state.startDraft(id, { name: 'work in progress' });
    const report = await apply(it, [recontracted]);
    expect(report.outcomes.map(said)).toEqual(['failed ForeignDraft']);
    expect(it.sandbox.state.draft(id)?.name).toBe('work in progress');
    it.sandbox.state.deleteDraft(id);
    await converged(it, [recontracted], ['b']);
  });

  test('a draft of our own that an interrupted attempt left is resumed', async () => {
    const it = await open();
    await apply(it, [b]);
    it.sandbox.addFault({ when: { method: 'PATCH', path: `${one}/draft` }, then: { status: 403 } });
    const report = await apply(it, [recontracted]);
    expect(report.outcomes.map(said)).toEqual(['failed PermissionMissing']);
    await converged(it, [recontracted], ['b']);
  });

  test('a draft of our own is resumed, too, where the next commit wants something else', async () => {
    const it = await open();
    await apply(it, [b]);
    it.sandbox.addFault({ when: { method: 'POST', path: `${one}/draft/publish` }, then: { status: 403 } });
    await apply(it, [recontracted]);
    await converged(it, [dataAction('b', { contract: contract('something else') })], ['b']);
    expect(it.sandbox.state.drafts()).toEqual([]);
  });

  test('an object deleted by hand is made again, and said to be drift', async () => {
    const it = await open();
    await apply(it, [b]);
    it.sandbox.state.deleteAction(it.sandbox.state.actionNamed('b')!.id);
    const plan = await clock.drive(it.plan([b]));
    expect(plan.changes.map(({ action, cause }) => `${action} ${cause}`)).toEqual(['create drift']);
    await converged(it, [b], ['b']);
  });

  test('a list that lags does not make a thing twice', async () => {
    const it = await open();
    await apply(it, [b]);
    it.sandbox.addFault({ when: { method: 'GET', path: actions }, then: { stale: 3600 } });
    const report = await apply(it, [b]);
    expect(report.outcomes).toEqual([]);
    await converged(it, [b], ['b']);
  });
});

describe('what a person loses sleep over', () => {
  test('a wish that was held while others were written is still to be written later', async () => {
    const it = await open({ sandbox: { quirks: ['timeout-default'] } });
    const resting = { ...timeout('t', 20), annotations: { 'genesys-gitops/suspend': 'enabled' } };
    await apply(it, [b]);
    await apply(it, [changed, resting]);
    const plan = await clock.drive(it.plan([changed, timeout('t', 20)]));
    expect(plan.changes.map(({ cause, fields }) => [cause, fields.map(({ to }) => to)])).toEqual([['commit', [20]]]);
    await converged(it, [changed, timeout('t', 20)], ['b']);
  });

  test('drift between our write and our look is seen in the next run', async () => {
    const it = await open();
    await apply(it, [b, timeout('t', 20)]);
    const { id, config: before } = it.sandbox.state.actionNamed('b')!;
    it.sandbox.addFault({ when: { method: 'GET', path: one, nth: 2 }, then: { status: 503 } });
    const running = it.apply([dataAction('b', { name: 'renamed' }), timeout('t', 20)]);
    while (it.sandbox.state.action(id)!.name !== 'renamed') await new Promise((resolve) => setImmediate(resolve));
    it.sandbox.state.editAction(id, { config: { ...before, timeoutSeconds: 3 } });
    await clock.drive(running);
    const plan = await clock.drive(it.plan([dataAction('b', { name: 'renamed' }), timeout('t', 20)]));
    expect(plan.changes.map(({ cause }) => cause)).toEqual(['drift']);
  });

  test('a name that two documents want is a problem of both, and nothing of theirs is written or deleted', async () => {
    const it = await open();
    await apply(it, [dataAction('a', { name: 'A' }), dataAction('b', { name: 'B' })]);
    const report = await apply(it, [dataAction('a', { name: 'B' }), dataAction('b', { name: 'B' })]);
    expect(report.plan.problems.map(({ code, resource: by }) => `${code} ${by}`)).toEqual([
      'duplicate-name DataAction/a',
      'duplicate-name DataAction/b',
    ]);
    await converged(it, [dataAction('a', { name: 'A' }), dataAction('b', { name: 'B' })], ['A', 'B']);
  });

  test('two documents swap names, and one gives its name to a new one, in one commit', async () => {
    const it = await open();
    await apply(it, [dataAction('a', { name: 'A' }), dataAction('b', { name: 'B' })]);
    const ids = ['A', 'B'].map((name) => it.sandbox.state.actionNamed(name)!.id);
    await converged(it, [dataAction('a', { name: 'B' }), dataAction('b', { name: 'A' })], ['A', 'B']);
    expect(['B', 'A'].map((name) => it.sandbox.state.actionNamed(name)!.id)).toEqual(ids);
    await converged(
      it,
      [dataAction('a', { name: 'C' }), dataAction('b', { name: 'A' }), dataAction('c', { name: 'B' })],
      ['A', 'B', 'C'],
    );
    expect(it.sandbox.state.actionNamed('C')!.id).toBe(ids[0]);
  });

  test("an object made anew is its document's only one: a later rename is a rename", async () => {
    const it = await open();
    for (let round = 0; round < 4; round++) {
      await apply(it, [b]);
      it.sandbox.state.deleteAction(it.sandbox.state.actionNamed('b')!.id);
    }
    await apply(it, [b]);
    const plan = await clock.drive(it.plan([dataAction('b', { name: 'renamed' })]));
    expect(plan.changes.map(({ action }) => action)).toEqual(['update']);
    expect(await it.journal.inventory({ organization: it.sandbox.org.id, target: 'test' })).toHaveLength(1);
  });

  test('a create whose verification fails is ours all the same: healed, and pruned', async () => {
    const it = await open();
    it.sandbox.addFault({ when: { method: 'GET', path: one }, then: { status: 403 } });
    const report = await apply(it, [dataAction('a'), b]);
    expect(report.outcomes.map(said)).toEqual(['failed PermissionMissing', 'failed PermissionMissing']);
    await converged(it, [dataAction('a', { config: config({ requestType: 'PUT' }) })], ['a']);
  });

  test("a person's draft is safe where our own earlier one was invalid or discarded", async () => {
    const it = await open();
    await apply(it, [b]);
    it.sandbox.addFault({ when: { path: `${one}/draft/validation` }, then: { status: 200, body: { valid: false } } });
    await apply(it, [recontracted]);
    it.sandbox.clearFaults();
    const { id } = it.sandbox.state.actionNamed('b')!;
    expect(it.sandbox.state.draft(id)).toBeUndefined();
    it.sandbox.state.startDraft(id, { name: 'work in progress' });
    const report = await clock.drive(it.apply([recontracted], { byHand: true }));
    expect(report.outcomes.map(said)).toEqual(['failed ForeignDraft']);
    expect(it.sandbox.state.draft(id)?.name).toBe('work in progress');
  });

  test('nothing is deleted while what takes its place has a problem, or could not be made', async () => {
    const it = await open();
    await apply(it, [dataAction('a'), dataAction('old', { name: 'X' })]);
    const mistyped = await apply(it, [dataAction('a'), dataAction('new', { name: 'X', integration: 'Nothing' })]);
    expect(mistyped.plan.held.map(({ action, reason }) => `${action} ${reason}`)).toEqual([
      'delete DependencyNotReady',
    ]);
    it.sandbox.addFault({ when: { method: 'POST', path: actions }, then: { status: 403 } });
    const refused = await apply(it, [dataAction('a'), dataAction('new', { name: 'Y' })]);
    expect(refused.outcomes.map(said)).toEqual(['failed PermissionMissing', 'skipped DependencyNotReady']);
    await converged(it, [dataAction('a'), dataAction('new', { name: 'Y' })], ['Y', 'a']);
  });

  test('a change by hand after our draft was made is a conflict, and is not published over', async () => {
    const it = await open();
    await apply(it, [b]);
    const { id, config: before } = it.sandbox.state.actionNamed('b')!;
    // The draft is made, and the fresh read after it waits for a moment in which somebody is faster.
    it.sandbox.addFault({ when: { method: 'GET', path: one, nth: 1 }, then: { status: 503 } });
    const running = it.apply([recontracted]);
    while (it.sandbox.state.draft(id) === undefined) await new Promise((resolve) => setImmediate(resolve));
    it.sandbox.state.editAction(id, { category: 'By hand', config: { ...before, timeoutSeconds: 7 } });
    const report = await clock.drive(running);
    expect(report.outcomes.map(said)).toEqual(['applied']);
    expect(it.sandbox.state.action(id)).toMatchObject({ category: 'By hand', config: { timeoutSeconds: 7 } });
    await converged(it, [recontracted], ['b']);
  });

  test('a corrected commit is not held by the failure of the one before', async () => {
    const it = await open();
    await apply(it, [b]);
    it.sandbox.addFault({ when: { method: 'PATCH', path: one, times: 1 }, then: { status: 400 } });
    const both = dataAction('b', { config: config({ requestType: 'PUT', requestUrlTemplate: 'bad' }) });
    expect((await apply(it, [both])).outcomes.map(said)).toEqual(['failed BadRequest']);
    expect((await apply(it, [both])).plan.held.map(({ reason }) => reason)).toEqual(['BadRequest']);
    const half = await apply(it, [dataAction('b', { config: config({ requestType: 'PUT' }) })]);
    expect(half.outcomes.map(said)).toEqual(['applied']);
  });

  test('protection counts from the commit that asks for it, also where its own change fails', async () => {
    const it = await open();
    await apply(it, [dataAction('a'), b]);
    it.sandbox.addFault({ when: { method: 'PATCH', path: one }, then: { status: 403 } });
    await apply(it, [dataAction('a'), { ...changed, annotations: { 'genesys-gitops/protect': 'enabled' } }]);
    const report = await apply(it, [dataAction('a')]);
    expect(report.plan.held.map(({ reason }) => reason)).toEqual(['Protected']);
  });

  test('a create that Genesys refuses as a conflict is sent once a run, and stalls', async () => {
    const it = await open();
    it.sandbox.addFault({ when: { method: 'POST', path: actions }, then: { status: 409 } });
    expect((await apply(it, [b])).outcomes.map(said)).toEqual(['failed BadRequest']);
    expect((await apply(it, [b])).plan.held.map(({ reason }) => reason)).toEqual(['BadRequest']);
    expect(it.writes()).toHaveLength(1);
  });

  test('a field that two want is taken from neither; the rest of the action goes on', async () => {
    const it = await open();
    await apply(it, [b]);
    const greedy = dataAction('b', { config: { ...config({ requestType: 'PUT' }), timeoutSeconds: 5 } });
    const report = await apply(it, [greedy, timeout('t', 9)]);
    expect(report.plan.problems.map(({ code }) => code)).toEqual(['field-owned-twice', 'field-owned-twice']);
    expect(report.plan.changes.flatMap(({ fields }) => fields.map(({ path }) => path))).toEqual([
      '/config/request/requestType',
    ]);
  });

  test('what is adopted with only a Timeout to change is no difference of its owner', async () => {
    const it = await open();
    await apply(it, [b]);
    const second = await world({ clock }, it.sandbox);
    worlds.unshift(second);
    const report = await clock.drive(second.apply([b, timeout('t', 30)]));
    expect(report.plan.held).toEqual([]);
    expect(report.outcomes.map(said)).toEqual(['applied']);
  });

  test('nothing that a person types into the admin pages is opened into a secret', async () => {
    const it = await open({ secrets: { k: 'the-real-secret' }, sandbox: { quirks: ['template-uri'] } });
    const holder = dataAction('a', { config: config({ headers: { 'X-Api-Key': { secret: 'k' } } }) });
    const plan = await clock.drive(it.plan([holder]));
    const [seal] = /\(sensitive, hmac:[0-9a-f]{16}\)/.exec(JSON.stringify(plan))!;
    const { config: hostile } = it.sandbox.state.seedAction({ id: 'x', name: 'hostile', integration: webServices });
    it.sandbox.state.editAction('x', {
      config: { ...hostile, request: { ...hostile.request, requestTemplate: seal } },
    });
    await apply(it, [holder, timeout('t', 9)]);
    expect(it.sandbox.state.actionNamed('a')!.config.request!.headers).toEqual({ 'X-Api-Key': 'the-real-secret' });
    expect(it.sandbox.state.action('x')!.config).toMatchObject({
      timeoutSeconds: 9,
      request: { requestTemplate: seal },
    });
    const { id } = it.sandbox.state.integrationNamed(webServices)!;
    it.sandbox.state.renameIntegration(id, seal);
    await apply(it, [dataAction('c', { integration: seal })]);
    expect(it.sandbox.state.actionNamed('c')!.category).toBe(seal);
  });

  test('an answer that quotes a secret is not quoted', async () => {
    const it = await open({ secrets: { k: 'the "real" secret' } });
    const body = {
      message: 'cannot use "the \\"real\\" secret" here, nor the "real" secret',
      code: 'bad.request',
      status: 400,
    };
    it.sandbox.addFault({ when: { method: 'POST', path: actions }, then: { status: 400, body } });
    const report = await apply(it, [
      dataAction('a', { config: config({ headers: { 'X-Api-Key': { secret: 'k' } } }) }),
    ]);
    expect(report.outcomes[0]!.message).toContain('(sensitive, hmac:');
    expect(JSON.stringify(report)).not.toMatch(/real.{0,3} secret/);
  });

  test('the old value of a header that becomes, or was, a secret is never shown', async () => {
    const it = await open({ secrets: { k: 'new-secret-value' } });
    const header = (value: unknown): Resource =>
      dataAction('b', { config: config({ headers: { 'X-Plain': value as string } }) });
    await apply(it, [header('old-secret-value')]);
    const plan = await clock.drive(it.plan([header({ secret: 'k' })]));
    expect(plan.changes).toHaveLength(1);
    expect(JSON.stringify(plan)).not.toMatch(/(old|new)-secret-value/);
  });
});

describe('a create whose answer was lost', () => {
  test('and that the lists do not show for a while is found later, and is ours: not adopted, and pruned when it leaves', async () => {
    const it = await open();
    await apply(it, [dataAction('a')]);
    it.sandbox.addFault({ when: { method: 'POST', path: actions }, then: { lostResponse: true } });
    it.sandbox.addFault({ when: { method: 'GET', path: actions }, then: { stale: 3600 } });
    const first = await apply(it, [dataAction('a'), b]);
    expect(first.outcomes.map(said)).toEqual(['failed Unsettled']);
    it.sandbox.clearFaults();
    await apply(it, [dataAction('a'), b]);
    await apply(it, [dataAction('a')]);
    await converged(it, [dataAction('a')], ['a']);
  });

  test('is looked for in the next run, taken as ours, and made anew only after a minute', async () => {
    const it = await open();
    it.sandbox.addFault({ when: { method: 'POST', path: actions, times: 1 }, then: { drop: true } });
    const first = await apply(it, [b]);
    expect(first.outcomes.map(said)).toEqual(['failed Unsettled']);
    const second = await apply(it, [b]);
    expect(second.outcomes.map(said)).toEqual(['applied']);
    await converged(it, [b], ['b']);
  });
});
