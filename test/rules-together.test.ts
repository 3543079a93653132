import { describe, expect, test } from 'vitest';
import { InvalidSnapshot, openApp } from '../src/app.ts';
import type { TargetConfig } from '../src/model/daemon-config.ts';
import { silent } from '../src/model/log.ts';
import { noRules } from '../src/model/rules.ts';
import { adviseConfiguration, checkConfiguration } from '../src/objects/web-messaging-configuration/rules/index.ts';
import { checkDeployment } from '../src/objects/web-messaging-deployment/rules.ts';
import { folderWith } from '../src/source/fixture.ts';
import { cli } from './support/cli.ts';
import { bad, found, good, resourceOf, rules } from './support/rules.ts';

const codes = (lines: readonly string[]): string[] => lines.map((line) => line.split(': ')[1]!);

test('every rule broken at once: all are reported, in the order of the file, schema and rules alike', async () => {
  const text = bad(
    ['defaultLanguage: en-us', 'defaultLanguage: fr-fr'],
    ['MessengerHomeHeaderTitle, value: Hello', `MessengerHomeHeaderTitle, value: ${'x'.repeat(151)}`],
    ['PushNotificationTitle, value: New message', 'PushNotificationTitel, value: New message'],
    ['- language: de-de', '- language: de-at'],
    ['PushNotificationBody, value: Wir', 'PushNotificationTitle, value: Wir'],
    ['#00205B', '#0A84FF'],
    ['url: https://', 'url: http://'],
    ['logoUrl: https://', 'logoUrl: http://'],
    ['image/jpeg', 'text/html'],
    ['10240', '99999'],
    ['avatarUrl: https://', 'avatarUrl: http://'],
    ['defaultUrl: https://', 'defaultUrl: http://'],
    ["textColor: '#FFF'", "textColor: '#00205C'"],
    ["backgroundColor: '#FFF'", 'backgroundColor: white'],
  );
  const deployment = `---
apiVersion: genesys-gitops/v1
kind: WebMessagingDeployment
metadata: { name: web }
spec:
  configuration: web
  allowAllDomains: true
  allowedDomains: [https://www.acme.com/]
`;
  const { problems, warnings } = await found(text + deployment, rules('{ colors: ["#00205B"] }'), {
    rulesRequired: true,
  });
  expect(warnings).toEqual([]);
  expect(problems.map((line) => line.split(': ').slice(0, 2).join(' '))).toEqual([
    'web.yaml:5:22 greeting',
    'web.yaml:5:22 label-missing',
    'web.yaml:6:20 default-language',
    'web.yaml:8:17 label-missing',
    'web.yaml:10:51 greeting',
    'web.yaml:11:18 schema',
    'web.yaml:13:17 language-unknown',
    'web.yaml:17:18 label-twice',
    'web.yaml:20:29 brand-color',
    'web.yaml:20:29 contrast-too-low',
    'web.yaml:21:36 logo-not-https',
    'web.yaml:22:28 logo-not-https',
    'web.yaml:23:41 file-upload-limit',
    'web.yaml:23:79 file-upload-limit',
    'web.yaml:26:39 logo-not-https',
    'web.yaml:30:84 logo-not-https',
    'web.yaml:32:59 contrast-too-low',
    'web.yaml:33:39 schema',
    'web.yaml:41:19 domains-contradict',
    'web.yaml:41:20 not-a-domain',
  ]);
});

describe('places', () => {
  const environment = (text: string): Record<string, string> => ({
    'environments/prod.yaml': `apiVersion: genesys-gitops/v1\nkind: Environment\n${text}`,
  });

  test('a value that an environment patched is shown there', async () => {
    const patched = environment(`patches:
  - target: WebMessagingConfiguration/web
    patch:
      spec:
        defaultLanguage: fr-fr
        messenger: { styles: { primaryColor: '#0A84FF' } }
`);
    const { problems, warnings } = await found(good, patched, { environment: 'prod' });
    expect(problems).toEqual([
      'environments/prod.yaml:7:26: default-language: the default language fr-fr is none of the languages: en-us, de-de',
    ]);
    expect(warnings).toEqual([expect.stringMatching(/^environments\/prod\.yaml:8:46: contrast-too-low: #0A84FF has/)]);
    expect(await found(good, patched)).toEqual({ problems: [], warnings: [] });
  });

  test('a value that came from a variable is shown where the variable stands', async () => {
    const text = bad(["'#00205B'", '$(brand)']);
    const { warnings } = await found(text, environment('variables: { brand: "#0A84FF" }\n'), { environment: 'prod' });
    expect(warnings).toEqual([
      expect.stringMatching(/^web\.yaml:20:29: contrast-too-low: #0A84FF has 3\.64:1 on white/),
    ]);
    expect((await found(text)).problems).toEqual([
      'web.yaml:20:29: undefined-variable: the variable "brand" has no value, since no environment is chosen',
    ]);
  });

  test('what an environment takes out of management is not judged', async () => {
    const text = bad(
      ['key: MessengerHomeHeaderTitle, value: Hallo', 'key: MessengerHomeHeaderTitle, value: ""'],
      ['notifications: { enabled: true }', 'notifications: { enabled: false }'],
    );
    expect(codes((await found(text)).warnings)).toEqual(['greeting']);
    const unset = environment(
      'patches: [{ target: WebMessagingConfiguration/web, unset: [/spec/customI18nLabels] }]\n',
    );
    expect(await found(text, unset, { environment: 'prod' })).toEqual({ problems: [], warnings: [] });
  });
});

describe('who decides', () => {
  const pale = bad(["'#00205B'", "'#0A84FF'"], ['value: Hallo', 'value: ""']);

  test('`validate` goes by rules.yaml alone', async () => {
    await using folder = await folderWith({ 'web.yaml': pale, ...rules('{ greeting: { required: true } }') });
    const { code, stdout } = await cli(['validate', folder.path]);
    expect(code).toBe(1);
    expect(stdout.split('\n').filter((line) => /^\S/.test(line))).toEqual([
      expect.stringMatching(/^web\.yaml:20:29: contrast-too-low: /),
      expect.stringMatching(/^web\.yaml:13:17: greeting: de-de has no greeting text/),
      '1 problem: 1 resource',
    ]);
  });

  test('a target’s `rules: required` stops the revision before Genesys is asked', async () => {
    await using folder = await folderWith({ 'repo/web.yaml': pale });
    const target: TargetConfig = {
      name: 'test',
      organization: 'Acme',
      apiUrl: 'http://127.0.0.1:1',
      loginUrl: 'http://127.0.0.1:1',
      clientId: 'x',
      clientSecret: { fromEnv: 'SECRET' },
    };
    const run = async (one: TargetConfig): Promise<unknown> => {
      const config = { source: { path: 'repo' }, targets: [one], journal: 'journal.db' };
      const file = `${folder.path}/genesys-gitops.yaml`;
      const app = await openApp({ config, file, log: silent, env: {}, readOnly: true });
      const failure = await app.reconcile(one, { mode: 'plan' }).catch((error: unknown) => error);
      await app.close();
      return failure;
    };
    const failure = (await run({ ...target, rules: 'required' })) as InvalidSnapshot;
    expect(failure).toBeInstanceOf(InvalidSnapshot);
    expect(failure.desired.problems.map(({ code }) => code)).toEqual(['greeting', 'contrast-too-low']);
    expect(await run(target)).toMatchObject({ reason: 'ConfigurationInvalid' });
  });
});

describe('only what a document declares is judged', () => {
  const minimal = (spec: string): string =>
    `apiVersion: genesys-gitops/v1\nkind: WebMessagingConfiguration\nmetadata: { name: web }\nspec: ${spec}\n`;
  const label = (value: string): string =>
    `{ language: en-us, localizedLabels: [{ key: MessengerHomeHeaderTitle, value: "${value}" }] }`;

  test.each<[spec: string, said: string[]]>([
    ['{}', []],
    ['{ description: x }', []],
    ['{ languages: [en-us] }', []],
    ['{ languages: [en-us], customI18nLabels: null }', ['greeting']],
    ['{ languages: null, defaultLanguage: null, customI18nLabels: null, messenger: null }', []],
    [`{ customI18nLabels: [${label('')}] }`, []],
    [`{ customI18nLabels: [${label('x'.repeat(200))}] }`, ['greeting']],
    [`{ messenger: { enabled: false }, languages: [en-us], customI18nLabels: [${label('')}] }`, []],
    [`{ headlessMode: { enabled: true }, languages: [en-us], customI18nLabels: [${label('')}] }`, []],
    ['{ defaultLanguage: en-us }', []],
    ['{ languages: [], defaultLanguage: en-us }', []],
    ["{ messenger: { styles: { primaryColor: '#000' } } }", []],
    ['{ messenger: { styles: { primaryColor: null }, homeScreen: { logoUrl: null } } }', []],
    ["{ messenger: { enabled: false, styles: { primaryColor: '#fff' } } }", ['contrast-too-low']],
    ["{ supportCenter: { styleSetting: { heroStyle: { textColor: '#fff' } } } }", []],
    ["{ supportCenter: { styleSetting: { heroStyle: { textColor: '#fff', backgroundColor: null } } } }", []],
    ['{ messenger: { fileUpload: { modes: [{ fileTypes: [] }] } } }', []],
    ['{ messenger: { homeScreen: { logoUrl: "" } } }', []],
  ])('%s', async (spec, said) => {
    const { problems, warnings } = await found(minimal(spec));
    expect([problems, codes(warnings)]).toEqual([[], said]);
  });
});

describe('what a required rule judges has to be declared', () => {
  const minimal = (spec: string): string =>
    `apiVersion: genesys-gitops/v1\nkind: WebMessagingConfiguration\nmetadata: { name: web }\nspec: ${spec}\n`;
  const both = rules('{ contrast: { required: true }, greeting: { required: true } }');
  const label = (language: string, value: string): string =>
    `{ language: ${language}, localizedLabels: [{ key: MessengerHomeHeaderTitle, value: "${value}" }] }`;
  const colour = 'contrast-too-low: messenger.styles.primaryColor is not declared, and its contrast is required';
  const texts = 'greeting: customI18nLabels are not declared, and greetings are required';
  const languages = 'greeting: languages are not declared, and a greeting in each is required';

  test.each<[spec: string, said: string[]]>([
    ['{ messenger: { enabled: true }, languages: [en-us], defaultLanguage: en-us }', [colour, texts]],
    ['{ messenger: { styles: { primaryColor: null } } }', [colour, languages, texts]],
    ['{ languages: [en-us] }', [texts]],
    [
      `{ messenger: { styles: { primaryColor: '#000' } }, customI18nLabels: [${label('en-us', 'Hi')}, ${label('de', '')}] }`,
      [languages, 'greeting: de has no greeting text'],
    ],
    [`{ customI18nLabels: [${label('en-us', '')}, ${label('en-us', 'Hi')}] }`, ['label-twice: the texts of en-us']],
    ['{ messenger: { enabled: false }, languages: [en-us] }', []],
    ['{ messenger: {}, headlessMode: { enabled: true }, languages: [en-us] }', []],
    ['{ languages: null, messenger: null }', []],
    ['{ description: x }', []],
  ])('%s', async (spec, said) => {
    const { problems } = await found(minimal(spec), both);
    const told = problems.map((line) => said.find((one) => line.includes(`: ${one}`)) ?? line);
    expect(told.sort()).toEqual(said.toSorted());
    expect((await found(minimal(spec), {}, { rulesRequired: true })).problems).toEqual(problems);
    // Advice is given of what is declared, and of nothing else.
    expect((await found(minimal(spec))).warnings.filter((line) => line.includes('not declared'))).toEqual([]);
  });

  test('an environment that takes it out is shown', async () => {
    const unset = {
      'environments/prod.yaml': `apiVersion: genesys-gitops/v1
kind: Environment
patches:
  - target: WebMessagingConfiguration/web
    unset: [/spec/messenger/styles]
  - target: WebMessagingConfiguration/web
    unset:
      - /spec/customI18nLabels
`,
    };
    const text = bad(['notifications: { enabled: true }', 'notifications: { enabled: false }']);
    expect((await found(text, { ...both, ...unset }, { environment: 'prod' })).problems).toEqual([
      expect.stringContaining(`environments/prod.yaml:5:13: ${colour}`),
      expect.stringContaining(`environments/prod.yaml:8:9: ${texts}`),
    ]);
    expect(await found(text, unset, { environment: 'prod' })).toEqual({ problems: [], warnings: [] });
  });

  test('a list of colours is one that the messenger has to keep to', async () => {
    const colors = rules('{ colors: ["#00205B"], contrast: { required: true } }');
    expect((await found(minimal('{ messenger: { enabled: false } }'), colors)).problems).toEqual([]);
    expect((await found(minimal('{ messenger: {} }'), colors)).problems).toEqual([
      'web.yaml:4:20: brand-color: messenger.styles.primaryColor is not declared, and rules.yaml says which colours there are; give it one of them',
    ]);
  });
});

describe('hostile documents', () => {
  const check = (spec: unknown): number => {
    const resource = resourceOf('WebMessagingConfiguration', spec);
    const deployment = resourceOf('WebMessagingDeployment', spec);
    const all = [
      ...checkConfiguration(resource, { spec: {}, required: true }),
      ...adviseConfiguration(resource, noRules),
      ...checkDeployment(deployment, noRules),
    ];
    for (const { message } of all) expect(message.length).toBeLessThan(1500);
    return all.length;
  };

  test('that fit no schema are judged as far as they go', () => {
    const odd = [null, true, 0, -1, '', 'x', [], [null], [[]], {}, [{}], { a: 1 }, 1e308];
    for (const value of odd) {
      check({
        languages: value,
        defaultLanguage: value,
        customI18nLabels: value,
        messenger: value,
        supportCenter: value,
      });
      check({ languages: [value], customI18nLabels: [value, { language: value, localizedLabels: value }] });
      check({ customI18nLabels: [{ language: 'x', localizedLabels: [value, { key: value, value }] }] });
      check({ messenger: { enabled: value, styles: value, fileUpload: { modes: [value, { fileTypes: value }] } } });
      check({ messenger: { enabled: true, fileUpload: { modes: [{ fileTypes: [value], maxFileSizeKB: value }] } } });
      check({ supportCenter: { enabledCategories: [value, { image: value }], styleSetting: { heroStyle: value } } });
      check({ allowAllDomains: value, allowedDomains: value });
      check({ allowAllDomains: true, allowedDomains: [value, value] });
    }
  });

  test('with names that JavaScript reserves, and odd letters', () => {
    const names = [
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      '\ud800',
      '\u202e',
      '\0',
      'e\u0301',
      '👩‍👩‍👧‍👦',
    ];
    for (const name of names) {
      const spec = JSON.parse(
        `{"languages": [${JSON.stringify(name)}], "defaultLanguage": "en-us", "__proto__": {"messenger": {}}}`,
      ) as object;
      const labels = [{ language: name, localizedLabels: [{ key: name, value: name }] }];
      expect(check({ ...spec, customI18nLabels: labels, allowedDomains: [name] })).toBeGreaterThan(1);
    }
  });

  test('of any size end soon, and say a bounded lot', () => {
    const many = 20_000;
    const languages = Array.from({ length: many }, (_, i) => `x${i}`);
    const texts = languages.map((language) => ({
      language: `${language}y`,
      localizedLabels: [{ key: 'MessengerHomeHeaderTitle', value: '' }],
    }));
    const label = { key: 'MessengerHomeHeaderTitle', value: 'x' };
    const began = performance.now();
    const languagesAndLabels = [
      { languages, defaultLanguage: 'en-us' },
      { languages: ['en-us'], customI18nLabels: texts },
      { languages: ['en-us'], customI18nLabels: [{ language: 'en-us', localizedLabels: Array(many).fill(label) }] },
    ];
    // So many are told by the schema, and not judged one by one.
    for (const spec of languagesAndLabels) expect(check(spec)).toBe(0);
    const said =
      check({ allowedDomains: languages }) +
      check({ messenger: { fileUpload: { modes: Array(many).fill({ fileTypes: ['x'], maxFileSizeKB: 1e9 }) } } }) +
      check({ defaultLanguage: 'x'.repeat(1e6), languages: ['x'.repeat(1e6)], customI18nLabels: [] }) +
      check({
        messenger: { homeScreen: { logoUrl: `http://${'a'.repeat(1e6)}` }, styles: { primaryColor: '#'.repeat(1e6) } },
      }) +
      check({ allowedDomains: ['a.'.repeat(5e5), ':'.repeat(1e6), '-'.repeat(1e6), `${'a'.repeat(63)}.`.repeat(1e4)] });
    expect(performance.now() - began).toBeLessThan(2000);
    expect(said).toBeGreaterThan(200);
    expect(said).toBeLessThan(1000);
  });
});
