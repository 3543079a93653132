import { commandFor } from './command-line.ts';
import type { Condition } from './conditions.ts';
import type { HeldGroup } from './held-groups.ts';
import { renderOutcome } from './render-outcomes.ts';
import { commitInWords, owner, triggerInWords } from './render-run.ts';
import type { TargetStatus } from './status.ts';
import type { Stalled } from './status-facts.ts';
import { count, hang, type Paint, safe, shortRevision } from './text.ts';
import { relative, stamp } from './when.ts';

export interface How {
  paint: Paint;
  now: Date;
  /** Columns of the terminal; infinite in a pipe. */
  width: number;
  config: string;
}

/** So many held changes of one reason are named. */
const mostNamed = 5;
const label = 15;

/** A target as a colleague would tell it: how it is, what was last, what comes next, and what waits for whom. */
export function renderStatus(status: TargetStatus, how: How): string {
  const { paint, width } = how;
  const rows = [...status.conditions.flatMap((one) => condition(one, how)), ...facts(status, how)];
  const waiting = [
    ...status.failures.flatMap((one) => renderOutcome(one, paint).split('\n')),
    ...status.held.flatMap((group) => held(group, paint)),
    ...unnamed(status),
    ...status.suspended.flatMap((one) => suspended(one, status.target, how)),
    ...status.stalled.flatMap((one) => stalled(one, status, how)),
  ];
  return [
    paint('bold', safe(status.target)),
    ...rows.map(([name, value]) => hang(`  ${name.padEnd(label)} `, value, width)),
    ...(waiting.length > 0 ? [''] : []),
    ...waiting.map((line) => hang(`${/^ */.exec(line)![0]}  `, line.trimStart(), width, 4)),
  ].join('\n');
}

const bad: Record<Condition['type'], Condition['status']> = {
  Ready: 'False',
  Healthy: 'False',
  Stalled: 'True',
  Reconciling: 'Unknown',
};

/** What is as it should be needs no words. */
function condition({ type, status, reason, message, since }: Condition, { paint, now }: How): [string, string][] {
  const quiet = (type === 'Stalled' || type === 'Reconciling') && status === 'False' && message === '';
  if (quiet) return [[type, paint('dim', status)]];
  const style = status === 'Unknown' ? 'yellow' : status === bad[type] ? 'red' : 'green';
  const word = paint(type === 'Reconciling' && status === 'False' ? 'yellow' : style, status.padEnd(9));
  const told = since === undefined ? '' : `, since ${stamp(since)} (${relative(since, now)})`;
  const said = message === '' ? '' : `: ${safe(message)}`;
  return [[type, `${word}${reason}${told}${said}`]];
}

function facts(status: TargetStatus, { paint, now, config }: How): [string, string][] {
  const {
    lastAppliedRevision: applied,
    lastAttemptedRevision: attempted,
    lastRun,
    lastChange,
    lease,
    daemons,
  } = status;
  const at = (time: string): string => `${stamp(time)} (${relative(time, now)})`;
  const commit = lastChange?.commit;
  const whose = commit === undefined ? '' : `; ${commitInWords(commit, paint)}`;
  const next = [
    ...(status.nextRunAt === undefined ? [] : [`next run ${coming(status.nextRunAt, now)}`]),
    ...(status.nextPollAt === undefined ? [] : [`next poll ${coming(status.nextPollAt, now)}`]),
  ];
  return [
    ['last applied', applied === undefined ? 'never' : shortRevision(applied)],
    ['last attempted', attempted === undefined ? 'never' : shortRevision(attempted)],
    ...(lastRun?.finishedAt === undefined
      ? []
      : [
          ['last run', [at(lastRun.finishedAt), triggerInWords(lastRun)].filter((one) => one !== '').join(', ')] as [
            string,
            string,
          ],
        ]),
    ...(lastChange === undefined
      ? []
      : [
          ['last change', `${at(lastChange.at)}: ${count(lastChange.changes.length, 'object')}${whose}`] as [
            string,
            string,
          ],
        ]),
    ...daemons.map(({ holder, startedAt }, i): [string, string] => [
      i === 0 ? 'daemon' : '',
      `${paint('green', 'alive')}, ${safe(holder)}, since ${at(startedAt)}${i === 0 && next.length > 0 ? `; ${next.join(', ')}` : ''}`,
    ]),
    ...(daemons.length === 0
      ? [
          ['daemon', `none on this journal; nothing runs by itself until \`${commandFor('run', { config })}\``] as [
            string,
            string,
          ],
        ]
      : []),
    ...(lease === undefined
      ? []
      : [['writing now', `${safe(lease.holder)}, since ${at(lease.since)}`] as [string, string]]),
  ];
}

/** A daemon tells every few seconds what comes next; what is past by then is about to be told anew. */
function coming(at: string, now: Date): string {
  return new Date(at) <= now ? 'any moment' : relative(at, now);
}

function held({ reason, message, release, changes }: HeldGroup, paint: Paint): string[] {
  const named = changes.slice(0, mostNamed).map((one) => `    ${one.action} ${owner(one)}`);
  const more = changes.length - named.length;
  return [
    `${paint('yellow', '! held')} ${count(changes.length, 'change')}, ${reason}: ${safe(message)}`,
    ...named,
    ...(more > 0 ? [`    and ${more} more`] : []),
    `    ${paint('dim', 'to release:')} ${safe(release)}`,
  ];
}

/** What is beyond the bound of the journal's record is counted. */
function unnamed({ heldTotal, held: groups }: TargetStatus): string[] {
  const more = heldTotal - groups.reduce((sum, { changes }) => sum + changes.length, 0);
  return more > 0 ? [`${count(more, 'change is', 'changes are')} held beyond those; \`plan\` shows all`] : [];
}

function suspended(one: TargetStatus['suspended'][number], target: string, { paint, now, config }: How): string[] {
  const what = one.resource === undefined ? 'the whole target' : safe(one.resource);
  const by =
    one.where === 'configuration' ? " in the daemon's file" : one.by === undefined ? '' : ` by ${safe(one.by)}`;
  const since = one.at === undefined ? '' : ` since ${stamp(one.at)}`;
  const forever = one.where === 'configuration' ? '' : ', until it is resumed';
  const until = one.until === undefined ? forever : `, until ${stamp(one.until)} (${relative(one.until, now)})`;
  const why = one.reason === undefined ? '' : `: ${safe(one.reason)}`;
  const resource = one.resource === undefined ? [] : [one.resource];
  const end =
    one.where === 'configuration'
      ? 'take `suspend` out there'
      : `\`${commandFor('resume', { config }, target, ...resource)}\``;
  return [
    `${paint('yellow', '‖ suspended')} ${what}${by}${since}${until}${why}`,
    `    ${paint('dim', 'to resume:')} ${safe(end)}`,
  ];
}

/** Why is said once, with what the last run could not do or held back. */
function stalled(
  { name, reason, message, since, againAt }: Stalled,
  { failures, held: groups }: TargetStatus,
  how: How,
): string[] {
  const { paint, now } = how;
  const told = [...failures, ...groups.flatMap(({ changes }) => changes)];
  const known = told.some((one) => `${one.kind}/${one.name}` === name && one.reason === reason);
  const again = new Date(againAt) <= now ? 'with the next run' : `at the latest ${relative(againAt, now)}`;
  return [
    `${paint('red', '✗ stalled')} ${safe(name)}, since ${stamp(since)} (${relative(since, now)}): ${reason}${known ? '' : `: ${safe(message)}`}`,
    `    tried again when its wish or the object changes, on \`reconcile\` or \`apply\`, and ${again}`,
  ];
}
