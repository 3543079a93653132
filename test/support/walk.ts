import { expect } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Resource } from '../../src/model/resource.ts';
import { quirks } from '../../src/sandbox/index.ts';
import { documentsOf, type Fixture, mayMatter } from './fixtures.ts';
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
