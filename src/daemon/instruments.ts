import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What is measured, by Flux's names where Flux has one (`gotk_reconcile_duration_seconds`, `gotk_suspend_status`, ...). */
export type Instruments = ReturnType<typeof createInstruments>;

const prefix = 'genesys_gitops_';

/** Flux's: ten from 10 ms to half an hour. */
const runBuckets = exponential(0.01, 1800, 10);
/** From a second to a week: a commit may have waited for a daemon that was down. */
const commitBuckets = [1, 2, 5, 10, 20, 30, 60, 120, 300, 900, 3600, 14_400, 86_400, 604_800];
/** From a change that is there at once to one that somebody should look at. */
const activationBuckets = [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 900, 3600];
const requestBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

/** Every label has few values: targets are the configuration's, routes are templates, reasons stand in a table. */
export function createInstruments() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const counter = <T extends string>(name: string, help: string, ...labelNames: T[]): Counter<T> =>
    new Counter({ name: prefix + name, help, labelNames, registers });
  const gauge = <T extends string>(name: string, help: string, ...labelNames: T[]): Gauge<T> =>
    new Gauge({ name: prefix + name, help, labelNames, registers });
  const histogram = <T extends string>(name: string, help: string, buckets: number[], ...labelNames: T[]) =>
    new Histogram({ name: prefix + name, help, buckets, labelNames, registers });
  return {
    registry,
    build: gauge('build_info', 'The version that runs, and its Node.', 'version', 'node'),

    runSeconds: histogram('reconcile_duration_seconds', 'How long a run took.', runBuckets, 'target', 'status'),
    runs: counter('reconcile_total', 'Runs, by what they came to.', 'target', 'status', 'reason'),
    ready: gauge('reconcile_condition', 'The condition of a target; 1 where it is so.', 'target', 'type', 'status'),
    suspended: gauge('suspend_status', '1 while the whole target is suspended.', 'target'),
    lastAttempt: gauge('last_attempt_timestamp_seconds', 'When a run last ended.', 'target'),
    lastSuccess: gauge('last_success_timestamp_seconds', 'When live state last equalled desired state.', 'target'),
    failures: gauge('consecutive_failures', 'Failed runs since the last one that did not.', 'target'),
    planned: gauge('planned_changes', 'Changes in the last plan.', 'target', 'action'),
    held: gauge('held_changes', 'Changes that the last plan held back.', 'target', 'reason'),
    drifted: gauge('drifted_objects', 'Objects that the last plan found changed without a commit.', 'target'),
    changes: counter('changes_total', 'Changes, by what became of them.', 'target', 'action', 'status'),
    commitSeconds: histogram(
      'commit_to_applied_seconds',
      "From the committer's date to the change in Genesys.",
      commitBuckets,
      'target',
    ),

    activationSeconds: histogram(
      'activation_seconds',
      'From the first write of a run until all that it changed was seen in force.',
      activationBuckets,
      'target',
    ),

    auditedChanges: counter('audited_changes_total', 'Changes, by what the audit log says of them.', 'target', 'match'),
    auditWaiting: gauge('audit_oldest_waiting_seconds', 'How long the oldest write waits for its record.', 'target'),
    auditFailures: counter('audit_failures_total', 'Looks at the audit log that failed.', 'target'),
    strangers: counter('other_process_records_total', 'Audit records of others that use our client.', 'target'),

    requests: counter('requests_total', 'Requests to Genesys.', 'target', 'method', 'route', 'status'),
    requestSeconds: histogram('request_duration_seconds', 'How long Genesys took.', requestBuckets, 'target'),
    tokens: counter('token_requests_total', 'Tokens that were got.', 'target'),
    retries: counter('request_retries_total', 'Requests that were tried again.', 'target'),
    rateLimited: counter('rate_limited_total', 'Answers with status 429.', 'target'),
    throttled: counter('throttled_seconds_total', 'Time for which requests were held back.', 'target'),
    allowed: gauge('rate_budget_allowed', 'Requests that Genesys allows in this window.', 'target'),
    left: gauge('rate_budget_left', 'Requests that are left of them.', 'target'),
    circuit: gauge('circuit_state', 'Whether requests pass; 1 where it is so.', 'target', 'state'),

    polls: counter('source_polls_total', 'Looks for a new revision.', 'result'),
    lastPoll: gauge('source_last_success_timestamp_seconds', 'When the source last answered.'),
    reloads: counter('config_reloads_total', 'Changed configurations, by what became of them.', 'result'),
    reloadWell: gauge('config_last_reload_successful', '0 while the file holds a configuration that was refused.'),
    lastReload: gauge('config_last_reload_success_timestamp_seconds', 'When a configuration was last taken into use.'),
  };
}

function exponential(from: number, to: number, count: number): number[] {
  const factor = (to / from) ** (1 / (count - 1));
  return Array.from({ length: count }, (_, i) => Number((from * factor ** i).toPrecision(4)));
}
