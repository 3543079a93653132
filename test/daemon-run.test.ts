import { expect, test } from 'vitest';
import { candidatesOf } from '../src/app/daemon-follow.ts';
import { createPins } from '../src/app/daemon-pins.ts';
import { runner } from '../src/app/daemon-run.ts';
import { Waiting } from '../src/app/follow.ts';
import { type App, InvalidSnapshot, type TargetReport } from '../src/app.ts';
import { createMetrics, createVitals, Revisions, type RunEnd, type Wish } from '../src/daemon/index.ts';
import { Failure, type Reason } from '../src/model/failure.ts';
import { silent } from '../src/model/log.ts';
import type { Desired } from '../src/model/resource.ts';
import { fakeClock } from './support/clock.ts';

const hour = 3_600_000;
const byDefault: Wish = { trigger: 'schedule' };
type Answer = Failure | Partial<TargetReport>;

/** What a target's runs come to, where the app answers so; and what it was asked. */
function world(
  answers: Answer[],
  reloaded = false,
  { runs = [], waiting }: { runs?: object[]; waiting?: Waiting } = {},
) {
  const clock = fakeClock();
  const asked: (boolean | undefined)[] = [];
  const failed: Reason[] = [];
  const waited: string[] = [];
  const revisions = new Revisions();
  revisions.see('new');
  const app = {
    source: { head: async () => 'new', pin: async () => {} },
    journal: { memorise: async () => {}, runs: async () => runs },
    reconcile: async (_target: unknown, { byHand }: { byHand?: boolean }) => {
      asked.push(byHand);
      const answer = answers.shift()!;
      if (answer instanceof Failure) throw answer;
      const plan = { changes: [], held: [], ...answer.plan };
      return { runId: 'r', status: 'succeeded', reason: 'ReconciliationSucceeded', outcomes: [], ...answer, plan };
    },
  } as unknown as App;
  const metrics = createMetrics({ version: '', node: '' }, clock);
  const candidates = candidatesOf({ name: 'a' } as never, { app, revisions, clock });
  const run = runner({ name: 'a' } as never, {
    app,
    revisions,
    candidates: waiting === undefined ? candidates : { find: () => Promise.reject(waiting) },
    pins: createPins(app.source, silent),
    metrics,
    vitals: createVitals(() => 0),
    clock,
    log: silent,
    known: () => {},
    waits: (why) => waited.push(why),
    reloaded,
    failed: ({ reason }) => failed.push(reason),
  });
  return { run, asked, failed, waited, revisions, metrics };
}

async function again(answer: Answer): Promise<RunEnd['again']> {
  return (await world([answer]).run(byDefault)).again;
}

const outcome = (reason: Reason): Partial<TargetReport> => ({
  status: 'failed',
  reason: 'ReconciliationFailed',
  outcomes: [{ status: 'failed', reason } as TargetReport['outcomes'][number]],
});

test('every run that failed is followed up: soon where waiting mends it, else after an hour', async () => {
  for (const reason of ['NetworkError', 'LeaseLost', 'JournalUnavailable', 'AuthenticationFailed'] as const) {
    expect(await again(new Failure(reason, ''))).toEqual({});
  }
  expect(await again(new Failure('RateLimited', '', { after: 5_000 }))).toEqual({ after: 5_000 });
  for (const reason of ['PermissionMissing', 'Unexpected'] as const) {
    expect(await again(new Failure(reason, ''))).toEqual({ after: hour });
  }
  expect(await again(outcome('PermissionMissing'))).toEqual({ after: hour });
  expect(await again(outcome('DependencyNotReady'))).toEqual({});
  const held = { plan: { held: [{ reason: 'PermissionMissing' }] }, status: 'held', reason: 'PermissionMissing' };
  expect(await again(held as unknown as Answer)).toEqual({ after: hour });
  expect(await again({})).toBeUndefined();
});

test('what is held until a moment is followed up then, and not before', async () => {
  const at = (ms: number): string => new Date(fakeClock().now().getTime() + ms).toISOString();
  const held = (...entries: object[]): Answer =>
    ({ plan: { held: entries }, status: 'held', reason: 'DriftPaused' }) as unknown as Answer;
  const paused = (ms: number): object => ({ reason: 'DriftPaused', until: at(ms) });
  expect(await again(held(paused(600_000), paused(60_000)))).toEqual({ after: 60_100 });
  expect(await again(held(paused(2 * hour)))).toEqual({ after: hour });
  expect(await again(held(paused(60_000), { reason: 'Drifted' }))).toEqual({ after: 60_100 });
  expect(await again(held(paused(60_000), { reason: 'DependencyNotReady' }))).toEqual({});
});

test('where the last good revision ran in the place of another, whichever wants it sooner is heard', async () => {
  const instead = async (first: Failure, second: Answer): Promise<RunEnd['again']> => {
    const { run, revisions } = world([first, second]);
    revisions.worked('a', 'old');
    return (await run(byDefault)).again;
  };
  const bad = new InvalidSnapshot({ revision: 'new', problems: [] } as unknown as Desired);
  const away = new Failure('SourceUnavailable', '');
  expect(await instead(away, {})).toEqual({});
  expect(await instead(away, outcome('PermissionMissing'))).toEqual({});
  expect(await instead(bad, outcome('DependencyNotReady'))).toEqual({});
  expect(await instead(bad, {})).toEqual({ after: hour });
});

test('after a reload what stalled is tried, until a run came as far as that; a new process is no reload', async () => {
  const { run, asked, failed } = world([new Failure('NetworkError', ''), {}, {}], true);
  for (let i = 0; i < 3; i++) await run(byDefault);
  expect(asked).toEqual([true, true, undefined]);
  expect(failed).toEqual(['NetworkError']);
  const other = world([{}]);
  await other.run(byDefault);
  expect(other.asked).toEqual([undefined]);
});

test('how long a change took to come into force is told, also where an earlier run had written it; and of no other run', async () => {
  const record = { id: 'r', activationMs: 2_300 };
  expect((await world([{}], false, { runs: [record] }).run(byDefault)).activationMs).toBe(2_300);
  expect(
    (await world([{}], false, { runs: [{ ...record, id: 'other' }] }).run(byDefault)).activationMs,
  ).toBeUndefined();
  expect((await world([{}]).run(byDefault)).activationMs).toBeUndefined();
});

test('a target that waits for another: nothing ran, nothing failed, and it is said what for', async () => {
  const waiting = new Waiting('staging, to which nothing was applied yet');
  const { run, asked, failed, metrics, waited } = world([], false, { waiting });
  const end = await run(byDefault);
  expect(end).toMatchObject({ status: 'held', message: 'waits for staging, to which nothing was applied yet' });
  expect([end.again, asked, failed, waited]).toEqual([undefined, [], [], [end.message]]);
  expect((await metrics.read()).text).not.toContain('reconcile_total{');
});
