import { expect, test } from 'vitest';
import type { Day } from './support/long-day.ts';
import { said } from './support/stories.ts';
import { anHour, type BadDay, playBadDay } from './support/web-bad-days.ts';
import {
  colourIn,
  configurationIn,
  deploymentIn,
  once,
  paintByHand,
  publishing,
  shown,
  useWebDays,
} from './support/web-days.ts';
import { messenger, page } from './support/web-documents.ts';
import { line } from './support/world.ts';

const open = useWebDays();
const green = '#047857';
const red = '#b91c1c';
const before = [messenger(), page()];
const after = [messenger(green), page()];
const both = ['messenger applied', 'page applied'];
const skipped = 'page skipped DependencyNotReady';

/** Somebody does this as soon as a request like that was served, once. */
const when =
  (method: string, end: string, act: (day: Day) => void) =>
  (day: Day): undefined => {
    const stop = day.it.sandbox.onRequest((event) => {
      if (event.phase !== 'served' || event.method !== method || !event.pathTemplate.endsWith(end)) return;
      stop();
      act(day);
    });
  };
const planned =
  (act: (day: Day) => void) =>
  (day: Day): { planned(): void } => ({ planned: () => act(day) });
const serves = (versions: number) => (day: Day) => [
  [shown(day), colourIn(day)],
  [`${versions}: says ${versions}, serves ${versions}`, green],
];

const days: BadDay[] = [
  {
    what: 'somebody saves the draft between our PUT and the publish: theirs is kept, and ours waits until they publish',
    before,
    after,
    spoil: [when('PUT', '/versions/draft', (day) => paintByHand(day, red, { publish: false }))],
    becomes: ['messenger failed ForeignDraft', skipped],
    message: /^"Messenger" has a draft that is not published, saved by user .* at .*; it is tried again later: /,
    next: ['messenger failed ForeignDraft', skipped],
    mend: (day) => void day.it.sandbox.state.publishWebConfiguration(configurationIn(day).id),
    ends: serves(3),
  },
  {
    what: 'somebody saves the draft between our last look at it and the publish',
    before,
    after,
    spoil: [
      (day) => {
        const stop = day.it.sandbox.onRequest(({ method, pathTemplate, phase }) => {
          const { draft } = configurationIn(day);
          const isLooked = method === 'GET' && pathTemplate.endsWith('/versions/draft') && phase === 'served';
          if (!isLooked || draft?.status !== 'Active' || draft.writes === 1) return;
          stop();
          paintByHand(day, red, { publish: false });
        });
        return undefined;
      },
    ],
    becomes: ['messenger failed ForeignDraft', skipped],
    mend: (day) => void day.it.sandbox.state.publishWebConfiguration(configurationIn(day).id),
    ends: serves(3),
  },
  {
    what: 'somebody saves the draft in what we sent, too: nobody is hurt by publishing it',
    before,
    after,
    spoil: [when('PUT', '/versions/draft', (day) => paintByHand(day, green, { publish: false }))],
    becomes: both,
    ends: serves(2),
  },
  {
    what: 'somebody publishes between our PUT and our publish: it is planned anew on their version',
    before,
    after,
    spoil: [when('PUT', '/versions/draft', (day) => paintByHand(day, red))],
    becomes: both,
    ends: serves(3),
  },
  {
    what: 'somebody publishes our draft before we do: it is as wished, and no second version is made',
    before,
    after,
    spoil: [
      when(
        'PUT',
        '/versions/draft',
        (day) => void day.it.sandbox.state.publishWebConfiguration(configurationIn(day).id),
      ),
    ],
    becomes: both,
    ends: serves(2),
  },
  {
    what: 'somebody publishes between plan and apply',
    before,
    after,
    spoil: [planned((day) => paintByHand(day, red))],
    becomes: both,
    ends: serves(3),
  },
  {
    what: 'somebody publishes right after us: it is healed in the same run',
    before,
    after,
    spoil: [when('POST', '/publish', (day) => paintByHand(day, red))],
    becomes: both,
    ends: serves(4),
  },
  {
    what: 'somebody deletes both between plan and apply: they are made anew, once',
    before,
    after,
    spoil: [
      planned((day) => {
        const { state } = day.it.sandbox;
        state.deleteWebDeployment(deploymentIn(day).id);
        state.deleteWebConfiguration(configurationIn(day).id);
      }),
    ],
    becomes: ['messenger applied', 'page failed ReferenceNotFound'],
    message: /^the configuration, or its version, is not there \(any more\)/,
    others: true,
    ends: serves(1),
  },
  {
    what: 'somebody changes the deployment between plan and apply: what they added stays where nobody wishes it',
    before,
    after,
    spoil: [
      planned((day) => {
        const change = { description: 'Theirs', allowedDomains: ['theirs.example.com'] };
        day.it.sandbox.state.editWebDeployment(deploymentIn(day).id, change);
      }),
    ],
    becomes: both,
    ends: (day) => [
      [deploymentIn(day).description, deploymentIn(day).allowedDomains],
      ['Theirs', ['www.example.com']],
    ],
  },
  {
    what: 'the answer to the publish is lost, and somebody publishes over it',
    before,
    after,
    spoil: [once(publishing, { lostResponse: true }), when('POST', '/publish', (day) => paintByHand(day, red))],
    becomes: both,
    ends: serves(4),
  },
  {
    what: 'a conflict on every try: four, and it says so',
    before,
    after,
    spoil: [
      (day) => {
        let colours = 0;
        day.it.sandbox.onRequest(({ method, pathTemplate, phase }) => {
          if (method === 'PUT' && pathTemplate.endsWith('/draft') && phase === 'served' && colours < 4)
            paintByHand(day, `#00000${++colours}`);
        });
        return undefined;
      },
    ],
    becomes: ['messenger failed Contended', skipped],
    message: / while it was to be published; tried 4 times in this run, the next one goes on$/,
    ends: serves(6),
  },
];

test.each(days)('$what', async (bad) => {
  await playBadDay(await open(bad.options), bad);
});

test('a foreign draft is written over by the annotation of its message, which dies with that draft', async () => {
  const day = await open();
  await day.apply(before);
  paintByHand(day, red, { publish: false });
  const { outcomes } = await day.apply(after);
  const fingerprint = /genesys-gitops\/force-draft: "([^"]+)"/.exec(
    outcomes.find(({ message }) => message)!.message!,
  )![1]!;
  const forced = [messenger(green, {}, { 'genesys-gitops/force-draft': fingerprint }), page()];
  paintByHand(day, '#7c3aed', { publish: false });
  expect((await day.apply(forced)).outcomes.map(said)).toContain('failed ForeignDraft');
  expect(configurationIn(day).versions).toHaveLength(1);
  const now = new Date(configurationIn(day).draft!.modifiedAt).toISOString();
  const again = [messenger(green, {}, { 'genesys-gitops/force-draft': now }), page()];
  expect((await day.apply(again)).outcomes.map(said)).toEqual(['applied', 'applied']);
  await day.endsWell(again);
  expect(shown(day)).toBe('2: says 2, serves 2');
});

test('a version published by sandbox-admin is drift with the fields that changed, and healed in every deployment that follows', async () => {
  const day = await open();
  const pages = [page(), page({ name: 'Second' }, 'second'), page({ name: 'Pinned', version: 1 }, 'pinned')];
  await day.apply([messenger(), ...pages]);
  const { id } = configurationIn(day);
  const change = { messenger: { styles: { primaryColor: red } }, description: 'By hand' };
  day.it.sandbox.state.editWebConfiguration(id, { ...change, languages: ['en-us', 'de'] });
  const plan = await day.plan([messenger(), ...pages]);
  expect(plan.changes.map(line)).toEqual([
    'update WebMessagingConfiguration/messenger /languages /messenger/styles/primaryColor (drift)',
    'update WebMessagingDeployment/page /configuration/version (drift)',
    'update WebMessagingDeployment/second /configuration/version (drift)',
  ]);
  await day.apply([messenger(), ...pages]);
  await day.endsWell([messenger(), ...pages]);
  expect(['Page', 'Second', 'Pinned'].map((name) => shown(day, name))).toEqual([
    '3: says 3, serves 3',
    '3: says 3, serves 3',
    '3: says 1, serves 1',
  ]);
  // What no document says is not lost by it.
  expect(configurationIn(day).versions.at(-1)!.content).toMatchObject({ description: 'By hand' });
});

test('a configuration that is adopted: identical without a write, else held until somebody says so, and then one version', async () => {
  const day = await open();
  const { state } = day.it.sandbox;
  const { name: _handle, spec } = messenger(red);
  const { messenger: look, languages, defaultLanguage } = spec as never;
  state.seedWebConfiguration({ name: 'Messenger', messenger: look, languages, defaultLanguage });
  state.seedWebDeployment({ name: 'Page', configuration: 'Messenger', allowedDomains: ['www.example.com'] });
  await day.apply([messenger(red), page()]);
  expect([day.it.writes(), shown(day)]).toEqual([[], '1: says 1, serves 1']);

  const other = await open();
  other.it.sandbox.state.seedWebConfiguration({ name: 'Messenger', messenger: look, languages, defaultLanguage });
  const { plan, outcomes } = await other.apply(after);
  expect(plan.held.map(({ name, reason }) => `${name} ${reason}`)).toEqual([
    'messenger AdoptionRequired',
    'page DependencyNotReady',
  ]);
  expect([outcomes, other.it.writes()]).toEqual([[], []]);
  const adopted = [messenger(green, {}, { 'genesys-gitops/adopt': 'enabled' }), page()];
  expect((await other.apply(adopted)).outcomes.map((one) => `${one.name} ${said(one)}`)).toEqual(both);
  expect(shown(other)).toBe('2: says 2, serves 2');
  expect((await other.plan(adopted)).changes).toEqual([]);
});

test('what stalled for good is tried at once where a person asks', async () => {
  const day = await open();
  await day.apply(before);
  day.it.sandbox.addFault({ when: publishing, then: { status: 400 } });
  await day.apply(after);
  day.it.sandbox.clearFaults();
  expect((await day.apply(after)).plan.held.map(({ reason }) => reason)).toEqual(['PublishFailed']);
  expect((await day.apply(after, { byHand: true })).outcomes.map(said)).toEqual(['applied', 'applied']);
  await anHour(day);
  await day.endsWell(after);
});
