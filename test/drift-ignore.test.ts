import { expect, test } from 'vitest';
import type { Plan } from '../src/model/plan.ts';
import type { Resource } from '../src/model/resource.ts';
import { hasty } from './support/clock.ts';
import { setByHand } from './support/drift.ts';
import { callFlow, callStep, flowOf } from './support/flows.ts';
import { group, hours, messenger, page } from './support/web-documents.ts';
import { config, dataAction, line, resource, timeout, useWorlds, type World } from './support/world.ts';

// What is ignored stays as it is live: it is not compared, and our writes of the rest leave it so.

const worlds = useWorlds();
const open = (more: object = {}): Promise<World> => worlds({ clock: hasty, ...more });
const ignoring = (document: Resource, ...places: string[]): Resource => ({
  ...document,
  annotations: { ...document.annotations, 'genesys-gitops/ignore-fields': places.join('\n') },
});
const lines = ({ changes }: Plan): string[] => changes.map(line);

test('a field that is ignored is made as it is wished, and then left to whoever sets it', async () => {
  const it = await open();
  const wish = (seconds: number): Resource[] => [
    dataAction('a'),
    ignoring(timeout('t', seconds), '/config/timeoutSeconds'),
  ];
  await it.apply(wish(20));
  const seconds = (): unknown => it.sandbox.state.actionNamed('a')!.config['timeoutSeconds'];
  expect(seconds()).toBe(20);
  setByHand(it, 'a', 3);
  const { plan } = await it.apply(wish(25));
  expect([plan.changes, plan.held]).toEqual([[], []]);
  expect(plan.warnings.map(({ code }) => code)).toEqual(['drift-left-alone']);
  expect(plan.unchanged).toMatchObject([{ kind: 'DataAction' }]);
  expect(plan.unchanged[0]).not.toHaveProperty('fields');
  // Our write of another field of the same object leaves it.
  const other = [dataAction('a', { category: 'New' }), wish(20)[1]!];
  expect(lines((await it.apply(other)).plan)).toEqual(['update DataAction/a /category']);
  expect([seconds(), it.sandbox.state.actionNamed('a')!.category]).toEqual([3, 'New']);
  expect((await it.plan(other)).changes).toEqual([]);
  // Without the annotation the wish counts again.
  const watched = [other[0]!, timeout('t', 20)];
  expect((await it.apply(watched)).plan.changes).toMatchObject([{ cause: 'commit', fields: [{ from: 3, to: 20 }] }]);
});

test('a part of a field that goes as a whole is taken over, and the rest of it is watched', async () => {
  const it = await open();
  const headers = (more: object): Resource =>
    ignoring(
      dataAction('a', { config: config({ headers: { Mine: '1', ...more } }) }),
      '/config/request/headers/X-Trace',
    );
  await it.apply([headers({ 'X-Trace': 'first' })]);
  const { id } = it.sandbox.state.actionNamed('a')!;
  const live = (): Record<string, string> =>
    (it.sandbox.state.actionNamed('a')!.config as { request: { headers: Record<string, string> } }).request.headers;
  const byHand = (all: Record<string, string>): void => {
    const { config: now } = it.sandbox.state.actionNamed('a')!;
    const { request } = now as { request: object };
    it.sandbox.state.editAction(id, { config: { ...now, request: { ...request, headers: all } } as never });
  };
  expect(live()).toEqual({ Mine: '1', 'X-Trace': 'first' });
  byHand({ Mine: '1', 'X-Trace': 'second' });
  expect((await it.apply([headers({ 'X-Trace': 'first' })])).plan.changes).toEqual([]);
  byHand({ Mine: '1' });
  expect((await it.apply([headers({ 'X-Trace': 'first' })])).plan.changes).toEqual([]);
  byHand({ Mine: '2', 'X-Trace': 'third' });
  const { plan } = await it.apply([headers({ 'X-Trace': 'first' })]);
  expect(plan.changes).toMatchObject([{ cause: 'drift', fields: [{ path: '/config/request/headers' }] }]);
  expect(live()).toEqual({ Mine: '1', 'X-Trace': 'third' });
  await it.apply([headers({ New: '1' })]);
  expect(live()).toEqual({ Mine: '1', New: '1', 'X-Trace': 'third' });
  expect((await it.plan([headers({ New: '1' })])).changes).toEqual([]);
});

test.each([
  {
    what: 'a schedule',
    wish: (text: string) => [hours({ description: 'Ours', rrule: text })],
    rules: ['FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=MO'],
    place: '/description',
    byHand: (it: World) =>
      void it.sandbox.state.editSchedule(it.sandbox.state.scheduleNamed('Hours')!.id, { description: 'Theirs' }),
    live: (it: World) => it.sandbox.state.scheduleNamed('Hours') as unknown as { description: string },
  },
  {
    what: 'a group of schedules',
    wish: (zone: string) => [hours(), hours({}, 'more'), group({ timeZone: zone })],
    rules: ['Europe/Dublin', 'Europe/Paris'],
    place: '/openSchedules',
    byHand: (it: World) => {
      it.sandbox.state.editScheduleGroup(it.sandbox.state.scheduleGroupNamed('Group')!.id, {
        openSchedules: ['more'],
      } as never);
    },
    live: (it: World) => it.sandbox.state.scheduleGroupNamed('Group') as unknown as { openSchedules: unknown },
  },
  {
    what: 'a deployment',
    wish: (description: string) => [messenger(), page({ description })],
    rules: ['One', 'Two'],
    place: '/allowedDomains',
    byHand: (it: World) => {
      const { id } = it.sandbox.state.webDeploymentNamed('Page')!;
      it.sandbox.state.editWebDeployment(id, { allowedDomains: ['theirs.example.com'] });
    },
    live: (it: World) => it.sandbox.state.webDeploymentNamed('Page') as unknown as { allowedDomains: unknown },
  },
])(
  '$what, which is written whole, keeps what a person set at an ignored place',
  async ({ wish, rules, place, byHand, live }) => {
    const it = await open();
    const documents = (rule: string): Resource[] => {
      const all = wish(rule);
      return [...all.slice(0, -1), ignoring(all.at(-1)!, place)];
    };
    await it.apply(documents(rules[0]!));
    byHand(it);
    const set = (): unknown => (live(it) as Record<string, unknown>)[place.slice(1)];
    const theirs = JSON.stringify(set());
    expect((await it.apply(documents(rules[0]!))).plan.changes).toEqual([]);
    const { plan, status } = await it.apply(documents(rules[1]!));
    expect(plan.changes).toHaveLength(1);
    expect(plan.changes[0]!.fields.map(({ path }) => path)).not.toContain(place);
    expect([status, JSON.stringify(set())]).toEqual(['succeeded', theirs]);
    expect((await it.plan(documents(rules[1]!))).changes).toEqual([]);
    const watched = await it.apply(wish(rules[1]!));
    expect(watched.plan.changes).toMatchObject([{ fields: [{ path: place }] }]);
  },
);

test('the timeout of a step that is ignored survives the publication of another text', async () => {
  const it = await open();
  const text = (hi: string): string =>
    callFlow('Main Line', callStep('a', { timeout: '{ minutes: 1 }' })).replace('Welcome', hi);
  const steps = resource('FlowTimeout', 'ft', {
    flow: { type: 'inboundCall', name: 'Main Line' },
    steps: [{ step: 'a', timeout: '12s' }],
  });
  const idOf = (): string => it.sandbox.state.flowNamed('inboundCall', 'Main Line')!.id;
  await it.apply([flowOf('main', text('Welcome')), dataAction('a'), steps]);
  it.sandbox.state.editFlow(idOf(), (yaml) => yaml.replace('seconds: 12', 'seconds: 44'));
  const { changes } = await it.plan([flowOf('main', text('Welcome')), dataAction('a'), steps]);
  const path = changes[0]!.fields.find(({ path: one }) => one.startsWith('/timeouts/'))!.path;
  const ignored = [flowOf('main', text('Good day')), dataAction('a'), ignoring(steps, path)];
  expect(lines((await it.apply(ignored)).plan)).toEqual(['update Flow/main /content']);
  const live = it.sandbox.state.exportText(idOf(), 'published');
  expect(live).toContain('Good day');
  expect(live).toContain('seconds: 44');
  expect((await it.plan(ignored)).changes).toEqual([]);
});

test('a place that meets nothing, or a part of what goes only as a whole, is a warning at its place', async () => {
  const it = await open();
  const flow = flowOf('main', callFlow('Main Line'));
  const wish = [
    ignoring(dataAction('a'), '/config/request/headers', '/config/timeoutSecond', '/config'),
    ignoring(timeout('t', 3), '/name'),
    ignoring(flow, '/content/text'),
  ];
  for (let i = 0; i < 2; i++) {
    const { warnings } = await it.plan(wish);
    expect(warnings.filter(({ code }) => code === 'ignored-field-unknown')).toMatchObject([
      {
        message: expect.stringContaining('/config/timeoutSecond is no place'),
        resource: 'DataAction/a',
        pointer: '/metadata/annotations/genesys-gitops~1ignore-fields/1',
      },
      { message: expect.stringContaining('/name is no place'), resource: 'Timeout/t' },
      { message: expect.stringContaining('/content/text is a part of /content'), resource: 'Flow/main' },
    ]);
    await it.apply(wish);
  }
});
