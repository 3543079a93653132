import { took } from './briefly.ts';
import { commandFor } from './command-line.ts';
import type { Condition } from './conditions.ts';
import { commitInWords } from './render-changes.ts';
import { triggerInWords } from './render-run.ts';
import { waitingLines } from './render-waiting.ts';
import type { TargetStatus } from './status.ts';
import { count, hang, type Paint, safe, shortRevision } from './text.ts';
import { relative, stamp } from './when.ts';

export interface How {
  paint: Paint;
  now: Date;
  /** Columns of the terminal; infinite in a pipe. */
  width: number;
  config: string;
}

const label = 15;

/** A target as a colleague would tell it: how it is, what was last, what comes next, and what waits for whom. */
export function renderStatus(status: TargetStatus, how: How): string {
  const { paint, width } = how;
  const rows = [...status.conditions.flatMap((one) => condition(one, how)), ...facts(status, how)];
  const waiting = waitingLines(status, how);
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
  Drifted: 'True',
};

/** What is as it should be needs no words. */
function condition({ type, status, reason, message, since }: Condition, { paint, now }: How): [string, string][] {
  const mayBeQuiet = type === 'Stalled' || type === 'Reconciling' || type === 'Drifted';
  const quiet = mayBeQuiet && status === 'False' && message === '';
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
    after,
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
          [
            'last change',
            `${at(lastChange.at)}: ${count(lastChange.changes.length, 'object')}${activeIn(lastChange)}${whose}`,
          ] as [string, string],
        ]),
    ...(after === undefined ? [] : [['follows', followsInWords(after, now)] as [string, string]]),
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

function activeIn({ activationMs }: { activationMs?: number }): string {
  return activationMs === undefined ? '' : `, active in ${took(activationMs)}`;
}

function followsInWords({ target, soak, waitingFor, readyAt }: NonNullable<TargetStatus['after']>, now: Date): string {
  const when = readyAt === undefined ? '' : ` (${relative(readyAt, now)})`;
  const waits = waitingFor === undefined ? '' : `; waits for ${safe(waitingFor)}${when}`;
  return `${safe(target)}, soak time ${soak}${waits}`;
}

/** A daemon tells every few seconds what comes next; what is past by then is about to be told anew. */
function coming(at: string, now: Date): string {
  return new Date(at) <= now ? 'any moment' : relative(at, now);
}
