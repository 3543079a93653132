import { resume, resumeHealing } from '../app/control.ts';
import { commandFor } from './command-line.ts';
import { type ExitCode, exit } from './exit.ts';
import { resourceNamed } from './kinds.ts';
import { onlyTarget, openSession, print, type SessionOptions } from './session.ts';
import { daemonsFor, type StandingSuspension, suspensionsIn } from './status-facts.ts';
import { safe } from './text.ts';

export interface ResumeOptions extends SessionOptions {
  output: 'text' | 'json';
}

/**
 * Ends what `suspend` began; of a resource also that its objects are not healed, since somebody else changes them back again
 * and again. Where nothing rested, nothing is wrong either.
 */
export async function resumeCommand(resource: string | undefined, options: ResumeOptions): Promise<ExitCode> {
  const what = resource === undefined ? undefined : resourceNamed(resource);
  const { app, targets } = await openSession(options, { role: 'resume' });
  try {
    const target = onlyTarget(targets, 'one target is resumed at a time');
    const { name } = target;
    const now = new Date();
    const before = await suspensionsIn(app.journal, target, now);
    const stood = before.some((one) => one.where === 'journal' && one.resource === what);
    await resume(app.journal, name, what);
    const healing = what !== undefined && (await resumeHealing(app.journal, name, what, now));
    const left = await suspensionsIn(app.journal, target, now);
    const daemon = (await daemonsFor(app.journal, name, now)).length > 0;
    const next = commandFor(daemon ? 'reconcile' : 'apply', options, name);
    if (options.output === 'json') {
      const about = what === undefined ? {} : { resource: what };
      print(JSON.stringify({ target: name, ...about, resumed: stood || healing, suspended: left, next }, null, 2));
      return exit.ok;
    }
    const subject = what === undefined ? `target ${safe(name)}` : `${safe(what)} of target ${safe(name)}`;
    if (stood || healing) print(`resumed ${subject}; the next run does what was held\nto have it now: ${next}`);
    else print(`${subject} was not suspended by hand; nothing to resume`);
    for (const one of left) print(stillSuspended(one));
    return exit.ok;
  } finally {
    await app.close();
  }
}

function stillSuspended({ resource, where }: StandingSuspension): string {
  const what = resource === undefined ? 'the whole target' : safe(resource);
  return where === 'configuration'
    ? `still suspended: ${what}, by \`suspend: true\` in the daemon's file`
    : `still suspended: ${what}`;
}
