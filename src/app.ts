import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Clock, systemClock } from './model/clock.ts';
import type { DaemonConfig, TargetConfig } from './model/daemon-config.ts';
import { Failure } from './model/failure.ts';
import type { Reader } from './model/http.ts';
import type { Journal } from './model/journal.ts';
import { type Log, silent } from './model/log.ts';
import type { Problem } from './model/problem.ts';
import type { Desired, ResourceId } from './model/resource.ts';
import { createVault } from './model/seal.ts';
import { didYouMean } from './model/suggest.ts';
import { kinds, objectTypes } from './objects/index.ts';
import { type ExportReport, exportObjects } from './reconcile/export.ts';
import { type Engine, type RunOptions, type RunReport, run } from './reconcile/run.ts';
import {
  environmentNames,
  locate,
  openSource,
  readSecret,
  resolve,
  type Source,
  writeDocuments,
} from './source/index.ts';

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
}

/** One daemon's worth of wiring: source, journal, and an engine for each target. */
export interface App {
  config: DaemonConfig;
  source: Source;
  journal: Journal;
  /** True where no journal was there to read: then nothing is known of what this tool made. */
  withoutInventory: boolean;
  /** Connects to a target's organisation, checks that it is the right one, and answers its engine. */
  connect(target: TargetConfig): Promise<{ engine: Engine; requests(): number }>;
  /** One run of one target on a revision (default: the newest). */
  reconcile(target: TargetConfig, options: RunOptions & { revision?: string }): Promise<TargetReport>;
  close(): Promise<void>;
}

export interface TargetReport extends RunReport {
  desired: Desired;
  /** The place of a problem that the planner found. */
  locate(problem: Problem): Problem;
  /** Requests to the API that the run took, every try counted. */
  requests: number;
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
    readOnly: readOnly && !withoutInventory,
  });
  const source = await openSource(options.sourcePath === undefined ? config.source : { path: options.sourcePath }, {
    baseDir: options.sourcePath === undefined ? baseDir : process.cwd(),
    cacheDir: path.join(path.dirname(journalFile), 'source'),
    log,
    clock,
    env,
    readSecret: (secret) => readSecret(secret, env),
  });
  const clients = new Map<string, Promise<{ engine: Engine; requests(): number; close(): void }>>();

  function connect(target: TargetConfig): Promise<{ engine: Engine; requests(): number; close(): void }> {
    const known = clients.get(target.name);
    if (known !== undefined) return known;
    const made = openTarget(target, { journal, log, clock, env, baseDir, signal: options.signal });
    clients.set(target.name, made);
    // A target that could not be reached is tried anew next time.
    made.catch(() => clients.delete(target.name));
    return made;
  }

  /** A revision never changes, so what a target reads of it is resolved once: the newest, and the last good one. */
  const resolved = new Map<string, Desired[]>();
  async function desiredFor(target: TargetConfig, revision: string | undefined): Promise<Desired> {
    const wanted = revision ?? (await source.head());
    const before = resolved.get(target.name) ?? [];
    const known = before.find((one) => one.revision === wanted);
    if (known !== undefined) return known;
    const desired = await resolve(await source.read(wanted), {
      ...(target.environment === undefined ? {} : { environment: target.environment }),
      kinds,
      surfaces: target.surfaces ?? ['platform'],
      grants: Object.keys(target.secrets ?? {}),
    });
    resolved.set(target.name, [desired, ...before].slice(0, 2));
    return desired;
  }

  return {
    config,
    source,
    journal,
    withoutInventory,
    connect,
    async reconcile(target, { revision, ...runOptions }) {
      const desired = await desiredFor(target, revision);
      if (desired.problems.length > 0) throw new InvalidSnapshot(desired);
      checkOnly(runOptions.only ?? [], desired);
      const { engine, requests } = await connect(target);
      const before = requests();
      const report = await run(engine, desired, { ...runOptions, withoutInventory });
      return { ...report, desired, locate: (problem) => locate(desired, problem), requests: requests() - before };
    },
    async close() {
      for (const client of clients.values()) (await client.catch(() => undefined))?.close();
      await source.close();
      await journal.close();
    },
  };
}

/** Nothing of a revision with problems is planned or applied; its problems are for the config repository's authors. */
export class InvalidSnapshot extends Failure {
  readonly desired: Desired;

  constructor(desired: Desired) {
    super('ValidationFailed', `${desired.revision} has problems; nothing of it is applied`);
    this.desired = desired;
  }
}

interface TargetDeps {
  journal: Journal;
  log: Log;
  clock: Clock;
  env: Record<string, string | undefined>;
  baseDir: string;
  signal: AbortSignal | undefined;
}

async function openTarget(
  target: TargetConfig,
  { journal, log, clock, env, baseDir, signal }: TargetDeps,
): Promise<{ engine: Engine; requests(): number; close(): void }> {
  const { createClient } = await import('./genesys/index.ts');
  let organization: Engine['organization'] | undefined;
  const targetLog = log.child({ target: target.name });
  const clientId = typeof target.clientId === 'string' ? target.clientId : await readSecret(target.clientId, env);
  const client = createClient({
    region: target.region,
    apiUrl: target.apiUrl,
    loginUrl: target.loginUrl,
    clientId,
    clientSecret: () => readSecret(target.clientSecret, env),
    clock,
    log: targetLog,
    rateBudget: target.rateBudget,
    caFile: target.caFile === undefined ? undefined : path.resolve(baseDir, target.caFile),
    env,
    onToken: async (reader) => {
      organization = await rightOrganization(reader, target);
    },
  });
  try {
    await client.connect();
    const granted = Object.entries(target.secrets ?? {});
    const secrets = await Promise.all(
      granted.map(async ([name, from]) => [name, await readSecret(from, env)] as const),
    );
    const observing = target.policy?.mode === 'observe';
    const engine: Engine = {
      target: target.name,
      organization: organization!,
      kinds,
      types: objectTypes,
      reader: client.reader(),
      ...(observing ? {} : { writer: client.writer() }),
      journal,
      vault: createVault(journal.sealKey, Object.fromEntries(secrets)),
      policy: target.policy ?? {},
      ...(target.suspend === true ? { suspended: suspension(target) } : {}),
      clock,
      log,
      ...(signal === undefined ? {} : { signal }),
    };
    return { engine, requests: () => client.stats().requests + client.stats().tokens, close: () => client.close() };
  } catch (error) {
    client.close();
    throw error;
  }
}

function suspension({ name, suspendReason }: TargetConfig): string {
  return `target "${name}" is suspended${suspendReason === undefined ? '' : `: ${suspendReason}`}`;
}

/** The organisation behind a token, refused where it is another than the configuration names. */
async function rightOrganization(reader: Reader, target: TargetConfig): Promise<{ id: string; name: string }> {
  const { body } = await reader.get({ path: '/api/v2/organizations/me' });
  const { id, name } = body as { id: string; name: string };
  const wanted = target.organization;
  if (wanted !== undefined && wanted !== id && wanted !== name) {
    throw new Failure(
      'WrongOrganization',
      `target "${target.name}" is for the organisation "${wanted}", but its credentials belong to "${name}" (${id}); nothing was written`,
    );
  }
  return { id, name };
}

const defaultPoll = '*/30 * * * * *';
const defaultSchedule = '*/5 * * * *';
const defaultListen = '127.0.0.1:9464';

/** The daemon's loop over one app, until the signal aborts. */
export async function runDaemon(
  app: App,
  targets: readonly TargetConfig[],
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const { daemon, invalidSchedule, Revisions } = await import('./daemon/index.ts');
  const { source, config } = app;
  const revisions = new Revisions();

  const reconcile = async (target: TargetConfig): Promise<void> => {
    const known = revisions.candidates(target.name);
    // At a start without the remote, the revision that an earlier process read last is in force.
    const last = known.length > 0 ? undefined : ((await source.lastKnown()) ?? (await source.head()));
    for (const revision of last === undefined ? known : [last]) {
      try {
        await app.reconcile(target, { mode: 'apply', revision });
        revisions.worked(target.name, revision);
        return;
      } catch (error) {
        if (!(error instanceof InvalidSnapshot)) throw error;
        logRefused(log, target.name, error.desired);
      }
    }
  };
  const git = 'url' in config.source ? config.source : undefined;
  for (const expression of [git?.poll, ...targets.map(({ schedule }) => schedule)]) {
    const problem = expression === undefined ? undefined : invalidSchedule(expression);
    if (problem !== undefined) throw new Failure('ConfigurationInvalid', `${problem}; write it as "*/5 * * * *"`);
  }
  await daemon({
    targets: targets.map((target) => ({
      name: target.name,
      schedule: target.schedule ?? defaultSchedule,
      ...(target.timeZone === undefined ? {} : { timeZone: target.timeZone }),
      reconcile: () => reconcile(target),
    })),
    ...(git === undefined
      ? { watch: (onChange: () => void) => source.watch(onChange) }
      : { poll: git.poll ?? defaultPoll }),
    poller: async () => revisions.see(await source.head()),
    listen: config.listen ?? defaultListen,
    clock: systemClock,
    log,
    signal,
  });
}

function logRefused(log: Log, target: string, { revision, problems }: Desired): void {
  for (const { code, message, place } of problems) {
    log.error({ target, revision, code, detail: message, place }, 'problem in the config repository');
  }
  log.error({ target, revision, problems: problems.length }, 'revision refused, the last good one stays in force');
}

/** The resources that `--only` names exist in this revision, or the nearest word is said. */
function checkOnly(only: readonly ResourceId[], desired: Desired): void {
  const known = desired.resources.map(({ kind, name }) => `${kind}/${name}`);
  const unknown = only.find((id) => !known.includes(id));
  if (unknown === undefined) return;
  const hint = didYouMean(unknown, known);
  throw new Failure('ReferenceNotFound', `--only ${unknown}: there is no such resource in this environment${hint}`);
}

export { formatProblems, loadDaemonConfig } from './source/index.ts';

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

export interface CheckReport {
  /** How many resources there are, in the environment that has most of them. */
  resources: number;
  environments: string[];
  problems: Problem[];
  warnings: Problem[];
}

/** The documents of a folder as one environment reads them, or as each does; the same problem is told once. */
export async function checkRepository(folder: string, environment: string | undefined): Promise<CheckReport> {
  const secret = (): never => {
    throw new Failure('Unexpected', 'a folder needs no secret');
  };
  const source = await openSource(
    { path: folder },
    { baseDir: process.cwd(), cacheDir: '', log: silent, readSecret: secret },
  );
  try {
    const snapshot = await source.read();
    const environments = environment === undefined ? await environmentNames(snapshot, kinds) : [environment];
    const readings = environments.length === 0 ? [undefined] : environments;
    const all = await Promise.all(
      readings.map((name) => resolve(snapshot, { kinds, ...(name === undefined ? {} : { environment: name }) })),
    );
    const unique = (problems: Problem[]): Problem[] => [
      ...new Map(
        problems.map((problem) => [JSON.stringify([problem.code, problem.message, problem.place]), problem]),
      ).values(),
    ];
    return {
      resources: Math.max(...all.map(({ resources }) => resources.length)),
      environments,
      problems: unique(all.flatMap(({ problems }) => problems)),
      warnings: unique(all.flatMap(({ warnings }) => warnings)),
    };
  } finally {
    await source.close();
  }
}

/** What is live in a target's organisation, as files of a config repository by path. */
export async function exportLive(
  app: App,
  target: TargetConfig,
): Promise<Omit<ExportReport, 'documents'> & { files: Map<string, string> }> {
  const { engine } = await app.connect(target);
  const { documents, ...rest } = await exportObjects(engine);
  return { ...rest, files: writeDocuments(documents.map(({ document, handle }) => ({ ...document, handle }))) };
}

/** The small Genesys Cloud, loaded only where it is asked for. */
export const loadSandbox = (): Promise<typeof import('./sandbox/index.ts')> => import('./sandbox/index.ts');
