import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type FakeClock, fakeClock } from '../../test/support/clock.ts';
import { dataAction, useWorlds, type World } from '../../test/support/world.ts';

const openWorld = useWorlds();
const post = { method: 'POST', path: '/api/v2/integrations/actions' };

/** Two engines on one organisation and one journal, as two processes have. */
async function two(): Promise<{ clock: FakeClock; a: World; b: World }> {
  const clock = fakeClock();
  const folder = mkdtempSync(path.join(tmpdir(), 'lease-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const journal = path.join(folder, 'journal.db');
  const a = await openWorld({ clock, journal });
  const b = await openWorld({ clock, journal }, a);
  a.engine.holder = 'daemon, process 1 on pod-a';
  b.engine.holder = 'daemon, process 1 on pod-b';
  return { clock, a, b };
}

/** A run that stands still in the middle of its first write. */
async function stuck(it: World): Promise<{ running: Promise<unknown>; goOn: () => void }> {
  const { writer } = it.engine;
  let goOn = (): void => {};
  const gate = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const arrived = new Promise<void>((resolve) => {
    it.engine.writer = {
      ...writer!,
      async send(request, before) {
        resolve();
        await gate;
        return writer!.send(request, before);
      },
    };
  });
  const running = it.apply([dataAction('x')]).catch((error: unknown) => error);
  await arrived;
  return { running, goOn };
}

test('a second process is told who is writing, since when and until when; when that one is done, it may', async () => {
  const { clock, a, b } = await two();
  const { running, goOn } = await stuck(a);
  await expect(b.apply([dataAction('x')])).rejects.toMatchObject({
    reason: 'LeaseHeld',
    message:
      'daemon, process 1 on pod-a has been writing to "Sandbox" since 2026-01-01 00:00:00Z; one process at a time may. Its lease lasts until 2026-01-01 00:00:30Z and is prolonged while it works',
    detail: { after: 10_000 },
  });
  // Looking needs no lease; what is under way there is not known here.
  expect((await b.plan([dataAction('x')])).held).toMatchObject([{ reason: 'Unsettled' }]);
  goOn();
  expect(await clock.drive(running)).toMatchObject({ status: 'succeeded' });
  expect(await clock.drive(b.apply([dataAction('x')]))).toMatchObject({ status: 'succeeded', outcomes: [] });
  expect(b.writes()).toHaveLength(1);
});

test('a run that takes long keeps its lease by its heartbeat', async () => {
  const { clock, a, b } = await two();
  const { running, goOn } = await stuck(a);
  for (let seconds = 0; seconds < 120; seconds += 10) {
    await clock.advance(10_000);
    // The heartbeat writes on a turn of its own.
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await expect(b.apply([dataAction('x')])).rejects.toMatchObject({ reason: 'LeaseHeld' });
  goOn();
  expect(await clock.drive(running)).toMatchObject({ status: 'succeeded' });
});

test('a process that was paused past its lease sends nothing when it wakes, and says so', async () => {
  const { clock, a, b } = await two();
  const { running, goOn } = await stuck(a);
  // Its timers do not run while it is paused; the clock does.
  clock.jump(30_000);
  expect(await clock.drive(b.apply([dataAction('y')]))).toMatchObject({ status: 'succeeded' });
  goOn();
  expect(await clock.drive(running)).toMatchObject({ reason: 'LeaseLost' });
  expect(a.writes()).toEqual([`${post.method} ${post.path}`]);
  const [woken] = (await a.journal.runs('test', 5)).filter(({ reason }) => reason === 'LeaseLost');
  expect(woken).toMatchObject({ status: 'failed', message: expect.stringContaining('nothing was sent after that') });
  // Nothing was sent, so nothing has to be settled.
  expect(await a.journal.openIntents(a.sandbox.org.id)).toEqual([]);
});

test('a create that the paused process had under way is settled by the one that took over, and not made twice', async () => {
  const { clock, a, b } = await two();
  const { writer } = a.engine;
  let answered = (): void => {};
  const sent = new Promise<void>((resolve) => {
    a.engine.writer = {
      ...writer!,
      async send(request, before) {
        const answer = await writer!.send(request, before);
        resolve();
        await new Promise<void>((wake) => {
          answered = wake;
        });
        return answer;
      },
    };
  });
  const running = a.apply([dataAction('x')]).catch((error: unknown) => error);
  await sent;
  clock.jump(30_000);
  expect(await clock.drive(b.apply([dataAction('x')]))).toMatchObject({ status: 'succeeded', outcomes: [] });
  answered();
  expect(await clock.drive(running)).toMatchObject({ reason: 'LeaseLost' });
  expect(b.writes()).toHaveLength(1);
  expect(await b.journal.inventory({ organization: b.sandbox.org.id, target: 'test' })).toHaveLength(1);
  const { outcomes } = await clock.drive(b.apply([dataAction('y')]));
  expect(outcomes.map(({ action, status }) => `${action} ${status}`)).toEqual(['create applied', 'delete applied']);
});

test('a lease is free after a run that failed', async () => {
  const { clock, a, b } = await two();
  a.sandbox.addFault({ when: { method: 'GET' }, then: { status: 403 } });
  await expect(clock.drive(a.apply([dataAction('x')]))).rejects.toThrow();
  a.sandbox.clearFaults();
  expect(await clock.drive(b.apply([dataAction('x')]))).toMatchObject({ status: 'succeeded' });
});
