import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { asFailure, Failure } from '../../src/model/failure.ts';
import type { Resource } from '../../src/model/resource.ts';
import { surfaces } from '../../src/objects/index.ts';
import type { RequestEvent, Sandbox } from '../../src/sandbox/index.ts';
import { type FakeClock, fakeClock } from './clock.ts';
import type { Order } from './kill-child.ts';
import { kill, startRun } from './kill-run.ts';
import { lists, nameOf, type Point, type Scenario } from './kill-scenarios.ts';
import { inWords, judge, type Verdict, watch } from './long-verdict.ts';
import { type World, world } from './world.ts';

/** Every single point of a scenario, from a run that nobody disturbs. */
export async function pointsOf(scenario: Scenario): Promise<Point[]> {
  return inScene(scenario, async ({ sandbox, order }) => {
    const writes: string[] = [];
    sandbox.onRequest((event) => {
      const key = keyOf(event);
      // What a run waits for it asks again and again.
      const isFirst = scenario.reads?.includes(key) === true && !writes.includes(key);
      if (event.phase === 'arrived' && (isWrite(event) || isFirst)) writes.push(key);
    });
    const told = await startRun(order).ended;
    // Who finds a lost create holds it at first.
    if (told?.status !== 'succeeded' && told?.status !== 'held')
      throw new Error(`the undisturbed run failed: ${JSON.stringify(told)}`);
    const requests = writes.flatMap((write) => (['lost', 'arrived', 'served'] as const).map((at) => ({ at, write })));
    return [...told.points.map((name, i) => ({ nth: i + 1, name })), ...requests];
  });
}

/** Each phase of one write, and the ends of the run: what `npm test` has time for. */
export function sample(points: readonly Point[]): Point[] {
  const phases = ['leaving', 'lost', 'arrived', 'served', 'before answered', 'after answered', 'before setApplied'];
  const ends = ['after startRun', 'before recordOutcome', 'before finishRun', 'before releaseLease'];
  return [...phases, ...ends].flatMap((phase) => {
    const found = points.filter((point) => ('nth' in point ? point.name : point.at).startsWith(phase));
    return found.find((point) => !onlyAsks(point)) ?? found[0] ?? [];
  });
}

const asks = surfaces.flatMap((surface) => surface.asks);

/** True for a POST that changes nothing. */
export function onlyAsks(point: Point): boolean {
  return asks.some((path) => nameOf(point).endsWith(`POST ${path}`));
}

export interface Tried {
  /** Where it was disturbed, in words. */
  at: string;
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
export function tryPoint(scenario: Scenario, point: Point): Promise<Tried> {
  return inScene(scenario, async (scene) => {
    await die(scene.sandbox, scene.order, point);
    return { at: nameOf(point), ...(await takeOver(scene, scenario)) };
  });
}

/** Lets one run find no more room for its journal than this, and judges as above. */
export function fillDisk(scenario: Scenario, kilobytes: number): Promise<Tried> {
  return inScene(scenario, async (scene) => {
    const told = await startRun(scene.order, { shell: `ulimit -f ${kilobytes};` }).ended;
    const isTold = told?.status === 'succeeded' || told?.reason === 'JournalUnavailable';
    if (!isTold) throw new Error(`with ${kilobytes} kB: ${JSON.stringify(told)}`);
    return { at: `${kilobytes} kB`, ...(await takeOver(scene, scenario)) };
  });
}

async function takeOver(
  { sandbox, journal, judged, time }: Scene,
  { after, meanwhile, next = after, lags, warnings = 0 }: Scenario,
): Promise<Omit<Tried, 'at'>> {
  const clock = fakeClock(new Date());
  time.now = () => clock.now().getTime();
  if (lags) {
    const lag = { created: 45_000, deleted: 45_000, updated: 45_000 };
    for (const path of lists) sandbox.addFault({ when: { method: 'GET', path }, then: { lag } });
  }
  const it = await world({ clock, journal }, sandbox);
  try {
    if (meanwhile !== undefined) await converge(it, clock, meanwhile, { most: 3 });
    const runs = await converge(it, clock, next, { warnings });
    const verdict = await clock.drive(judged(it));
    return { verdict, ...(runs === undefined ? {} : { runs }) };
  } finally {
    await it.close();
  }
}

/** A run that dies at this point. */
async function die(sandbox: Sandbox, order: Order, point: Point): Promise<void> {
  const child = startRun('nth' in point ? { ...order, dieAt: point.nth } : order);
  let stop = (): void => {};
  if ('at' in point) {
    const [method = '', path = ''] = point.write.split(' ');
    if (point.at === 'lost') sandbox.addFault({ when: { method, path, times: 1 }, then: { drop: true } });
    const phase = point.at === 'served' ? 'served' : 'arrived';
    stop = sandbox.onRequest((event) => {
      return event.phase === phase && keyOf(event) === point.write ? kill(child) : undefined;
    });
  }
  const told = await child.ended;
  stop();
  sandbox.clearFaults();
  if (told !== undefined) throw new Error(`it was not killed at ${nameOf(point)}: ${JSON.stringify(told)}`);
}

/**
 * Runs every 20 seconds as a daemon that finds work does, until a plan is empty and no question open. Answers how many that took.
 * `warnings`: how many stand in every plan.
 */
export async function converge(
  it: World,
  clock: FakeClock,
  resources: Resource[],
  { most = 20, warnings: standing = 0 } = {},
): Promise<number | undefined> {
  const more = { empty: false };
  for (let runs = 1; runs <= most; runs++) {
    const report = await clock.drive(it.apply(resources, more)).catch(expected);
    const plan = await clock.drive(it.plan(resources, more)).catch(expected);
    if (report instanceof Failure || plan instanceof Failure) {
      await clock.advance(20_000);
      continue;
    }
    const { changes, held, problems, warnings } = plan;
    const open = await it.journal.openIntents(it.sandbox.org.id);
    const left = changes.length + held.length + problems.length + open.length;
    if (warnings.length <= standing && report.status === 'succeeded' && left === 0) return runs;
    // What only a person could help is tried again within the hour.
    await clock.advance(runs < 20 ? 20_000 : 1_200_000);
  }
  return undefined;
}

/** Genesys may still be out of reach, or the lease another's; a defect is neither. */
function expected(error: unknown): Failure {
  const failure = asFailure(error);
  if (failure.reason === 'Unexpected') throw error;
  return failure;
}

/** What is wrong with it, in words; undefined where nothing is. */
export function complaint({ at, runs, verdict }: Tried): string | undefined {
  const said = [runs === undefined ? 'did not converge' : '', inWords(verdict)].filter((text) => text !== '');
  return said.length === 0 ? undefined : `${at}: ${said.join('; ')}`;
}

interface Scene {
  sandbox: Sandbox;
  order: Order;
  journal: string;
  judged(it: World): Promise<Verdict>;
  /** The sandbox's. */
  time: { now(): number };
}

/** A sandbox and a journal in which everything before the scenario was applied. */
async function inScene<T>(scenario: Scenario, play: (scene: Scene) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kill-'));
  const journal = path.join(folder, 'journal.db');
  const time = { now: Date.now };
  const it = await world({
    journal,
    sandbox: {
      now: () => time.now(),
      quirks: scenario.quirks ?? [],
      jobMs: 3,
      activationMs: 3,
      ...scenario.sandbox,
    },
  });
  try {
    const { sandbox } = it;
    const { before, after, next = after, watching } = scenario;
    const watched = watching === undefined ? watch(sandbox) : undefined;
    const { status } = await it.apply(before);
    if (status !== 'succeeded') throw new Error(`the scene could not be set: ${status}`);
    const judged: Scene['judged'] =
      watching?.(sandbox) ?? ((world) => judge(world, next, watched!, [...before, ...after, ...next]));
    await it.journal.close();
    const order: Order = { sandbox: { url: sandbox.url, org: sandbox.org }, journal, resources: scenario.after };
    if (scenario.first !== undefined) {
      await die(sandbox, order, scenario.first);
      endLeases(journal);
    }
    return await play({ sandbox, order, journal, judged, time });
  } finally {
    await it.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As if its time had passed: processes go by the wall clock, and nobody wants to wait for it here. */
function endLeases(journal: string): void {
  const file = new DatabaseSync(journal);
  file.exec("UPDATE leases SET expiresAt = '2026-01-01T00:00:00.000Z'");
  file.close();
}

const isWrite = ({ method, path: where }: RequestEvent): boolean => method !== 'GET' && !where.startsWith('/oauth');
const keyOf = ({ method, pathTemplate }: RequestEvent): string => `${method} ${pathTemplate}`;
