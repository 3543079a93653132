import type { Clock } from '../model/clock.ts';
import type { Failure } from '../model/failure.ts';
import type { RequestSeen } from '../model/http.ts';
import type { Outcome, Plan } from '../model/plan.ts';
import { createInstruments, type Instruments } from './instruments.ts';
import type { RunEnd } from './types.ts';

/** What a client counted since it was made. */
export interface ClientNumbers {
  tokens: number;
  retries: number;
  rateLimited: number;
  throttledMs: number;
  budget?: { allowed?: number; left?: number };
  circuit?: 'closed' | 'open' | 'probing';
}

/** What one look at the audit log came to. */
export interface AuditNumbers {
  matched: number;
  ambiguous: number;
  unmatched: number;
  /** Records of another process with our client. */
  strangers: number;
  /** ISO 8601: since when the oldest write waits. */
  oldest?: string;
  failure?: Failure;
}

export interface Metrics {
  ran(target: string, end: RunEnd, seconds: number, plan: Plan | undefined): void;
  /** One change, at the moment when its fate is known. */
  changed(target: string, outcome: Outcome): void;
  requested(target: string, seen: RequestSeen): void;
  polled(result: 'new' | 'unchanged' | 'failed'): void;
  reloaded(result: 'applied' | 'refused' | 'reverted'): void;
  suspended(target: string, is: boolean): void;
  /** The targets from now on, and where their clients' numbers are; what was of others is forgotten. */
  serve(targets: readonly string[], numbers: (target: string) => ClientNumbers | undefined): Promise<void>;
  /** One look at the audit log; undefined where it is not to be asked. */
  audited(target: string, report: AuditNumbers | undefined, at: Date): void;
  read(): Promise<{ type: string; text: string }>;
}

const states = ['closed', 'open', 'probing'] as const;
const conditions = ['True', 'False', 'Unknown'] as const;
const counted = [
  ['tokens', 1],
  ['retries', 1],
  ['rateLimited', 1],
  ['throttled', 1000],
] as const;

export function createMetrics(build: { version: string; node: string }, clock: Clock): Metrics {
  const all = createInstruments();
  const seconds = (): number => clock.now().getTime() / 1000;
  let targets: readonly string[] = [];
  let numbersOf: (target: string) => ClientNumbers | undefined = () => undefined;
  /** What was counted of each client already: a new one begins at nothing. */
  let seen = new Map<string, number>();
  const reasons = new Map<string, Set<string>>();
  all.build.set(build, 1);
  all.reloadWell.set(1);
  all.lastReload.set(seconds());

  const condition = (target: string, now: (typeof conditions)[number]): void => {
    for (const status of conditions) all.ready.set({ target, type: 'Ready', status }, status === now ? 1 : 0);
  };

  function collect(): void {
    for (const target of targets) {
      const numbers = numbersOf(target);
      if (numbers === undefined) continue;
      for (const [name, unit] of counted) {
        const key = `${target} ${name}`;
        const total = (name === 'throttled' ? numbers.throttledMs : numbers[name]) / unit;
        all[name].inc({ target }, Math.max(0, total - (seen.get(key) ?? 0)));
        seen.set(key, total);
      }
      const { allowed, left } = numbers.budget ?? {};
      if (allowed !== undefined) all.allowed.set({ target }, allowed);
      if (left !== undefined) all.left.set({ target }, left);
      for (const state of states) all.circuit.set({ target, state }, state === (numbers.circuit ?? 'closed') ? 1 : 0);
    }
  }

  return {
    ran(target, end, took, plan) {
      const { status, reason, activationMs } = end;
      all.runSeconds.observe({ target, status }, took);
      all.runs.inc({ target, status, reason });
      // Neither a daemon that stands by nor one that stops has failed at anything.
      if (reason === 'LeaseHeld' || reason === 'Interrupted') return;
      all.lastAttempt.set({ target }, seconds());
      // A target that never worked is there with 0: an alert on what is missing would never ring.
      if (status === 'succeeded') all.lastSuccess.set({ target }, seconds());
      else all.lastSuccess.inc({ target }, 0);
      if (status === 'failed' || status === 'unreachable') all.failures.inc({ target });
      else all.failures.set({ target }, 0);
      condition(target, status === 'succeeded' ? 'True' : 'False');
      if (activationMs !== undefined) all.activationSeconds.observe({ target }, activationMs / 1000);
      if (plan !== undefined) planned(all, target, plan, reasons);
    },
    changed(target, { action, status, cause, commit }) {
      all.changes.inc({ target, action, status });
      if (status !== 'applied' || commit === undefined || cause === 'drift') return;
      const waited = seconds() - new Date(commit.at).getTime() / 1000;
      // A date that nobody can read is no figure.
      if (Number.isFinite(waited)) all.commitSeconds.observe({ target }, Math.max(0, waited));
    },
    requested(target, { method, pathTemplate, status, durationMs }) {
      all.requests.inc({ target, method, route: pathTemplate, status });
      all.requestSeconds.observe({ target }, durationMs / 1000);
    },
    polled(result) {
      all.polls.inc({ result });
      if (result !== 'failed') all.lastPoll.set(seconds());
    },
    reloaded(result) {
      all.reloads.inc({ result });
      all.reloadWell.set(result === 'refused' ? 0 : 1);
      if (result === 'applied') all.lastReload.set(seconds());
    },
    suspended(target, is) {
      all.suspended.set({ target }, is ? 1 : 0);
    },
    audited(target, report, at) {
      if (report === undefined) return;
      for (const match of ['matched', 'ambiguous', 'unmatched'] as const) {
        all.auditedChanges.inc({ target, match }, report[match]);
      }
      all.strangers.inc({ target }, report.strangers);
      all.auditFailures.inc({ target }, report.failure === undefined ? 0 : 1);
      const since = report.oldest === undefined ? at.getTime() : Date.parse(report.oldest);
      all.auditWaiting.set({ target }, Math.max(0, at.getTime() - since) / 1000);
    },
    async serve(names, numbers) {
      collect();
      const gone = targets.filter((name) => !names.includes(name));
      const fresh = names.filter((name) => !targets.includes(name));
      targets = [...names];
      numbersOf = numbers;
      seen = new Map();
      for (const target of gone) await forget(all, target);
      for (const target of fresh) {
        condition(target, 'Unknown');
        all.failures.set({ target }, 0);
        all.suspended.set({ target }, 0);
      }
    },
    async read() {
      collect();
      return { type: all.registry.contentType, text: await all.registry.metrics() };
    },
  };
}

/** `reasons`: those that the last plan held by; ones that it no longer has are dropped. */
function planned(all: Instruments, target: string, { changes, held }: Plan, reasons: Map<string, Set<string>>): void {
  for (const action of ['create', 'update', 'delete'] as const) {
    all.planned.set({ target, action }, changes.filter((change) => change.action === action).length);
  }
  const drifted = [...changes, ...held].filter(({ cause }) => cause === 'drift' || cause === 'both');
  all.drifted.set({ target }, drifted.length);
  for (const reason of reasons.get(target) ?? []) all.held.remove({ target, reason });
  for (const { reason } of held) all.held.inc({ target, reason });
  reasons.set(target, new Set(held.map(({ reason }) => reason)));
}

/** Whatever is labelled with this target. */
async function forget({ registry }: Instruments, target: string): Promise<void> {
  for (const metric of registry.getMetricsAsArray()) await drop(metric as unknown as Labelled, target);
}

interface Labelled {
  get(): Promise<{ values: { labels: object }[] }>;
  remove(labels: object): void;
}

async function drop(metric: Labelled, target: string): Promise<void> {
  for (const { labels } of (await metric.get()).values) {
    const { le: _bucket, ...own } = labels as { target?: string; le?: unknown };
    if (own.target === target) metric.remove(own);
  }
}
