import type { RelatedRecord } from '../app.ts';
import { actorInWords } from '../model/drift-words.ts';
import { renderAudited } from './render-audited.ts';
import { resultInWords, triggerInWords } from './render-run.ts';
import { hang, type Paint, safe, shortRevision } from './text.ts';
import type { Trace } from './trace-facts.ts';
import { stamp } from './when.ts';

/** What it is, and below that each run with what it changed for it, then who else had a hand in it. */
export function renderTrace(trace: Trace, { paint, width }: { paint: Paint; width: number }): string {
  const { what, is, runs, drifts, related, more } = trace;
  const style = { paint, width, inRun: true };
  const title = hang('', `${paint('bold', safe(what))}  ${is.join(', ')}`, width, 2);
  const told = runs.map(({ run, changes }) => {
    const made = changes.filter(({ status }) => status === 'applied').length;
    const head = [
      paint('bold', stamp(run.startedAt)),
      safe(run.target),
      resultInWords(run, { made, missed: changes.length - made }, { paint, running: false }),
      shortRevision(run.revision),
      triggerInWords(run),
      paint('dim', safe(`run ${run.id.slice(0, 8)}`)),
    ];
    const line = head.filter((one) => one !== '').join('  ');
    return [hang('', line, width, 22), ...changes.map((change) => renderAudited(change, style))].join('\n');
  });
  return [
    title,
    ...(related === undefined ? [] : [relatedLines(related, paint, width)]),
    ...told,
    ...drifts.map((drift) => renderAudited(drift, { paint, width, withTarget: true })),
    ...(more === true ? [paint('dim', 'there is more in the journal: `history` and `audit` tell all')] : []),
  ].join('\n\n');
}

function relatedLines(related: readonly RelatedRecord[], paint: Paint, width: number): string {
  const lines = related.map(({ record: { id, at, service, entityType, action, name }, by }) => {
    const called = name === undefined ? '' : `  "${safe(name)}"`;
    const what = `${stamp(at)}  ${safe(`${service} ${entityType} ${action}`)}${called}  by ${safe(actorInWords(by))}`;
    return hang('    ', `${what}  ${paint('dim', safe(id))}`, width, 2);
  });
  return [hang('', 'the journal does not know it; Genesys tells of these audit records:', width), ...lines].join('\n');
}
