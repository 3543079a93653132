import { expect, it } from 'vitest';
import type { Lag } from './collection.ts';
import { actionInput, world } from './fixture.ts';

const root = '/integrations/actions';

/** An organisation in which an action was created, one deleted and one renamed, just now. */
async function written(lag: Lag, path = '**') {
  const clock = { now: 1_000_000 };
  const seed = { actions: ['Kept', 'Doomed'].map((name) => ({ name, integration: 'Web Services Data Actions' })) };
  const w = await world({ now: () => clock.now, seed });
  const [kept, doomed] = [w.state.actionNamed('Kept')!, w.state.actionNamed('Doomed')!];
  w.sandbox.addFault({ when: { method: 'GET', path }, then: { lag } });
  const fresh = w.state.createAction(actionInput(w.state, { name: 'Fresh' }));
  w.state.editAction(kept.id, { name: 'Renamed' });
  w.state.deleteAction(doomed.id);

  async function listed(): Promise<string[]> {
    const { body } = await w.call('GET', `${root}?sortBy=name`);
    const names = (body['entities'] as unknown as { name: string }[]).map(({ name }) => name);
    return names.filter((name) => !name.startsWith('Get'));
  }
  /** The name that a read by id answers, or its status. */
  async function read({ id }: { id: string }): Promise<unknown> {
    const { status, body } = await w.call('GET', `${root}/${id}`);
    return status === 200 ? body['name'] : status;
  }
  return { ...w, clock, kept, doomed, fresh, listed, read };
}

it.each([
  [{ created: 500 }, ['Renamed']],
  [{ deleted: 500 }, ['Doomed', 'Fresh', 'Renamed']],
  [{ updated: 500 }, ['Fresh', 'Kept']],
  [{ created: 500, deleted: 500, updated: 500 }, ['Doomed', 'Kept']],
])('a list lags by %o, for so long', async (lag, expected) => {
  await using w = await written(lag);
  expect(await w.listed()).toEqual(expected);
  w.clock.now += 499;
  expect(await w.listed()).toEqual(expected);
  w.clock.now += 1;
  expect(await w.listed()).toEqual(['Fresh', 'Renamed']);
});

it('only the list lags where the path says so', async () => {
  await using w = await written({ created: 500, deleted: 500, updated: 500 }, `/api/v2${root}`);
  expect(await w.listed()).toEqual(['Doomed', 'Kept']);
  expect([await w.read(w.fresh), await w.read(w.kept), await w.read(w.doomed)]).toEqual(['Fresh', 'Renamed', 404]);
});

it('a read by id answers the state before the last write', async () => {
  await using w = await written({ updated: 500 }, `/api/v2${root}/{actionId}`);
  expect(await w.listed()).toEqual(['Fresh', 'Renamed']);
  expect([await w.read(w.fresh), await w.read(w.kept), await w.read(w.doomed)]).toEqual(['Fresh', 'Kept', 404]);
  w.clock.now += 400;
  w.state.editAction(w.kept.id, { name: 'Again' });
  w.clock.now += 100;
  expect(await w.read(w.kept)).toBe('Renamed');
  w.clock.now += 400;
  expect(await w.read(w.kept)).toBe('Again');
});

it('an object that was created and changed within the lag has the state of its creation', async () => {
  await using w = await written({ updated: 500 });
  w.state.editAction(w.fresh.id, { name: 'Changed' });
  expect(await w.read(w.fresh)).toBe('Fresh');
});

it('an object of many writes is no younger for it', async () => {
  await using w = await written({ created: 500 });
  w.clock.now += 500;
  for (let n = 0; n < 120; n += 1) w.state.editAction(w.fresh.id, { name: `Fresh ${n}` });
  expect(await w.read(w.fresh)).toBe('Fresh 119');
});

it('a draft that was made anew may show the one before', async () => {
  await using w = await written({ created: 500, deleted: 500 });
  const draft = async () => (await w.call('GET', `${root}/${w.kept.id}/draft`)).body['name'] ?? 'none';
  w.state.startDraft(w.kept.id, { name: 'First' });
  w.clock.now += 600;
  w.state.deleteDraft(w.kept.id);
  w.state.startDraft(w.kept.id, { name: 'Second' });
  expect(await draft()).toBe('First');
  w.clock.now += 500;
  expect(await draft()).toBe('Second');
});
