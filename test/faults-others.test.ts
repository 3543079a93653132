import { describe, expect, test } from 'vitest';
import { actions, one, said, useStage } from './support/stories.ts';
import { config, contract, dataAction, timeout, webServices } from './support/world.ts';

const { open, apply, converged, drive } = useStage();

const b = dataAction('b');
const changed = dataAction('b', { config: config({ requestType: 'POST' }) });
const recontracted = dataAction('b', { contract: contract('more') });

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
