import { existsSync } from 'node:fs';
import path from 'node:path';
import { InvalidSnapshot, recordFailure } from './app/failed-run.ts';
import { Waiting } from './app/follow.ts';
import { type Followed, follow, keepForFollowing } from './app/follow-facts.ts';
import { inFull, waitsFor } from './app/follow-words.ts';
import { createMatching } from './app/matching.ts';
import { pastOf, sharedHistory } from './app/past.ts';
import { createReadings, optionsOf } from './app/readings.ts';
import { type OpenTarget, openTarget } from './app/target.ts';
import { thisProcess } from './app/this-process.ts';
import type { RelatedRecord, RoundReport, RoundWish } from './audit/index.ts';
import type { ClientStats } from './genesys/index.ts';
import { type Clock, systemClock } from './model/clock.ts';
import type { DaemonConfig, TargetConfig } from './model/daemon-config.ts';
import { asFailure, Failure } from './model/failure.ts';
import type { RequestSeen } from './model/http.ts';
import type { Journal } from './model/journal.ts';
import { type Log, silent } from './model/log.ts';
import type { Warning } from './model/plan.ts';
import type { Problem } from './model/problem.ts';
import type { Desired, ResourceId } from './model/resource.ts';
import { didYouMean } from './model/suggest.ts';
import { surfaces } from './objects/surfaces/index.ts';
import type { RunOptions, RunReport } from './reconcile/run.ts';
import { loadDaemonConfig as loadConfig, locate, openSource, readSecret, type Source } from './source/index.ts';

export interface AppOptions {
  config: DaemonConfig;
  /** The daemon's file: relative paths in it are relative to it. */
  file: string;
  log: Log;
  clock?: Clock;
  env?: Record<string, string | undefined>;
  signal?: AbortSignal;
  /** Read-only commands: the journal is read where there is one, and never made. */
  readOnly?: boolean;
  /** A folder in the place of the configured source. */
  sourcePath?: string;
  /** What the process is, for others that want to write meanwhile: `daemon`, `apply`. */
  role?: string;
  /** Told of each try of each request, by target. */
  onRequest?(target: string, seen: RequestSeen): void;
}

/** One daemon's worth of wiring: source, journal, and an engine for each target. */
export interface App {
  config: DaemonConfig;
  source: Source;
  journal: Journal;
  /** True where no journal was there to read: then nothing is known of what this tool made. */
  withoutInventory: boolean;
  /** Connects to a target's organisation, checks that it is the right one, and answers its engine. */
  connect(target: TargetConfig): Promise<OpenTarget>;
  /** How a target reads a revision. Throws where a variable of its own has no value. */
  reads(target: TargetConfig): ReturnType<typeof optionsOf>;
  /** What a target that follows another is to run on now; undefined for others. */
  follow(target: TargetConfig): Promise<Followed | undefined>;
  /**
   * One run of one target on a revision (default: the newest, or what the target that it follows has made ready). Throws
   * `Waiting` where there is nothing to run on yet.
   */
  reconcile(target: TargetConfig, options: ReconcileOptions): Promise<TargetReport>;
  /**
   * One look at the audit log of a target's organisation: which records tell of what was written, and who moved what has
   * no name yet. Undefined where it is not to be asked. Throws where the target cannot be reached, or the journal fails.
   */
  matchAudits(target: TargetConfig, wish?: RoundWish): Promise<RoundReport | undefined>;
  /**
   * What one action caused in a target's organisation, by one of its audit records, as Genesys tells it; none where it
   * knows no such record, or is not to be asked. Throws where it cannot be asked.
   */
  relatedAudits(target: TargetConfig, auditId: string): Promise<RelatedRecord[]>;
  /** What a target's connection has cost so far, and how it is; undefined before it was connected. */
  stats(target: string): ClientStats | undefined;
  /** Drops all connections, also those that are only being made: what hangs ends. */
  disconnect(): void;
  close(): Promise<void>;
}

export interface ReconcileOptions extends RunOptions {
  revision?: string;
  /** Told of the revision as soon as it was read and found valid, before Genesys is asked. */
  resolved?(revision: string): void;
  /** Told when the run has to wait for another one in its organisation (false), and when its turn has come. */
  turn?(has: boolean): void;
}

export interface TargetReport extends RunReport {
  desired: Desired;
  /** The place of a problem that the planner found. */
  locate(problem: Problem): Problem;
  /** Requests to the API that the run took, every try counted. */
  requests: number;
  /** Where it was the target's own choice which revision of another's to take. */
  followed?: Followed;
}

export async function openApp(options: AppOptions): Promise<App> {
  const { openJournal } = await import('./journal/index.ts');
  const { config, log, clock = systemClock, env = process.env, readOnly = false } = options;
  const baseDir = path.dirname(path.resolve(options.file));
  const journalFile = config.journal.includes('://') ? config.journal : path.resolve(baseDir, config.journal);
  const withoutInventory = readOnly && !existsSync(journalFile);
  const journal = await openJournal(withoutInventory ? ':memory:' : journalFile, {
    clock,
    log,
    role: options.role,
    readOnly: readOnly && !withoutInventory,
  });
  const source = await openSource(options.sourcePath === undefined ? config.source : { path: options.sourcePath }, {
    baseDir: options.sourcePath === undefined ? baseDir : process.cwd(),
    cacheDir: path.join(path.dirname(journalFile), 'source'),
    log,
    clock,
    env,
    readSecret: (secret) => readSecret(secret, env),
    store: {
      get: (key) => journal.recall(key),
      put: (key, value) => journal.memorise(key, value),
    },
  });
  const clients = new Map<string, Promise<OpenTarget>>();
  const connected = new Map<string, OpenTarget>();
  const { lease, settle, activation } = config.waits ?? {};
  const waits = {
    ...(lease === undefined ? {} : { leaseMs: lease * 1000 }),
    ...(settle === undefined ? {} : { settleMs: settle * 1000 }),
    ...(activation === undefined ? {} : { activationMs: activation * 1000 }),
  };
  const closing = new AbortController();
  const holder = `${options.role ?? 'a command'}, ${thisProcess}`;

  const matching = createMatching({ config, env, journal, connect });

  function connect(target: TargetConfig): Promise<OpenTarget> {
    const known = clients.get(target.name);
    if (known !== undefined) return known;
    const made = openTarget(target, {
      journal,
      log,
      clock,
      env,
      baseDir,
      signal: options.signal,
      closing: closing.signal,
      holder,
      waits,
      onRequest: options.onRequest && ((seen) => options.onRequest?.(target.name, seen)),
      ...(matching.audit === undefined ? {} : { audit: matching.audit }),
    });
    clients.set(target.name, made);
    // A target that could not be reached is tried anew next time.
    made.then(
      (open) => connected.set(target.name, open),
      () => clients.delete(target.name),
    );
    return made;
  }

  /** One run at a time in an organisation, whichever target it is for: two would both create what neither has yet. */
  const turns = new Map<string, Promise<unknown>>();
  function inTurn<T>(organization: string, work: () => Promise<T>): Promise<T> {
    const turn = (turns.get(organization) ?? Promise.resolve()).then(work, work);
    turns.set(organization, turn);
    return turn;
  }

  const desiredFor = createReadings(source, env);
  const history = sharedHistory(source, clock);

  /** Runs of several targets that begin together are of one revision, and ask for it once. */
  let asking: Promise<string> | undefined;
  function head(): Promise<string> {
    asking ??= source.head().finally(() => {
      asking = undefined;
    });
    return asking;
  }

  /** A folder that somebody wants to see the plan of has no past at another target. */
  const isPreview = readOnly && options.sourcePath !== undefined;
  async function followed(target: TargetConfig): Promise<Followed | undefined> {
    return isPreview ? undefined : await follow(journal, target, config.targets, clock.now());
  }

  return {
    config,
    source,
    journal,
    withoutInventory,
    connect,
    reads: (target) => optionsOf(target, env),
    follow: followed,
    async reconcile(target, { revision, resolved: told, turn, ...runOptions }) {
      const attempted = { revision: revision ?? 'unknown' };
      try {
        const other = revision === undefined ? await followed(target) : undefined;
        if (other !== undefined && other.choice.revision === undefined) throw new Waiting(waitsFor(other, inFull)!);
        const desired = await desiredFor(target, revision ?? other?.choice.revision ?? (await head()));
        attempted.revision = desired.revision;
        if (desired.problems.length > 0) throw new InvalidSnapshot(desired);
        told?.(desired.revision);
        checkOnly(runOptions.only ?? [], desired);
        const { engine, requests, beginCount } = await connect(target);
        const { run } = await import('./reconcile/run.ts');
        turn?.(false);
        return await inTurn(engine.organization.id, async () => {
          turn?.(true);
          beginCount();
          // Who names a revision goes back to it; that is no force-push, and nothing for others to follow.
          const named = revision !== undefined && runOptions.trigger === 'apply';
          const past =
            runOptions.mode === 'apply'
              ? await pastOf(history, journal, target.name, { revision: desired.revision, named })
              : undefined;
          const placeOf: RunOptions['placeOf'] = (by, pointer) =>
            locate(desired, { code: 'schema', message: '', resource: by, pointer }).place;
          const more = { named, withoutInventory, placeOf, ...(past && { past }) };
          const report = await run(engine, desired, { ...runOptions, ...more });
          if (past !== undefined && runOptions.only === undefined) {
            await keepForFollowing(target, desired.revision, config.targets, { journal, source, log, clock });
          }
          const took = { requests: requests(), ...(other && { followed: other }) };
          const plan = { ...report.plan, warnings: report.plan.warnings.map((one) => placed(one, desired)) };
          return { ...report, plan, desired, locate: (problem) => locate(desired, problem), ...took };
        });
      } catch (error) {
        const failure = asFailure(error);
        // What ended before it was a run is told by `status` all the same.
        // A busy lease is no run: whoever waits for one asks every few seconds. Nor is to wait for another target.
        const isNone = failure.reason === 'LeaseHeld' || failure instanceof Waiting;
        if (runOptions.mode === 'apply' && !failure.detail.recorded && !isNone) {
          const recorded = recordFailure(journal, target.name, attempted.revision, failure, clock);
          // The journal's own failure says more than that it fails again.
          await recorded.catch((second) => Promise.reject(failure.reason === 'JournalUnavailable' ? failure : second));
        }
        throw error;
      }
    },
    matchAudits: matching.round,
    relatedAudits: matching.related,
    stats: (target) => connected.get(target)?.stats(),
    disconnect: () => closing.abort(),
    async close() {
      closing.abort();
      await Promise.allSettled(clients.values());
      await source.close();
      await journal.close();
    },
  };
}

/** A warning with its place, where it stands at one in a document. */
function placed(warning: Warning, desired: Desired): Warning {
  const { resource, pointer, ...told } = warning;
  if (resource === undefined || pointer === undefined) return warning;
  const { place } = locate(desired, { ...(told as Problem), resource, pointer });
  return { ...told, ...(place === undefined ? {} : { place }) };
}

/** The resources that `--only` names exist in this revision, or the nearest word is said. */
function checkOnly(only: readonly ResourceId[], desired: Desired): void {
  const known = desired.resources.map(({ kind, name }) => `${kind}/${name}`);
  const unknown = only.find((id) => !known.includes(id));
  if (unknown === undefined) return;
  const hint = didYouMean(unknown, known);
  throw new Failure('ReferenceNotFound', `--only ${unknown}: there is no such resource in this environment${hint}`);
}

export { runDaemon } from './app/daemon.ts';
export { InvalidSnapshot } from './app/failed-run.ts';
export { type CheckReport, checkForTargets, checkRepository, exportLive } from './app/repository.ts';
export type { RelatedRecord } from './audit/index.ts';
export { formatProblems } from './source/index.ts';

/** The daemon's file, checked against the surfaces that there are. */
export const loadDaemonConfig = (file: string): ReturnType<typeof loadConfig> => loadConfig(file, surfaces);

/** The log goes to stderr as JSON lines; results go to stdout. */
export async function makeLogger(level: string): Promise<Log> {
  if (level === 'silent') return silent;
  const { destination, pino } = await import('pino');
  const log: Log = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    destination({ fd: 2, sync: true }),
  );
  return log;
}

/** The small Genesys Cloud, loaded only where it is asked for. */
export const loadSandbox = (): Promise<typeof import('./sandbox/index.ts')> => import('./sandbox/index.ts');
