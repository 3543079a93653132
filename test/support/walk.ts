import { expect } from 'vitest';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { Change, Plan } from '../../src/model/plan.ts';
import type { Resource } from '../../src/model/resource.ts';
import { surfaces } from '../../src/objects/index.ts';
import { quirks } from '../../src/sandbox/index.ts';
import { documentsOf, type Fixture, listOf, mayMatter, typeOf } from './fixtures.ts';
import type { World } from './world.ts';

/** A run of which nothing is left over. */
export async function settle(it: World, resources: Resource[]): Promise<void> {
  const report = await it.apply(resources, { empty: false });
  expect(report.plan.problems).toEqual([]);
  expect(report.outcomes.filter(({ status }) => status !== 'applied')).toEqual([]);
}

export function nothing({ changes, held, problems }: Plan): void {
  expect({ changes, held, problems }).toEqual({ changes: [], held: [], problems: [] });
}

/** The example and then each of these, with nothing left to plan after any of them. */
export async function walk(it: World, fixture: Fixture, steps: readonly JsonObject[]): Promise<void> {
  for (const spec of [fixture.example, ...steps]) {
    await settle(it, documentsOf(fixture, spec));
    nothing(await it.plan(documentsOf(fixture, spec)));
  }
}

/** From one update to the next, back once, and what can be cleared under these quirks. */
export function walkUnder(it: World, fixture: Fixture, under: readonly string[]): Promise<void> {
  const { example, updates, clears = {}, whereNot = [] } = fixture;
  const cleared = under.some((quirk) => whereNot.includes(quirk)) ? [] : Object.values(clears);
  return walk(it, fixture, [...Object.values(updates), example, ...cleared]);
}

/** Every quirk that could matter to a kind. */
export function quirksOf(fixture: Fixture): string[] {
  return Object.keys(quirks).filter((quirk) => mayMatter(quirk, fixture));
}

/** What is live of the type that a fixture is about, by id. */
export async function liveOf(it: World, fixture: Fixture, resources: readonly Resource[]): Promise<Map<string, Json>> {
  const type = typeOf(fixture);
  const found = (await listOf(it, type, resources)).filter(({ readOnly }) => readOnly === undefined);
  const reads = found.map(
    async (summary) => [summary.id, (await type.read(it.engine.reader, summary)) ?? null] as const,
  );
  return new Map(await Promise.all(reads));
}

const asks = surfaces.flatMap((surface) => surface.asks);

/** The same as the server answers, by the path of each answer: also what nobody here knows a use for. */
export async function rawOf(it: World, fixture: Fixture, resources: readonly Resource[]): Promise<Map<string, Json>> {
  it.sandbox.clearRequests();
  await liveOf(it, fixture, resources);
  const asked = it.sandbox.requests().filter(({ method, status, pathTemplate = '' }) => {
    // What a job answers is there for one who looks, and not again.
    if (method !== 'GET' || status !== 200 || asks.some((path) => pathTemplate.startsWith(path))) return false;
    return /^\/api\/.*\{/.test(pathTemplate);
  });
  const paths = [...new Set(asked.map(({ path }) => path))];
  const answers = paths.map(async (path) => [path, (await it.engine.reader.get({ path })).body ?? null] as const);
  return new Map(await Promise.all(answers));
}

/** Places of objects that were there before and are not any more, though the plan names neither them nor what they are in. */
export function goneOf(before: Map<string, Json>, after: Map<string, Json>, changes: readonly Change[] = []): string[] {
  return [...before].flatMap(([id, live]) => {
    const named = changes
      .filter(({ object }) => object.id === id)
      .flatMap(({ fields }) => fields.map(({ path }) => path));
    const left = new Set(placesOf(after.get(id) ?? null));
    const isNamed = (place: string): boolean =>
      named.some((path) => `${place}/`.startsWith(`${path}/`) || path.startsWith(`${place}/`));
    return placesOf(live)
      .filter((place) => !left.has(place) && !isNamed(place))
      .map((place) => `${id} ${place}`);
  });
}

/** The places of all values, maps and lists without those of their items. */
function placesOf(value: Json, at = ''): string[] {
  if (value === null || typeof value !== 'object') return [at];
  const inner = Object.entries(value).flatMap(([name, child]) => placesOf(child ?? null, `${at}/${name}`));
  return inner.length === 0 ? [at] : inner;
}
