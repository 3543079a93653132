import { expect } from 'vitest';
import type { Resource } from '../../src/model/resource.ts';
import type { RunOptions, RunReport } from '../../src/reconcile/run.ts';
import type { Fault } from '../../src/sandbox/index.ts';
import type { Day } from './long-day.ts';
import { said } from './stories.ts';
import type { WorldOptions } from './world.ts';

/** One bad day: a commit, what spoils its run, what becomes of it and how it mends. */
export interface BadDay {
  what: string;
  options?: WorldOptions;
  before: Resource[];
  after: Resource[];
  /** Spoils the run that follows: faults, or what somebody does to it (`planned` is called between plan and apply). */
  spoil: (Fault | ((day: Day) => Partial<RunOptions> | undefined))[];
  /** `messenger failed DraftPending`: the outcomes of that run, in order of names. */
  becomes: string[];
  /** The first message of it, word for word. */
  message?: string | RegExp;
  /** What is held in the run after it, and (always) nothing is written then; without: that run is not made. */
  next?: string[];
  /** How it comes to mend; without: by itself. */
  mend?: (day: Day) => Promise<void> | void;
  /** What is live at the end. */
  ends?: (day: Day) => unknown[];
  /** Where somebody else made or deleted objects, so that the verdict would blame us: the plan has to be empty, no more. */
  others?: boolean;
}

/** Plays one to its end: converged, with nothing doubled, orphaned, lost or left. */
export async function playBadDay(day: Day, bad: BadDay): Promise<void> {
  const { before, after, becomes, message, next, mend, ends, others } = bad;
  if (before.length > 0) expect((await day.apply(before)).status).toBe('succeeded');
  const options: Partial<RunOptions>[] = [];
  for (const one of bad.spoil) {
    if (typeof one === 'function') options.push(one(day) ?? {});
    else day.it.sandbox.addFault(one);
  }
  const report = await day.apply(after, Object.assign({}, ...options));
  expect(outcomesOf(report)).toEqual(becomes);
  if (message !== undefined)
    expect(messageOf(report)).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  day.it.sandbox.clearFaults();
  if (next !== undefined) {
    day.it.sandbox.clearRequests();
    await day.clock.advance(20_000);
    const { outcomes, plan } = await day.apply(after);
    const failed = outcomes.map((one) => `${one.name} ${said(one)}`);
    expect([...plan.held.map(({ name, reason }) => `${name} held ${reason}`), ...failed].sort()).toEqual(next);
    expect(day.it.writes()).toEqual([]);
  }
  await mend?.(day);
  if (others === true) {
    await day.apply(after);
    const { changes, held, problems } = await day.plan(after);
    expect([...changes, ...held, ...problems]).toEqual([]);
  } else await day.endsWell(after, [...before, ...after]);
  if (ends !== undefined) expect(ends(day)[0]).toEqual(ends(day)[1]);
}

const outcomesOf = ({ outcomes }: RunReport): string[] => outcomes.map((one) => `${one.name} ${said(one)}`).sort();
const messageOf = ({ outcomes }: RunReport): string | undefined =>
  outcomes.find(({ status }) => status !== 'applied')?.message;

/** What failed for good is tried again after an hour. */
export const anHour = ({ clock }: Day): Promise<void> => clock.advance(3_600_000);
