import { expect, test } from 'vitest';
import { candidatesOf } from '../src/app/daemon-follow.ts';
import { runner } from '../src/app/daemon-run.ts';
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
function world(answers: Answer[], reloaded = false) {
  const clock = fakeClock();
  const asked: (boolean | undefined)[] = [];
  const failed: Reason[] = [];
  const revisions = new Revisions();
  revisions.see('new');
  const app = {
    source: { head: async () => 'new', pin: async () => {} },
    journal: { memorise: async () => {} },
    reconcile: async (_target: unknown, { byHand }: { byHand?: boolean }) => {
      asked.push(byHand);
      const answer = answers.shift()!;
      if (answer instanceof Failure) throw answer;
      const plan = { changes: [], held: [], ...answer.plan };
      return { runId: 'r', status: 'succeeded', reason: 'ReconciliationSucceeded', outcomes: [], ...answer, plan };
    },
  } as unknown as App;
  const run = runner({ name: 'a' } as never, {
    app,
    revisions,
    candidates: candidatesOf({ name: 'a' } as never, { app, revisions, clock }),
    metrics: createMetrics({ version: '', node: '' }, clock),
    vitals: createVitals(() => 0),
    log: silent,
    known: () => {},
    waits: () => {},
    reloaded,
    failed: ({ reason }) => failed.push(reason),
  });
  return { run, asked, failed, revisions };
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
