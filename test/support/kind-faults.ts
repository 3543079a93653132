import { asFailure } from '../../src/model/failure.ts';
import type { Fault, FaultEffect } from '../../src/sandbox/index.ts';
import { fakeClock, hasty } from './clock.ts';
import { converge, type Tried } from './kill-points.ts';
import type { KindStory } from './kind-stories.ts';
import { asks, countMade, type Expected, endOf, inventoryOf, judgeKind } from './kind-verdict.ts';
import { faultsOf as everyFaultOf, type Point } from './long-faults.ts';
import { type World, world } from './world.ts';

/** What an undisturbed run of a story sends, and what it comes to. */
export interface Undisturbed extends Expected {
  writes: Point[];
  reads: Point[];
}

/** What disturbs a story: a fault of the server, or somebody else's write just before this one is served. */
export type Disturbance = { what: string; faults: Fault[]; overwritten?: Point };

async function inWorld<T>(
  { fixture, before }: KindStory,
  play: (it: World, drive: <V>(p: Promise<V>) => Promise<V>, clock: ReturnType<typeof fakeClock>) => Promise<T>,
): Promise<T> {
  const clock = fakeClock();
  const sandbox = { now: () => clock.now().getTime(), jobMs: 1, activationMs: 1, ...fixture.sandbox };
  const it = await world({ clock, sandbox });
  try {
    if (before.length > 0) await clock.drive(it.apply(before));
    return await play(it, (promise) => clock.drive(promise), clock);
  } finally {
    await it.close();
  }
}

/** @throws Error where nobody disturbs it and it fails all the same */
export function undisturbed(story: KindStory): Promise<Undisturbed> {
  return inWorld(story, async (it, drive) => {
    const made = countMade(it.sandbox);
    it.sandbox.clearRequests();
    const { status, outcomes } = await drive(it.apply(story.after, { empty: false }));
    if (status !== 'succeeded') throw new Error(`${story.what}: the undisturbed run ${status}`);
    const sent = new Map(
      it.sandbox.requests().map(({ method, pathTemplate: path }) => [`${method} ${path}`, { method, path }]),
    );
    const points = [...sent.values()].filter(({ path }) => !path.startsWith('/oauth'));
    made.stop();
    return {
      writes: points.filter(({ method }) => method !== 'GET'),
      reads: points.filter(({ method }) => method === 'GET'),
      creates: outcomes.some(({ action }) => action === 'create'),
      end: await drive(endOf(it, story)),
      made: made.counts,
      inventory: await inventoryOf(it),
    };
  });
}

const somebody = 'somebody was faster';
const once = (when: Point, ...effects: FaultEffect[]): Fault[] =>
  effects.map((then) => ({ when: { ...when, times: 1 }, then }));
const lag = { created: 20_000, updated: 20_000, deleted: 20_000 };

/** What may become of each write that changes something, and reads that lag. */
function ofWrites({ writes, reads, creates }: Undisturbed): Disturbance[] {
  const changing = writes.filter(({ path }) => !asks.has(path));
  const spoilt = changing.flatMap((write) =>
    [
      { what: 'dropped', faults: once(write, { drop: true }) },
      { what: 'its answer lost', faults: once(write, { lostResponse: true }) },
      ...(creates ? [] : [{ what: somebody, faults: [], overwritten: write }]),
      { what: '500', faults: once(write, { status: 500 }) },
      { what: 'its answer empty', faults: once(write, { emptyBody: true }) },
      {
        what: '429, with and without Retry-After',
        faults: once(write, { status: 429, retryAfter: 2 }, { status: 429 }),
      },
    ].map((one) => ({ ...one, what: `${write.method} ${write.path}: ${one.what}` })),
  );
  const lagging = reads.map((when) => ({
    when,
    then: { lag: when.path.includes('{') ? { ...lag, created: 0 } : lag },
  }));
  return [...spoilt, { what: 'what is read lags', faults: lagging }];
}

/** What `npm test` has time for: all of it where a kind is first written, later what depends on what is there. */
export function shortly(found: Undisturbed, { all }: { all: boolean }): Disturbance[] {
  return ofWrites(found).filter(({ what }) => all || /(lost|lags)$/.test(what) || what.endsWith(somebody));
}

/** All of it, and every request in every way. */
export function atLength(found: Undisturbed): Disturbance[] {
  const every = [...found.writes, ...found.reads].flatMap(everyFaultOf);
  return [...ofWrites(found), ...every.map((fault) => ({ what: JSON.stringify(fault), faults: [fault] }))];
}

/** One run that is disturbed, then others that are not, until nothing is left to do. */
export function disturb(
  story: KindStory,
  expected: Undisturbed,
  { what, faults, overwritten }: Disturbance,
): Promise<Tried & { overwrote: boolean }> {
  return inWorld(story, async (it, drive, clock) => {
    const { sandbox } = it;
    const made = countMade(sandbox);
    for (const fault of faults) sandbox.addFault(fault);
    let theirs: Promise<boolean> | undefined;
    const stop = sandbox.onRequest(({ phase, method, pathTemplate }) => {
      const isIt = phase === 'arrived' && method === overwritten?.method && pathTemplate === overwritten.path;
      // Only the first one waits: theirs comes by here as well.
      if (!isIt || theirs !== undefined) return;
      theirs = overwrite(it, story);
      return theirs.then(
        () => {},
        () => {},
      );
    });
    await drive(it.apply(story.after, { empty: false })).catch((error) => {
      if (asFailure(error).reason === 'Unexpected') throw error;
    });
    stop();
    const overwrote = (await theirs) ?? false;
    sandbox.clearFaults();
    // Whether something is used is not asked again for ten minutes where it could not be told.
    const runs = await converge(it, clock, story.after, { most: 40, warnings: expected.end.warnings });
    const verdict = await drive(judgeKind(it, story, made, expected, { overwrote }));
    made.stop();
    return { at: what, verdict, overwrote, ...(runs === undefined ? {} : { runs }) };
  });
}

/** Another daemon, with a journal of its own, that wishes something else of what is there; false where nobody could. */
async function overwrite(it: World, { theirs }: KindStory): Promise<boolean> {
  const other = await world({ clock: hasty, policy: { adopt: 'always' }, target: 'other' }, it.sandbox);
  try {
    for (const resources of theirs) {
      const { changes } = await other.plan(resources);
      // Of another name it would be another object.
      if (changes.length === 0 || changes.some(({ action }) => action !== 'update')) continue;
      const { outcomes } = await other.apply(resources);
      // What stands there of ours, a draft for example, may be in their way.
      return outcomes.every(({ status }) => status === 'applied');
    }
    return false;
  } finally {
    await other.close();
  }
}
