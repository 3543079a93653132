import { expect, test } from 'vitest';
import { kinds } from '../src/objects/index.ts';
import { folderWith, lines, resolved } from '../src/source/fixture.ts';
import { cli } from './support/cli.ts';

/** A repository of all four kinds, one document a line, that has neither problems nor warnings. */
const files: Record<string, string> = {
  'messenger.yaml': `apiVersion: genesys-gitops/v1
kind: WebMessagingConfiguration
metadata: { name: messenger }
spec:
  languages: [en-us, de]
  defaultLanguage: en-us
  customI18nLabels:
    - language: en-us
      localizedLabels: [{ key: MessengerHomeHeaderTitle, value: Hello }]
    - language: de
      localizedLabels: [{ key: MessengerHomeHeaderTitle, value: Hallo }]
  messenger:
    enabled: true
    styles: { primaryColor: "#00205B" }
    launcherButton: { visibility: On }
  position: { alignment: Right }
`,
  'page.yaml': `apiVersion: genesys-gitops/v1
kind: WebMessagingDeployment
metadata: { name: page }
spec:
  configuration: messenger
  version: latest
  status: Active
  allowedDomains: [www.example.com]
`,
  'hours.yaml': `apiVersion: genesys-gitops/v1
kind: Schedule
metadata: { name: hours }
spec:
  start: 2026-01-05T08:00
  end: 2026-01-05T17:00
  rrule: FREQ=WEEKLY;BYDAY=MO
`,
  'group.yaml': `apiVersion: genesys-gitops/v1
kind: ScheduleGroup
metadata: { name: group }
spec:
  timeZone: Europe/Dublin
  openSchedules: [hours]
`,
};

async function found(file: string, from: string, to: string): Promise<string[]> {
  expect(files[file]).toContain(from);
  const { problems, warnings } = await resolved({ ...files, [file]: files[file]!.replace(from, to) }, { kinds });
  return [...lines(problems), ...lines(warnings).map((text) => `warning ${text}`)];
}

test('a good repository has neither problems nor warnings', async () => {
  expect(await found('hours.yaml', 'FREQ', 'FREQ')).toEqual([]);
});

const cases: [file: string, from: string, to: string, said: string][] = [
  [
    'messenger.yaml',
    'primaryColor',
    'primaryColour',
    '14:15: unknown-field: unknown field "primaryColour" in spec.messenger.styles (did you mean "primaryColor"?)',
  ],
  [
    'messenger.yaml',
    'position: {',
    'positon: {',
    '16:3: unknown-field: unknown field "positon" in spec (did you mean "position"?)',
  ],
  [
    'messenger.yaml',
    'defaultLanguage: en-us',
    'defaultLanguage: fr-fr',
    '6:20: default-language: the default language fr-fr is none of the languages: en-us, de',
  ],
  [
    'messenger.yaml',
    'visibility: On',
    'visibility: Yes',
    '15:35: schema: spec.messenger.launcherButton.visibility must be one of "On", "Off", "OnDemand", null, but is "Yes"',
  ],
  [
    'messenger.yaml',
    'alignment: Right',
    'alignment: right',
    '16:26: schema: spec.position.alignment must be one of "Auto", "Left", "Right", null, but is "right" (did you mean "Right"?)',
  ],
  [
    'page.yaml',
    'version: latest',
    'version: latestt',
    '6:12: schema: spec.version must be `latest` or the number of a published version, but is "latestt"',
  ],
  [
    'page.yaml',
    'status: Active',
    'status: Pending',
    '7:11: schema: spec.status must be one of "Active", "Inactive", but is "Pending"',
  ],
  [
    'hours.yaml',
    'WEEKLY',
    'WEEKLI',
    '7:10: recurrence-invalid: FREQ is "WEEKLI" (did you mean "WEEKLY"?); it is one of SECONDLY, MINUTELY, HOURLY, DAILY, WEEKLY, MONTHLY, YEARLY',
  ],
  [
    'hours.yaml',
    'start: 2026-01-05T08:00',
    'start: 2026-02-30T08:00',
    '5:10: schedule-times: "2026-02-30T08:00" is no date and time that there is',
  ],
  [
    'group.yaml',
    'Europe/Dublin',
    'Europe/Dublim',
    '5:13: schema: "Europe/Dublim" is no time zone of the IANA database (did you mean "Europe/Dublin"?); one reads like Europe/Dublin',
  ],
  [
    'group.yaml',
    'openSchedules',
    'openSchedule',
    '6:3: unknown-field: unknown field "openSchedule" in spec (did you mean "openSchedules"?)',
  ],
];

test.each(cases)('%s: %s: %s', async (file, from, to, said) => {
  expect(await found(file, from, to)).toEqual([`${file}:${said}`]);
});

test('a language without its texts is a warning, at the language', async () => {
  expect(await found('messenger.yaml', '[en-us, de]', '[en-us, de, fr]')).toEqual([
    'warning messenger.yaml:5:26: greeting: fr has no greeting text: give it one to three of MessengerHomeHeaderTitle, MessengerHomeHeaderSubTitle, MessengerLauncherButtonText',
  ]);
});

test('`validate` tells all of them at once, with their places, and fails', async () => {
  // Of two that break the same line, the first.
  const lineOf = (said: string): string => said.slice(0, said.indexOf(':'));
  const chosen = cases.filter(
    ([file, , , said], i) => cases.findIndex((one) => one[0] === file && lineOf(one[3]) === lineOf(said)) === i,
  );
  const broken = Object.entries(files).map(([file, text]) => {
    const mine = chosen.filter((one) => one[0] === file);
    return [file, mine.reduce((next, [, from, to]) => next.replace(from, to), text)];
  });
  await using folder = await folderWith(Object.fromEntries(broken));
  const { code, stdout } = await cli(['validate', folder.path]);
  expect(code).toBe(1);
  const told = stdout.split('\n').filter((line) => /^\S+\.yaml:/.test(line));
  expect(told.sort()).toEqual(chosen.map(([file, , , said]) => `${file}:${said}`).sort());
});
