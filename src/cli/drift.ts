import path from 'node:path';
import { driftOf } from '../app/drift.ts';
import { patchOf } from '../app/drift-patch.ts';
import { Waiting } from '../app/follow.ts';
import type { App } from '../app.ts';
import type { TargetConfig } from '../model/daemon-config.ts';
import { type DriftResult, driftJson, driftLines, unwrittenLine } from './drift-report.ts';
import { type ExitCode, exit, exitOf, Refusal, worst } from './exit.ts';
import { progressLine } from './progress.ts';
import { renderError } from './report.ts';
import { complain, onlyTarget, openSession, print, printReport, type SessionOptions, stdoutPaint } from './session.ts';
import { plain, safe, safeLines } from './text.ts';

export interface DriftOptions extends SessionOptions {
  output: 'text' | 'json';
  only?: string[];
  revision?: string;
  asPatch?: boolean;
  inEnvironment?: boolean;
}

/** What was changed without a commit, by whom; or the edits that accept it. Never writes, neither to Genesys nor to the journal. */
export async function driftCommand(options: DriftOptions): Promise<ExitCode> {
  const { app, targets } = await openSession(options, { readOnly: true, role: 'drift' });
  try {
    if (app.withoutInventory) {
      throw new Refusal(
        'no journal is there yet, so nothing is known of what was applied, and nothing can be told to have drifted',
      );
    }
    if (options.asPatch === true)
      return await printPatch(app, onlyTarget(targets, 'a patch is for one target'), options);
    const results = await Promise.all(targets.map((target) => ask(app, target, options)));
    if (options.output === 'json') print(driftJson(results));
    else printReport(driftLines(results, stdoutPaint()), 'text');
    return worst(results.map(codeOf));
  } finally {
    await app.close();
  }
}

async function ask(app: App, target: TargetConfig, options: DriftOptions): Promise<DriftResult> {
  const { only, revision } = options;
  const line = progressLine(options.output);
  try {
    const drift = await driftOf(app, target, {
      looked: line.looked,
      ...(only === undefined ? {} : { only }),
      ...(revision === undefined ? {} : { revision }),
    });
    return { target: target.name, drift };
  } catch (error) {
    return { target: target.name, error };
  } finally {
    line.clear();
  }
}

function codeOf(result: DriftResult): ExitCode {
  if ('drift' in result) {
    const { report, drifted } = result.drift;
    // What cannot be planned may have drifted as well.
    if (report.plan.problems.length > 0) return exit.failed;
    return drifted.length > 0 ? exit.changes : exit.ok;
  }
  // A target that waits for another has nothing yet that could have moved.
  return result.error instanceof Waiting ? exit.ok : exitOf(result.error);
}

/** The patch alone on stdout, so that it can be piped into `git apply`; all else on stderr. */
async function printPatch(app: App, target: TargetConfig, options: DriftOptions): Promise<ExitCode> {
  const result = await ask(app, target, options);
  if ('error' in result) {
    complain(renderError(target.name, result.error, plain));
    return exitOf(result.error);
  }
  const { patch, unwritten, notes } = await patchOf(app, target, result.drift, {
    folder: folderOf(app, options),
    inEnvironment: options.inEnvironment === true,
  });
  // A terminal obeys what may stand in a live template; a pipe gets the patch as it is.
  if (patch !== '') process.stdout.write(process.stdout.isTTY ? safeLines(patch) : patch);
  for (const one of unwritten) complain(unwrittenLine(one));
  const { plan, followed } = result.drift.report;
  if (followed !== undefined && patch !== '') {
    complain(`note: the patch is for ${safe(plan.revision)}, which ${safe(target.name)} is to run by now`);
  }
  for (const note of notes) complain(`note: ${safe(note)}`);
  if (patch === '' && unwritten.length === 0) complain(`nothing drifted in ${safe(target.name)}`);
  const { problems } = plan;
  for (const { resource = '', message, place } of problems.map(result.drift.report.locate)) {
    complain(unwrittenLine({ resource, why: message, ...(place === undefined ? {} : { place }) }));
  }
  return unwritten.length + problems.length > 0 ? exit.failed : exit.ok;
}

/** The folder that is read, where it is one: patches tell its files from the root of the repository that holds it. */
function folderOf({ config: { source } }: App, options: DriftOptions): string | undefined {
  if (options.source !== undefined) return path.resolve(options.source);
  return 'path' in source ? path.resolve(path.dirname(options.config), source.path) : undefined;
}
