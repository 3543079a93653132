import { commandFor } from './command-line.ts';
import type { HeldGroup } from './held-groups.ts';
import { renderOutcome } from './render-outcomes.ts';
import { describe, subject } from './render-plan.ts';
import type { How } from './render-status.ts';
import type { TargetStatus } from './status.ts';
import type { Stalled } from './status-facts.ts';
import { count, type Paint, safe } from './text.ts';
import { relative, stamp } from './when.ts';

/** So many held changes of one reason are named. */
const mostNamed = 5;

/** What failed, is held, rests or stalls, each with the way on. */
export function waitingLines(status: TargetStatus, how: How): string[] {
  const { paint } = how;
  return [
    ...status.failures.flatMap((one) => renderOutcome(one, paint).split('\n')),
    ...status.held.flatMap((group) => held(group, paint)),
    ...unnamed(status),
    ...status.suspended.flatMap((one) => suspended(one, status.target, how)),
    ...status.stalled.flatMap((one) => stalled(one, status, how)),
  ];
}

function held({ reason, message, release, changes }: HeldGroup, paint: Paint): string[] {
  const named = changes.slice(0, mostNamed).map((one) => `    ${one.action} ${subject(one)}`);
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
  { name, object, reason, message, since, againAt }: Stalled,
  { failures, held: groups }: TargetStatus,
  how: How,
): string[] {
  const { paint, now } = how;
  const told = [...failures, ...groups.flatMap(({ changes }) => changes)];
  const known = told.some((one) => `${one.kind}/${one.name}` === name && one.reason === reason);
  const again = new Date(againAt) <= now ? 'with the next run' : `at the latest ${relative(againAt, now)}`;
  return [
    `${paint('red', '✗ stalled')} ${safe(name)}${object === undefined ? '' : ` ${describe(object)}`}, since ${stamp(since)} (${relative(since, now)}): ${reason}${known ? '' : `: ${safe(message)}`}`,
    `    tried again when its wish or the object changes, on \`reconcile\` or \`apply\`, and ${again}`,
  ];
}
