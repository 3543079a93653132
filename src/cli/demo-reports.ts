import { stripVTControlCharacters } from 'node:util';
import { auditedOf } from './audit-facts.ts';
import type { Audited } from './audited.ts';
import { aside, type Place, type Stage } from './demo-stage.ts';
import { renderAudited } from './render-audited.ts';
import { renderTrace } from './render-trace.ts';
import { printReport, stdoutPaint } from './session.ts';
import { type Trace, traceIn } from './trace-facts.ts';

// Whole lines: they are broken where the terminal ends as all that the story tells.
const style = () => ({ paint: stdoutPaint(), width: Number.POSITIVE_INFINITY });

/** What `audit` tells of a resource since then, when it has asked Genesys for the records. */
export async function tellAudit(
  { app }: Stage,
  { target }: Place,
  { resource, since }: { resource: string; since: Date },
): Promise<Audited[]> {
  const moment = `${since.toISOString().slice(0, 19)}Z`;
  aside(`audit -t ${target.name} --resource ${resource} --since ${moment}`);
  await app.matchAudits(target);
  const wish = { targets: [target.name], resource, since: since.toISOString() };
  const audited = await Array.fromAsync(auditedOf(app, wish));
  printReport([audited.map((one) => renderAudited(one, style())).join('\n\n')], 'text');
  return audited;
}

/** What `trace` tells, but for the values, and for what it tells once more of the drift itself. */
export async function tellTrace({ app }: Stage, what: string): Promise<Trace> {
  aside(`\ntrace ${what}`);
  const trace = await traceIn(app, what);
  printReport(renderTrace(trace, style()).split('\n').filter(tellsMore), 'text');
  return trace;
}

function tellsMore(line: string): boolean {
  return !/^ +(drift:|[a-z]+(\.\w+)+)/i.test(stripVTControlCharacters(line));
}
