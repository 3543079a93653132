import type { RunRecord } from '../model/journal.ts';
import type { Commit, Outcome } from '../model/plan.ts';
import { took } from './briefly.ts';
import { changeLines, commitInWords } from './render-changes.ts';
import { activeIn } from './render-outcomes.ts';
import { subject } from './render-plan.ts';
import { count, hang, type Paint, safe, shortRevision } from './text.ts';
import { stamp } from './when.ts';

export interface RunStyle {
  paint: Paint;
  /** Columns of the terminal; infinite in a pipe. */
  width: number;
  /** The run that holds the lease just now. */
  running?: string;
  /** How many changes of the run are not told, since somebody asked for others only. */
  others?: Others;
}

export interface Others {
  applied: number;
  notApplied: number;
}

/** So many changes held for one reason are named. */
const mostHeld = 3;

/** What made it run. */
export function triggerInWords({ trigger, approved, partial }: RunRecord): string {
  const words: Record<string, string> = {
    apply: approved === undefined ? 'by apply' : `by apply --approve ${approved}`,
    revision: 'for a new revision',
    schedule: 'on schedule',
    started: 'as the daemon started',
    request: 'on request',
    'follow-up': 'to try again',
  };
  const said = trigger === undefined ? '' : (words[trigger] ?? trigger);
  return safe([said, ...(partial === true ? ['--only'] : [])].filter((one) => one !== '').join(', '));
}

/** One run as a story: when, what it came to, of which revision and why; then what changed, by whom, and what did not. */
export function renderRun(run: RunRecord, outcomes: readonly Outcome[], style: RunStyle): string {
  const { paint, width, others } = style;
  const shared = sharedCommit(outcomes);
  const head = [
    paint('bold', stamp(run.startedAt)),
    result(run, outcomes, style),
    revisionOf(run),
    triggerInWords(run),
    // By this it can be shown whole.
    paint('dim', safe(`run ${run.id.slice(0, 8)}`)),
  ];
  const failed = run.status === 'failed' || run.status === 'unreachable';
  // What a run as a whole could not do; what single changes could not is told with them.
  const why = run.message !== undefined || (failed && outcomes.length === 0) ? [reasonOf(run)] : [];
  const lines: [string, string][] = [
    ...(shared === undefined ? [] : [['    ', commitInWords(shared, paint)] as [string, string]]),
    ...why.map((text): [string, string] => ['    ', text]),
    ...(run.notes ?? []).map((note): [string, string] => ['    ', `${paint('yellow', 'note')} ${safe(note)}`]),
    ...(others === undefined ? lateActivation(run, outcomes) : []),
    ...outcomes.flatMap((one) => withActivation(one, changeLines(one, shared, paint))),
    ...heldLines(run, paint),
  ];
  const title = head.filter((one) => one !== '').join('  ');
  return [hang('', title, width, 22), ...lines.map(([indent, text]) => hang(indent, text, width, 2))].join('\n');
}

/** How long a change took to come into force stands with it. */
function withActivation(
  { receipt }: Outcome,
  [[indent, first] = ['', ''], ...rest]: [string, string][],
): [string, string][] {
  return [[indent, [first, ...activeIn(receipt)].join('  ')], ...rest];
}

/** What this run saw in force, though an earlier one had written it. */
function lateActivation({ activationMs }: RunRecord, outcomes: readonly Outcome[]): [string, string][] {
  if (activationMs === undefined || outcomes.some(({ receipt }) => receipt.activationMs === activationMs)) return [];
  return [['    ', `what an earlier run wrote is in force, ${took(activationMs)} after that`]];
}

function revisionOf({ revision }: RunRecord): string {
  return revision === 'unknown' ? '' : shortRevision(revision);
}

function reasonOf({ reason, message = '' }: RunRecord): string {
  return `${reason ?? 'ReconciliationFailed'}: ${safe(message)}`;
}

function result(run: RunRecord, outcomes: readonly Outcome[], { paint, running, others }: RunStyle): string {
  const applied = outcomes.filter(({ status }) => status === 'applied').length;
  const made = applied + (others?.applied ?? 0);
  const missed = outcomes.length - applied + (others?.notApplied ?? 0);
  return resultInWords(run, { made, missed }, { paint, running: run.id === running });
}

/** `✓ 2 changes`, `✗ failed, 1 change, 1 not made`. */
export function resultInWords(
  run: RunRecord,
  { made, missed }: { made: number; missed: number },
  { paint, running }: { paint: Paint; running: boolean },
): string {
  if (run.status === undefined) {
    return running ? paint('cyan', '… on its way') : paint('red', '✗ interrupted, ended without a word');
  }
  const changes = made === 0 ? [] : [count(made, 'change')];
  if (run.status === 'succeeded') return paint('green', `✓ ${changes[0] ?? 'nothing to do'}`);
  const held = run.summary?.held ?? 0;
  const rest = [...changes, ...(missed > 0 ? [`${missed} not made`] : []), ...(held > 0 ? [`${held} held`] : [])];
  if (run.status === 'held') return paint('yellow', `! ${rest.join(', ')}`);
  return paint('red', `✗ ${[run.status, ...rest].join(', ')}`);
}

/** The one commit behind all that was wished; told once then. */
function sharedCommit(outcomes: readonly Outcome[]): Commit | undefined {
  const all = outcomes.filter(({ cause }) => cause !== 'drift').map(({ commit }) => commit);
  return all.every((one) => one?.sha === all[0]?.sha) ? all[0] : undefined;
}

/** What was held, by reason, as indent and text. */
export function heldLines({ held = [], summary, approval }: RunRecord, paint: Paint): [string, string][] {
  const reasons = [...new Set(held.map(({ reason }) => reason))];
  const groups = reasons.flatMap((reason): [string, string][] => {
    const all = held.filter((one) => one.reason === reason);
    const names = all.slice(0, mostHeld).map((one) => `${one.action} ${subject(one)}`);
    const more = all.length > names.length ? ` and ${all.length - names.length} more` : '';
    const many = count(all.length, 'change');
    return [
      ['    ', `${paint('yellow', '! held')} ${many}, ${reason}: ${safe(all[0]!.message)}`],
      ['        ', `${names.join(', ')}${more}`],
    ];
  });
  const beyond = (summary?.held ?? 0) - held.length;
  return [
    ...groups,
    ...(beyond > 0
      ? [['    ', `${paint('yellow', '! held')} ${count(beyond, 'change')} more`] as [string, string]]
      : []),
    ...(approval === undefined ? [] : [['    ', paint('dim', `approval ${safe(approval)}`)] as [string, string]]),
  ];
}
