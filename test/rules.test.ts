import { describe, expect, test } from 'vitest';
import type { Files } from '../src/source/fixture.ts';
import { bad, found, good, rules } from './support/rules.ts';

test('a good document is good, under the strictest rules too', async () => {
  expect(await found(good)).toEqual({ problems: [], warnings: [] });
  const strict = rules(
    '{ colors: ["#00205b"], contrast: { level: AAA, required: true }, greeting: { maxLength: 5, required: true } }',
  );
  expect(await found(good, strict, { rulesRequired: true })).toEqual({ problems: [], warnings: [] });
});

describe('always a problem, one at a time', () => {
  test.each<[rule: string, from: string, to: string, said: string]>([
    [
      'a colour that is none',
      "styles: { primaryColor: '#00205B' }",
      'styles: { primaryColor: navy }',
      '20:29: schema: spec.messenger.styles.primaryColor must be a colour (#a7017c or #fff), but is "navy"',
    ],
    [
      'a label that the API does not know',
      'MessengerHomeHeaderTitle, value: Hello',
      'MessengerHomeHeadTitle, value: Hello',
      '10:18: schema: spec.customI18nLabels.0.localizedLabels.0.key must be one of "MessengerHomeHeaderTitle", "MessengerHomeHeaderSubTitle", "MessengerLauncherButtonText", "PushNotificationTitle", "PushNotificationBody", but is "MessengerHomeHeadTitle" (did you mean "MessengerHomeHeaderTitle"?)',
    ],
    [
      'an unknown field',
      'launcherButton:',
      'launcherButon:',
      '21:5: unknown-field: unknown field "launcherButon" in spec.messenger (did you mean "launcherButton"?)',
    ],
    [
      'a default language that is not listed',
      'defaultLanguage: en-us',
      'defaultLanguage: en-uk',
      '6:20: default-language: the default language en-uk is none of the languages: en-us, de-de (did you mean "en-us"?)',
    ],
    [
      'texts for a language that is not listed',
      '- language: de-de',
      '- language: de-at',
      '13:17: language-unknown: de-at has texts, but is none of the languages: en-us, de-de (did you mean "de-de"?)',
    ],
    [
      'one text twice',
      'PushNotificationBody, value: We',
      'PushNotificationTitle, value: We',
      '12:18: label-twice: PushNotificationTitle is given twice for en-us',
    ],
    [
      'one language twice',
      '- language: de-de',
      '- language: en-us',
      '13:17: label-twice: the texts of en-us are given twice; put them together',
    ],
    [
      'a push notification without a text in one language',
      '        - { key: PushNotificationBody, value: Wir haben geantwortet }\n',
      '',
      '13:17: label-missing: notifications are enabled, so de-de needs the text PushNotificationBody',
    ],
    [
      'a push notification with an empty text',
      'value: New message',
      'value: " "',
      '8:17: label-missing: notifications are enabled, so en-us needs the text PushNotificationTitle',
    ],
    [
      'no languages',
      '  languages: [en-us, de-de]\n',
      '',
      '18:14: language-missing: the messenger is enabled, so languages has to name at least one language',
    ],
    [
      'languages that are cleared',
      'languages: [en-us, de-de]',
      'languages: null',
      '5:14: language-missing: the messenger is enabled, so languages has to name at least one language',
    ],
    [
      'no default language',
      '  defaultLanguage: en-us\n',
      '',
      '18:14: language-missing: the messenger is enabled, so defaultLanguage has to name one of the languages',
    ],
    [
      'a type of file that cannot be sent',
      'image/png]',
      'image/jpg]',
      `23:53: file-upload-limit: image/jpg cannot be listed here, only image/jpeg, image/gif, image/png; other files are for the deployment's supportedContent (did you mean "image/jpeg"?)`,
    ],
    [
      'files that are too large',
      'maxFileSizeKB: 10240',
      'maxFileSizeKB: 10241',
      '23:80: file-upload-limit: files of 10241 kB are too large; the most is 10240 (10 MB)',
    ],
    [
      'a logo over http',
      'logoUrl: https://',
      'logoUrl: http://',
      '22:28: logo-not-https: "http://cdn.example.com/logo.svg" is no https address of a picture (did you mean "https://cdn.example.com/logo.svg"?)',
    ],
    [
      'an icon without a scheme',
      'url: https://cdn',
      'url: //cdn',
      '21:36: logo-not-https: "//cdn.example.com/icon.svg" is no https address of a picture (did you mean "https://cdn.example.com/icon.svg"?)',
    ],
    [
      'a picture of a bot that is a path',
      'avatarUrl: https://cdn.example.com/bot.png',
      'avatarUrl: bot.png',
      '26:39: logo-not-https: "bot.png" is no https address of a picture',
    ],
    [
      'a picture of the support center over http',
      'defaultUrl: https://',
      'defaultUrl: HTTP://',
      '30:84: logo-not-https: "HTTP://cdn.example.com/a.png" is no https address of a picture (did you mean "https://cdn.example.com/a.png"?)',
    ],
  ])('%s', async (_rule, from, to, said) => {
    const { problems } = await found(bad([from, to]));
    expect(problems).toContain(`web.yaml:${said}`);
    // What follows from a mistake may be told with it: a language that lost its texts.
    expect(problems.filter((line) => !/label-missing/.test(line) || line.endsWith(said))).toHaveLength(1);
  });

  test('a theme colour that is none of the brand’s', async () => {
    expect(await found(good, rules('{ colors: ["#0B5FFF", "#E6007E"] }'))).toEqual({
      problems: [
        'web.yaml:20:29: brand-color: #00205B is none of the colours that rules.yaml allows; the nearest is #0B5FFF',
      ],
      warnings: [],
    });
  });

  test('more languages than anybody speaks: told once, and not one by one', async () => {
    const many = Array.from({ length: 101 }, (_, i) => `a${'abcdefghijk'[Math.floor(i / 10)]}-x${i % 10}`);
    const text = bad(['languages: [en-us, de-de]', `languages: [${many.join(', ')}]`]);
    expect((await found(text)).problems.filter((line) => !/languages\.\d+ must/.test(line))).toEqual([
      'web.yaml:5:14: schema: spec.languages must be a list of at most 100 languages, but has 101',
    ]);
  });

  test('notifications without any texts', async () => {
    const text = good.replace(/ {2}customI18nLabels:[\s\S]*?(?= {2}messenger:)/, '');
    expect((await found(text)).problems).toEqual([
      'web.yaml:16:35: label-missing: notifications are enabled, so every language needs the texts PushNotificationTitle and PushNotificationBody in customI18nLabels',
    ]);
  });
});

describe('warnings, and problems where they are required', () => {
  const cases: [rule: string, changes: [string, string][], said: string[]][] = [
    [
      'a theme colour that is too light',
      [["primaryColor: '#00205B'", "primaryColor: '#0A84FF'"]],
      [
        '20:29: contrast-too-low: #0A84FF has 3.64:1 on white (the text on it and the background behind it); AA needs 4.5:1; #0975E2 would do',
      ],
    ],
    [
      'a support center whose texts cannot be read',
      [
        ["textColor: '#FFF'", "textColor: '#48c'"],
        ["textColor: '#333333'", "textColor: '#999999'"],
      ],
      [
        "32:59: contrast-too-low: the support center's hero text: #4488CC has 4.15:1 on #00205B; AA needs 4.5:1; #4E8FCF would do",
        "33:58: contrast-too-low: the support center's text: #999999 has 2.84:1 on white; AA needs 4.5:1; #767676 would do",
      ],
    ],
    [
      'a language without a greeting',
      [['key: MessengerHomeHeaderTitle, value: Hallo', 'key: MessengerHomeHeaderTitle, value: ""']],
      [
        '13:17: greeting: de-de has no greeting text: give it one to three of MessengerHomeHeaderTitle, MessengerHomeHeaderSubTitle, MessengerLauncherButtonText',
      ],
    ],
    [
      'a greeting of which nothing is seen',
      [['value: Hallo', 'value: "\\u200b\\u2060\\u3164 \\u00ad\\ufe0f"']],
      [
        '13:17: greeting: de-de has no greeting text: give it one to three of MessengerHomeHeaderTitle, MessengerHomeHeaderSubTitle, MessengerLauncherButtonText',
      ],
    ],
    [
      'a listed language that has no texts at all',
      [
        ['languages: [en-us, de-de]', 'languages: [en-us, de-de, fr-fr]'],
        ['notifications: { enabled: true }', 'notifications: { enabled: false }'],
      ],
      [
        '5:29: greeting: fr-fr has no greeting text: give it one to three of MessengerHomeHeaderTitle, MessengerHomeHeaderSubTitle, MessengerLauncherButtonText',
      ],
    ],
    [
      'a greeting that is too long',
      [['value: Hallo', `value: ${'😀'.repeat(151)}`]],
      ['15:51: greeting: MessengerHomeHeaderTitle of de-de has 151 characters (code points); at most 150 are allowed'],
    ],
  ];

  test.each(cases)('%s', async (_rule, changes, said) => {
    const expected = said.map((line) => `web.yaml:${line}`);
    const text = bad(...changes);
    expect(await found(text)).toEqual({ problems: [], warnings: expected });
    expect(await found(text, {}, { rulesRequired: true })).toEqual({ problems: expected, warnings: [] });
    const both = rules('{ contrast: { required: true }, greeting: { required: true } }');
    expect(await found(text, both)).toEqual({ problems: expected, warnings: [] });
    const other = rules(`{ ${said[0]!.includes('greeting') ? 'contrast' : 'greeting'}: { required: true } }`);
    expect(await found(text, other)).toEqual({ problems: [], warnings: expected });
  });

  test('150 code points are counted as people see them: two code units may be one', async () => {
    expect(await found(bad(['value: Hallo', `value: ${'😀'.repeat(150)}`]))).toEqual({ problems: [], warnings: [] });
  });

  test('AAA asks for more', async () => {
    const text = bad(["primaryColor: '#00205B'", "primaryColor: '#0064D2'"]);
    expect((await found(text)).warnings).toEqual([]);
    expect((await found(text, rules('{ contrast: { level: AAA } }'))).warnings).toEqual([
      'web.yaml:20:29: contrast-too-low: #0064D2 has 5.59:1 on white (the text on it and the background behind it); AAA needs 7:1; #0056B5 would do',
    ]);
  });

  test('no rules.yaml makes a colour good that cannot be read on white, where the target requires it', async () => {
    const yellow = bad(["primaryColor: '#00205B'", "primaryColor: '#FFFF00'"]);
    for (const field of ['text', 'background']) {
      const weaker = rules(`{ contrast: { ${field}: "#000" } }`);
      expect((await found(yellow, weaker, { rulesRequired: true })).problems).toEqual([
        `rules.yaml:3:21: unknown-field: unknown field "${field}" in spec.contrast`,
        expect.stringMatching(/^web\.yaml:20:29: contrast-too-low: #FFFF00 has 1\.07:1 on white/),
      ]);
    }
    const loosest = rules('{ colors: ["#FFFF00"], contrast: { level: AA, required: false } }');
    expect((await found(yellow, loosest, { rulesRequired: true })).problems).toHaveLength(1);
  });

  test('what is suggested is of the brand, where it has colours', async () => {
    const text = bad(["primaryColor: '#00205B'", "primaryColor: '#5CB0FF'"]);
    const brand = (colors: string): Promise<{ warnings: string[] }> => found(text, rules(`{ colors: [${colors}] }`));
    expect((await brand("'#5CB0FF', '#00205B', '#005FCC'")).warnings).toEqual([
      expect.stringMatching(/ AA needs 4\.5:1; of the colours that rules\.yaml allows, #005FCC would do$/),
    ]);
    expect((await brand("'#5CB0FF', '#FFCC00'")).warnings).toEqual([
      expect.stringMatching(/ AA needs 4\.5:1; none of the colours that rules\.yaml allows would do$/),
    ]);
  });

  test('the rules can ask for more greeting texts, and shorter ones', async () => {
    expect((await found(good, rules('{ greeting: { minTexts: 2, maxLength: 4 } }'))).warnings).toEqual([
      'web.yaml:8:17: greeting: en-us has 1 of the 2 greeting texts that the rules ask for: add MessengerHomeHeaderSubTitle or MessengerLauncherButtonText',
      'web.yaml:10:51: greeting: MessengerHomeHeaderTitle of en-us has 5 characters (code points); at most 4 are allowed',
      'web.yaml:13:17: greeting: de-de has 1 of the 2 greeting texts that the rules ask for: add MessengerHomeHeaderSubTitle or MessengerLauncherButtonText',
      'web.yaml:15:51: greeting: MessengerHomeHeaderTitle of de-de has 5 characters (code points); at most 4 are allowed',
    ]);
  });
});

describe('what a rule judges cannot be ignored where the rule is required', () => {
  const ignoring = (places: string): string =>
    bad(['{ name: web }', `{ name: web, annotations: { genesys-gitops/ignore-fields: [${places}] } }`]);
  const codes = async (places: string, more: Files = {}, rulesRequired = false): Promise<string[]> => {
    const { problems, warnings } = await found(ignoring(places), more, { rulesRequired });
    return [...problems.map((line) => `problem ${line}`), ...warnings.map((line) => `warning ${line}`)].map((line) =>
      line.replace(/ is ignored, and .*/, ''),
    );
  };
  const at = 'web.yaml:3:70: ignored-field-judged:';

  test.each([
    ['/messenger/styles/primaryColor'],
    ['/messenger'],
    ['/customI18nLabels/0/localizedLabels/0/value'],
    ['/languages'],
    ['/messenger/enabled'],
    ['/supportCenter/styleSetting/heroStyle'],
  ])('%s', async (place) => {
    expect(await codes(place, {}, true)).toEqual([`problem ${at} ${place}`]);
    expect(await codes(place)).toEqual([`warning ${at} ${place}`]);
  });

  test('by the rules of the repository, each for itself', async () => {
    const colors = rules("{ colors: ['#00205B'] }");
    expect(await codes('/messenger/styles', colors)).toEqual([`problem ${at} /messenger/styles`]);
    expect(await codes('/languages', colors)).toEqual([`warning ${at} /languages`]);
    const greets = rules('{ greeting: { required: true } }');
    expect(await codes('/languages', greets)).toEqual([`problem ${at} /languages`]);
    expect(await codes('/messenger/styles', greets)).toEqual([`warning ${at} /messenger/styles`]);
  });

  test('and what no such rule judges, or nobody declares, can', async () => {
    const places = '/messenger/launcherButton, /messenger/style, /headlessMode, /messenger/styles/other';
    expect(await codes(places, {}, true)).toEqual([]);
  });
});
