import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isObject, type Json, type JsonObject } from '../src/model/json.ts';
import type { Plan } from '../src/model/plan.ts';
import type { Resource } from '../src/model/resource.ts';
import { applyPolicy } from '../src/reconcile/policy.ts';
import { hasty } from './support/clock.ts';
import { documentsOf, type Fixture, fixtures, kindOf, listOf, seedsOf, typeOf } from './support/fixtures.ts';
import { inputFor } from './support/policy-input.ts';
import { nothing, settle } from './support/walk.ts';
import { useWorlds, type World } from './support/world.ts';

const openWorld = useWorlds();
const open = ({ sandbox }: Fixture): Promise<World> =>
  openWorld({
    clock: hasty,
    policy: { maxDeletes: 1000, maxDeletesPercent: 100 },
    sandbox: { jobMs: 1, activationMs: 1, ...sandbox },
  });

/** The same value with the fields of its maps the other way round. */
function turned<T extends Json>(value: T): T {
  if (Array.isArray(value)) return value.map(turned) as T;
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, child]) => [name, turned(child!)]),
  ) as T;
}

/** The same documents, the last one first, and each with its fields the other way round. */
const turnedRound = (resources: readonly Resource[]): Resource[] =>
  resources.toReversed().map((resource) => ({ ...resource, spec: turned(resource.spec) }));

const byObject = ({ changes }: Plan): JsonObject[] => {
  const found = changes.map(({ action, kind, name, object, fields }) => {
    const sorted = fields.toSorted((a, b) => (a.path < b.path ? -1 : 1));
    return { action, kind, name, key: object.key, fields: sorted } as unknown as JsonObject;
  });
  return found.toSorted((a, b) => (`${a['kind']} ${a['key']}` < `${b['kind']} ${b['key']}` ? -1 : 1));
};

const policies = fc.record({
  mode: fc.constantFrom('apply' as const, 'observe' as const),
  adopt: fc.constantFrom('identical' as const, 'always' as const, 'never' as const),
  prune: fc.constantFrom(true, false, 'all' as const),
  drift: fc.constantFrom('heal' as const, 'report' as const, 'pause' as const),
  maxChanges: fc.nat({ max: 4 }),
  maxDeletes: fc.nat({ max: 2 }),
});

describe.each(fixtures.map((fixture) => [fixture.kind, fixture] as const))('%s', (_kind, fixture) => {
  const { example, updates } = fixture;
  const specs = [example, ...Object.values(updates)];
  // Without its document, what no kind owns stays as it is.
  const repositories = [seedsOf(fixture), ...specs.map((spec) => documentsOf(fixture, spec))];

  test('from any repository to any other, apply leaves nothing to plan, whatever the order of documents and fields', async () => {
    const it = await open(fixture);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...repositories), fc.boolean(), async (documents, turn) => {
        const [one, other] = turn ? [turnedRound(documents), documents] : [documents, turnedRound(documents)];
        const planned = await it.plan(one, { empty: false });
        expect(byObject(await it.plan(other, { empty: false }))).toEqual(byObject(planned));
        const wished = structuredClone(one);
        await settle(it, one);
        expect(one).toEqual(wished);
        nothing(await it.plan(other, { empty: false }));
      }),
      { numRuns: 6 },
    );
  });

  test('what is live is normalised once and for all, and a policy only removes from what is planned of it', async () => {
    const it = await open(fixture);
    const plans = [await it.plan(documentsOf(fixture, example))];
    await settle(it, documentsOf(fixture, example));
    const type = typeOf(fixture);
    for (const summary of await listOf(it, type, documentsOf(fixture, example))) {
      const live = (await type.read(it.engine.reader, summary)) as JsonObject;
      expect(type.normalise(live)).toEqual(live);
    }
    for (const spec of Object.values(updates)) plans.push(await it.plan(documentsOf(fixture, spec)));
    if (kindOf(fixture).owns) plans.push(await it.plan(seedsOf(fixture), { empty: false }));
    expect(plans.every(({ changes }) => changes.length > 0)).toBe(true);
    fc.assert(
      fc.property(fc.constantFrom(...plans), policies, fc.boolean(), (before, policy, emptySnapshot) => {
        const { changes, held } = applyPolicy(before, inputFor({ policy, emptySnapshot }));
        for (const change of changes) expect(before.changes).toContainEqual(change);
        expect(changes.length + held.length).toBe(before.changes.length);
        expect(changes.length).toBeLessThanOrEqual(policy.mode === 'observe' ? 0 : policy.maxChanges);
      }),
      { numRuns: 30 },
    );
  });
});
