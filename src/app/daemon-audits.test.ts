import { expect, test } from 'vitest';
import { fakeClock } from '../../test/support/clock.ts';
import type { App } from '../app.ts';
import type { RoundReport } from '../audit/index.ts';
import type { TargetConfig } from '../model/daemon-config.ts';
import { Failure } from '../model/failure.ts';
import { silent } from '../model/log.ts';
import { startRounds } from './daemon-audits.ts';

const quiet: RoundReport = { asked: false, matched: 0, ambiguous: 0, unmatched: 0, waiting: 0, strangers: 0 };

/** Rounds over one target, whose looks at the log are only counted. */
function rounds(audit: App['config']['audit'] = {}, look = async (): Promise<RoundReport> => quiet) {
  const clock = fakeClock();
  const began = clock.now().getTime();
  const at: number[] = [];
  const stop = new AbortController();
  const { wrote, ended } = startRounds({
    app: {
      config: { audit },
      matchAudits: () => {
        at.push((clock.now().getTime() - began) / 1000);
        return look();
      },
    } as unknown as App,
    targets: [{ name: 'test' } as TargetConfig],
    metrics: { audited: () => undefined },
    clock,
    log: silent,
    signal: stop.signal,
  });
  return { clock, at, stop, ended, wrote: () => wrote('test') };
}

test('soon after the start, then as often as configured; after a write sooner, and ever less', async () => {
  const { clock, at, wrote } = rounds({ every: '10m' });
  await clock.advance(1_206_000);
  expect(at.splice(0)).toEqual([5, 605, 1205]);
  wrote();
  wrote();
  await clock.advance(10_000);
  wrote();
  await clock.advance(790_000);
  expect(at).toEqual([1221, 1251, 1326, 1926]);
});

test('what fails is tried less and less often, and at once again when something is written', async () => {
  const { clock, at, wrote } = rounds({}, async () => ({ ...quiet, failure: new Failure('ServerError', 'no') }));
  await clock.advance(6 * 3_600_000);
  const pauses = at.slice(1).map((time, n) => time - at[n]!);
  expect(pauses).toEqual([600, 1200, 2400, 3600, 3600, 3600, 3600]);
  const before = at.length;
  wrote();
  await clock.advance(15_000);
  expect(at).toHaveLength(before + 1);
});

test('they end with the signal, and are never begun where the log is not to be asked', async () => {
  const { clock, at, stop, ended } = rounds({}, () => Promise.reject(new Error('no')));
  await clock.advance(6_000);
  stop.abort();
  await ended;
  expect(at).toHaveLength(1);
  const off = rounds({ enabled: false });
  await off.clock.advance(600_000);
  await off.ended;
  expect(off.at).toEqual([]);
});
