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
    becomes: 'failed Contended',
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
  expect(report.outcomes.map(said)).toEqual(['failed Contended']);
  await converged(it, [dataAction('a')], ['a']);
});

test('an action that only a Timeout wishes something of, deleted meanwhile, is skipped', async () => {
  const it = await open();
  it.sandbox.state.seedAction({ id: 'x', name: 'by hand', integration: webServices });
  const report = await drive(it.apply([timeout('t', 9)], { planned: () => it.sandbox.state.deleteAction('x') }));
  expect(report.outcomes.map(said)).toEqual(['skipped Gone']);
});
