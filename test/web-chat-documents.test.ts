import { describe, expect, test } from 'vitest';
import type { Allowance } from '../src/model/contracts.ts';
import { kinds } from '../src/objects/kinds.ts';
import { lines, resolved } from '../src/source/fixture.ts';
import { tutorialDocument } from './support/web-chat.ts';

/** Problems and warnings of the tutorial's document with some texts in the place of others, offline or for a target. */
async function found(changes: [from: string, to: string][] = [], allowed?: Allowance): Promise<string[]> {
  const text = changes.reduce((now, [from, to]) => {
    expect(now).toContain(from);
    return now.replace(from, to);
  }, tutorialDocument);
  const { problems, warnings } = await resolved({ 'chat.yaml': text }, { kinds, ...(allowed && { allowed }) });
  return [...lines(problems), ...lines(warnings).map((line) => `(warning) ${line}`)].map((line) =>
    line.replace('chat.yaml:', ''),
  );
}

const claim =
  '(warning) 11:37: contrast-claim: #0052CC has 6.82:1 on white, and the document claims 7.2:1, which is what is sent; leave contrastRatio out, and 6.82 is';
const withoutClaim: [string, string] = [', contrastRatio: 7.2', ''];

test("the tutorial's own example is valid, and its claim of a contrast is what is to be said of it", async () => {
  expect(await found()).toEqual([claim]);
  expect(await found([withoutClaim])).toEqual([]);
  // Rounded to one decimal, as people do.
  expect(await found([['contrastRatio: 7.2', 'contrastRatio: 6.8']])).toEqual([]);
  expect(await found([['contrastRatio: 7.2', 'contrastRatio: 6.7']])).toHaveLength(1);
});

describe('always a problem', () => {
  test.each<[what: string, from: string, to: string, said: string[]]>([
    [
      'a colour of four digits',
      '"#0052CC"',
      '"#0052"',
      [
        '8:16: schema: spec.theme.colors.primary must be a colour such as "#0052CC" or "#05C", in quotes, but is "#0052"',
      ],
    ],
    [
      'a colour without quotes',
      '"#0052CC"',
      '#0052CC',
      ["8:16: yaml: this is a comment to YAML, and the value is empty; write '#0052CC' in quotes"],
    ],
    [
      'letters that are too small',
      'fontSize: 16',
      'fontSize: 13',
      ['9:29: schema: spec.theme.typography.fontSize must be a whole number of pixels from 14 to 24, but is 13'],
    ],
    [
      'letters in halves of pixels',
      'fontSize: 16',
      'fontSize: 16.5',
      ['9:29: schema: spec.theme.typography.fontSize must be a whole number of pixels from 14 to 24, but is 16.5'],
    ],
    [
      'a claim out of its range',
      '7.2',
      '4.4',
      ['11:37: schema: spec.accessibility.contrastRatio must be a number from 4.5 to 21, but is 4.4'],
    ],
    [
      'a claim that nothing can reach',
      '7.2',
      '21.1',
      ['11:37: schema: spec.accessibility.contrastRatio must be a number from 4.5 to 21, but is 21.1'],
    ],
    [
      'a level that there is not',
      'wcagLevel: AA',
      'wcagLevel: B',
      ['11:18: schema: spec.accessibility.wcagLevel must be one of "AA", "AAA", but is "B"'],
    ],
    [
      'too little contrast',
      '"#0052CC"',
      '"#0A84FF"',
      ['8:16: contrast-too-low: #0A84FF has 3.64:1 on white; AA needs 4.5:1; #0975E2 would do'],
    ],
    [
      'too little contrast for the stated level',
      'wcagLevel: AA',
      'wcagLevel: AAA',
      ['8:16: contrast-too-low: #0052CC has 6.82:1 on white; AAA needs 7:1; #0050C8 would do'],
    ],
    [
      'no greeting',
      'messages: ["Hello, how can we assist you?", Welcome to support]',
      'messages: []',
      ['13:15: schema: spec.greetings.messages must be a list of one to three messages, but is an empty list'],
    ],
    [
      'four greetings',
      'Welcome to support]',
      'Welcome to support, a, b]',
      ['13:15: schema: spec.greetings.messages must be a list of one to three messages, but has 4'],
    ],
    [
      'a day that is none',
      'MONDAY',
      'MONTAG',
      [
        '16:22: schema: spec.availability.rules.0.dayOfWeek must be one of "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY", but is "MONTAG" (did you mean "MONDAY"?)',
      ],
    ],
    [
      'a time of no form',
      '"09:00"',
      '"9 am"',
      ['16:41: schema: spec.availability.rules.0.startTime must be a time of a day such as "09:00", but is "9 am"'],
    ],
    ['a time that is none', '"09:00"', '"24:00"', ['16:41: availability-hours: "24:00" is no time of a day']],
    [
      'hours that end before they begin',
      '"17:00"',
      '"08:59"',
      ['16:59: availability-hours: 09:00-08:59 of MONDAY ends before it begins; hours over midnight are two rules'],
    ],
    [
      'hours that end when they begin',
      '"17:00"',
      '"09:00"',
      ['16:59: availability-hours: 09:00-09:00 of MONDAY ends when it begins; hours over midnight are two rules'],
    ],
    [
      'hours that overlap',
      '- { dayOfWeek',
      '- { dayOfWeek: MONDAY, startTime: "16:59", endTime: "18:00" }\n      - { dayOfWeek',
      ['17:41: availability-hours: 09:00-17:00 of MONDAY overlaps 16:59-18:00; make them one range'],
    ],
    [
      'an organisation in both lists',
      'organizations: [ORG_ID_2]',
      'organizations: [ORG_ID_2, ORG_ID_1]',
      [
        '22:31: field-owned-twice: organisation "ORG_ID_1" is in organizations and in replicateTo.organizations; it is the source, and cannot be replicated to itself: leave it in one of them',
      ],
    ],
    [
      'an organisation twice in one',
      'organizations: [ORG_ID_1]',
      'organizations: [ORG_ID_1, ORG_ID_3, ORG_ID_3]',
      ['5:39: field-owned-twice: organisation "ORG_ID_3" is in the list twice'],
    ],
    [
      'one that is replicated to twice',
      'organizations: [ORG_ID_2]',
      'organizations: [ORG_ID_2, ORG_ID_2]',
      ['22:31: field-owned-twice: organisation "ORG_ID_2" is in the list twice'],
    ],
    [
      'a flag that is none',
      'enableRichText: false',
      'enableRichText: sometimes',
      ['18:54: schema: spec.features.flags.enableRichText must be true or false, but is "sometimes"'],
    ],
    [
      'an audience twice',
      'trial_users]',
      'trial_users, trial_users]',
      ['19:49: schema: spec.features.audiences has the same item twice'],
    ],
    [
      'an unknown field',
      'dynamicRouting',
      'dynamicRoutes',
      ['20:5: unknown-field: unknown field "dynamicRoutes" in spec.features (did you mean "dynamicRouting"?)'],
    ],
  ])('%s', async (_what, from, to, said) => {
    const problems = (await found([[from, to]])).filter((line) => !line.startsWith('(warning)'));
    expect(problems).toEqual(said);
  });
});

test('a greeting has at most 150 characters as Python counts them, not as JavaScript does', async () => {
  const greeting = (text: string): [string, string] => ['Welcome to support', text];
  expect(await found([withoutClaim, greeting('😀'.repeat(150))])).toEqual([]);
  expect(await found([withoutClaim, greeting('😀'.repeat(151))])).toEqual([
    expect.stringMatching(/^13:49: schema: spec.greetings.messages.1 must be a text of 1 to 150 characters/),
  ]);
});

test('what is close to a problem and is none', async () => {
  const fine: [string, string][] = [
    withoutClaim,
    ['"#0052CC"', '"#FFF"\n      background: "#05C"'],
    // One range begins when the other ends, and each day has its own.
    [
      '- { dayOfWeek',
      '- { dayOfWeek: MONDAY, startTime: "17:00", endTime: "23:59" }\n      - { dayOfWeek: TUESDAY, startTime: "10:00", endTime: "11:00" }\n      - { dayOfWeek',
    ],
  ];
  expect(await found(fine)).toEqual([]);
  const rules: [string, string] = [
    '    rules:\n      - { dayOfWeek: MONDAY, startTime: "09:00", endTime: "17:00" }',
    '    schedule: custom',
  ];
  expect(await found([withoutClaim, rules])).toEqual([
    '(warning) 14:3: availability-hours: the schedule is custom and has no rule, so the chat is never open',
  ]);
});

test('every organisation has to be allowed by the target, replicated ones too; without a list none is', async () => {
  const refused = async (organizations?: string[]): Promise<string[]> =>
    found([withoutClaim], organizations === undefined ? {} : { organizations });
  expect(await refused(['ORG_ID_1', 'ORG_ID_2'])).toEqual([]);
  expect(await refused(['ORG_ID_1', 'ORG_ID_20'])).toEqual([
    '22:21: organization-not-allowed: organisation "ORG_ID_2" is none of those that the target allows (did you mean "ORG_ID_20"?); to allow it, add it to `organizations` of the target in the daemon\'s file',
  ]);
  for (const none of [await refused(), await refused([])]) {
    expect(none).toEqual([
      '5:19: organization-not-allowed: the target allows no organisation, so "ORG_ID_1" cannot be configured; to allow it, write `organizations: [ORG_ID_1]` at the target in the daemon\'s file',
      '22:21: organization-not-allowed: the target allows no organisation, so "ORG_ID_2" cannot be configured; to allow it, write `organizations: [ORG_ID_2]` at the target in the daemon\'s file',
    ]);
  }
});
