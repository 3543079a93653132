import { expect, test } from 'vitest';
import { fakeClock } from '../../test/support/clock.ts';
import type { Outcome, Plan } from '../model/plan.ts';
import { createMetrics } from './metrics.ts';

const commit = {
  sha: 'a'.repeat(40),
  author: { name: 'A', email: 'a@example.com' },
  committer: { name: 'A', email: 'a@example.com' },
  at: '2026-01-01T00:00:00Z',
  message: 'x',
};
const outcome: Outcome = {
  kind: 'K',
  name: 'n',
  action: 'update',
  object: { type: 't', key: 'k' },
  status: 'applied',
  cause: 'commit',
  commit,
  receipt: { requests: [] },
};
const change = { kind: 'K', name: 'n', object: { type: 't', key: 'k' }, fields: [] };
const plan = (part: Partial<Plan>): Plan => ({
  target: 'a',
  organization: { id: 'o', name: 'O' },
  revision: 'r',
  changes: [],
  held: [],
  unchanged: [],
  problems: [],
  warnings: [],
  ...part,
});

async function world() {
  const clock = fakeClock('2026-01-01T00:00:20Z');
  const metrics = createMetrics({ version: '1.2.3', node: 'v26' }, clock);
  const lines = async (name: string): Promise<string[]> =>
    (await metrics.read()).text
      .split('\n')
      .filter((line) => line.startsWith(`genesys_gitops_${name}`))
      .map((line) => line.slice('genesys_gitops_'.length));
  return { clock, metrics, lines };
}

test('a run: its duration and end, the condition, what was planned, held and drifted', async () => {
  const { metrics, lines } = await world();
  await metrics.serve(['a'], () => undefined);
  expect(await lines('reconcile_condition{target="a",type="Ready",status="Unknown"}')).toEqual([
    'reconcile_condition{target="a",type="Ready",status="Unknown"} 1',
  ]);
  const first = plan({
    changes: [{ ...change, action: 'update', cause: 'drift' }],
    held: [{ ...change, action: 'delete', cause: 'commit', reason: 'PruneDisabled', message: '' }],
  });
  metrics.ran('a', { status: 'failed', reason: 'ReconciliationFailed' }, 0.02, first);
  metrics.ran('a', { status: 'failed', reason: 'ReconciliationFailed' }, 1, first);
  expect(await lines('consecutive_failures')).toEqual(['consecutive_failures{target="a"} 2']);
  expect(await lines('held_changes')).toEqual(['held_changes{target="a",reason="PruneDisabled"} 1']);
  expect(await lines('drifted')).toEqual(['drifted_objects{target="a"} 1']);
  expect(await lines('planned')).toContain('planned_changes{target="a",action="update"} 1');
  expect(await lines('reconcile_total')).toEqual([
    'reconcile_total{target="a",status="failed",reason="ReconciliationFailed"} 2',
  ]);

  metrics.ran('a', { status: 'succeeded', reason: 'ReconciliationSucceeded' }, 1, plan({}));
  expect(await lines('consecutive_failures')).toEqual(['consecutive_failures{target="a"} 0']);
  expect(await lines('held_changes')).toEqual([]);
  expect(await lines('last_success')).toEqual(['last_success_timestamp_seconds{target="a"} 1767225620']);
  expect(await lines('reconcile_condition{target="a",type="Ready",status="True"}')).toEqual([
    'reconcile_condition{target="a",type="Ready",status="True"} 1',
  ]);
});

test("a run's buckets are Flux's: ten from 10 ms to half an hour", async () => {
  const { metrics, lines } = await world();
  metrics.ran('a', { status: 'succeeded', reason: 'ReconciliationSucceeded' }, 1, undefined);
  const bounds = (await lines('reconcile_duration_seconds_bucket')).map((line) => /le="([^"]+)"/.exec(line)![1]);
  expect([bounds.length, bounds[0], bounds.at(-2), bounds.at(-1)]).toEqual([11, '0.01', '1800', '+Inf']);
});

test('standing by for another daemon is no failure', async () => {
  const { metrics, lines } = await world();
  await metrics.serve(['a'], () => undefined);
  metrics.ran('a', { status: 'held', reason: 'LeaseHeld' }, 0.01, undefined);
  metrics.ran('a', { status: 'failed', reason: 'Interrupted' }, 0.01, undefined);
  expect(await lines('consecutive_failures')).toEqual(['consecutive_failures{target="a"} 0']);
  expect(await lines('last_attempt')).not.toContainEqual(expect.stringContaining('target'));
});

test('from commit to applied; drift has no commit to count from', async () => {
  const { metrics, lines } = await world();
  metrics.changed('a', outcome);
  metrics.changed('a', { ...outcome, cause: 'drift' });
  metrics.changed('a', { ...outcome, status: 'failed' });
  expect(await lines('commit_to_applied_seconds_sum')).toEqual(['commit_to_applied_seconds_sum{target="a"} 20']);
  expect(await lines('commit_to_applied_seconds_count')).toEqual(['commit_to_applied_seconds_count{target="a"} 1']);
  expect(await lines('changes_total')).toHaveLength(2);
});

test("a client's numbers only grow, also where a new client begins at nothing", async () => {
  const { metrics, lines } = await world();
  const client = (throttledMs: number) => () => ({
    tokens: 1,
    retries: 0,
    rateLimited: 2,
    throttledMs,
    budget: { allowed: 300, left: 120 },
    circuit: 'open' as const,
  });
  await metrics.serve(['a'], client(1500));
  expect(await lines('throttled')).toEqual(['throttled_seconds_total{target="a"} 1.5']);
  expect(await lines('throttled')).toEqual(['throttled_seconds_total{target="a"} 1.5']);
  expect(await lines('rate_budget_left')).toEqual(['rate_budget_left{target="a"} 120']);
  expect(await lines('circuit_state')).toContain('circuit_state{target="a",state="open"} 1');
  await metrics.serve(['a'], client(500));
  expect(await lines('throttled')).toEqual(['throttled_seconds_total{target="a"} 2']);
});

test('nothing of a target that left the configuration is told any more', async () => {
  const { metrics } = await world();
  for (const target of ['a', 'b']) {
    metrics.ran(target, { status: 'succeeded', reason: 'ReconciliationSucceeded' }, 1, plan({ target }));
    metrics.requested(target, { method: 'GET', pathTemplate: '/x/{id}', status: 200, durationMs: 5 });
    metrics.changed(target, outcome);
  }
  await metrics.serve(['a', 'b'], () => undefined);
  await metrics.serve(['b'], () => undefined);
  const { text } = await metrics.read();
  expect(text).not.toContain('target="a"');
  expect(text).toContain('genesys_gitops_requests_total{target="b",method="GET",route="/x/{id}",status="200"} 1');
  expect(text).toContain('genesys_gitops_build_info{version="1.2.3",node="v26"} 1');
  expect(text).toContain('nodejs_eventloop_lag_seconds');
});

test('how long changes took to come into force', async () => {
  const { metrics, lines } = await world();
  await metrics.serve(['a'], () => undefined);
  const well = { status: 'succeeded', reason: 'ReconciliationSucceeded' } as const;
  metrics.ran('a', well, 1, plan({}));
  expect(await lines('activation_seconds_count')).toEqual([]);
  metrics.ran('a', { ...well, activationMs: 2_300 }, 3, plan({}));
  expect(await lines('activation_seconds_sum')).toEqual(['activation_seconds_sum{target="a"} 2.3']);
  expect(await lines('activation_seconds_bucket{le="5"')).toEqual(['activation_seconds_bucket{le="5",target="a"} 1']);
});
