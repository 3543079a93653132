import { suspend } from '../app/control.ts';
import type { Suspension } from '../model/suspension.ts';
import { commandFor } from './command-line.ts';
import { type ExitCode, exit, Refusal } from './exit.ts';
import { resourceNamed } from './kinds.ts';
import { complain, onlyTarget, openSession, print, type SessionOptions } from './session.ts';
import { daemonsFor } from './status-facts.ts';
import { safe } from './text.ts';
import { momentOf, relative, stamp } from './when.ts';
import { whoAsks } from './who.ts';

export interface SuspendOptions extends SessionOptions {
  output: 'text' | 'json';
  reason?: string;
  until?: string;
}

/** Leaves a resource, or the whole target, alone. Runs go on, plan, and hold what they would have done. */
export async function suspendCommand(resource: string | undefined, options: SuspendOptions): Promise<ExitCode> {
  const now = new Date();
  const what = resource === undefined ? undefined : resourceNamed(resource);
  const until = options.until === undefined ? undefined : momentOf('--until', options.until, now, 'ahead');
  if (until !== undefined && until <= now)
    throw new Refusal(`--until ${stamp(until)} is past (${relative(until, now)}), so nothing would be suspended`);
  const { app, targets } = await openSession(options, { role: 'suspend' });
  try {
    const { name } = onlyTarget(targets, 'one target is suspended at a time');
    const suspension: Suspension = {
      by: whoAsks(),
      at: now.toISOString(),
      ...(options.reason === undefined ? {} : { reason: options.reason }),
      ...(until === undefined ? {} : { until: until.toISOString() }),
    };
    await suspend(app.journal, name, what, suspension);
    const resume = commandFor('resume', options, name, ...(what === undefined ? [] : [what]));
    if (options.output === 'json') {
      const about = what === undefined ? {} : { resource: what };
      print(JSON.stringify({ target: name, ...about, suspended: true, ...suspension, resume }, null, 2));
      return exit.ok;
    }
    const subject = what === undefined ? `target ${safe(name)}` : `${safe(what)} of target ${safe(name)}`;
    const end = until === undefined ? 'until it is resumed' : `until ${stamp(until)} (${relative(until, now)})`;
    print(`suspended ${subject} ${end}; what would change is held as Suspended`);
    print(`to resume it: ${resume}`);
    const daemons = await daemonsFor(app.journal, name, now);
    if (daemons.length > 0) complain('A run that is on its way finishes as it began.');
    return exit.ok;
  } finally {
    await app.close();
  }
}
