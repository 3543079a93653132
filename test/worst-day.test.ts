import { expect, test } from 'vitest';
import type { Resource } from '../src/model/resource.ts';
import { actions, one, said, useStage } from './support/stories.ts';
import { config, contract, dataAction, timeout, webServices } from './support/world.ts';

/** What people lose sleep over: each of these was once got wrong, and found by a reader who tried. */
const { open, apply, converged, drive } = useStage();

const b = dataAction('b');
const changed = dataAction('b', { config: config({ requestType: 'POST' }) });
const recontracted = dataAction('b', { contract: contract('more') });

test('a wish that was held while others were written is still to be written later', async () => {
  const it = await open({ sandbox: { quirks: ['timeout-default'] } });
  const resting = { ...timeout('t', 20), annotations: { 'genesys-gitops/suspend': 'enabled' } };
  await apply(it, [b]);
  await apply(it, [changed, resting]);
  const plan = await drive(it.plan([changed, timeout('t', 20)]));
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
  await drive(running);
  const plan = await drive(it.plan([dataAction('b', { name: 'renamed' }), timeout('t', 20)]));
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
  // A third time within an hour would be another master.
  for (let round = 0; round < 2; round++) {
    await apply(it, [b]);
    it.sandbox.state.deleteAction(it.sandbox.state.actionNamed('b')!.id);
  }
  await apply(it, [b]);
  const plan = await drive(it.plan([dataAction('b', { name: 'renamed' })]));
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
  const report = await drive(it.apply([recontracted], { byHand: true }));
  expect(report.outcomes.map(said)).toEqual(['failed ForeignDraft']);
  expect(it.sandbox.state.draft(id)?.name).toBe('work in progress');
});

test('nothing is deleted while what takes its place has a problem, or could not be made', async () => {
  const it = await open();
  await apply(it, [dataAction('a'), dataAction('old', { name: 'X' })]);
  const mistyped = await apply(it, [dataAction('a'), dataAction('new', { name: 'X', integration: 'Nothing' })]);
  expect(mistyped.plan.held.map(({ action, reason }) => `${action} ${reason}`)).toEqual(['delete DependencyNotReady']);
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
  const report = await drive(running);
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
  const second = await open({}, it);
  const report = await drive(second.apply([b, timeout('t', 30)]));
  expect(report.plan.held).toEqual([]);
  expect(report.outcomes.map(said)).toEqual(['applied']);
});

test('nothing that a person types into the admin pages is opened into a secret', async () => {
  const it = await open({ secrets: { k: 'the-real-secret' }, sandbox: { quirks: ['template-uri'] } });
  const holder = dataAction('a', { config: config({ headers: { 'X-Api-Key': { secret: 'k' } } }) });
  const plan = await drive(it.plan([holder]));
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
  const report = await apply(it, [dataAction('a', { config: config({ headers: { 'X-Api-Key': { secret: 'k' } } }) })]);
  expect(report.outcomes[0]!.message).toContain('(sensitive, hmac:');
  expect(JSON.stringify(report)).not.toMatch(/real.{0,3} secret/);
});

test('the old value of a header that becomes, or was, a secret is never shown', async () => {
  const it = await open({ secrets: { k: 'new-secret-value' } });
  const header = (value: unknown): Resource =>
    dataAction('b', { config: config({ headers: { 'X-Plain': value as string } }) });
  await apply(it, [header('old-secret-value')]);
  const plan = await drive(it.plan([header({ secret: 'k' })]));
  expect(plan.changes).toHaveLength(1);
  expect(JSON.stringify(plan)).not.toMatch(/(old|new)-secret-value/);
});
