import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openJournal } from '../src/journal/index.ts';
import { type Clock, systemClock } from '../src/model/clock.ts';
import { silent } from '../src/model/log.ts';
import { type RunReport, run } from '../src/reconcile/run.ts';
import { dataAction, desired, timeout, type World, world } from './support/world.ts';

// A quiet run is not worked out twice: here is what must wake the engine up again, and that nothing else does.

let offset = 0;
const clock: Clock = { now: () => new Date(Date.now() + offset), sleep: systemClock.sleep };
const wish = desired([dataAction('a'), dataAction('b'), timeout('all', 20)]);
const lists = ['/api/v2/integrations/actions', '/api/v2/integrations'];
let w: World;
let folder: string;

beforeEach(async () => {
  offset = 0;
  folder = mkdtempSync(path.join(tmpdir(), 'still-'));
  w = await world({ clock, journal: path.join(folder, 'journal.db') });
  await again();
  const second = await again();
  const third = await again();
  expect(third.report.plan.unchanged[0]).toBe(second.report.plan.unchanged[0]);
});
afterEach(async () => {
  await w.close();
  rmSync(folder, { recursive: true });
});

async function again(mode: 'plan' | 'apply' = 'apply'): Promise<{ report: RunReport; asked: string[] }> {
  w.sandbox.clearRequests();
  const report = await run(w.engine, wish, { mode });
  return { report, asked: w.sandbox.requests().map(({ pathTemplate }) => pathTemplate) };
}

test('a quiet run still asks for the lists, and is recorded', async () => {
  const { report, asked } = await again();
  expect(asked.sort()).toEqual([...lists].sort());
  expect(report).toMatchObject({ status: 'succeeded', outcomes: [] });
  expect(report.plan.unchanged).toHaveLength(2);
  expect((await w.journal.runs('test', 1))[0]).toMatchObject({ id: report.runId, status: 'succeeded' });
});

test('drift is found and healed, and then all is quiet again', async () => {
  const action = w.sandbox.state.actionNamed('a')!;
  w.sandbox.state.editAction(action.id, { config: { ...action.config, timeoutSeconds: 3 } });
  expect((await again('plan')).report.plan.changes).toMatchObject([{ name: 'a', cause: 'drift' }]);
  expect((await again()).report.outcomes).toMatchObject([{ name: 'a', status: 'applied' }]);
  expect((await again()).report.plan.changes).toEqual([]);
});

test('an object that somebody deleted is made again', async () => {
  w.sandbox.state.deleteAction(w.sandbox.state.actionNamed('b')!.id);
  expect((await again()).report.outcomes).toMatchObject([{ name: 'b', action: 'create', status: 'applied' }]);
});

test('what another process writes into the journal is seen', async () => {
  const before = (await again()).report;
  const other = await openJournal(path.join(folder, 'journal.db'), { clock, log: silent });
  await other.memorise('anything', true);
  await other.close();
  const after = (await again()).report;
  expect(after.plan.unchanged[0]).not.toBe(before.plan.unchanged[0]);
  expect(after.plan.unchanged).toEqual(before.plan.unchanged);
});

test('every object is still read afresh within a day', async () => {
  offset = 25 * 3_600_000;
  const { asked } = await again();
  expect(asked.filter((template) => template === '/api/v2/integrations/actions/{actionId}')).toHaveLength(2);
});
