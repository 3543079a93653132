import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compose } from '../src/model/compose.ts';
import type { Index, IndexEntry, Kind } from '../src/model/contracts.ts';
import type { Json, JsonObject } from '../src/model/json.ts';
import { keyOf } from '../src/model/key.ts';
import type { Plan } from '../src/model/plan.ts';
import { kinds, objectTypes } from '../src/objects/index.ts';
import { plan } from '../src/reconcile/plan.ts';
import type { ObjectState } from '../src/reconcile/state.ts';
import { specOf, stored, turnerOf } from './support/web-arbitrary.ts';
import { resource } from './support/world.ts';

/** What every kind of these may refer to, as if it were live. */
const entries: IndexEntry[] = [
  ...['a', 'B', 'b', 'Ä', ' x', '0', 'a/b', '~', 'null', 'Zoë'].flatMap((name) => [
    { type: 'schedule', key: keyOf(name), name, id: `schedule ${name}`, attributes: {} },
    { type: 'web-messaging-configuration', key: name, name, id: `web ${name}`, attributes: {} },
    { type: 'supported-content', key: name, name, id: `content ${name}`, attributes: {} },
    { type: 'flow', key: name, name, id: `flow ${name}`, attributes: { type: 'inboundShortMessage' } },
  ]),
].map((entry) => ({ ...entry, live: { ...entry } }));
const index: Index = {
  all: (type) => entries.filter((entry) => entry.type === type),
  find: (type, key) => entries.filter((entry) => entry.type === type && entry.key === key),
};

/** A published object that was made of a spec: what is named has an id, and the server's own fields are there. */
type Published = (spec: JsonObject) => JsonObject;
const noise = {
  id: 'x',
  version: '3',
  selfUri: '/x',
  dateModified: '2026-01-05T08:00:00.000Z',
  createdBy: { id: 'y' },
};
const idsOf = (names: Json | undefined): Json =>
  Array.isArray(names) ? names.map((name) => ({ id: `schedule ${name}`, name })) : [];
const published: Record<string, Published> = {
  Schedule: (spec) => ({ ...(stored(spec) as JsonObject), ...noise }),
  ScheduleGroup: ({ openSchedules, closedSchedules, holidaySchedules, ...spec }) => ({
    ...(stored(spec) as JsonObject),
    ...noise,
    openSchedules: idsOf(openSchedules),
    closedSchedules: idsOf(closedSchedules),
    holidaySchedules: idsOf(holidaySchedules),
  }),
  WebMessagingConfiguration: (spec) => ({ ...(stored(spec) as JsonObject), ...noise, status: 'Active' }),
  WebMessagingDeployment: ({ configuration, version, flow, supportedContent, ...spec }) => ({
    ...(stored(spec) as JsonObject),
    ...noise,
    configuration: { id: `web ${configuration}`, name: configuration ?? null, version: String(version) },
    ...(typeof flow === 'string' ? { flow: { id: `flow ${flow}`, name: flow } } : {}),
    ...(typeof supportedContent === 'string'
      ? { supportedContent: { id: `content ${supportedContent}`, name: supportedContent } }
      : {}),
  }),
};

/** Any spec of a kind. What only `check` refuses is left out: times that are none, versions that only the server knows. */
function specsOf({ name, schema }: Kind): fc.Arbitrary<JsonObject> {
  const specs = specOf(schema).map((spec): JsonObject => ({ ...spec, name: 'Thing' }));
  if (name !== 'WebMessagingDeployment') return specs;
  return fc.tuple(specs, fc.integer({ min: 1, max: 9 })).map(([spec, version]) => ({ ...spec, version }));
}

describe.each(kinds.filter(({ name }) => published[name] !== undefined).map((kind) => [kind.name, kind] as const))(
  'a %s of any shape',
  (name, kind) => {
    const type = objectTypes.find((one) => one.type === kind.object)!;
    const turn = turnerOf(kind.schema);
    /** The plan for a spec where this is live. */
    const planFor = (spec: JsonObject, live: JsonObject): Plan => {
      const { contributions, problems } = kind.contribute(resource(name, 'thing', spec), index);
      expect(problems).toEqual([]);
      const composed = compose(contributions.map((one) => ({ ...one, target: { ...one.target, id: 'x' } })));
      const wish = type.compose?.(composed, { live, index }) ?? composed;
      const state: ObjectState = {
        wish,
        type,
        inventory: { type: type.type, id: 'x', owner: `${name}/thing`, adopted: false, key: 'Thing' },
        live,
      };
      const observed = { objects: [state], orphans: [], vanished: [], problems: [], warnings: [] };
      return plan({ target: 't', organization: { id: 'o', name: 'O' }, revision: 'r', observed });
    };

    test('is normalised once and for all', () => {
      fc.assert(
        fc.property(specsOf(kind), (spec) => {
          const once = type.normalise(published[name]!(spec));
          expect(type.normalise(once)).toEqual(once);
        }),
      );
    });

    test('is as wished where it was published as wished, whatever the order of its fields and sets', () => {
      fc.assert(
        fc.property(specsOf(kind), (spec) => {
          const live = type.normalise(published[name]!(spec));
          expect(planFor(spec, live).changes).toEqual([]);
          expect(planFor(turn(spec), live).changes).toEqual([]);
        }),
      );
    });

    test('is exported as what plans to nothing', () => {
      fc.assert(
        fc.property(specsOf(kind), (spec) => {
          const live = type.normalise(published[name]!(spec));
          const summary = { id: 'x', key: 'Thing', name: 'Thing', attributes: {} };
          const document = kind.toDocument(live, summary, index)!;
          // A zone that nobody knows is the one thing that no document may say.
          if ('why' in document) expect(document.why).toContain('zone');
          else expect(planFor(document.spec, live).changes).toEqual([]);
        }),
      );
    });
  },
);
