import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ExportedDocument } from '../src/model/contracts.ts';
import type { JsonObject } from '../src/model/json.ts';
import type { Plan } from '../src/model/plan.ts';
import type { Resource } from '../src/model/resource.ts';
import { kinds, objectTypes } from '../src/objects/index.ts';
import { indexOf } from '../src/reconcile/identify.ts';
import { quirks } from '../src/sandbox/index.ts';
import { hasty } from './support/clock.ts';
import { resource, useWorlds, type World } from './support/world.ts';

interface Fixture {
  kind: string;
  seed?: { kind: string; spec: JsonObject }[];
  example: JsonObject;
  updates: Record<string, JsonObject>;
  clears?: Record<string, JsonObject>;
  whereNot?: string[];
}

const folder = path.resolve(import.meta.dirname, '../src/objects');
const files = readdirSync(folder)
  .map((name) => path.join(folder, name, 'fixture.ts'))
  .filter((file) => existsSync(file));
const fixtures: Fixture[] = (
  await Promise.all(files.map(async (file) => ((await import(file)) as { fixtures: Fixture[] }).fixtures))
).flat();

const open = useWorlds();

function kindOf(fixture: Fixture): (typeof kinds)[number] {
  return kinds.find(({ name }) => name === fixture.kind)!;
}

function documents(fixture: Fixture, spec: JsonObject): Resource[] {
  const seeds = (fixture.seed ?? []).map((seed, i) => withFile(seed.kind, `seed-${i}`, seed.spec));
  return [...seeds, withFile(fixture.kind, 'subject', spec)];
}

/** A spec's `$text` is the file that it refers to. */
function withFile(kind: string, name: string, { $text, ...spec }: JsonObject): Resource {
  const text = typeof $text === 'string' ? $text : undefined;
  return resource(kind, name, spec, text === undefined ? {} : { files: { '/spec/file': { path: 'file', text } } });
}

/** The ids of all objects of the type that a fixture is about. */
async function idsOf(it: World, fixture: Fixture): Promise<string[]> {
  const type = objectTypes.find((one) => one.type === kindOf(fixture).object)!;
  return (await type.list(it.engine.reader)).map(({ id }) => id).sort();
}

async function settle(it: World, resources: Resource[]): Promise<void> {
  const report = await it.apply(resources);
  expect(report.plan.problems).toEqual([]);
  expect(report.outcomes.filter(({ status }) => status !== 'applied')).toEqual([]);
}

function nothing(plan: Plan): void {
  expect({ changes: plan.changes, held: plan.held, problems: plan.problems }).toEqual({
    changes: [],
    held: [],
    problems: [],
  });
}

test('every kind has a fixture, and every fixture a kind', () => {
  expect(fixtures.map(({ kind }) => kind).sort()).toEqual(kinds.map(({ name }) => name).sort());
  for (const fixture of fixtures) expect(objectTypes.map(({ type }) => type)).toContain(kindOf(fixture).object);
});

/** What a quirk is about, by its name; undefined: about everything. */
function objectsOf(quirk: string): string[] | undefined {
  // Nobody is held back here; the client's own tests meet them.
  if (quirk.startsWith('rate-limit-')) return [];
  // The audit log is asked after the run, and never decides what is written.
  if (quirk.startsWith('audit-')) return [];
  // What the client or the engine does alike for every object.
  if (/^(page-size|dependency|delete-in-use)-/.test(quirk)) return ['data-action'];
  if (quirk.startsWith('schedule-')) return ['schedule', 'schedule-group'];
  if (quirk.startsWith('web-')) return ['web-messaging-configuration', 'web-messaging-deployment'];
  if (/^(flow|export|job)-/.test(quirk)) return ['flow'];
  const ofActions =
    /^(template|schema|draft|version|config|timeout|empty|request|success|duplicate|writes|publish|integration)-/;
  return ofActions.test(quirk) ? ['data-action'] : undefined;
}

/** Each quirk by itself, where it could matter to a kind: those of other objects are met where those are. */
function quirkSetsOf(fixture: Fixture): string[][] {
  const { object } = kindOf(fixture);
  return [[], ...Object.keys(quirks).map((name) => [name])].filter(([name]) => {
    const about = name === undefined ? undefined : objectsOf(name);
    return about === undefined || about.includes(object);
  });
}

for (const fixture of fixtures) {
  describe(fixture.kind, () => {
    const quirkSets = quirkSetsOf(fixture);
    for (const set of quirkSets) {
      test(`create, each update, back again: nothing is left to plan${set.length > 0 ? ` (${set.join(', ')})` : ''}`, async () => {
        const it = await open({ clock: hasty, sandbox: { quirks: set, jobMs: 1, activationMs: 1 } });
        await settle(it, documents(fixture, fixture.example));
        nothing(await it.plan(documents(fixture, fixture.example)));
        // Under a quirk from one update to the next, and back once: the quirk is met by each, in half the time.
        const steps = Object.values(fixture.updates);
        const back = set.length > 0 ? [fixture.example] : [];
        const walk = set.length > 0 ? steps : steps.flatMap((spec) => [spec, fixture.example]);
        for (const spec of [...walk, ...back]) {
          await settle(it, documents(fixture, spec));
          nothing(await it.plan(documents(fixture, spec)));
        }
      });
    }

    for (const [name, spec] of Object.entries(fixture.clears ?? {})) {
      for (const set of quirkSets.filter((one) => !fixture.whereNot?.includes(one[0] ?? ''))) {
        test(`clearing ${name} leaves nothing to plan${set.length > 0 ? ` (${set.join(', ')})` : ''}`, async () => {
          const it = await open({ clock: hasty, sandbox: { quirks: set, jobMs: 1, activationMs: 1 } });
          await settle(it, documents(fixture, fixture.example));
          await settle(it, documents(fixture, spec));
          nothing(await it.plan(documents(fixture, spec)));
        });
      }

      for (const quirk of fixture.whereNot ?? []) {
        test(`clearing ${name} where the server cannot (${quirk}) is said, and is not written for ever`, async () => {
          const it = await open({ clock: hasty, sandbox: { quirks: [quirk], jobMs: 1, activationMs: 1 } });
          await settle(it, documents(fixture, fixture.example));
          const report = await it.apply(documents(fixture, spec));
          expect(report.outcomes.map(({ reason }) => reason)).toEqual(['NotConverged']);
          it.sandbox.clearRequests();
          const again = await it.apply(documents(fixture, spec));
          expect(again.plan.held.map(({ reason }) => reason)).toEqual(['NotConverged']);
          expect(it.writes()).toEqual([]);
        });
      }
    }

    for (const [name, spec] of Object.entries(fixture.updates)) {
      test(`an update (${name}) changes what is there, and makes nothing new`, async () => {
        const it = await open({ clock: hasty, sandbox: { jobMs: 1, activationMs: 1 } });
        await settle(it, documents(fixture, fixture.example));
        const before = await idsOf(it, fixture);
        const plan = await it.plan(documents(fixture, spec));
        expect(plan.changes.map(({ action }) => action).filter((action) => action !== 'update')).toEqual([]);
        expect(plan.changes.length).toBeGreaterThan(0);
        await settle(it, documents(fixture, spec));
        expect(await idsOf(it, fixture)).toEqual(before);
      });
    }

    test('the second run of a new process reads nothing but lists', async () => {
      const it = await open({ clock: hasty, sandbox: { jobMs: 1, activationMs: 1 } });
      await settle(it, documents(fixture, fixture.example));
      it.sandbox.clearRequests();
      nothing(await it.plan(documents(fixture, fixture.example)));
      expect(it.sandbox.requests().filter(({ pathTemplate }) => pathTemplate?.includes('{'))).toEqual([]);
    });

    if (kindOf(fixture).owns) {
      test('what left the repository is deleted, once', async () => {
        const it = await open({ clock: hasty, sandbox: { jobMs: 1, activationMs: 1 } });
        await settle(it, documents(fixture, fixture.example));
        const before = (await idsOf(it, fixture)).length;
        await settle(
          it,
          documents(fixture, fixture.example)
            .slice(0, -1)
            .concat(
              resource('Timeout', 'keep', {
                integration: 'Genesys Cloud Data Actions',
                timeoutSeconds: 5,
              }),
            ),
        );
        expect((await idsOf(it, fixture)).length).toBe(before - 1);
      });

      test('an identical object that is there already is adopted without a write; what is adopted is not pruned', async () => {
        const first = await open({ clock: hasty, sandbox: { jobMs: 1, activationMs: 1 } });
        await settle(first, documents(fixture, fixture.example));
        const second = await open({ clock: hasty }, first);
        first.sandbox.clearRequests();
        await settle(second, documents(fixture, fixture.example));
        expect(second.writes()).toEqual([]);
        const gone = await second.apply([], { empty: false });
        const owned = documents(fixture, fixture.example).filter((one) =>
          kinds.some(({ name, owns }) => owns && name === one.kind),
        );
        expect(gone.plan.held.map(({ reason }) => reason)).toEqual(owned.map(() => 'PruneDisabled'));
      });

      test('what a live object is exported as plans as no change', async () => {
        const it = await open({ clock: hasty, sandbox: { jobMs: 1, activationMs: 1 } });
        const spec = Object.values(fixture.updates)[1]!;
        await settle(it, documents(fixture, spec));
        const kind = kindOf(fixture);
        const type = objectTypes.find(({ type: name }) => name === kind.object)!;
        const theirs = new Set(
          (await it.plan(documents(fixture, spec).slice(0, -1))).unchanged.map(({ object }) => object.id),
        );
        const summaries = (await type.list(it.engine.reader)).filter(
          ({ id, readOnly }) => readOnly === undefined && !theirs.has(id),
        );
        const lists = objectTypes.map(async (one) => [one.type, await one.list(it.engine.reader)] as const);
        const index = indexOf(new Map(await Promise.all(lists)), []);
        const exported = await Promise.all(
          summaries.map(async (summary, i) => {
            const live = (await type.read(it.engine.reader, summary)) as JsonObject;
            const { spec: exportedSpec, files: beside = {} } = kind.toDocument(
              live,
              summary,
              index,
            ) as ExportedDocument;
            const text = beside['/file']?.text;
            const whole = text === undefined ? exportedSpec : { ...exportedSpec, file: 'file', $text: text };
            return withFile(fixture.kind, i === 0 ? 'subject' : `other-${i}`, whole);
          }),
        );
        expect(exported.length).toBeGreaterThan(0);
        nothing(await it.plan([...documents(fixture, spec).slice(0, -1), ...exported]));
      });
    }
  });
}
