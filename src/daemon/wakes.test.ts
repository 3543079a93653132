import { expect, test } from 'vitest';
import { fakeClock } from '../../test/support/clock.ts';
import { type Log, silent } from '../model/log.ts';
import type { DaemonTarget } from './types.ts';
import { createWakes } from './wakes.ts';

function world(due: () => Promise<Date | undefined>) {
  const clock = fakeClock('2026-01-01T00:00:00Z');
  const stop = new AbortController();
  const woken: string[] = [];
  const warned: string[] = [];
  const looks: string[] = [];
  const log: Log = { ...silent, warn: (_fields, message) => warned.push(message) };
  const look = (name: string) => (): Promise<Date | undefined> => {
    looks.push(name);
    return due();
  };
  const target = (name: string, follows?: string): DaemonTarget => ({
    name,
    schedule: '0 0 1 1 *',
    ...(follows === undefined ? {} : { follows: { target: follows, due: look(name) } }),
    reconcile: async () => ({ status: 'succeeded', reason: 'ReconciliationSucceeded' }),
  });
  const targets = [target('staging'), target('prod', 'staging'), target('apac', 'prod')];
  const wake = (name: string): void => {
    woken.push(`${name} ${clock.now().toISOString().slice(11, 19)}`);
  };
  const wakes = createWakes({ targets, clock, log, signal: stop.signal, wake });
  return { clock, stop, woken, warned, looks, wakes };
}

const at = (time: string): Date => new Date(`2026-01-01T${time}Z`);
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a run that ended: it is looked what is due for its target and those that follow it, and for nobody else', async () => {
  const { wakes, looks } = world(async () => undefined);
  wakes.ended('staging');
  wakes.ended('prod');
  await breathe();
  expect(looks).toEqual(['prod', 'prod', 'apac']);
});

test('what is due now wakes at once; what is due later, then; and what has changed its time, once', async () => {
  let due: Date | undefined = at('00:00:00');
  const { wakes, woken, clock } = world(async () => due);
  const look = async (): Promise<void> => {
    wakes.ended('staging');
    await breathe();
  };
  await look();
  expect(woken).toEqual(['prod 00:00:00']);
  due = at('00:10:00');
  await look();
  await look();
  expect([wakes.next('prod'), clock.waiting()]).toEqual([due, 1]);
  due = at('00:20:00');
  await look();
  await clock.advance(15 * 60_000);
  expect(woken).toHaveLength(1);
  await clock.advance(5 * 60_000);
  expect(woken).toEqual(['prod 00:00:00', 'prod 00:20:00']);
  expect(wakes.next('prod')).toBeUndefined();
});

test('what is always due does not keep the loop busy', async () => {
  const { wakes, woken, clock } = world(async () => clock.now());
  for (let i = 0; i < 5; i++) {
    wakes.ended('staging');
    await breathe();
  }
  expect(woken).toEqual(['prod 00:00:00']);
  await clock.advance(1_000);
  expect(woken).toEqual(['prod 00:00:00', 'prod 00:00:01']);
});

test('what lies far ahead is looked at again every hour, as clocks are set', async () => {
  let due: Date | undefined = at('23:00:00');
  const { wakes, woken, looks, clock } = world(async () => due);
  wakes.ended('staging');
  await breathe();
  await clock.advance(2 * 3_600_000);
  expect(looks).toHaveLength(3);
  due = undefined;
  await clock.advance(24 * 3_600_000);
  expect([woken, clock.waiting()]).toEqual([[], 0]);
});

test('other processes run targets, too: looked at every ten seconds, until the loop ends', async () => {
  const { wakes, looks, stop, clock } = world(async () => undefined);
  const turning = wakes.turn();
  await clock.advance(25_000);
  expect(looks).toEqual(['prod', 'apac', 'prod', 'apac']);
  stop.abort();
  await turning;
  wakes.ended('staging');
  await breathe();
  expect([looks.length, clock.waiting()]).toEqual([4, 0]);
});

test('a look that fails is told once, until one succeeds', async () => {
  let fails = true;
  const { wakes, warned } = world(async () => {
    if (fails) throw new Error('the journal is away');
    return undefined;
  });
  for (const next of [true, false, true, true]) {
    wakes.ended('prod');
    await breathe();
    fails = next;
  }
  expect(warned).toHaveLength(4);
});
