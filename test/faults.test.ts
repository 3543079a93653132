import { describe, expect, test } from 'vitest';
import type { Resource } from '../src/model/resource.ts';
import type { Fault } from '../src/sandbox/index.ts';
import { actions, one, said, useStage } from './support/stories.ts';
import { config, contract, dataAction, timeout, webServices } from './support/world.ts';

const { open, apply, converged, drive } = useStage();

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
  const report = await drive(it.apply([dataAction('a')], { planned: () => it.sandbox.state.deleteAction(id) }));
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
  const report = await drive(it.apply([timeout('t', 9)], { planned: () => it.sandbox.state.deleteAction('x') }));
  expect(report.outcomes.map(said)).toEqual(['skipped Gone']);
});

describe('bad answers to reads', () => {
  test('a page that fails half-way through a list ends the run, and nothing is written', async () => {
    const it = await open();
    for (let i = 0; i < 150; i++) it.sandbox.state.seedAction({ name: `n${i}`, integration: webServices });
    it.sandbox.addFault({ when: { method: 'GET', path: actions, nth: 2 }, then: { status: 500 } });
    it.sandbox.addFault({ when: { method: 'GET', path: actions }, then: { status: 500 } });
    await expect(drive(it.apply([dataAction('a')]))).rejects.toMatchObject({ class: 'Retry' });
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
    await expect(drive(it.apply([b]))).rejects.toThrow(/integrations:action:view/);
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
    const pinned = await drive(it.plan([b], { ids: { 'DataAction/b': first!.id } }));
    expect(pinned.problems).toEqual([]);
  });

  test('an object that was changed between plan and write is planned anew, and both changes are kept', async () => {
    const it = await open();
    await apply(it, [dataAction('b')]);
    const { id, config: before } = it.sandbox.state.actionNamed('b')!;
    let once = false;
    const report = await drive(
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
    await drive(it.apply([changed], { planned: () => it.sandbox.state.deleteAction(id) }));
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
    const plan = await drive(it.plan([b]));
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
