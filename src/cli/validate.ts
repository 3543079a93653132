import { type CheckReport, checkForTargets, checkRepository, formatProblems } from '../app.ts';
import type { Problem } from '../model/problem.ts';
import { type ExitCode, exit, Refusal } from './exit.ts';
import { chooseTargets, loadConfig, print, stdoutPaint, wantsColor } from './session.ts';
import { count, safe } from './text.ts';

export interface ValidateOptions {
  environment?: string;
  config?: string;
  target?: string[];
  output: 'text' | 'json';
}

/** The documents only, offline: as one environment reads them, or as each does, or as the targets of a daemon's file do. */
export async function validateCommand(path: string | undefined, options: ValidateOptions): Promise<ExitCode> {
  const { targets, resources, environments, problems, warnings } = await checked(path, options);
  const valid = problems.length === 0;
  if (options.output === 'json') {
    print(
      JSON.stringify(
        {
          ...{ valid, resources, environments },
          ...(targets === undefined ? {} : { targets }),
          ...{ problems: problems.map(bare), warnings: warnings.map(bare) },
        },
        null,
        2,
      ),
    );
    return valid ? exit.ok : exit.failed;
  }
  const paint = stdoutPaint();
  const all = [...warnings, ...problems];
  if (all.length > 0) print(`${formatProblems(all, { color: wantsColor() })}\n`);
  const names = targets ?? environments;
  const what = targets === undefined ? 'in' : 'for';
  const many = count(names.length, targets === undefined ? 'environment' : 'target');
  const where = names.length === 0 ? '' : ` ${what} ${many} (${safe(names.join(', '))})`;
  const verdict = valid ? paint('green', 'valid') : paint('red', count(problems.length, 'problem'));
  // What an environment that is not there holds is no finding.
  const missing = problems.some(({ code }) => code === 'environment-not-found');
  print(missing ? verdict : `${verdict}: ${count(resources, 'resource')}${where}`);
  if (targets === undefined && problems.some(({ code }) => code === 'undefined-variable')) print(variablesOfTargets);
  return valid ? exit.ok : exit.failed;
}

const variablesOfTargets =
  "What the targets of a daemon's file give as variables is not known here: `genesys-gitops validate -c FILE` reads with them.";

async function checked(
  path: string | undefined,
  { environment, config: file, target }: ValidateOptions,
): Promise<CheckReport & { targets?: string[] }> {
  if (file === undefined) {
    if (target !== undefined) throw new Refusal("--target needs the daemon's file: add -c genesys-gitops.yaml");
    return checkRepository(path ?? '.', environment);
  }
  if (environment !== undefined)
    throw new Refusal('with -c each target has its own environment: leave --environment out, or -c');
  const config = await loadConfig(file);
  const targets = chooseTargets(config.targets, target);
  const report = await checkForTargets({ config, file, folder: path }, targets);
  return { ...report, targets: targets.map(({ name }) => name) };
}

/** Without the lines of the file, which are for people. */
function bare({ code, message, place, resource }: Problem): object {
  return { code, message, ...(place === undefined ? {} : { place }), ...(resource === undefined ? {} : { resource }) };
}
