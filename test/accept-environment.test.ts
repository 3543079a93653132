import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Json } from '../src/model/json.ts';
import { type Resource, resourceId } from '../src/model/resource.ts';
import { kinds } from '../src/objects/kinds.ts';
import { resolve } from '../src/source/index.ts';
import { type Drifting, drifting } from './support/drifting.ts';

/** One world, since it takes a while until all of it is live: after each drift the repository is as live is. */
let world: Awaited<ReturnType<typeof drifting>>;
beforeAll(async () => {
  world = await drifting(undefined);
  await world.apply();
}, 60_000);
afterAll(() => world.close());

/** What the other environment reads, without what differs by the moment. */
async function staging(): Promise<Map<string, Json>> {
  const { resources, problems } = await resolve(await world.app.source.read(), { kinds, environment: 'staging' });
  expect(problems).toEqual([]);
  const said = ({ spec, annotations, files }: Resource): Json => ({ spec, annotations, files: files as never });
  return new Map(resources.map((one) => [resourceId(one), said(one)]));
}

type Deed = (world: Drifting) => void;

const seconds = fc.integer({ min: 1, max: 60 });
const word = fc.constantFrom('a', 'b', '$(text)', '# none', '5', 'yes', 'two words');
const words = fc.dictionary(fc.constantFrom('A', 'B', 'C-D', 'E f'), word, { maxKeys: 4, noNullPrototype: true });
const actions = fc.constantFrom('Get Customer', 'Update Case');
const action =
  (pointer: string) =>
  ([name, value]: [string, Json]): Deed =>
  ({ editAction }) =>
    editAction(name, pointer, value);
const domains = fc.uniqueArray(fc.constantFrom('www.acme.example', 'shop.acme.example', 'a.example', 'b.example'), {
  minLength: 1,
});
const byScript = (name: string, content: object): Deed => {
  return ({ sandbox: { state } }) =>
    state.editWebConfiguration(state.webConfigurationNamed(name)!.id, content as never);
};

/** What a person may do, by kind. */
const deeds: Record<string, fc.Arbitrary<Deed>> = {
  DataAction: fc.oneof(
    fc.tuple(actions, words).map(action('/config/request/headers')),
    fc.tuple(actions, fc.constantFrom('GET', 'PUT', 'POST')).map(action('/config/request/requestType')),
    fc
      .tuple(
        actions,
        fc.uniqueArray(fc.constantFrom('id', 'name', 'note', 'tier')).map((required) => ({
          type: 'object',
          required,
          properties: Object.fromEntries(required.map((name) => [name, { type: 'string', enum: ['a', name] }])),
        })),
      )
      .map(action('/contract/output/successSchema')),
  ),
  Timeout: fc.tuple(actions, seconds).map(action('/config/timeoutSeconds')),
  Schedule: fc
    .tuple(fc.constantFrom('09:00', '17:30', '19:15'), fc.constantFrom('MO,TU', 'MO', 'MO,FR'), word)
    .map(([end, days, description]): Deed => {
      const body = { end: `2026-01-05T${end}:00.000`, rrule: `FREQ=WEEKLY;BYDAY=${days}`, description };
      return ({ sandbox: { state } }) => state.editSchedule(state.scheduleNamed('Acme Weekdays')!.id, body);
    }),
  ScheduleGroup: fc
    .subarray(['Acme Weekdays', 'Acme Team Meeting', 'Acme Christmas'], { minLength: 1 })
    .chain((open) =>
      fc.tuple(fc.constant(open), fc.subarray(['Acme Christmas']), fc.constantFrom('Europe/Rome', 'UTC')),
    )
    .map(([openSchedules, holidaySchedules, timeZone]): Deed => {
      const body = { openSchedules, holidaySchedules, timeZone };
      return ({ sandbox: { state } }) =>
        state.editScheduleGroup(state.scheduleGroupNamed('Acme Support Hours')!.id, body);
    }),
  WebMessagingDeployment: fc
    .tuple(domains, fc.constantFrom('Active', 'Inactive'), fc.option(word))
    .map(([allowedDomains, status, description]): Deed => {
      const body = { allowedDomains, status, description };
      return ({ sandbox: { state } }) =>
        state.editWebDeployment(state.webDeploymentNamed('acme-shop')!.id, body as never);
    }),
  WebMessagingConfiguration: fc.oneof(
    seconds.map((sideSpace) => byScript('Acme Messenger', { position: { sideSpace } })),
    fc
      .subarray(['image/png', 'image/jpeg', 'image/gif'], { minLength: 1 })
      .chain((fileTypes) => fc.tuple(fc.constant(fileTypes), fc.constantFrom(1024, 10_240)))
      .map(([fileTypes, maxFileSizeKB]) => {
        const modes = [{ fileTypes, maxFileSizeKB }];
        return byScript('Acme Messenger', { messenger: { fileUpload: { modes } } });
      }),
    fc.tuple(word, word).map(
      ([title, below]): Deed =>
        ({ sandbox: { state } }) => {
          const { id, versions } = state.webConfigurationNamed('Acme Messenger')!;
          const labels = structuredClone(versions.at(-1)!.content['customI18nLabels']) as unknown as LabelSet[];
          labels[0]!.localizedLabels[0]!.value = title;
          labels[1]!.localizedLabels[2]!.value = below;
          state.editWebConfiguration(id, { customI18nLabels: labels as never });
        },
    ),
  ),
  FlowTimeout: seconds.map(
    (time): Deed =>
      ({ sandbox: { state } }) => {
        const { id } = state.flowNamed('inboundCall', 'Callback Offer')!;
        state.editFlow(id, (yaml) =>
          yaml.replace(
            /(name: Book Callback\s+timeout:\s+lit:\s+)(minutes|seconds): \d+/,
            (_all, head) => `${head}seconds: ${time}`,
          ),
        );
      },
  ),
};

interface LabelSet {
  language: string;
  localizedLabels: { key: string; value: string }[];
}

test('two actions under one Timeout, one of them an exception already', async () => {
  const before = world.read('timeouts/crm.yaml');
  world.editAction('Update Case', '/config/timeoutSeconds', 7);
  world.editAction('Get Customer', '/config/timeoutSeconds', 9);
  const { patch, told } = await world.patch();
  expect(told).toEqual([]);
  world.take(patch);
  const after = 'timeoutSeconds: 7\n    - name: Get Customer\n      timeoutSeconds: 9\n';
  expect(world.read('timeouts/crm.yaml')).toBe(before.replace('timeoutSeconds: 30\n', after));
  expect(await world.plan()).toEqual([]);
  await world.apply();
});

test('of an item of a list the whole list goes into the environment, and is edited there from then on', async () => {
  const shared = await staging();
  world.edit('timeouts/crm.yaml', 'timeoutSeconds: 9\n', 'timeoutSeconds: $(crmTimeout)\n');
  await world.apply();
  world.editAction('Update Case', '/config/timeoutSeconds', 8);
  const { patch, told, notes } = await world.patch(true);
  expect([...told, ...notes]).toEqual([]);
  world.take(patch);
  const list = (seconds: number): string =>
    `exceptions:\n          - name: Update Case\n            timeoutSeconds: ${seconds}\n          - name: Get Customer\n            timeoutSeconds: $(crmTimeout)\n`;
  expect(world.read('environments/prod.yaml')).toContain(list(8));
  await world.apply();
  world.editAction('Update Case', '/config/timeoutSeconds', 9);
  world.take((await world.patch(true)).patch);
  expect(world.read('environments/prod.yaml')).toContain(list(9));
  expect(await world.plan()).toEqual([]);
  expect([...(await staging()).keys()]).toEqual([...shared.keys()]);
  // What comes from a variable is never written, which is tried elsewhere.
  world.edit('environments/prod.yaml', 'timeoutSeconds: $(crmTimeout)', 'timeoutSeconds: 15');
  await world.apply();
});

test('whatever drifts, the environment says it for its own target only', async () => {
  const some = fc.array(fc.oneof(...Object.values(deeds)), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(some, async (all) => {
      const before = await staging();
      for (const deed of all) deed(world);
      const { patch, told, notes } = await world.patch(true);
      expect(told).toEqual([]);
      expect(notes.filter((note) => note.includes('environment'))).toEqual([]);
      if (patch !== '') world.take(patch);
      expect(await world.plan()).toEqual([]);
      expect(await staging()).toEqual(before);
      await world.apply();
    }),
    { numRuns: Number(process.env['RUNS'] ?? 6), endOnFailure: true },
  );
}, 60_000);
