import { describe, expect, test } from 'vitest';
import { useDays } from './support/long-day.ts';
import { actions, one, said } from './support/stories.ts';
import { config, dataAction } from './support/world.ts';

const open = useDays();
const [a, b] = [dataAction('a'), dataAction('b')];
const changed = dataAction('b', { config: config({ requestType: 'POST' }) });
const daemon = 'sandbox-daemon';

describe('a list that lags for 30 seconds', () => {
  const lists = { method: 'GET', path: actions };

  test('lacks what was just created: it is asked for by its id, and not made twice', async () => {
    const day = await open();
    day.it.sandbox.addFault({ when: lists, then: { lag: { created: 30_000 } } });
    expect((await day.apply([a, b])).outcomes.map(said)).toEqual(['applied', 'applied']);
    expect((await day.apply([a, b])).plan).toMatchObject({ changes: [], held: [] });
    expect(day.it.writes()).toHaveLength(2);
    await day.endsWell([a, b]);
  });

  test('and so do reads by id: it is held until it shows, and not made twice', async () => {
    const day = await open();
    for (const when of [lists, { method: 'GET', path: one }]) {
      day.it.sandbox.addFault({ when, then: { lag: { created: 30_000 } } });
    }
    const first = await day.apply([a, b]);
    expect(first.outcomes.map(said)).toEqual(['failed Unsettled', 'failed Unsettled']);
    expect(first.outcomes[0]!.message).toBe(
      'Genesys answered that "Web Services Data Actions/a" was created, but does not show it yet; it is looked for again, not sent again',
    );
    const second = await day.apply([a, b]);
    expect(second.plan).toMatchObject({ changes: [], held: [{ reason: 'Unsettled' }, { reason: 'Unsettled' }] });
    expect(day.it.writes()).toHaveLength(2);
    await day.endsWell([a, b]);
    const [found] = (await day.it.journal.runs('test', 3)).slice(-1);
    expect(await day.it.journal.outcomes(found!.id)).not.toEqual([]);
  });

  test('and the answer to the creation was lost: it is waited for, and not made twice', async () => {
    const day = await open();
    day.it.sandbox.addFault({ when: lists, then: { lag: { created: 30_000 } } });
    day.it.sandbox.addFault({ when: { method: 'POST', path: actions }, then: { lostResponse: true } });
    expect((await day.apply([a])).outcomes.map(said)).toEqual(['applied']);
    expect(day.it.writes()).toHaveLength(1);
    await day.endsWell([a]);
  });

  test('still shows what was deleted: nothing is deleted twice, and a commit that brings it back makes it anew', async () => {
    const day = await open();
    await day.apply([a, b]);
    day.it.sandbox.addFault({ when: lists, then: { lag: { deleted: 30_000 } } });
    expect((await day.apply([a])).outcomes.map(said)).toEqual(['applied']);
    expect((await day.apply([a])).plan).toMatchObject({ changes: [], held: [] });
    expect((await day.apply([a, b])).outcomes.map(said)).toEqual(['applied']);
    expect(day.it.sandbox.state.actions().filter(({ name }) => name === 'b')).toHaveLength(1);
    expect(day.it.writes().filter((write) => write.startsWith('DELETE'))).toHaveLength(1);
  });

  test('still shows what a person deleted: it is made anew when the list tells, or when a commit wants to change it', async () => {
    const day = await open();
    const { state } = day.it.sandbox;
    await day.apply([a, b]);
    day.it.sandbox.addFault({ when: lists, then: { lag: { deleted: 30_000 } } });
    for (const name of ['a', 'b']) state.deleteAction(state.actionNamed(name)!.id);
    expect((await day.apply([a, b])).outcomes).toEqual([]);
    expect((await day.apply([a, changed])).outcomes.map(said)).toEqual(['applied']);
    await day.clock.advance(30_000);
    const { plan, outcomes } = await day.apply([a, changed]);
    expect(plan.changes.map(({ name, action, cause }) => `${name} ${action} ${cause}`)).toEqual(['a create drift']);
    expect(outcomes.map(said)).toEqual(['applied']);
    expect((await day.apply([a, changed])).plan).toMatchObject({ changes: [], held: [] });
    expect(['a', 'b'].map((name) => state.actions().filter((one) => one.name === name).length)).toEqual([1, 1]);
  });
});

describe('one object that cannot be read', () => {
  test.each([500, 403])('%i: it is held with the reason, and the others go on', async (status) => {
    const day = await open();
    await day.apply([a, b]);
    const { state } = day.it.sandbox;
    state.editAction(state.actionNamed('a')!.id, { category: 'Elsewhere' });
    day.it.sandbox.addFault({ when: { method: 'GET', path: one, times: status === 403 ? 1 : 5 }, then: { status } });
    const { plan, outcomes } = await day.apply([a, b, dataAction('c')]);
    expect(plan.held).toMatchObject([{ name: 'a', reason: status === 403 ? 'PermissionMissing' : 'ServerError' }]);
    expect(outcomes).toMatchObject([{ name: 'c' }]);
  });
});

describe('a read that is stale after a write', () => {
  test('for five seconds: the verification waits', async () => {
    const day = await open();
    await day.apply([a, b]);
    day.it.sandbox.addFault({ when: { method: 'GET', path: one }, then: { lag: { updated: 5000 } } });
    expect((await day.apply([a, changed])).outcomes.map(said)).toEqual(['applied']);
    await day.endsWell([a, changed]);
  });

  test('for half a minute, lists too: it says what did not stay, and writes nothing again', async () => {
    const day = await open();
    await day.apply([a, b]);
    const before = day.it.writes().length;
    day.it.sandbox.addFault({ when: { method: 'GET' }, then: { lag: { updated: 30_000 } } });
    const report = await day.apply([a, changed]);
    expect(report.outcomes.map(said)).toEqual(['failed NotConverged']);
    expect(report.outcomes[0]!.message).toBe(
      'Genesys accepted the change, but config.request.requestType did not stay as written; it is not written again until the document or the object changes',
    );
    expect((await day.apply([a, changed])).plan.held.map(({ reason }) => reason)).toEqual(['NotConverged']);
    await day.clock.advance(30_000);
    expect((await day.apply([a, changed])).plan).toMatchObject({ changes: [], held: [] });
    expect(day.it.writes()).toHaveLength(before + 1);
    await day.endsWell([a, changed]);
  });
});

describe('a permission that is taken away in the middle', () => {
  test('of editing: the message names it, siblings go on, and after an hour, or by hand, the change is made', async () => {
    const day = await open();
    await day.apply([b]);
    const { state } = day.it.sandbox;
    const report = await day.apply([a, changed], {
      planned: () => state.takePermissions(daemon, 'integrations:action:edit'),
    });
    expect(report.outcomes.map((outcome) => `${outcome.name} ${said(outcome)}`).sort()).toEqual([
      'a applied',
      'b failed PermissionMissing',
    ]);
    expect(report.outcomes.find(({ name }) => name === 'b')!.message).toContain('integrations:action:edit');
    state.givePermissions(daemon, 'integrations:action:edit');
    const { plan } = await day.apply([a, changed]);
    expect(plan.held.map(({ reason }) => reason)).toEqual(['PermissionMissing']);
    await day.clock.advance(3_600_000);
    await day.endsWell([a, changed]);
  });

  test('of viewing, after something was created: it is ours all the same, and found when the permission is back', async () => {
    const day = await open();
    const stop = day.it.sandbox.onRequest(({ method, path, phase }) => {
      if (method === 'POST' && path === actions && phase === 'served')
        day.it.sandbox.state.takePermissions(daemon, 'integrations:action:view');
    });
    const report = await day.apply([a]);
    stop();
    expect(report.outcomes.map(said)).toEqual(['failed PermissionMissing']);
    await expect(day.apply([a])).rejects.toMatchObject({
      reason: 'PermissionMissing',
      message: expect.stringContaining('integrations:action:view'),
    });
    day.it.sandbox.state.givePermissions(daemon, 'integrations:action:view');
    await day.endsWell([a]);
  });
});

describe('a role that sees a shorter list without any error', () => {
  test('and is refused by id: nothing is made in its place, and nothing is forgotten or deleted', async () => {
    const day = await open();
    const { state } = day.it.sandbox;
    await day.apply([a, b]);
    state.hideActions(daemon, { actions: ['a', 'b'] });
    const { plan } = await day.apply([a, changed]);
    expect(plan.changes).toEqual([]);
    expect(plan.held.map(({ name, reason, message }) => `${name} ${reason}: ${message}`)).toEqual([
      'a NotVisible: "a" exists, but this client may no longer see it; nothing is made in its place',
      'b NotVisible: "b" exists, but this client may no longer see it; nothing is made in its place',
    ]);
    expect((await day.apply([a])).outcomes).toEqual([]);
    state.showActions(daemon);
    await day.endsWell([a, changed]);
  });

  test('and is told 404 by id: that is gone by all that can be known; it is made anew, and what shows again later is left alone', async () => {
    const day = await open();
    const { state } = day.it.sandbox;
    await day.apply([a]);
    const { id } = state.actionNamed('a')!;
    state.hideActions(daemon, { actions: [id], answer: 404 });
    const { plan, outcomes } = await day.apply([a]);
    expect(plan.changes.map(({ action, cause }) => `${action} ${cause}`)).toEqual(['create drift']);
    expect(outcomes.map(said)).toEqual(['applied']);
    state.showActions(daemon);
    expect((await day.apply([a])).plan).toMatchObject({ changes: [], held: [], problems: [] });
    expect(state.action(id)).toBeDefined();
  });
});
