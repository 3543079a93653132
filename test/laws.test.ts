import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compose } from '../src/model/compose.ts';
import type { Contribution, ObjectType } from '../src/model/contracts.ts';
import type { JsonObject } from '../src/model/json.ts';
import type { Change, Plan } from '../src/model/plan.ts';
import type { Resource } from '../src/model/resource.ts';
import { createVault } from '../src/model/seal.ts';
import { objectTypes } from '../src/objects/index.ts';
import { plan } from '../src/reconcile/plan.ts';
import { applyPolicy } from '../src/reconcile/policy.ts';
import type { ObjectState } from '../src/reconcile/state.ts';
import { hasty } from './support/clock.ts';
import { inputFor } from './support/policy-input.ts';
import { answering, group, hours, messenger, page } from './support/web-documents.ts';
import { config, contract, dataAction, timeout, type World, world } from './support/world.ts';

const scalar = fc.oneof(fc.string({ maxLength: 12 }), fc.integer(), fc.boolean(), fc.constant(null));
const value = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(fc.string({ maxLength: 4 }), scalar, { maxKeys: 3 }),
);
const path = fc.constantFrom('/a', '/b', '/c/d', '/c/e', '/f');
const fields = fc.uniqueArray(fc.record({ path, value }), { selector: (field) => field.path, maxLength: 5 });

const thing: ObjectType = {
  ...objectTypes.find(({ type }) => type === 'data-action')!,
  type: 'thing',
  required: [],
  immutable: {},
  refersTo: [],
};

function contribution(
  by: string,
  wished: { path: string; value: never }[],
  more: Partial<Contribution> = {},
): Contribution {
  return { by, owns: true, target: { type: 'thing', key: 'x', name: 'x', id: '1' }, fields: wished, ...more };
}

function planOf(...objects: ObjectState[]): Plan {
  const observed = { objects, orphans: [], vanished: [], problems: [], warnings: [] };
  return plan({ target: 't', organization: { id: 'o', name: 'O' }, revision: 'r', observed });
}

const inventory = { type: 'thing', id: '1', owner: 'K/a', adopted: false, key: 'x' };

function stateOf(wished: { path: string; value: unknown }[], live: JsonObject | undefined, id = '1'): ObjectState {
  const wish = compose([
    contribution('K/a', wished as never, { target: { type: 'thing', key: `k${id}`, name: 'x', id } }),
  ]);
  return { wish, type: thing, inventory: { ...inventory, id }, ...(live === undefined ? {} : { live }) };
}

function written(changes: readonly Change[], live: JsonObject): JsonObject {
  let result = structuredClone(live);
  for (const { path: at, to } of changes.flatMap((change) => change.fields)) {
    const [head, tail] = at.slice(1).split('/') as [string, string?];
    const inner = result[head];
    result = {
      ...result,
      [head]: tail === undefined ? (to as never) : { ...(inner as JsonObject), [tail]: to as never },
    };
  }
  return result;
}

describe('the planner', () => {
  test('what is already so is no change: plan(x, x) is empty', () => {
    fc.assert(
      fc.property(fields, (wished) => {
        const live = written([{ fields: wished.map((field) => ({ ...field, to: field.value, by: 'K/a' })) } as never], {
          c: {},
        });
        expect(planOf(stateOf(wished, live)).changes).toEqual([]);
      }),
    );
  });

  test('what a plan writes leaves nothing to plan', () => {
    fc.assert(
      fc.property(fields, fields, (wished, before) => {
        const live = written([{ fields: before.map((field) => ({ ...field, to: field.value, by: 'K/a' })) } as never], {
          c: {},
        });
        const after = written(planOf(stateOf(wished, live)).changes, live);
        expect(planOf(stateOf(wished, after)).changes).toEqual([]);
      }),
    );
  });

  test('the order of objects does not matter to what happens to each', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fields, fields), { maxLength: 5 }), fc.nat(), (objects, turn) => {
        const states = objects.map(([wished, before], i) => {
          const live = written(
            [{ fields: before.map((field) => ({ ...field, to: field.value, by: 'K/a' })) } as never],
            { c: {} },
          );
          return stateOf(wished, i % 3 === 0 ? undefined : live, String(i));
        });
        const turned = [...states.slice(turn % (states.length || 1)), ...states.slice(0, turn % (states.length || 1))];
        const byKey = (found: Plan): Change[] =>
          [...found.changes].sort((a, b) => (a.object.key < b.object.key ? -1 : 1));
        expect(byKey(planOf(...turned))).toEqual(byKey(planOf(...states)));
      }),
    );
  });
});

describe('composition', () => {
  test('the order of contributions does not matter', () => {
    fc.assert(
      fc.property(fc.array(fields, { minLength: 1, maxLength: 4 }), fc.nat(), (wishes, turn) => {
        const all = wishes.map((wished, i) => contribution(`K/${i}`, wished as never, { owns: i === 0 }));
        const turned = [...all.slice(turn % all.length), ...all.slice(0, turn % all.length)];
        const { problems: a, ...one } = compose(all);
        const { problems: b, ...other } = compose(turned);
        expect(other).toEqual(one);
        expect(b.map(({ message }) => message).sort()).toEqual(a.map(({ message }) => message).sort());
      }),
    );
  });

  test('two wishes for one field, or for a field and a part of it, are a problem of both and taken from neither', () => {
    const { fields: left, problems } = compose([
      contribution('K/a', [{ path: '/c', value: {} as never }]),
      contribution(
        'K/b',
        [
          { path: '/c/d', value: 1 as never },
          { path: '/f', value: 2 as never },
        ],
        { owns: false },
      ),
    ]);
    expect(left.map((field) => field.path)).toEqual(['/f']);
    expect(problems.map(({ resource }) => resource).sort()).toEqual(['K/a', 'K/b']);
  });
});

describe('policy', () => {
  const policies = fc.record({
    mode: fc.constantFrom('apply' as const, 'observe' as const),
    adopt: fc.constantFrom('identical' as const, 'always' as const, 'never' as const),
    prune: fc.constantFrom(true, false, 'all' as const),
    maxChanges: fc.nat({ max: 4 }),
    maxDeletes: fc.nat({ max: 2 }),
  });
  const changes = fc.array(
    fc.record({
      action: fc.constantFrom('create' as const, 'update' as const, 'delete' as const),
      adopt: fc.boolean(),
    }),
    { maxLength: 6 },
  );

  test('a policy only removes: it adds no change and alters none, and loses none', () => {
    fc.assert(
      fc.property(policies, changes, fc.boolean(), (policy, drawn, emptySnapshot) => {
        const before: Plan = {
          ...planOf(),
          changes: drawn.map(({ action, adopt }, i): Change => {
            const object = { type: 'thing', key: `k${i}`, id: String(i) };
            return {
              action,
              kind: 'K',
              name: String(i),
              object,
              cause: 'commit',
              fields: [],
              ...(adopt ? { adopt } : {}),
            };
          }),
        };
        const after = applyPolicy(before, inputFor({ policy, emptySnapshot }));
        for (const change of after.changes) expect(before.changes).toContainEqual(change);
        expect(after.changes.length + after.held.length).toBe(before.changes.length);
        expect(after.changes.length).toBeLessThanOrEqual(policy.maxChanges);
        const deletes = after.changes.filter(({ action }) => action === 'delete').length;
        expect(deletes).toBeLessThanOrEqual(policy.maxDeletes);
        if (policy.mode === 'observe') expect(after.changes).toEqual([]);
        if (emptySnapshot || policy.prune === false) expect(deletes).toBe(0);
      }),
    );
  });
});

describe('drift policy', () => {
  const how = fc.option(fc.constantFrom('heal' as const, 'report' as const, 'pause' as const), { nil: undefined });
  const causes = fc.array(fc.constantFrom('commit' as const, 'drift' as const, 'both' as const), { maxLength: 5 });

  test('each field goes on or is held, once and as it was; of drift nothing passes that is to be left alone', () => {
    fc.assert(
      fc.property(how, how, fc.array(causes, { maxLength: 4 }), fc.boolean(), (policy, annotated, drawn, contested) => {
        const changes = drawn.flatMap((own, i): Change[] => {
          const object = { type: 'thing', key: `k${i}`, id: String(i) };
          const mixed = new Set(own).size > 1;
          const fields = own.map((cause, j) => {
            const by = j % 2 === 0 ? `K/${i}` : 'Other/x';
            return { path: `/f${j}`, from: 0, to: j, by, ...(mixed ? { cause } : {}) };
          });
          return own.length === 0
            ? []
            : [
                {
                  action: 'update',
                  kind: 'K',
                  name: String(i),
                  object,
                  cause: mixed ? 'both' : own[0]!,
                  fields,
                  base: '1',
                },
              ];
        });
        const conflict = { at: '', fields: ['/f0'], party: 'Ann', resources: [], wish: '' };
        const conflicts = new Map(contested ? [['thing:id:0', conflict]] : []);
        const after = applyPolicy(
          { ...planOf(), changes },
          inputFor({
            policy: policy === undefined ? {} : { drift: policy },
            annotations: new Map(annotated === undefined ? [] : [['Other/x', { 'genesys-gitops/drift': annotated }]]),
            drift: { found: new Map(), conflicts },
          }),
        );
        const fieldsOf = (some: readonly Change[]): string[] =>
          some.flatMap(({ object, fields: all, cause: whole }) =>
            all.map(({ path, from, to, by, cause = whole }) => JSON.stringify([object.id, path, from, to, by, cause])),
          );
        expect([...fieldsOf(after.changes), ...fieldsOf(after.held)].sort()).toEqual(fieldsOf(changes).sort());
        for (const { object, cause: whole, fields: all } of after.changes) {
          for (const { by, cause = whole } of all) {
            if (cause !== 'drift') continue;
            expect((by === 'Other/x' ? annotated : undefined) ?? policy ?? 'heal').toBe('heal');
            expect(contested && object.id === '0').toBe(false);
          }
        }
        expect(after.held.every(({ fields: all, cause }) => all.length > 0 && cause === 'drift')).toBe(true);
      }),
    );
  });
});

describe('sealing', () => {
  test('what is sealed opens to what it was, and nothing that a document says opens to a secret', () => {
    fc.assert(
      fc.property(value, fc.string({ minLength: 1, maxLength: 20 }), (plainValue, secret) => {
        const vault = createVault('key', { crm: secret });
        const document = { config: { request: { headers: { 'X-Api-Key': { secret: 'crm' } } } }, other: plainValue };
        const places = ['/config/request/headers/*'];
        const sealed = vault.seal(document as never, places);
        const text = ((sealed['config'] as never)['request'] as never)['headers']['X-Api-Key'] as string;
        expect(text).toMatch(/^\(sensitive, hmac:[0-9a-f]{16}\)$/);
        expect(vault.open(sealed)).toEqual({ ...document, config: { request: { headers: { 'X-Api-Key': secret } } } });
        // A hostile document that spells out the seal gets its own words back.
        const forged = vault.seal({ url: text }, places);
        expect(vault.open(forged)).toEqual({ url: text });
      }),
    );
  });
});

describe('normalising', () => {
  test('is idempotent', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('id', 'name', 'selfUri', 'config', 'contract', 'version'), fc.jsonValue()),
        (live) => {
          for (const type of objectTypes) {
            const once = type.normalise(live as JsonObject);
            expect(type.normalise(once)).toEqual(once);
          }
        },
      ),
    );
  });
});

describe('on the sandbox', () => {
  let it: World;
  beforeAll(async () => {
    it = await world({
      policy: { maxDeletes: 10_000, maxDeletesPercent: 100, maxChanges: 10_000 },
      clock: hasty,
      sandbox: { activationMs: 1, jobMs: 1 },
    });
  });
  afterAll(() => it.close());

  const seconds = fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined });
  const repository = fc
    .uniqueArray(
      fc.record({
        handle: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        verb: fc.constantFrom('GET', 'POST'),
        output: fc.constantFrom('x', 'y'),
        own: fc.boolean(),
      }),
      {
        selector: ({ handle }) => handle,
        maxLength: 5,
      },
    )
    .chain((actions) => seconds.map((timeoutSeconds) => ({ actions, timeoutSeconds })));

  function resources({
    actions,
    timeoutSeconds,
  }: {
    actions: { handle: string; verb: string; output: string; own: boolean }[];
    timeoutSeconds: number | undefined;
  }): Resource[] {
    const made = actions.map(({ handle, verb, output, own }) => {
      const request = config({ requestType: verb });
      const spec = own && timeoutSeconds === undefined ? { ...request, timeoutSeconds: 7 } : request;
      return dataAction(handle, { config: spec, contract: contract(output) });
    });
    return [...made, ...(timeoutSeconds === undefined || made.length === 0 ? [] : [timeout('all', timeoutSeconds)])];
  }

  /** One messenger in two colours and under two names, pages that follow it or stay, hours that a flow asks for. */
  const web = fc
    .record({
      messenger: fc.option(
        fc.record({ colour: fc.constantFrom('#1d4ed8', '#047857'), name: fc.constantFrom('Messenger', 'Other') }),
      ),
      pages: fc.uniqueArray(
        fc.record({
          handle: fc.constantFrom('page', 'second'),
          version: fc.constantFrom('latest', 1),
          domain: fc.constantFrom('www.example.com', 'shop.example.com'),
        }),
        { selector: ({ handle }) => handle },
      ),
      hours: fc.option(fc.constantFrom('Hours', 'Times')),
      asked: fc.boolean(),
    })
    .map(({ messenger: look, pages, hours: called, asked }): Resource[] =>
      [
        ...(look === null ? [] : [messenger(look.colour, { name: look.name })]),
        ...pages.map(({ handle, version, domain }) => {
          const flow = asked && called !== null ? { flow: 'Answering' } : { flow: null };
          return look === null
            ? []
            : page({ configuration: look.name, version, allowedDomains: [domain], ...flow }, handle);
        }),
        ...(called === null ? [] : [hours({ name: called }), group({ openSchedules: [called] })]),
        ...(asked && called !== null ? [answering()] : []),
      ].flat(),
    );

  const anyOf = fc.oneof(repository.map(resources), web);

  test('from any repository to any other, apply leaves nothing to plan, whatever the order of documents', async () => {
    await fc.assert(
      fc.asyncProperty(anyOf, fc.nat(), async (documents, turn) => {
        const turned = [
          ...documents.slice(turn % (documents.length || 1)),
          ...documents.slice(0, turn % (documents.length || 1)),
        ];
        const report = await it.apply(documents, { empty: false });
        expect(report.plan.problems).toEqual([]);
        expect(report.outcomes.filter(({ status }) => status !== 'applied')).toEqual([]);
        const { changes, held } = await it.plan(turned, { empty: false });
        expect([...changes, ...held]).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});
