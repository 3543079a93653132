import { expect, test } from 'vitest';
import { type FakeClock, fakeClock } from '../../test/support/clock.ts';
import { Failure } from '../model/failure.ts';
import type { Log } from '../model/log.ts';
import { type Circuit, createCircuit } from './circuit.ts';

interface World {
  circuit: Circuit;
  clock: FakeClock;
  lines: [level: string, message: string, fields: object][];
}

function world(): World {
  const clock = fakeClock();
  const lines: World['lines'] = [];
  const at = (level: string) => (fields: object, message: string) => {
    lines.push([level, message, fields]);
  };
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), child: () => log };
  return { circuit: createCircuit({ clock, log, random: () => 1 }), clock, lines };
}

const fail = (circuit: Circuit, call: object = {}): void => circuit.enter(call)!.failed('GET /x: status 503');

function open(): World {
  const w = world();
  for (let i = 0; i < 5; i++) fail(w.circuit);
  return w;
}

test('five failures in a row open it, a probe that succeeds closes it, and each is logged once', async () => {
  const { circuit, clock, lines } = open();
  expect(circuit.state()).toBe('open');
  expect(circuit.enter({})).toBeUndefined();
  await clock.advance(5_000);
  expect(circuit.state()).toBe('probing');
  const probe = circuit.enter({})!;
  expect(probe.probe).toBe(true);
  expect(circuit.enter({})).toBeUndefined();
  probe.succeeded();
  expect(circuit.state()).toBe('closed');
  expect(circuit.enter({})!.probe).toBe(false);
  expect(lines.filter(([level]) => level !== 'debug')).toEqual([
    [
      'warn',
      'genesys keeps failing: only a probe is sent now and then',
      { failures: 5, last: 'GET /x: status 503', probeIn: 5_000 },
    ],
    ['info', 'genesys answers again', { failedProbes: 0, ms: 5_000 }],
  ]);
});

test('a success between, or failures of one call alone, open nothing', () => {
  const { circuit } = world();
  for (let i = 0; i < 50; i++) i % 5 === 4 ? circuit.enter({})!.succeeded() : fail(circuit);
  expect(circuit.state()).toBe('closed');
  const broken = {};
  for (let i = 0; i < 50; i++) fail(circuit, broken);
  expect(circuit.state()).toBe('closed');
  fail(circuit);
  expect(circuit.state()).toBe('open');
});

test('the pause doubles with each probe that fails, to a minute at most', async () => {
  const { circuit, clock } = open();
  for (const pause of [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]) {
    await clock.advance(pause - 1);
    expect(circuit.enter({})).toBeUndefined();
    await clock.advance(1);
    fail(circuit);
  }
});

test('Genesys may ask for a longer pause, of a minute at most', async () => {
  const { circuit, clock } = open();
  await clock.advance(5_000);
  circuit.enter({})!.failed('GET /x: status 503', 30_000);
  await clock.advance(29_999);
  expect(circuit.enter({})).toBeUndefined();
  await clock.advance(1);
  circuit.enter({})!.failed('GET /x: status 503', 3_600_000);
  await clock.advance(60_000);
  expect(circuit.enter({})).toBeDefined();
});

test('a clock that is set back an hour does not prolong the pause', async () => {
  const { circuit, clock } = open();
  clock.jump(-3_600_000);
  await circuit.wait(clock.now().getTime());
  expect(circuit.enter({})).toBeDefined();
});

test('a clock that is set back an hour while somebody waits does not either', async () => {
  const { circuit, clock } = open();
  const before = clock.now().getTime();
  const waits = circuit.wait(before);
  clock.jump(-3_600_000);
  await clock.advance(5_000);
  await waits;
});

test('nor does it keep anybody waiting behind a probe for that hour', async () => {
  const { circuit, clock } = open();
  const begun = clock.now().getTime();
  clock.jump(-3_600_000);
  circuit.enter({});
  await expect(circuit.wait(begun)).rejects.toMatchObject({ reason: 'CircuitOpen' });
});

test('a probe that was not sent leaves its place to the next', async () => {
  const { circuit, clock } = open();
  await clock.advance(5_000);
  const probe = circuit.enter({})!;
  const waits = circuit.admit({}, clock.now().getTime());
  probe.unused();
  const next = await waits;
  expect(next.probe).toBe(true);
  probe.failed('too late: it was told already');
  next.succeeded();
  expect(circuit.state()).toBe('closed');
});

test('what left before it opened prolongs nothing when it fails, and closes it when it succeeds', async () => {
  const { circuit, clock } = world();
  const early = Array.from({ length: 7 }, () => circuit.enter({})!);
  for (const pass of early.slice(0, 6)) pass.failed('GET /x: status 503');
  await clock.advance(5_000);
  expect(circuit.state()).toBe('probing');
  early[6]!.succeeded();
  expect(circuit.state()).toBe('closed');
});

test('nothing is kept waiting for longer than a try may be repeated', async () => {
  const { circuit, clock } = open();
  const start = clock.now().getTime();
  await expect(circuit.wait(start - 58_000)).rejects.toMatchObject({ reason: 'CircuitOpen', detail: { after: 5_000 } });
  let waited = circuit.wait(start).then(() => 'probes');
  await clock.advance(5_000);
  expect(await waited).toBe('probes');
  for (const pause of [10_000, 20_000, 40_000]) {
    fail(circuit);
    await clock.advance(pause);
  }
  fail(circuit);
  // The outage has lasted for more than a minute: nobody waits any more, whenever they came.
  waited = circuit.wait(clock.now().getTime()).then(() => 'probes');
  await expect(waited).rejects.toThrow(
    'Genesys failed 9 times in a row, last at GET /x: status 503. Since 2026-01-01 00:00:00Z only a probe is sent now and then, the next one in 60 s at the earliest; all goes on by itself when Genesys answers.',
  );
});

test('after days without a call the next one is a probe at once', async () => {
  const { circuit, clock } = open();
  await clock.advance(3 * 24 * 3_600_000);
  expect(clock.waiting()).toBe(0);
  expect((await circuit.admit({}, clock.now().getTime())).probe).toBe(true);
});

test('closing the client ends all waits', async () => {
  const { circuit, clock } = open();
  const waits = circuit.wait(clock.now().getTime());
  await clock.untilWaiting();
  circuit.close(new Failure('Interrupted', 'stop'));
  await expect(waits).rejects.toMatchObject({ reason: 'Interrupted' });
  await expect(circuit.wait(0)).rejects.toMatchObject({ reason: 'Interrupted' });
  expect(clock.waiting()).toBe(0);
});
