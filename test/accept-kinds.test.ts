import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kinds } from '../src/objects/kinds.ts';
import { type Drifting, drifting } from './support/drifting.ts';

/** One world, since it takes a while until all of it is live: each test leaves a repository that is as live is. */
let world: Awaited<ReturnType<typeof drifting>>;
beforeAll(async () => {
  world = await drifting(undefined);
  await world.apply();
}, 60_000);
afterAll(() => world.close());

/** What a person does in the admin pages, and what then stands in the repository. */
const cases: Record<string, { by(world: Drifting): void; file: string; from: string; to: string }[]> = {
  DataAction: [
    {
      by: ({ editAction }) => editAction('Update Case', '/config/request/requestType', 'PUT'),
      file: 'actions/update-case.yaml',
      from: 'requestType: PATCH',
      to: 'requestType: PUT',
    },
    {
      by: ({ editAction }) =>
        editAction('Update Case', '/config/request/headers', { 'Content-Type': 'application/json', Accept: 'text/*' }),
      file: 'actions/update-case.yaml',
      from: '        Content-Type: application/json\n',
      to: '        Content-Type: application/json\n        Accept: text/*\n',
    },
  ],
  Timeout: [
    {
      by: ({ editAction }) => editAction('Update Case', '/config/timeoutSeconds', 31),
      file: 'timeouts/crm.yaml',
      from: 'timeoutSeconds: 30',
      to: 'timeoutSeconds: 31',
    },
    {
      by: ({ editAction }) => editAction('Get Customer', '/config/timeoutSeconds', 22),
      file: 'timeouts/crm.yaml',
      from: 'timeoutSeconds: 31\n',
      to: 'timeoutSeconds: 31\n    - name: Get Customer\n      timeoutSeconds: 22\n',
    },
  ],
  Schedule: [
    {
      by: ({ sandbox: { state } }) =>
        state.editSchedule(state.scheduleNamed('Acme Weekdays')!.id, {
          end: '2026-01-05T17:30:00.000',
          rrule: 'FREQ=WEEKLY;BYDAY=MO,TU',
        }),
      file: 'hours/schedules.yaml',
      from: 'end: 2026-01-05T18:00\n  rrule: FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
      to: 'end: 2026-01-05T17:30\n  rrule: FREQ=WEEKLY;BYDAY=MO,TU',
    },
  ],
  ScheduleGroup: [
    {
      by: ({ sandbox: { state } }) =>
        state.editScheduleGroup(state.scheduleGroupNamed('Acme Support Hours')!.id, {
          closedSchedules: [],
          openSchedules: ['Acme Team Meeting', 'Acme Weekdays'],
          timeZone: 'Europe/London',
        }),
      file: 'hours/support-hours.yaml',
      from: 'timeZone: Europe/Dublin\n  # Schedules by their names in Genesys, whether they stand in this repository or not.\n  openSchedules: [Acme Weekdays]\n  closedSchedules: [Acme Team Meeting]',
      to: 'timeZone: Europe/London\n  # Schedules by their names in Genesys, whether they stand in this repository or not.\n  openSchedules: [Acme Weekdays, Acme Team Meeting]\n  closedSchedules: []',
    },
  ],
  WebMessagingDeployment: [
    {
      by: ({ sandbox: { state } }) =>
        state.editWebDeployment(state.webDeploymentNamed('acme-shop')!.id, {
          allowedDomains: ['aaa.example', 'www.acme.example'],
        }),
      file: 'web/shop.yaml',
      from: '[shop.acme.example, www.acme.example]',
      to: '[www.acme.example, aaa.example]',
    },
  ],
  Flow: [
    {
      by: ({ sandbox: { state } }) => {
        const { id } = state.flowNamed('inboundShortMessage', 'Web Greeting')!;
        state.editFlow(id, (yaml) => yaml.replace('We are on holiday.', 'We are away.'));
      },
      file: 'flows/architect/web-greeting.yaml',
      from: 'We are on holiday.',
      to: 'We are away.',
    },
  ],
  FlowTimeout: [
    {
      by: ({ sandbox: { state } }) => {
        const { id } = state.flowNamed('inboundCall', 'Callback Offer')!;
        state.editFlow(id, (yaml) =>
          yaml.replace(/(name: Book Callback\s+timeout:\s+lit:\s+minutes: )1/, (_all, head) => `${head}2`),
        );
      },
      file: 'timeouts/callback-offer.yaml',
      from: 'timeout: 1m',
      to: 'timeout: 2m',
    },
  ],
  WebMessagingConfiguration: [
    {
      by: ({ sandbox: { state } }) => {
        const { id } = state.webConfigurationNamed('Acme Messenger')!;
        state.editWebConfiguration(id, { position: { sideSpace: 30 } });
      },
      file: 'web/messenger.yaml',
      from: 'sideSpace: 24',
      to: 'sideSpace: 30',
    },
    {
      by: ({ sandbox: { state } }) => {
        const { id, versions } = state.webConfigurationNamed('Acme Messenger')!;
        const labels = structuredClone(versions.at(-1)!.content['customI18nLabels']) as unknown as LabelSet[];
        const german = labels.find(({ language }) => language === 'de')!.localizedLabels;
        german.find(({ key }) => key === 'MessengerHomeHeaderSubTitle')!.value = 'Fragen Sie';
        state.editWebConfiguration(id, { customI18nLabels: labels as never });
      },
      file: 'web/messenger.yaml',
      from: 'value: Fragen Sie uns alles zu Ihrer Bestellung, unseren Filialen oder Ihrer Größe.',
      to: 'value: Fragen Sie',
    },
  ],
};

interface LabelSet {
  language: string;
  localizedLabels: { key: string; value: string }[];
}

const comments = (text: string): string[] => text.match(/#.*$/gm) ?? [];

describe.each(kinds.map(({ name }) => name).filter((name) => name in cases))('%s', (kind) => {
  test.each(cases[kind]!)('$from', async ({ by, file, from, to }) => {
    const before = world.read(file);
    by(world);
    const { patch, told, notes } = await world.patch();
    if (process.env['SHOW']) console.log(patch, told, notes);
    expect(told).toEqual([]);
    world.take(patch);
    if (from !== '') expect(world.read(file)).toBe(before.replace(from, to));
    expect(comments(world.read(file))).toEqual(comments(before));
    expect(await world.plan()).toEqual([]);
    await world.apply();
  });
});

describe('together', () => {
  test('what is renamed by hand is renamed wherever the repository names it', async () => {
    const { state } = world.sandbox;
    state.editSchedule(state.scheduleNamed('Acme Christmas')!.id, { name: 'Acme Yule' });
    state.editAction(state.actionNamed('Get callbacks waiting')!.id, { name: 'Callbacks waiting' });
    const { patch, told } = await world.patch();
    expect(told).toEqual([]);
    world.take(patch);
    expect(world.read('hours/schedules.yaml')).toContain('  name: Acme Yule\n');
    expect(world.read('hours/support-hours.yaml')).toContain('holidaySchedules: [Acme Yule]');
    expect(world.read('actions/exports/Get-callbacks-waiting.custom.json')).toContain('"Callbacks waiting"');
    expect(world.read('timeouts/genesys.yaml')).toContain('  actions:\n    - Callbacks waiting\n');
    expect(await world.plan()).toEqual([]);
    await world.apply();
  });

  test('what the rules of the repository refuse is told, and the rest is written', async () => {
    const { state } = world.sandbox;
    const { id } = state.webConfigurationNamed('Acme Messenger')!;
    state.editWebConfiguration(id, { languages: ['de', 'en-us', 'fr'], position: { bottomSpace: 31 } });
    const { patch, told } = await world.patch();
    expect(told).toEqual([
      expect.stringMatching(
        /^web\/messenger.yaml:10:14: WebMessagingConfiguration\/acme-messenger: the repository would have a problem: fr has no greeting text/,
      ),
    ]);
    world.take(patch);
    expect(world.read('web/messenger.yaml')).toContain('bottomSpace: 31');
    expect(world.read('web/messenger.yaml')).toContain('languages: [en-us, de]');
    await world.apply();
  });

  test('what is cleared by hand is cleared, or no longer wished where it cannot be', async () => {
    const { state } = world.sandbox;
    state.editSchedule(state.scheduleNamed('Acme Team Meeting')!.id, { rrule: '' });
    const { id } = state.webConfigurationNamed('Acme Messenger')!;
    state.editWebConfiguration(id, { description: null, position: { sideSpace: null } });
    const { patch, told } = await world.patch();
    expect(told).toEqual([]);
    world.take(patch);
    expect(world.read('hours/schedules.yaml')).toContain('rrule: null\n');
    expect(await world.plan()).toEqual([]);
    await world.apply();
  });

  test('a commit that is not applied yet is not undone', async () => {
    world.edit('actions/update-case.yaml', 'requestType: PUT', 'requestType: POST');
    world.edit('timeouts/genesys.yaml', 'timeoutSeconds: 10', 'timeoutSeconds: 11');
    world.editAction('Update Case', '/config/request/requestType', 'GET');
    world.editAction('Update Case', '/config/response/successTemplate', '{}');
    const { patch, told } = await world.patch();
    expect(told).toEqual([
      'actions/update-case.yaml:30:20: DataAction/update-case: a commit that is not applied yet changed it as well; decide which of them counts',
    ]);
    world.take(patch);
    expect(world.read('actions/update-case.yaml')).toContain('requestType: POST');
    expect(world.read('actions/update-case.yaml')).toContain("successTemplate: '{}'".replaceAll("'", '"'));
    const plan = await world.plan();
    expect(plan.sort()).toEqual([
      'update DataAction/get-callbacks-waiting /config/timeoutSeconds',
      'update DataAction/update-case /config/request/requestType',
    ]);
    await world.apply();
  });

  test('what is deleted by hand goes, of every sort', async () => {
    const { state } = world.sandbox;
    const before = world.read('hours/schedules.yaml');
    state.deleteWebDeployment(state.webDeploymentNamed('acme-shop')!.id);
    const group = state.scheduleGroupNamed('Acme Support Hours')!;
    state.editScheduleGroup(group.id, { openSchedules: ['Acme Weekdays'] });
    state.deleteSchedule(state.scheduleNamed('Acme Team Meeting')!.id);
    state.deleteFlow(state.flowNamed('inboundShortMessage', 'Web Greeting')!.id);
    const { patch, told } = await world.patch();
    expect(told).toEqual([]);
    world.take(patch);
    const left = before.split('---\n').filter((document) => !document.includes('name: team-meeting'));
    expect(world.read('hours/schedules.yaml')).toBe(left.join('---\n'));
    for (const gone of ['web/shop.yaml', 'flows/web-greeting.yaml', 'flows/architect/web-greeting.yaml']) {
      expect(() => world.read(gone)).toThrow('ENOENT');
    }
    expect(world.read('environments/staging.yaml')).not.toContain('acme-shop');
    expect(world.read('environments/staging.yaml')).toContain('# The staging CRM is slow.');
    expect(await world.plan()).toEqual([]);
  });
});
