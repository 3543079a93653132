import type { Resource } from '../../src/model/resource.ts';
import type { Fault, FaultEffect } from '../../src/sandbox/index.ts';
import { converge, type Tried } from './kill-points.ts';
import type { Day } from './long-day.ts';
import { judge } from './long-verdict.ts';

/** A commit that writes something, and what was there before it. */
export interface Story {
  what: string;
  before: Resource[];
  after: Resource[];
}

export interface Point {
  method: string;
  path: string;
}

/** Every request that the run sends, from one that nobody disturbs. */
export async function points(day: Day, { before, after }: Story): Promise<Point[]> {
  if (before.length > 0) await day.apply(before);
  const count = day.it.sandbox.requests().length;
  const { status } = await day.apply(after);
  if (status !== 'succeeded') throw new Error(`the undisturbed run ${status}`);
  const sent = day.it.sandbox.requests().slice(count);
  const made = sent.map(({ method, pathTemplate: path }) => ({ method, path }));
  return [...new Map(made.map((point) => [`${point.method} ${point.path}`, point])).values()].filter(
    ({ path }) => !path.startsWith('/oauth'),
  );
}

/** Before it, while it, after it; refused once, refused until nobody asks any more; what was true a while ago. */
const effects: FaultEffect[] = [
  { drop: true },
  { lostResponse: true },
  { truncate: true },
  { instead: { status: 200, body: '<html></html>' } },
  { status: 429, retryAfter: 2 },
  { status: 500 },
  { delayMs: 5 },
];
const allRunLong: FaultEffect[] = [{ status: 503 }, { drop: true }];
const lag = { updated: 20_000, deleted: 20_000 };

export function faultsOf(when: Point): Fault[] {
  const once = effects.map((then) => ({ when: { ...when, times: 1 }, then }));
  // What a list shows, a read by id does not deny.
  const lagging = when.path.includes('{') ? { lag } : { lag: { ...lag, created: 20_000 } };
  const long = [...allRunLong, ...(when.method === 'GET' ? [lagging] : [])].map((then) => ({ when, then }));
  return [...once, ...long];
}

/** One run with the fault, then others without it, until nothing is left to do. */
export async function tryFault(day: Day, { before, after }: Story, fault: Fault): Promise<Tried> {
  const { it, clock, watched } = day;
  if (before.length > 0) await day.apply(before);
  it.sandbox.addFault(fault);
  await day.apply(after).catch(() => undefined);
  it.sandbox.clearFaults();
  // Whether something is used is not asked again for ten minutes where it could not be told.
  const runs = await converge(it, clock, after, { most: 40 });
  const verdict = await judge(it, after, watched, [...before, ...after]);
  return { at: JSON.stringify(fault), verdict, ...(runs === undefined ? {} : { runs }) };
}
