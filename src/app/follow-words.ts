import { stamp } from '../model/moment.ts';
import type { Followed } from './follow-facts.ts';

/** How times and revisions are told: a terminal wants them short. */
export interface Telling {
  when(at: string): string;
  revision(revision: string): string;
}

/** For messages that are read later, too. */
export const inFull: Telling = {
  when: (at) => `at ${stamp(at)}`,
  revision: (revision) => revision,
};

/** What a following target waits for: `main@sha1:... was applied to staging ..., and is taken ...`; undefined: nothing. */
export function waitsFor({ other, choice, standing, current }: Followed, tell: Telling): string | undefined {
  const { next, revision } = choice;
  if (revision !== undefined && revision !== current) return `the next run, which takes ${tell.revision(revision)}`;
  if (standing.broken !== undefined) {
    const { since, reason } = standing.broken;
    return `${other} to be healthy, which it has not been since ${bare(tell.when(since))} (${reason})`;
  }
  if (next === undefined && revision !== undefined) return undefined;
  if (next?.readyAt === undefined) return `${other}, to which nothing was applied yet`;
  const healthy = healthyAgain(standing.healthySince, next.since, tell);
  return `${other}: ${tell.revision(next.revision)} was applied there ${tell.when(next.since)}${healthy}, and is taken ${tell.when(next.readyAt)}`;
}

/** Why a following target runs on the revision that it runs on. */
export function whyTaken({ other, choice, standing, current }: Followed, tell: Telling): string {
  const { revision = '', since } = choice;
  const which = tell.revision(revision);
  if (since === undefined) return `keeps ${which}, since nothing that ${other} applied is ready to be taken`;
  if (standing.healthySince === undefined) return `keeps ${which}, since ${other} is not healthy`;
  const verb = revision === current ? 'stays at' : 'takes';
  const healthy = healthyAgain(standing.healthySince, since, tell);
  return `${verb} ${which}, which was applied to ${other} ${tell.when(since)}${healthy}`;
}

function healthyAgain(healthySince: string | undefined, since: string, tell: Telling): string {
  const isLater = healthySince !== undefined && new Date(healthySince) > new Date(since);
  return isLater ? `, healthy again since ${bare(tell.when(healthySince))}` : '';
}

/** A time after `since`. */
function bare(when: string): string {
  return when.replace(/^at /, '');
}
