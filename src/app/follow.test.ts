import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../model/journal.ts';
import { afterRun, type Choice, choose, notAfter, type Standing, soakOf } from './follow.ts';

const start = Date.UTC(2026, 0, 1);
const minute = 60_000;
const at = (minutes: number): string => new Date(start + minutes * minute).toISOString();
const minutesOf = (iso: string | undefined): number | undefined =>
  iso === undefined ? undefined : (new Date(iso).getTime() - start) / minute;

/** `0 R1`: a good run that ended at minute 0. `5 R2 failed`, `5 R2 refused`, `5 R2 part`: others. A fourth word: its content. */
function run(said: string): RunRecord {
  const [minutes, revision = '', how = 'succeeded', content] = said.split(' ');
  const ended = at(Number(minutes));
  const base = { id: said, target: 'staging', revision, mode: 'apply', startedAt: ended, finishedAt: ended } as const;
  const ran = { ...base, organization: 'org' };
  const known: Record<string, RunRecord> = {
    succeeded: { ...ran, status: 'succeeded', reason: 'ReconciliationSucceeded' },
    part: { ...ran, status: 'succeeded', reason: 'ReconciliationSucceeded', partial: true },
    failed: { ...ran, status: 'failed', reason: 'ReconciliationFailed' },
    held: { ...ran, status: 'held', reason: 'ChangeLimitExceeded' },
    unreachable: { ...ran, status: 'unreachable', reason: 'NetworkError' },
    interrupted: { ...ran, status: 'failed', reason: 'Interrupted' },
    circuit: { ...ran, status: 'failed', reason: 'CircuitOpen' },
    refused: { ...base, status: 'failed', reason: 'ValidationFailed' },
    byName: { ...ran, status: 'succeeded', reason: 'ReconciliationSucceeded', named: true },
    byNameFailed: { ...ran, status: 'failed', reason: 'ReconciliationFailed', named: true },
    new: { ...ran, status: 'failed', reason: 'OfANewerBuild' as 'Unexpected' },
    locked: { ...base, status: 'failed', reason: 'AuthenticationFailed' },
  };
  return { ...known[how]!, ...(content && { content }) };
}

function standing(runs: readonly string[], soak = 30): Standing {
  return runs.map(run).reduce((so, one) => afterRun(so, one, soak * minute), { applied: [] } as Standing);
}

/** `R2, then R3 at 40`: what it runs on at that minute, and what comes next. */
function told({ revision = 'nothing', next }: Choice): string {
  if (next === undefined) return revision;
  return `${revision}, then ${next.revision}${next.readyAt === undefined ? '' : ` at ${minutesOf(next.readyAt)}`}`;
}

function chosen(
  runs: readonly string[],
  now: number,
  { soak = 30, current }: { soak?: number; current?: string } = {},
) {
  const how = { soakMs: soak * minute, now: new Date(at(now)), ...(current === undefined ? {} : { current }) };
  return told(choose(standing(runs, soak), how));
}

describe('which revision is ready, with a soak time of 30 minutes', () => {
  const cases: [
    what: string,
    runs: string[],
    now: number,
    wanted: string,
    more?: { soak?: number; current?: string },
  ][] = [
    ['nothing was ever applied', [], 0, 'nothing'],
    ['nothing, and it has something of its own', [], 0, 'X', { current: 'X' }],
    ['applied just now', ['0 R1'], 10, 'nothing, then R1 at 30'],
    ['to the minute', ['0 R1'], 30, 'R1'],
    ['without a soak time at once', ['0 R1'], 0, 'R1', { soak: 0 }],
    ['until the next one is ready, what it has', ['0 R1', '10 R2'], 35, 'R1, then R2 at 40', { current: 'R1' }],
    ['the newest of those that are ready', ['0 R1', '1 R2', '2 R3'], 60, 'R3'],
    ['drift runs of the same revision do not begin it anew', ['0 R1', '10 R1', '25 R1'], 30, 'R1'],
    ['a run that failed breaks', ['0 R1', '20 R1 failed'], 40, 'nothing, then R1'],
    [
      'from the first good run after the break',
      ['0 R1', '20 R1 failed', '22 R1 failed', '25 R1'],
      40,
      'nothing, then R1 at 55',
    ],
    ['a run that held something breaks', ['0 R1', '20 R1 held', '25 R1'], 54, 'nothing, then R1 at 55'],
    ['a newer one that fails breaks', ['0 R1', '10 R2 failed', '12 R2'], 41, 'nothing, then R2 at 42'],
    ['a newer one that is refused does not', ['0 R1', '10 R2 refused', '15 R1'], 30, 'R1'],
    ['nor does what cannot be reached or logged in to', ['0 R1', '9 R1 unreachable', '12 R1 locked'], 30, 'R1'],
    ['nor an outage that was met in the middle', ['0 R1', '9 R1 circuit'], 30, 'R1'],
    ['nor a restart', ['0 R1', '9 R1 interrupted'], 30, 'R1'],
    ['a run of --only applies nothing', ['0 R1', '5 R2 part'], 35, 'R1'],
    ['and does not heal', ['0 R1', '5 R1 failed', '6 R1 part'], 60, 'nothing, then R1'],
    [
      'what was taken stays while the other is broken',
      ['0 R1', '40 R2', '41 R2 failed'],
      80,
      'R1, then R2',
      { current: 'R1' },
    ],
    ['never back by itself: the soak time was made longer', ['0 R1', '40 R2'], 75, 'R2', { soak: 60, current: 'R2' }],
    ['back where the other went back', ['0 R1', '40 R2', '80 R1'], 81, 'R1', { current: 'R2' }],
    ['what a person named is nothing to follow', ['0 R1', '5 F byName', '6 R2'], 35, 'R1, then R2 at 36'],
    ['until it comes from the branch', ['0 F byName', '5 F'], 34, 'nothing, then F at 35'],
    ['nor does it break or heal', ['0 R1', '5 F byNameFailed'], 30, 'R1'],
    ['not even what failed before', ['0 R1', '5 R1 failed', '6 R1 byName'], 60, 'nothing, then R1'],
    ['a reason of a newer build counts as what it came to', ['0 R1', '5 R1 new'], 40, 'nothing, then R1'],
    [
      'a revert takes back what it reverts, also where that was taken',
      ['0 R1 succeeded x', '40 R2 succeeded y', '75 R3 succeeded x'],
      76,
      'R1',
      { current: 'R2' },
    ],
    [
      'and before it is taken',
      ['0 R1 succeeded x', '40 R2 succeeded y', '50 R3 succeeded x', '60 R4 succeeded z'],
      85,
      'R1, then R4 at 90',
      { current: 'R1' },
    ],
    ['forward again takes its time', ['0 R1', '40 R2', '80 R1', '90 R2'], 100, 'R1, then R2 at 120', { current: 'R1' }],
    ['what the other never had gives way', ['0 R1'], 31, 'R1', { current: 'X' }],
    ['but not before there is something in its place', ['0 R1'], 29, 'X, then R1 at 30', { current: 'X' }],
    [
      'after a break all that soaked together: the newest',
      ['0 R1', '5 R2', '9 R2 failed', '10 R3'],
      12,
      'nothing, then R3 at 40',
    ],
  ];
  test.each(cases)('%s', (_, runs, now, wanted, more) => expect(chosen(runs, now, more)).toBe(wanted));
});

test('a run that is not over yet, and a refused approval, say nothing', () => {
  const { finishedAt: _at, status: _status, ...open } = run('5 R2');
  const refused: RunRecord = { ...run('6 R2 failed'), reason: 'ApprovalMismatch' };
  const before = standing(['0 R1']);
  for (const one of [open, refused]) expect(afterRun(before, one, 0)).toEqual(before);
});

test('a clock that was a year ahead: from now on, the soak time', () => {
  const year = 365 * 24 * 60;
  const so = notAfter(standing([`0 R1`, `${year} R1 failed`, `${year + 1} R1`]), new Date(at(50)));
  const how = { soakMs: 30 * minute, now: new Date(at(50)) };
  expect(told(choose(afterRun(so, run('51 R2'), how.soakMs), how))).toBe('nothing, then R1 at 80');
  expect(so.applied).toEqual([{ revision: 'R1', since: at(0), slot: 0 }]);
});

describe('a stream of commits', () => {
  /** A commit every five minutes for two days; at each one, how far behind the follower is. */
  function lags(soak: number, longest: number): number[] {
    let so: Standing = { applied: [] };
    let current: string | undefined;
    const all: number[] = [];
    for (let now = 0; now < 2880; now += 5) {
      so = afterRun(so, run(`${now} R${now}`), longest * minute);
      const has: { current?: string } = current === undefined ? {} : { current };
      const next = choose(so, { soakMs: soak * minute, now: new Date(at(now)), ...has }).revision;
      if (current !== undefined) expect(Number(next?.slice(1))).toBeGreaterThanOrEqual(Number(current.slice(1)));
      current = next;
      if (current !== undefined) all.push(now - Number(current.slice(1)));
      expect(so.applied.filter(({ slot }) => slot !== undefined).length).toBeLessThanOrEqual(24);
      expect(so.applied.length).toBeLessThanOrEqual(100);
    }
    return all;
  }

  test('is followed at the distance of the soak time', () => {
    expect(new Set(lags(30, 30))).toEqual(new Set([30]));
    expect(new Set(lags(0, 30))).toEqual(new Set([0]));
  });

  test('of more than can be kept, those in between are let go; nobody starves, and nobody goes back', () => {
    for (const soak of [30, 240, 1440]) {
      const far = lags(soak, 1440);
      expect(Math.max(...far)).toBeLessThan(soak * 1.4);
      expect(Math.min(...far)).toBeGreaterThanOrEqual(soak);
    }
  });

  test('each that may be taken has a number of its own', () => {
    let so: Standing = { applied: [] };
    for (let now = 0; now < 300; now += 5) {
      so = afterRun(so, run(`${now} R${now}`), 60 * minute);
      const slots = so.applied.flatMap(({ slot }) => (slot === undefined ? [] : [slot]));
      expect(new Set(slots).size).toBe(slots.length);
      expect(Math.max(...slots)).toBeLessThan(24);
    }
  });
});

test('soak times', () => {
  expect(['45s', '30m', '2h', '1d12h', '1w', '0s'].map((soak) => soakOf({ soak }) / 1000)).toEqual([
    45, 1800, 7200, 129_600, 604_800, 0,
  ]);
  expect(soakOf({})).toBe(0);
});
