import type { JsonObject } from '../src/model/json.ts';
import type { Resource } from '../src/model/resource.ts';
import type { Rules } from '../src/model/rules.ts';
import { adviseConfiguration, checkConfiguration } from '../src/objects/web-messaging-configuration/rules/index.ts';
import { sample, wall } from './measure.ts';
import { atMost, type Row } from './table.ts';

const count = 1000;
const languages = ['en-us', 'de-de', 'fr-fr', 'es-es', 'it-it'];

/** Brand and accessibility rules over 1,000 configurations in five languages; half of them break every one. */
export async function brandRules(): Promise<Row[]> {
  const good = Array.from({ length: count }, (_, n) => configuration(n, false));
  const mixed = good.map((resource, n) => (n % 2 === 0 ? resource : configuration(n, true)));
  const rules: Rules = { spec: { contrast: { level: 'AAA' }, greeting: { minTexts: 3 } }, required: false };
  const judge = (resources: readonly Resource[]): number =>
    resources.reduce(
      (sum, one) => sum + checkConfiguration(one, rules).length + adviseConfiguration(one, rules).length,
      0,
    );
  const found = judge(mixed);
  // Were nothing found, or something in the good ones, it would be another figure.
  if (judge(good) !== 0 || found < count * 5) throw new Error(`${judge(good)} and ${found} problems`);
  return [
    atMost({
      what: `the brand rules over ${count.toLocaleString('en')} configurations`,
      value: await sample(() => wall(() => judge(mixed))),
      most: 1000,
      unit: ' ms',
      digits: 1,
      note: `${languages.length} languages each; ${found.toLocaleString('en')} problems and warnings, the passing shade computed for each contrast; when all are good ${(await sample(() => wall(() => judge(good)))).toFixed(1)} ms; without parsing`,
    }),
  ];
}

function configuration(n: number, bad: boolean): Resource {
  const keys = ['MessengerHomeHeaderTitle', 'MessengerHomeHeaderSubTitle', 'MessengerLauncherButtonText'];
  const customI18nLabels = languages.map((language) => ({
    language: bad ? `${language}-x` : language,
    localizedLabels: keys.map((key) => ({ key, value: `${key} of ${n}`.repeat(bad ? 10 : 1) })),
  }));
  const picture = `${bad ? 'http' : 'https'}://cdn.example.com/${n}.svg`;
  const spec: JsonObject = {
    languages,
    defaultLanguage: bad ? 'xx' : 'en-us',
    customI18nLabels,
    messenger: {
      enabled: true,
      styles: { primaryColor: bad ? `#${(0xffffff - n * 97).toString(16)}` : '#00205B' },
      homeScreen: { enabled: true, logoUrl: picture },
      launcherButton: { visibility: 'On', icon: { url: picture } },
      fileUpload: { modes: [{ fileTypes: [bad ? 'image/jpg' : 'image/jpeg'], maxFileSizeKB: bad ? 99_999 : 10_240 }] },
    },
  };
  const document = { path: `${n}.yaml`, index: 0 };
  const kind = 'WebMessagingConfiguration';
  return { kind, name: `web-${n}`, surface: 'platform', annotations: {}, spec, files: {}, document, from: [] };
}
