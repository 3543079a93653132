import { existsSync } from 'node:fs';
import type { App } from '../app.ts';
import type { TargetConfig } from '../model/daemon-config.ts';
import { Failure } from '../model/failure.ts';
import { silent } from '../model/log.ts';
import type { Problem } from '../model/problem.ts';
import { kinds } from '../objects/kinds.ts';
import type { ExportReport } from '../reconcile/export.ts';
import { environmentNames, openSource, resolve, writeDocuments } from '../source/index.ts';

export interface CheckReport {
  /** How many resources there are, in the environment that has most of them. */
  resources: number;
  environments: string[];
  problems: Problem[];
  warnings: Problem[];
}

/** The documents of a folder as one environment reads them, or as each does; the same problem is told once. */
export async function checkRepository(folder: string, environment: string | undefined): Promise<CheckReport> {
  if (!existsSync(folder)) throw new Failure('ConfigurationInvalid', `there is no folder ${folder}`);
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
  const { exportObjects } = await import('../reconcile/export.ts');
  const { documents, ...rest } = await exportObjects(engine);
  return { ...rest, files: writeDocuments(documents.map(({ document, handle }) => ({ ...document, handle }))) };
}
