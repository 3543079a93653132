import { afterEach, beforeEach, expect, test } from 'vitest';
import { daemon } from '../src/daemon/daemon.ts';
import type { Wish } from '../src/daemon/lane.ts';
import type { DaemonInput, LoopStatus, Request, RunEnd } from '../src/daemon/types.ts';
import { createVitals } from '../src/daemon/vitals.ts';
import { silent } from '../src/model/log.ts';
import { type FakeClock, fakeClock } from './support/clock.ts';

/** The loop alone: what it begins, when, and that it ends. Schedules lie far away, and time is the test's. */
interface Loop {
  clock: FakeClock;
  runs: string[];
  answered: string[];
  requests: Request[];
  status: LoopStatus | undefined;
  /** What the next runs come to; then all is well. */
  ends: (RunEnd | Promise<RunEnd>)[];
  stop: AbortController;
  done: Promise<boolean>;
}

const well: RunEnd = { status: 'succeeded', reason: 'ReconciliationSucceeded', runId: 'r' };
const later = (reason: RunEnd['reason'], after?: number): RunEnd => ({
  status: 'failed',
  reason,
  again: after === undefined ? {} : { after },
});

let open: Loop | undefined;
beforeEach(() => {
  open = undefined;
});
afterEach(async () => {
  open?.stop.abort();
  await open?.done;
});

function start(more: Partial<DaemonInput> = {}, names = ['a'], ends: Loop['ends'] = []): Loop {
  const clock = fakeClock();
  const loop: Loop = {
    clock,
    runs: [],
    answered: [],
    requests: [],
    status: undefined,
    ends,
    stop: new AbortController(),
    done: Promise.resolve(true),
  };
  loop.done = daemon({
    targets: names.map((name) => ({
      name,
      schedule: '0 0 1 1 *',
      async reconcile({ trigger, byHand }: Wish) {
        loop.runs.push(`${name} ${trigger}${byHand === true ? ' by hand' : ''}`);
        return (await loop.ends.shift()) ?? well;
      },
    })),
    poller: async () => true,
    requests: {
      take: async () => loop.requests.filter(({ id }) => !loop.answered.some((one) => one.startsWith(`${id} `))),
      answer: async ({ id }, { reason }) => void loop.answered.push(`${id} ${reason}`),
    },
    beat: async (status) => {
      loop.status = status;
    },
    vitals: createVitals(() => clock.now().getTime()),
    random: () => 0,
    clock,
    log: silent,
    signal: loop.stop.signal,
    patience: (over) => clock.sleep(7_000, over).catch(() => undefined),
    ...more,
  });
  open = loop;
  return loop;
}

/** Both pulses sleep: the loop has begun. */
const begun = ({ clock }: Loop): Promise<void> => clock.untilWaiting(2);

test('at the start each target runs once, though the first look found a revision', async () => {
  const loop = start({}, ['a', 'b']);
  await begun(loop);
  expect(loop.runs).toEqual(['a started', 'b started']);
});

test('what only time can mend is tried again after 10, 20, 40 seconds, or when Genesys said', async () => {
  const loop = start({}, ['a'], [later('RateLimited'), later('Unsettled'), later('RateLimited', 3_000), well]);
  await begun(loop);
  await loop.clock.advance(9_500);
  expect(loop.runs).toEqual(['a started']);
  await loop.clock.advance(1_000);
  expect(loop.runs).toHaveLength(2);
  await loop.clock.advance(19_000);
  expect(loop.runs).toHaveLength(2);
  await loop.clock.advance(1_000);
  expect(loop.runs).toHaveLength(3);
  await loop.clock.advance(3_000);
  expect(loop.runs).toEqual(['a started', 'a follow-up', 'a follow-up', 'a follow-up']);
  await loop.clock.advance(600_000);
  expect(loop.runs).toHaveLength(4);
});

test('no target waits for one that hangs', async () => {
  const { promise, resolve } = Promise.withResolvers<RunEnd>();
  const loop = start({}, ['a', 'b'], [promise]);
  await begun(loop);
  loop.requests.push({ target: 'b', id: '1' });
  await loop.clock.advance(1_000);
  await expect.poll(() => loop.answered).toEqual(['1 ReconciliationSucceeded']);
  expect(loop.runs).toEqual(['a started', 'b started', 'b request by hand']);
  await loop.clock.advance(10_000);
  expect(loop.status?.targets[0]).toMatchObject({ name: 'a', runningSince: new Date('2026-01-01T00:00:00Z') });
  resolve(well);
});

test('a request that meets a held lease is tried until it can be answered, each request once at a time', async () => {
  const loop = start({}, ['a'], [well, later('LeaseHeld', 5_000), later('LeaseHeld', 5_000)]);
  await begun(loop);
  loop.requests.push({ target: 'a', id: '1' });
  await loop.clock.advance(4_000);
  expect([loop.runs.length, loop.answered]).toEqual([2, []]);
  await loop.clock.advance(12_000);
  await expect.poll(() => loop.answered).toEqual(['1 ReconciliationSucceeded']);
});

test('interrupted, a request stays for the next process', async () => {
  const loop = start({}, ['a'], [well, { status: 'failed', reason: 'Interrupted' }]);
  await begun(loop);
  loop.requests.push({ target: 'a', id: '1' });
  await loop.clock.advance(1_000);
  loop.stop.abort();
  expect(await loop.done).toBe(true);
  expect(loop.answered).toEqual([]);
});

test('a source that hangs at the start keeps the last good revision waiting for ten seconds at most', async () => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const loop = start({ poller: () => promise });
  await loop.clock.untilWaiting(1);
  expect(loop.runs).toEqual([]);
  await loop.clock.advance(10_000);
  expect(loop.runs).toEqual(['a started']);
  resolve(true);
  await expect.poll(() => loop.runs).toEqual(['a started', 'a revision']);
});

test('what is saved in the middle of a look is looked at', async () => {
  const looks: ((isNew: boolean) => void)[] = [];
  const poller = (): Promise<boolean> => new Promise((resolve) => looks.push(resolve));
  let save = (): void => {};
  const watch = async (changed: () => void): Promise<() => Promise<void>> => {
    save = changed;
    return async () => {};
  };
  const loop = start({ poller, watch });
  looks[0]!(true);
  await begun(loop);
  save();
  await expect.poll(() => looks.length).toBe(2);
  save();
  looks[1]!(false);
  await expect.poll(() => looks.length).toBe(3);
  looks[2]!(true);
  await expect.poll(() => loop.runs).toEqual(['a started', 'a revision']);
});

test('asked to stop, it waits for runs in hand as long as its patience lasts, and begins none', async () => {
  const { promise, resolve } = Promise.withResolvers<RunEnd>();
  const loop = start({}, ['a'], [promise]);
  await begun(loop);
  loop.requests.push({ target: 'a', id: '1' });
  await loop.clock.advance(1_000);
  loop.stop.abort();
  await loop.clock.untilWaiting(1);
  await loop.clock.advance(7_000);
  expect(await loop.done).toBe(false);
  resolve(well);
  await loop.clock.advance(60_000);
  expect([loop.runs, loop.clock.waiting()]).toEqual([['a started'], 0]);
});

test('a clock that is set: each target is looked at once', async () => {
  let wall = 0;
  const clocks = { wall: () => wall, steady: () => 0 };
  const loop = start({ clocks, poller: async () => false }, ['a', 'b']);
  await begun(loop);
  wall = -3_600_000;
  await loop.clock.advance(1_000);
  const all = ['a started', 'b started', 'a schedule', 'b schedule'];
  await expect.poll(() => loop.runs).toEqual(all);
  await loop.clock.advance(5_000);
  expect(loop.runs).toEqual(all);
});

test('a schedule that came and no run that the journal tells of: the sign of life says since when', async () => {
  let wall = 0;
  const lost: RunEnd = { status: 'failed', reason: 'JournalUnavailable' };
  const clocks = { wall: () => wall, steady: () => 0 };
  const loop = start({ clocks, poller: async () => false }, ['a'], [well, lost]);
  await begun(loop);
  await loop.clock.advance(2_500);
  wall = 60_000;
  await loop.clock.advance(20_000);
  expect(loop.status?.targets[0]?.overdueSince).toEqual(new Date('2026-01-01T00:00:03Z'));
  wall = 0;
  await loop.clock.advance(20_000);
  expect(loop.status?.targets[0]?.overdueSince).toBeUndefined();
});

test('a run that breaks off is followed up as well', async () => {
  const loop = start({}, ['a'], [well]);
  await begun(loop);
  const { promise, reject } = Promise.withResolvers<RunEnd>();
  loop.ends.push(promise);
  loop.requests.push({ target: 'a', id: '1' });
  await loop.clock.advance(1_000);
  reject(new Error('broken off'));
  await loop.clock.advance(11_000);
  expect(loop.runs).toEqual(['a started', 'a request by hand', 'a follow-up']);
});

test('a new revision of the source is not for a target that follows another: it runs when its own is due', async () => {
  let isNew = false;
  let changed = (): void => {};
  const due = new Date('2026-01-01T00:00:30Z');
  const reconcile = async (name: string, { trigger }: Wish): Promise<RunEnd> => {
    loop.runs.push(`${name} ${trigger}`);
    return well;
  };
  const of = (name: string) => ({ name, schedule: '0 0 1 1 *', reconcile: (wish: Wish) => reconcile(name, wish) });
  const follows = { target: 'a', due: async () => (loop.runs.includes('b revision') ? undefined : due) };
  const loop: Loop = start({
    targets: [of('a'), { ...of('b'), follows }],
    poller: async () => isNew,
    watch: async (change) => {
      changed = change;
      return async () => {};
    },
  });
  await loop.clock.untilWaiting(4);
  isNew = true;
  changed();
  await expect.poll(() => loop.runs).toEqual(['a started', 'b started', 'a revision']);
  await loop.clock.advance(20_000);
  expect(loop.status?.targets.map(({ nextRunAt }) => nextRunAt?.toISOString())[1]).toBe('2026-01-01T00:00:30.000Z');
  await loop.clock.advance(10_000);
  expect(loop.runs.slice(3)).toEqual(['b revision']);
});
