import { checkRepository, formatProblems } from '../app.ts';
import type { Problem } from '../model/problem.ts';
import { type ExitCode, exit } from './exit.ts';
import { print, stdoutPaint, wantsColor } from './session.ts';
import { count, safe } from './text.ts';

export interface ValidateOptions {
  environment?: string;
  output: 'text' | 'json';
}

/** The documents only, offline: as one environment reads them, or as each does. */
export async function validateCommand(path: string, options: ValidateOptions): Promise<ExitCode> {
  const { resources, environments, problems, warnings } = await checkRepository(path, options.environment);
  const valid = problems.length === 0;
  if (options.output === 'json') {
    print(
      JSON.stringify(
        { valid, resources, environments, problems: problems.map(bare), warnings: warnings.map(bare) },
        null,
        2,
      ),
    );
    return valid ? exit.ok : exit.failed;
  }
  const paint = stdoutPaint();
  const all = [...warnings, ...problems];
  if (all.length > 0) print(`${formatProblems(all, { color: wantsColor() })}\n`);
  const where =
    environments.length === 0
      ? ''
      : ` in ${count(environments.length, 'environment')} (${safe(environments.join(', '))})`;
  const verdict = valid ? paint('green', 'valid') : paint('red', count(problems.length, 'problem'));
  // What an environment that is not there holds is no finding.
  const missing = problems.some(({ code }) => code === 'environment-not-found');
  print(missing ? verdict : `${verdict}: ${count(resources, 'resource')}${where}`);
  return valid ? exit.ok : exit.failed;
}

/** Without the lines of the file, which are for people. */
function bare({ code, message, place, resource }: Problem): object {
  return { code, message, ...(place === undefined ? {} : { place }), ...(resource === undefined ? {} : { resource }) };
}
