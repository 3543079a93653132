import { existsSync } from 'node:fs';
import path from 'node:path';
import type { App } from '../app.ts';
import type { DaemonConfig, TargetConfig } from '../model/daemon-config.ts';
import { Failure } from '../model/failure.ts';
import { silent } from '../model/log.ts';
import type { Problem } from '../model/problem.ts';
import { kinds } from '../objects/kinds.ts';
import type { ExportReport } from '../reconcile/export.ts';
import {
  environmentNames,
  openSource,
  type ResolveOptions,
  resolve,
  type Source,
  writeDocuments,
} from '../source/index.ts';
import { optionsOf } from './readings.ts';

type Snapshot = Awaited<ReturnType<Source['read']>>;
type FolderSource = Exclude<DaemonConfig['source'], { url: string }>;

export interface CheckReport {
  /** How many resources there are, in the environment that has most of them. */
  resources: number;
  environments: string[];
  problems: Problem[];
  warnings: Problem[];
}

type Reading = Omit<ResolveOptions, 'kinds'>;

/** The documents of a folder as one environment reads them, or as each does; the same problem is told once. */
export function checkRepository(folder: string, environment: string | undefined): Promise<CheckReport> {
  return check({ path: folder }, process.cwd(), async (snapshot) => {
    const names = environment === undefined ? await environmentNames(snapshot, kinds) : [environment];
    return names.length === 0 ? [{}] : names.map((name) => ({ environment: name }));
  });
}

/**
 * The same as targets of a daemon's file read them: with their variables, surfaces, grants and all that they allow. Of the
 * configured source where it is a folder, else of the current one; or of `folder`, whole.
 *
 * @throws Failure `ConfigurationInvalid` where a variable of a target has no value
 */
export async function checkForTargets(
  { config, file, folder }: { config: DaemonConfig; file: string; folder: string | undefined },
  targets: readonly TargetConfig[],
): Promise<CheckReport> {
  const readings = await Promise.all(targets.map((target) => optionsOf(target, process.env)));
  const { source } = config;
  const { directory } = source;
  const within = directory === undefined ? {} : { directory };
  if (folder !== undefined) return check({ path: folder }, process.cwd(), async () => readings);
  if ('url' in source) return check({ path: '.', ...within }, process.cwd(), async () => readings);
  return check(source, path.dirname(path.resolve(file)), async () => readings);
}

async function check(
  folder: FolderSource,
  baseDir: string,
  readingsOf: (snapshot: Snapshot) => Promise<Reading[]>,
): Promise<CheckReport> {
  const at = path.resolve(baseDir, folder.path);
  if (!existsSync(at)) throw new Failure('ConfigurationInvalid', `there is no folder ${folder.path}`);
  const secret = (): never => {
    throw new Failure('Unexpected', 'a folder needs no secret');
  };
  const source = await openSource(folder, { baseDir, cacheDir: '', log: silent, readSecret: secret });
  try {
    const snapshot = await source.read();
    const readings = await readingsOf(snapshot);
    const all = await Promise.all(readings.map((reading) => resolve(snapshot, { kinds, ...reading })));
    const unique = (problems: Problem[]): Problem[] => [
      ...new Map(
        problems.map((problem) => [JSON.stringify([problem.code, problem.message, problem.place]), problem]),
      ).values(),
    ];
    return {
      resources: Math.max(...all.map(({ resources }) => resources.length)),
      environments: [...new Set(readings.flatMap(({ environment }) => environment ?? []))],
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
  const { exportObjects } = await import('../reconcile/export.ts');
  const { documents, ...rest } = await exportObjects(engine);
  return { ...rest, files: writeDocuments(documents.map(({ document, handle }) => ({ ...document, handle }))) };
}
