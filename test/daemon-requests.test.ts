import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  answerRequest,
  beat,
  daemonsAlive,
  forgetDead,
  requestReconcile,
  resultOf,
  takeRequests,
} from '../src/app/control.ts';
import { openJournal } from '../src/journal/index.ts';
import type { Journal } from '../src/model/journal.ts';
import { silent } from '../src/model/log.ts';
import { fakeClock } from './support/clock.ts';

const answer = { status: 'succeeded', reason: 'ReconciliationSucceeded' };
const noon = Date.parse('2026-11-21T12:00:00Z');
const hoursAgo = (hours: number): Date => new Date(noon - hours * 3_600_000);

let journal: Journal;
beforeEach(async () => {
  journal = await openJournal(':memory:', { clock: fakeClock(), log: silent });
});
afterEach(() => journal.close());

test('an answer that nobody read is forgotten after a day; what waits for a daemon is not', async () => {
  const asked = (hours: number) => requestReconcile(journal, 'test', hoursAgo(hours));
  const [dead, waiting, late] = [await asked(25), await asked(23), await asked(25)];
  for (const request of [dead, waiting]) await answerRequest(journal, request, answer);
  await forgetDead(journal, new Date(noon));
  expect([...(await journal.recallAll('request:')).keys()].toSorted()).toEqual(
    [waiting, late].map(({ id }) => `request:test:${id}`).toSorted(),
  );
  expect(await takeRequests(journal, ['test'])).toEqual([late]);
  expect(await resultOf(journal, waiting)).toEqual(answer);
  expect(await resultOf(journal, dead)).toBeUndefined();
});

test('the last sign of a daemon that was killed is forgotten after a day', async () => {
  for (const hours of [25, 23]) {
    const at = hoursAgo(hours).toISOString();
    await beat(journal, { holder: `p${hours}`, startedAt: at, beatAt: at, version: '', targets: [] });
  }
  await forgetDead(journal, new Date(noon));
  expect((await daemonsAlive(journal, hoursAgo(23))).map(({ holder }) => holder)).toEqual(['p23']);
});
