import type { DaemonBeat } from '../app/control.ts';
import { waitsFor } from '../app/follow-words.ts';
import type { Lease, RunRecord } from '../model/journal.ts';
import type { Commit, Outcome } from '../model/plan.ts';
import { briefly } from './briefly.ts';
import { type Condition, conditionsOf, telling, tellingRun } from './conditions.ts';
import { type ExitCode, exit } from './exit.ts';
import { type HeldGroup, heldGroups } from './held-groups.ts';
import { renderStatus } from './render-status.ts';
import { renderTargets } from './render-targets.ts';
import { openSession, print, type SessionOptions, stdoutPaint } from './session.ts';
import { type Facts, gatherFacts, type Stalled, type StandingSuspension } from './status-facts.ts';
import { terminalWidth } from './text.ts';

export interface StatusOptions extends SessionOptions {
  output: 'text' | 'json';
}

/** What `status --output json` prints for each target. Lists are there when they are empty, too. */
export interface TargetStatus {
  target: string;
  /** As the daemon's file calls them. */
  organization?: string;
  region?: string;
  conditions: Condition[];
  lastAttemptedRevision?: string;
  lastAppliedRevision?: string;
  /** Since when that revision has been the last applied one. */
  lastAppliedAt?: string;
  /** How long the last change took to come into force, of those that take their time; in milliseconds from the first write. */
  activationMs?: number;
  after?: FollowsStatus;
  lastRun?: RunRecord;
  lastChange?: {
    at: string;
    runId: string;
    revision: string;
    changes: Outcome[];
    commit?: Commit;
    activationMs?: number;
  };
  /** What the last run could not do. */
  failures: Outcome[];
  /** How many changes the last run held back; `held` names at most the first fifty. */
  heldTotal: number;
  held: HeldGroup[];
  approval?: string;
  suspended: StandingSuspension[];
  stalled: Stalled[];
  /** Daemons on this journal that gave a sign of life just now. */
  daemons: Pick<DaemonBeat, 'holder' | 'startedAt' | 'beatAt' | 'version'>[];
  nextRunAt?: string;
  nextPollAt?: string;
  /** Who may write to the organisation just now. */
  lease?: Pick<Lease, 'holder' | 'since' | 'expiresAt'>;
}

/** Of a target that follows another. */
export interface FollowsStatus {
  target: string;
  soak: string;
  /** In words; absent where it has all that it could have. */
  waitingFor?: string;
  /** When it takes the next revision, where that can be told. */
  readyAt?: string;
}

/** What the journal says of each target. Asks neither Genesys nor git. */
export async function statusCommand(options: StatusOptions): Promise<ExitCode> {
  const { app, targets } = await openSession(options, { readOnly: true, role: 'status' });
  try {
    const now = new Date();
    const names = app.config.targets.map(({ name }) => name);
    const all: TargetStatus[] = [];
    for (const target of targets) {
      all.push(statusOf(await gatherFacts(app, target, now), options.config, names));
    }
    if (options.output === 'json') print(JSON.stringify(all, null, 2));
    else {
      const how = { paint: stdoutPaint(), now, width: terminalWidth(process.stdout), config: options.config };
      const table = all.length > 1 ? [renderTargets(all, how)] : [];
      print([...table, ...all.map((one) => renderStatus(one, how))].join('\n\n'));
    }
    return exit.ok;
  } finally {
    await app.close();
  }
}

/** `targets`: the names of the configuration's. */
export function statusOf(facts: Facts, config: string, targets?: readonly string[]): TargetStatus {
  const { target, organization, region, runs, outcomes, lease, suspensions, stalled, daemons } = facts;
  const finished = telling(runs);
  const last = finished[0];
  // A run that ended before it had a plan changes nothing about what is held.
  const planned = finished.find(({ summary, partial }) => summary !== undefined && partial !== true);
  const attempted = tellingRun(finished)?.revision;
  const applied = appliedIn(finished);
  const activationMs = runs.find((run) => run.activationMs !== undefined)?.activationMs;
  const after = followsStatus(facts);
  const change = changeOf(facts);
  const nextRunAt = earliest(
    daemons.flatMap(({ targets }) => targets.flatMap(({ name, nextRunAt: at }) => (name === target && at ? [at] : []))),
  );
  const nextPollAt = earliest(daemons.flatMap(({ nextPollAt: at }) => at ?? []));
  return {
    target,
    ...(organization === undefined ? {} : { organization }),
    ...(region === undefined ? {} : { region }),
    conditions: conditionsOf(facts),
    ...(attempted === undefined ? {} : { lastAttemptedRevision: attempted }),
    ...applied,
    ...(activationMs === undefined ? {} : { activationMs }),
    ...(after === undefined ? {} : { after }),
    ...(last === undefined ? {} : { lastRun: last }),
    ...(change === undefined ? {} : { lastChange: change }),
    failures: outcomes.filter(({ status }) => status !== 'applied'),
    heldTotal: planned?.summary?.held ?? 0,
    held: heldGroups(planned, config, targets),
    ...(planned?.approval === undefined ? {} : { approval: planned.approval }),
    suspended: [...suspensions],
    stalled: [...stalled],
    daemons: daemons.map(({ holder, startedAt, beatAt, version }) => ({ holder, startedAt, beatAt, version })),
    ...(nextRunAt === undefined ? {} : { nextRunAt }),
    ...(nextPollAt === undefined ? {} : { nextPollAt }),
    ...(lease === undefined ? {} : { lease: { holder: lease.holder, since: lease.since, expiresAt: lease.expiresAt } }),
  };
}

/** The last revision that was applied whole, and since when no other was: `finished` comes newest first. */
function appliedIn(finished: readonly RunRecord[]): Pick<TargetStatus, 'lastAppliedRevision' | 'lastAppliedAt'> {
  const whole = finished.filter(({ status, partial }) => status === 'succeeded' && partial !== true);
  const revision = whole[0]?.revision;
  if (revision === undefined) return {};
  const other = whole.findIndex((run) => run.revision !== revision);
  const first = whole[other < 0 ? whole.length - 1 : other - 1]!;
  return { lastAppliedRevision: revision, lastAppliedAt: first.finishedAt ?? first.startedAt };
}

function followsStatus({ follows }: Facts): FollowsStatus | undefined {
  if (follows === undefined) return undefined;
  const { soak, followed, suspended } = follows;
  const { other, choice, standing } = followed;
  const waitingFor = [waitsFor(followed, briefly) ?? [], suspended ? `${other} is suspended` : []].flat().join('; ');
  const readyAt = standing.broken === undefined ? choice.next?.readyAt : undefined;
  return {
    target: other,
    soak,
    ...(waitingFor === '' ? {} : { waitingFor }),
    ...(readyAt === undefined ? {} : { readyAt }),
  };
}

function changeOf({ lastChange }: Facts): TargetStatus['lastChange'] {
  if (lastChange === undefined) return undefined;
  const { run, outcomes } = lastChange;
  const commits = outcomes.flatMap(({ commit }) => commit ?? []).sort((a, b) => (a.at < b.at ? 1 : -1));
  const at = run.finishedAt ?? run.startedAt;
  const commit = commits[0] === undefined ? {} : { commit: commits[0] };
  const active = run.activationMs === undefined ? {} : { activationMs: run.activationMs };
  return { at, runId: run.id, revision: run.revision, changes: [...outcomes], ...commit, ...active };
}

function earliest(times: readonly string[]): string | undefined {
  return [...times].sort()[0];
}
