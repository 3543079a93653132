import { snippetFor } from '../app/snippet.ts';
import { type ExitCode, exit } from './exit.ts';
import { complain, onlyTarget, openSession, print, type SessionOptions } from './session.ts';
import { count, safe, withoutHidden } from './text.ts';

/** What to paste into a page, alone on stdout, so that it can be piped into one. */
export async function snippetCommand(name: string, options: SessionOptions): Promise<ExitCode> {
  const { app, targets } = await openSession(options, { readOnly: true });
  try {
    const target = onlyTarget(targets, 'a snippet belongs to one organisation');
    const { text, name: called, status } = await snippetFor(app, target, name);
    // It goes to a terminal or into a page, and neither may do what is not seen in it.
    const { text: shown, left } = withoutHidden(text);
    print(shown);
    if (left > 0) {
      const what = `${count(left, 'control or invisible character')} of the snippet that Genesys tells`;
      complain(`${what} ${left === 1 ? 'was' : 'were'} left out; look at it before you paste it`);
    }
    if (status !== 'Active')
      complain(`"${safe(called)}" is ${safe(status)}: pages get no messenger until it is Active`);
    return exit.ok;
  } finally {
    await app.close();
  }
}
