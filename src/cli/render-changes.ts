import { deedInWords } from '../model/drift-words.ts';
import type { Commit, Outcome } from '../model/plan.ts';
import { pullRequestOfCommit } from '../model/pull-request.ts';
import { meanwhileLines } from './render-meanwhile.ts';
import { renderFaults, versionMade } from './render-outcomes.ts';
import { describe, renderChecks } from './render-plan.ts';
import { titleOf } from './render-value.ts';
import { owner, type Paint, safe } from './text.ts';

const signs = { create: '+', update: '~', delete: '-' } as const;
const did = { create: 'created', update: 'updated', delete: 'deleted' } as const;
const styles = { create: 'green', update: 'yellow', delete: 'red' } as const;
/** So many fields of one change are named. */
const mostFields = 8;

export function commitInWords(commit: Commit, paint: Paint): string {
  const { sha, author, message } = commit;
  const subject = message.split('\n')[0] ?? '';
  const pullRequest = pullRequestOfCommit(commit);
  // The subject of a merge, or of a squash, has the number in it already.
  const number = pullRequest === undefined || subject.includes(pullRequest) ? '' : ` (${safe(pullRequest)})`;
  return `${paint('cyan', safe(sha.slice(0, 10)))} ${safe(author.name)}: ${safe(subject)}${number}`;
}

/** What became of one change: which fields, by whose commit, and what to ask Genesys's support by. As indent and text. */
export function changeLines(outcome: Outcome, shared: Commit | undefined, paint: Paint): [string, string][] {
  const { action, status, reason, message = '', cause, commit, receipt, object, drift } = outcome;
  const verb =
    status === 'applied'
      ? paint(styles[action], `${signs[action]} ${did[action]}`)
      : paint('red', `✗ not ${did[action]}`);
  const causes = { drift: 'drift: changed outside the repository', both: 'commit and drift' } as const;
  const follows = drift?.follows === undefined ? undefined : `it follows ${safe(drift.follows)}`;
  const moved = cause === 'drift' || cause === 'both' ? [paint('cyan', `(${follows ?? causes[cause]})`)] : [];
  const version = status === 'applied' ? versionMade(receipt) : [];
  const correlation = receipt.requests.findLast((one) => one.correlationId !== undefined)?.correlationId;
  const ids = [
    ...Object.entries(receipt.trace ?? {}).map(([what, id]) => `${what} ${String(id)}`),
    ...(correlation === undefined ? [] : [`correlation id ${correlation}`]),
  ];
  const below = [
    ...(status === 'applied' ? [] : [`${reason ?? status}: ${safe(message)}`]),
    ...renderFaults(outcome),
    ...fieldLines(outcome),
    ...(outcome.drift?.deeds ?? []).slice(0, 1).map((deed) => `${paint('cyan', 'drift:')} ${safe(deedInWords(deed))}`),
    ...meanwhileLines(outcome, paint),
    ...(commit === undefined || commit.sha === shared?.sha ? [] : [commitInWords(commit, paint)]),
    ...renderChecks(outcome, paint),
    ...(outcome.warnings ?? []).map((text) => `${paint('yellow', 'warning')} ${safe(text)}`),
    ...(ids.length === 0 ? [] : [paint('dim', safe(ids.join(', ')))]),
  ];
  return [
    ['    ', [`${verb} ${owner(outcome)}`, describe(object), ...version, ...moved].join('  ')],
    ...below.map((text): [string, string] => ['        ', text]),
  ];
}

/** Which fields moved, by who wished them. What is new or gone is so as a whole. */
function fieldLines({ action, fields = [], ...outcome }: Outcome): string[] {
  if (action !== 'update') return [];
  const wishers = [...new Set(fields.map(({ by }) => by))];
  return wishers.map((by) => {
    const paths = fields.filter((field) => field.by === by).map((field) => safe(titleOf(field)));
    const more = paths.length - mostFields;
    const said = `${paths.slice(0, mostFields).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
    return by === `${outcome.kind}/${outcome.name}` ? said : `${said}  by ${safe(by)}`;
  });
}
