import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { asFailure } from '../../src/model/failure.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { RequestEvent, Sandbox } from '../../src/sandbox/index.ts';
import { type FakeClock, fakeClock } from './clock.ts';
import type { Order } from './kill-child.ts';
import { kill, startRun } from './kill-run.ts';
import { inWords, judge, type Verdict, type Watch, watch } from './long-verdict.ts';
import { config, contract, dataAction, type World, world } from './world.ts';

/** What a run that is killed had to do. */
export interface Scenario {
  name: string;
  before: Resource[];
  after: Resource[];
}

const kept = dataAction('kept');
const patched = (name: string): Resource => dataAction(name, { config: config({ requestType: 'POST' }) });
const recontracted = (name: string): Resource => dataAction(name, { contract: contract('more') });

export const scenarios: Scenario[] = [
  { name: 'create', before: [kept], after: [kept, dataAction('a')] },
  { name: 'update', before: [kept, dataAction('b')], after: [kept, patched('b')] },
  { name: 'contract change', before: [kept, dataAction('c')], after: [kept, recontracted('c')] },
  { name: 'delete', before: [kept, dataAction('d')], after: [kept] },
  {
    name: 'all four at once',
    before: [kept, dataAction('b'), dataAction('c'), dataAction('d')],
    after: [kept, dataAction('a'), patched('b'), recontracted('c')],
  },
];

/**
 * Where a run dies. `nth`: at its nth own point. `lost`: its request is there, and is never served. `arrived`: its request
 * is there, and is served when nobody waits for the answer any more. `served`: it was served, and the answer is not sent.
 */
export type Point = { nth: number; name: string } | { at: 'lost' | 'arrived' | 'served'; write: string };

export function nameOf(point: Point): string {
  return 'nth' in point ? `${point.nth}, ${point.name}` : `${point.at}, ${point.write}`;
}

/** Every single point of a scenario, from a run that nobody disturbs. */
export async function pointsOf(scenario: Scenario): Promise<Point[]> {
  return inScene(scenario, async ({ sandbox, order }) => {
    const writes: string[] = [];
    sandbox.onRequest((event) => {
      if (event.phase === 'arrived' && isWrite(event)) writes.push(keyOf(event));
    });
    const told = await startRun(order).ended;
    if (told?.status !== 'succeeded') throw new Error(`the undisturbed run failed: ${JSON.stringify(told)}`);
    const requests = writes.flatMap((write) => (['lost', 'arrived', 'served'] as const).map((at) => ({ at, write })));
    return [...told.points.map((name, i) => ({ nth: i + 1, name })), ...requests];
  });
}

/** Each phase of one write, and the ends of the run: what `npm test` has time for. */
export function sample(points: readonly Point[]): Point[] {
  const phases = ['leaving', 'lost', 'arrived', 'served', 'before answered', 'after answered', 'before setApplied'];
  const ends = ['after startRun', 'before recordOutcome', 'before finishRun', 'before releaseLease'];
  return [...phases, ...ends].flatMap(
    (phase) => points.find((point) => ('nth' in point ? point.name : point.at).startsWith(phase)) ?? [],
  );
}

export interface Tried {
  point: Point;
  /** Undefined where it did not come to an end. */
  runs?: number;
  verdict: Verdict;
}

/** Tries points, a few at a time: what takes longest is the start of a process. */
export async function tryPoints(scenario: Scenario, points: readonly Point[]): Promise<Tried[]> {
  const waiting = [...points];
  const tried: Tried[] = [];
  const work = async (): Promise<void> => {
    for (let point = waiting.shift(); point !== undefined; point = waiting.shift()) {
      tried.push(await tryPoint(scenario, point));
    }
  };
  await Promise.all([work(), work()]);
  return tried;
}

/** Kills one run at one point, lets others take over until nothing is left to do, and judges. */
export async function tryPoint(scenario: Scenario, point: Point): Promise<Tried> {
  return inScene(scenario, async ({ sandbox, order, journal, watched }) => {
    const child = startRun('nth' in point ? { ...order, dieAt: point.nth } : order);
    if ('at' in point) {
      if (point.at === 'lost') {
        const [method = '', path = ''] = point.write.split(' ');
        sandbox.addFault({ when: { method, path, times: 1 }, then: { drop: true } });
      }
      const phase = point.at === 'served' ? 'served' : 'arrived';
      sandbox.onRequest((event) => (event.phase === phase && keyOf(event) === point.write ? kill(child) : undefined));
    }
    const told = await child.ended;
    if (told !== undefined) throw new Error(`it was not killed at ${nameOf(point)}: ${JSON.stringify(told)}`);
    sandbox.clearFaults();
    const clock = fakeClock(new Date());
    const it = await world({ clock, journal }, sandbox);
    try {
      const runs = await converge(it, clock, scenario.after);
      const verdict = await judge(it, scenario.after, watched, [...scenario.before, ...scenario.after]);
      return { point, verdict, ...(runs === undefined ? {} : { runs }) };
    } finally {
      await it.close();
    }
  });
}

/** Runs every 20 seconds as a daemon that finds work does, until a plan is empty. Answers how many that took. */
export async function converge(
  it: World,
  clock: FakeClock,
  resources: Resource[],
  most = 20,
): Promise<number | undefined> {
  for (let runs = 1; runs <= most; runs++) {
    const report = await clock.drive(it.apply(resources)).catch((error: unknown) => {
      const failure = asFailure(error);
      if (failure.reason === 'Unexpected') throw error;
      return failure;
    });
    const { changes, held, problems, warnings } = await clock.drive(it.plan(resources));
    const isDone = changes.length + held.length + problems.length + warnings.length === 0;
    if ('status' in report && report.status === 'succeeded' && isDone) return runs;
    await clock.advance(20_000);
  }
  return undefined;
}

/** What is wrong with it, in words; undefined where nothing is. */
export function complaint({ point, runs, verdict }: Tried): string | undefined {
  const said = [runs === undefined ? 'did not converge' : '', inWords(verdict)].filter((text) => text !== '');
  return said.length === 0 ? undefined : `${nameOf(point)}: ${said.join('; ')}`;
}

interface Scene {
  sandbox: Sandbox;
  order: Order;
  journal: string;
  watched: Watch;
}

/** A sandbox and a journal in which everything before the scenario was applied. */
async function inScene<T>(scenario: Scenario, play: (scene: Scene) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kill-'));
  const journal = path.join(folder, 'journal.db');
  const it = await world({ journal });
  try {
    const { sandbox } = it;
    const watched = watch(sandbox);
    const { status } = await it.apply(scenario.before);
    if (status !== 'succeeded') throw new Error(`the scene could not be set: ${status}`);
    await it.journal.close();
    const order: Order = { sandbox: { url: sandbox.url, org: sandbox.org }, journal, resources: scenario.after };
    return await play({ sandbox, order, journal, watched });
  } finally {
    await it.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const isWrite = ({ method, path: where }: RequestEvent): boolean => method !== 'GET' && !where.startsWith('/oauth');
const keyOf = ({ method, pathTemplate }: RequestEvent): string => `${method} ${pathTemplate}`;
