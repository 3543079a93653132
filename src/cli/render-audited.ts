import { deedInWords, deedsTogether } from '../model/drift-words.ts';
import type { DriftEnd } from '../model/journal.ts';
import type { Json } from '../model/json.ts';
import type { Audited, AuditedChange, AuditedDrift } from './audited.ts';
import { meanwhileLines } from './render-meanwhile.ts';
import { activeIn } from './render-outcomes.ts';
import { describe } from './render-plan.ts';
import { inline, renderDifference, titleOf } from './render-value.ts';
import { count, hang, type Paint, safe, shortRevision } from './text.ts';
import { stamp } from './when.ts';

export interface AuditedStyle {
  paint: Paint;
  width: number;
  /** True where it does not go without saying which target it was. */
  withTarget?: boolean;
  /** True where the run, and so the revision, stands above it. */
  inRun?: boolean;
  /** The commit that stands above it. */
  told?: string;
}

const done = {
  create: { sign: '+', word: 'created', style: 'green' },
  update: { sign: '~', word: 'updated', style: 'yellow' },
  delete: { sign: '-', word: 'deleted', style: 'red' },
} as const;

/** One change or drift as a story: what, whose, which fields, by which requests, and what Genesys's audit log says. */
export function renderAudited(one: Audited, style: AuditedStyle): string {
  const { paint, width, withTarget = false, inRun = false, told } = style;
  const [head, lines] = one.type === 'change' ? changeStory(one, paint, { inRun, told }) : driftStory(one, paint);
  const time = inRun ? [] : [paint('bold', stamp(one.time))];
  const whose = withTarget ? [safe(one.target)] : [];
  const [first, below] = inRun ? ['    ', '        '] : ['', '    '];
  return [
    hang(first, [...time, ...whose, ...head].join('  '), width, inRun ? 4 : 22),
    ...lines.map((line) => hang(below, line, width, 2)),
  ].join('\n');
}

function changeStory(
  one: AuditedChange,
  paint: Paint,
  { inRun, told }: { inRun: boolean; told: string | undefined },
): [head: string[], lines: string[]] {
  const { action, status, object, resource, versions, run, revision, reason, message, drift } = one;
  const { sign, word, style } = done[action];
  const verb =
    status === 'applied'
      ? paint(style, `${sign} ${word}`)
      : paint('red', status === 'failed' ? `✗ not ${word}` : `? perhaps ${word}`);
  const cause =
    one.cause === 'drift' || one.cause === 'both'
      ? [paint('cyan', drift?.follows === undefined ? causes[one.cause] : `(it follows ${safe(drift.follows)})`)]
      : [];
  const active = activeIn(one);
  const why = [...(reason === undefined ? [] : [reason]), ...(message === undefined ? [] : [safe(message)])].join(': ');
  return [
    [`${verb} ${safe(resource)}`, describe(object), ...versionsInWords(versions), ...active, ...cause],
    [
      ...(one.commit === undefined || one.commit.sha === told ? [] : [commitInShort(one.commit, paint)]),
      ...(why === '' ? [] : [why]),
      ...fieldLines(one, resource, paint),
      ...meanwhileLines(one, paint),
      ...(drift?.deeds ?? []).slice(0, 1).map((deed) => `${paint('cyan', 'drift:')} ${safe(deedInWords(deed))}`),
      ...one.requests.map(({ method, path, status: answered, correlationId }) => {
        const id = correlationId === undefined ? '' : paint('dim', `  correlation id ${safe(correlationId)}`);
        return `${paint('dim', `${method} ${safe(path)} ${answered ?? 'no answer'}`)}${id}`;
      }),
      ...matchLines(one, paint),
      ...(inRun ? [] : [paint('dim', `run ${safe(run.slice(0, 8))}, ${shortRevision(revision)}`)]),
    ],
  ];
}

const causes = { drift: '(drift: changed outside the repository)', both: '(commit and drift)' } as const;

function driftStory(one: AuditedDrift, paint: Paint): [head: string[], lines: string[]] {
  const { type, object, resource, deleted, deeds, meanwhile = [], more, why, against, ended, fields } = one;
  const what = type === 'drift' ? (deleted === true ? 'drift: deleted' : 'drift') : 'another process with our client';
  const [commit] = against === undefined ? [] : [against.commit ?? against.revision.split(':').at(-1)];
  const end =
    ended === undefined ? [] : [`${endingOf(ended)} at ${stamp(ended.at)}, run ${safe(ended.runId.slice(0, 8))}`];
  return [
    [`${paint('cyan', `! ${what}`)}${resource === undefined ? '' : ` ${safe(resource)}`}`, describe(object)],
    [
      ...deedsTogether(deeds).flatMap((records) => {
        const ids = records.map(({ auditId }) => safe(auditId)).join(', ');
        return [safe(deedInWords(records[0]!)), paint('dim', `audit id ${ids}`)];
      }),
      ...(deeds.length > 0 ? [] : [paint('yellow', `nobody is named: ${safe(why ?? '')}`)]),
      ...deedsTogether(meanwhile).map(([deed]) => paint('dim', `also, meanwhile: ${safe(deedInWords(deed!))}`)),
      ...(more === undefined ? [] : [paint('dim', `and ${more} more in the audit log`)]),
      ...fieldLines({ action: 'update', fields }, resource ?? '', paint),
      ...(commit === undefined ? [] : [paint('dim', `against ${safe(commit.slice(0, 10))}`)]),
      ...end,
      ...(type === 'drift' && ended === undefined ? [paint('yellow', 'not ended yet')] : []),
    ],
  ];
}

function endingOf({ how, revision }: DriftEnd): string {
  if (how === 'gone') return 'gone (taken back)';
  if (how === 'superseded') return 'superseded (somebody changed it again)';
  const commit = revision?.split(':').at(-1)?.slice(0, 10);
  return how === 'accepted' && commit !== undefined ? `accepted by ${safe(commit)}` : how;
}

/** `8c8dc18b01 Ann Lee: Wait longer (#12), committed by GitHub`. */
export function commitInShort(
  { sha, author, committer, subject, pullRequest }: NonNullable<AuditedChange['commit']>,
  paint: Paint,
): string {
  const by = committer.name === author.name ? '' : `, committed by ${safe(committer.name)}`;
  // The subject of a merge, or of a squash, has the number in it already.
  const number = pullRequest === undefined || subject.includes(pullRequest) ? '' : ` (${safe(pullRequest)})`;
  return `${paint('cyan', safe(sha.slice(0, 10)))} ${safe(author.name)}: ${safe(subject)}${number}${paint('dim', by)}`;
}

/** Longer ones are fingerprints, which say nothing to people. */
const longestVersion = 12;

function versionsInWords({ before, after }: AuditedChange['versions']): string[] {
  const known = [before, after].filter((one) => one !== undefined && one.length <= longestVersion);
  if (after === undefined || known.length === 0 || before === after) return [];
  return [`version ${known.map((one) => safe(one!)).join(' → ')}`];
}

const mostNew = 8;

/** What is new as a whole is told by its fields' names, where their values are not known. */
function fieldLines(
  { action, fields }: Pick<AuditedChange, 'action' | 'fields'>,
  owner: string,
  paint: Paint,
): string[] {
  if (action === 'delete') return [];
  // What is new is told in short; JSON has all of it.
  const shown = action === 'create' ? fields.slice(0, mostNew) : fields;
  const more = fields.length - shown.length;
  const lines = shown.flatMap((field) => {
    const { from, to, by } = field;
    const whose = by === owner ? '' : `  ${paint('dim', `by ${safe(by)}`)}`;
    const name = safe(titleOf(field));
    if (to === undefined && from === undefined) return [`${name}${whose}`];
    if (action === 'create') return [`${name}: ${paint('green', inline(to))}${whose}`];
    const lines =
      to === undefined
        ? [`${name}: ${paint('red', inline(from))} → ${paint('dim', '(long)')}`]
        : renderDifference(field, from, to as Json, paint);
    return lines.map((line, i) => (i === 0 ? `${line}${whose}` : line));
  });
  return [...lines, ...(more > 0 ? [paint('dim', `and ${count(more, 'field')} more`)] : [])];
}

/** Each record on a line, below how sure it is; why there is none, or why it cannot be told. */
function matchLines({ match, why, auditIds, records, status }: AuditedChange, paint: Paint): string[] {
  const known = new Map(records.map((record) => [record.id, record]));
  const told = auditIds.map((id) => auditLine(id, known.get(id), paint));
  const isHarmless = status === 'failed' || match === 'unrecorded';
  const style = match === 'matched' ? 'green' : isHarmless ? 'dim' : 'yellow';
  const sign = match === 'matched' ? '✓ ' : isHarmless ? '' : '! ';
  const word = paint(style, `${sign}${match}`);
  if (why !== undefined) return [`${word}: ${safe(why)}`, ...told];
  const [first, ...rest] = told;
  return first === undefined ? [word] : [`${word}  ${first}`, ...rest.map((line) => `           ${line}`)];
}

function auditLine(
  id: string,
  record: { entityType: string; action: string; at: string } | undefined,
  paint: Paint,
): string {
  const what = record === undefined ? '' : `${safe(`${record.entityType} ${record.action}`)} at ${stamp(record.at)}  `;
  return paint('dim', `${what}audit id ${safe(id)}`);
}
