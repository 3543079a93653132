import type { App, RelatedRecord } from '../app.ts';
import type { TargetConfig } from '../model/daemon-config.ts';
import { asFailure } from '../model/failure.ts';
import { openReport } from './audit.ts';
import { type ExitCode, exit } from './exit.ts';
import { renderTrace } from './render-trace.ts';
import { complain, print, type SessionOptions, stdoutPaint } from './session.ts';
import { safe, terminalWidth } from './text.ts';
import { type Trace, traceIn } from './trace-facts.ts';

export interface TraceOptions extends SessionOptions {
  output: 'text' | 'json';
  offline?: boolean;
}

/** From any one id to all the rest. Genesys is asked for what waits, and for an audit record that the journal does not know. */
export async function traceCommand(what: string, options: TraceOptions): Promise<ExitCode> {
  const { app, targets } = await openReport(options, 'trace');
  try {
    const known = await traceIn(app, what);
    const trace = known.is.length > 0 || options.offline === true ? known : await askedFor(app, targets, known);
    if (trace.is.length === 0) {
      complain(nowhere(what, options.offline === true));
      return exit.failed;
    }
    if (options.output === 'json') print(JSON.stringify(trace, null, 2));
    else print(renderTrace(trace, { paint: stdoutPaint(), width: terminalWidth(process.stdout) }));
    return exit.ok;
  } finally {
    await app.close();
  }
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function nowhere(what: string, offline: boolean): string {
  const looked =
    'looked in the journal for a run, a correlation id, a Genesys audit record, an object, a commit (7 digits or more) and a resource (Kind/handle)';
  const asked = !guid.test(what)
    ? ''
    : offline
      ? '; Genesys was not asked'
      : ', and asked Genesys for such an audit record';
  return `${JSON.stringify(safe(what))} is nowhere: ${looked}${asked}`;
}

/** What Genesys knows of an audit record, and what the journal knows of the records that belong to it. */
async function askedFor(app: App, targets: readonly TargetConfig[], trace: Trace): Promise<Trace> {
  if (!guid.test(trace.what)) return trace;
  for (const target of targets) {
    const related = await relatedIn(app, target, trace.what);
    if (related.length === 0) continue;
    for (const { record } of related) {
      const known = await traceIn(app, record.id);
      if (known.is.length > 0) return { ...known, what: trace.what, related };
    }
    return { ...trace, is: ['audit record'], related };
  }
  return trace;
}

async function relatedIn(app: App, target: TargetConfig, id: string): Promise<RelatedRecord[]> {
  try {
    return await app.relatedAudits(target, id);
  } catch (error) {
    const { reason, message } = asFailure(error);
    complain(`${safe(target.name)}: Genesys's audit log cannot be asked (${reason}: ${safe(message)})`);
    return [];
  }
}
