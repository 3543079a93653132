import type { ChildProcess } from 'node:child_process';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Resource } from '../src/model/resource.ts';
import type { Order } from './support/kill-child.ts';
import { kill, startRun } from './support/kill-run.ts';
import { type Day, freshJournal, useDays } from './support/long-day.ts';
import { contract, dataAction } from './support/world.ts';

const open = useDays();
const [a, b] = [dataAction('a'), dataAction('b')];
const recontracted = dataAction('b', { contract: contract('more') });

/** A clock that goes by the wall, as that of processes does. */
const wall = { sandbox: { now: Date.now } };

function orderFor(day: Day, journal: string, resources: Resource[], holder: string, leaseMs = 30_000): Order {
  const { url, org } = day.it.sandbox;
  return { sandbox: { url, org }, journal, resources, holder, waits: { leaseMs, settleMs: 2000 } };
}

/** Holds the first write of this method and path until it is let go. */
function gate(day: Day, ends: string): { arrived: Promise<void>; open(): void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const arrived = new Promise<void>((resolve) => {
    const stop = day.it.sandbox.onRequest(({ method, path, phase }) => {
      if (method !== 'POST' || phase !== 'arrived' || !path.endsWith(ends)) return undefined;
      stop();
      resolve();
      return opened;
    });
  });
  return { arrived, open };
}

/** Stops a process between two transactions of its heartbeat: in one it would hold the journal's lock for good. */
async function pause(process: ChildProcess, journal: string): Promise<void> {
  for (;;) {
    process.kill('SIGSTOP');
    const database = new DatabaseSync(journal, { timeout: 0 });
    try {
      database.exec('BEGIN IMMEDIATE');
      database.exec('ROLLBACK');
      return;
    } catch {
      process.kill('SIGCONT');
      await wait(10);
    } finally {
      database.close();
    }
  }
}

test('two daemons that start at once on a journal that is not there yet: one writes, the other is told who', async () => {
  const journal = freshJournal();
  const day = await open(wall);
  const held = gate(day, '/actions');
  const both = ['daemon, process 1 on pod-a', 'daemon, process 1 on pod-b'].map((holder) => {
    return startRun(orderFor(day, journal, [a, b], holder)).ended;
  });
  await held.arrived;
  const told = await Promise.race(both);
  expect(told).toMatchObject({
    reason: 'LeaseHeld',
    message: expect.stringMatching(
      /^daemon, process 1 on pod-[ab] has been writing to "Sandbox" since .*; one process at a time may\. Its lease lasts until .* and is prolonged while it works$/,
    ),
  });
  held.open();
  const all = await Promise.all(both);
  expect(all.map((one) => one?.status ?? one?.reason).sort()).toEqual(['LeaseHeld', 'succeeded']);
  expect(day.it.writes()).toHaveLength(2);
  const after = await open({ ...wall, journal }, day);
  await after.endsWell([a, b]);
});

test.each([
  ['a creation', '/actions', [a], [a, b]],
  ['a draft', '/draft', [a, b], [a, recontracted]],
] as const)(
  'a process that is stopped in the middle of %s: another takes over, and the woken one writes nothing further',
  async (_what, ends, before, after) => {
    const journal = freshJournal();
    const first = await open({ journal, ...wall });
    await first.apply([...before]);
    await first.it.journal.close();
    const writesBefore = first.it.writes().length;
    const held = gate(first, ends);
    const child = startRun(orderFor(first, journal, [...after], 'pod-a', 1000));
    try {
      await held.arrived;
      await pause(child.process, journal);
      const asked = first.it.writes().slice(writesBefore);
      // What was asked for is done while nobody can hear the answer; then its lease runs out by the wall clock.
      held.open();
      await wait(1100);
      const second = await open({ journal, ...wall }, first);
      second.clock.jump(Date.now() - second.clock.now().getTime());
      expect(await second.apply([...after])).toMatchObject({ status: 'succeeded' });
      const done = second.it.writes().length;
      expect(asked).toHaveLength(1);
      child.process.kill('SIGCONT');
      const told = await child.ended;
      expect(told).toMatchObject({ reason: 'LeaseLost', message: expect.stringContaining('nothing was sent after') });
      expect(second.it.writes()).toHaveLength(done);
      await second.endsWell([...after], [...before, ...after]);
    } finally {
      held.open();
      await kill(child);
    }
  },
);
