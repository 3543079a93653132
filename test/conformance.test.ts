import { describe, expect, test } from 'vitest';
import type { ExportedDocument } from '../src/model/contracts.ts';
import type { JsonObject } from '../src/model/json.ts';
import { setAt } from '../src/model/pointer.ts';
import type { Resource } from '../src/model/resource.ts';
import { noRules } from '../src/model/rules.ts';
import { kinds, objectTypes } from '../src/objects/index.ts';
import { indexOf } from '../src/reconcile/identify.ts';
import { schemaOf } from '../src/source/schema.ts';
import { hasty } from './support/clock.ts';
import {
  documentOf,
  documentsOf,
  type Fixture,
  fixtures,
  kindOf,
  listOf,
  seedsOf,
  typeOf,
  wantedOf,
} from './support/fixtures.ts';
import { goneOf, liveOf, nothing, quirksOf, rawOf, settle, walk, walkUnder } from './support/walk.ts';
import { useWorlds, type World } from './support/world.ts';

const openWorld = useWorlds();
const open = ({ sandbox }: Fixture, ...quirks: string[]): Promise<World> =>
  openWorld({ clock: hasty, sandbox: { jobMs: 1, activationMs: 1, ...sandbox, quirks } });

/** The ids of all objects of the type that a fixture is about. */
async function idsOf(it: World, resources: Resource[], fixture: Fixture): Promise<string[]> {
  return (await listOf(it, typeOf(fixture), resources)).map(({ id }) => id).sort();
}

/** So few sets of quirks that each is met once; those under which something cannot be cleared are met alone. */
function setsOf(fixture: Fixture): string[][] {
  const { whereNot = [] } = fixture;
  const found = quirksOf(fixture).filter((quirk) => !whereNot.includes(quirk));
  const count = Math.ceil(found.length / 4);
  // Neighbours in the table are about the same thing, and would hide each other.
  const sets = Array.from({ length: count }, (_, i) => found.filter((_quirk, at) => at % count === i));
  return [...whereNot.map((quirk) => [quirk]), ...sets];
}

test('every kind has a fixture, and every fixture a kind', () => {
  expect(fixtures.map(({ kind }) => kind).sort()).toEqual(kinds.map(({ name }) => name).sort());
  for (const fixture of fixtures) expect(typeOf(fixture)).toBeDefined();
});

describe.each(fixtures.map((fixture) => [fixture.kind, fixture] as const))('%s', (_kind, fixture) => {
  const { example, updates, clears = {}, whereNot = [] } = fixture;
  const kind = kindOf(fixture);
  const type = typeOf(fixture);

  test('every spec fits the schema, and has no problem of its own', async () => {
    for (const [name, spec] of Object.entries({ example, ...updates, ...clears })) {
      for (const one of documentsOf(fixture, spec)) {
        const { name: handle, kind: called, spec: written } = one;
        const { apiVersion, schema, prepare, check } = kindOf(one);
        const document = { apiVersion, kind: called, metadata: { name: handle }, spec: written };
        expect([name, schemaOf(schema).check(document)]).toEqual([name, []]);
        await prepare?.();
        expect([name, check(one, noRules, fixture.allowed)]).toEqual([name, []]);
      }
    }
  });

  test('create, each update, back again: nothing is left to plan', async () => {
    const it = await open(fixture);
    await walk(
      it,
      fixture,
      [...Object.values(updates), ...Object.values(clears)].flatMap((spec) => [spec, example]),
    );
  });

  // `npm run test:long` has each by itself.
  test.each(setsOf(fixture).map((set) => [set.join(', '), set] as const))('the same under %s', async (_name, set) => {
    await walkUnder(await open(fixture, ...set), fixture, set);
  });

  test.each(Object.entries(clears).flatMap(([name, spec]) => whereNot.map((quirk) => [name, quirk, spec] as const)))(
    'clearing %s where the server cannot (%s) is said, and is not written for ever',
    async (_name, quirk, spec) => {
      const it = await open(fixture, quirk);
      await settle(it, documentsOf(fixture, example));
      const report = await it.apply(documentsOf(fixture, spec));
      expect(report.outcomes.map(({ reason }) => reason)).toEqual(['NotConverged']);
      it.sandbox.clearRequests();
      const again = await it.apply(documentsOf(fixture, spec));
      expect(again.plan.held.map(({ reason }) => reason)).toEqual(['NotConverged']);
      expect(it.writes()).toEqual([]);
    },
  );

  test('the second run of a new process reads no more than it must; each update changes what is there', async () => {
    const it = await open(fixture);
    await settle(it, documentsOf(fixture, example));
    const there = await idsOf(it, documentsOf(fixture, example), fixture);
    it.sandbox.clearRequests();
    nothing(await it.plan(documentsOf(fixture, example)));
    const single = it.sandbox.requests().filter(({ pathTemplate }) => pathTemplate?.includes('{'));
    // Lists, and one request for each object of a type that has none.
    const unlisted = objectTypes.filter((one) => one.unlisted);
    const wanted = unlisted.flatMap((one) => wantedOf(documentsOf(fixture, example), one.type));
    expect(single.length).toBeLessThanOrEqual(wanted.length);
    expect(new Set(single.map(({ path }) => path)).size).toBe(single.length);

    let before = await liveOf(it, fixture, documentsOf(fixture, example));
    for (const spec of Object.values(updates)) {
      const plan = await it.plan(documentsOf(fixture, spec));
      expect(plan.changes.map(({ action }) => action).filter((action) => action !== 'update')).toEqual([]);
      expect(plan.changes.length).toBeGreaterThan(0);
      await settle(it, documentsOf(fixture, spec));
      expect(await idsOf(it, documentsOf(fixture, spec), fixture)).toEqual(there);
      const after = await liveOf(it, fixture, documentsOf(fixture, spec));
      expect(goneOf(before, after, plan.changes)).toEqual([]);
      before = after;
    }
  });

  if (!kind.owns) {
    test('what was there before it is there with it', async () => {
      const it = await open(fixture);
      await settle(it, seedsOf(fixture));
      const before = await rawOf(it, fixture, documentsOf(fixture, example));
      await settle(it, documentsOf(fixture, example));
      expect(goneOf(before, await rawOf(it, fixture, documentsOf(fixture, example)))).toEqual([]);
    });
  }

  if (!kind.owns) return;

  test('an identical object is adopted without a write, and not pruned; what was created is deleted, once', async () => {
    const first = await open(fixture);
    await settle(first, documentsOf(fixture, example));
    const second = await openWorld({ clock: hasty }, first);
    first.sandbox.clearRequests();
    await settle(second, documentsOf(fixture, example));
    expect(second.writes()).toEqual([]);
    const gone = await second.apply([], { empty: false });
    const owned = documentsOf(fixture, example).filter((one) => kindOf(one).owns);
    expect(gone.plan.held.map(({ reason }) => reason)).toEqual(owned.map(() => 'PruneDisabled'));

    const before = await idsOf(first, documentsOf(fixture, example), fixture);
    await settle(first, seedsOf(fixture));
    expect(await idsOf(first, documentsOf(fixture, example), fixture)).toHaveLength(before.length - 1);
    nothing(await first.plan(seedsOf(fixture), { empty: false }));
  });

  test('what a live object is exported as plans as no change', async () => {
    const it = await open(fixture);
    const spec = Object.values(updates).at(-1)!;
    const documents = documentsOf(fixture, spec);
    await settle(it, documents);
    const before = await it.plan(seedsOf(fixture), { empty: false });
    const theirs = new Set(before.unchanged.map(({ object }) => object.id));
    const summaries = (await listOf(it, type, documents)).filter(
      ({ id, readOnly }) => readOnly === undefined && !theirs.has(id),
    );
    const lists = objectTypes.map(async (one) => [one.type, await listOf(it, one, documents)] as const);
    const index = indexOf(new Map(await Promise.all(lists)), []);
    const exported = await Promise.all(
      summaries.map(async (summary, i) => {
        const live = (await type.read(it.engine.reader, summary)) as JsonObject;
        const { spec: written, files = {} } = kind.toDocument(live, summary, index) as ExportedDocument;
        const $files = Object.fromEntries(Object.entries(files).map(([at, { text }]) => [`/spec${at}`, text]));
        const named = Object.keys(files).reduce((whole, at) => setAt(whole, at, 'file'), written);
        return documentOf(fixture.kind, i === 0 ? 'subject' : `other-${i}`, { ...named, $files });
      }),
    );
    expect(exported.length).toBeGreaterThan(0);
    nothing(await it.plan([...seedsOf(fixture), ...exported]));
  });
});
