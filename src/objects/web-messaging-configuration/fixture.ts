import type { JsonObject } from '../../model/json.ts';
import { setAt } from '../../model/pointer.ts';

const texts = (title: string): JsonObject[] => [
  { key: 'MessengerHomeHeaderTitle', value: title },
  { key: 'MessengerHomeHeaderSubTitle', value: 'We are here to help' },
];

const example: JsonObject = {
  description: 'The messenger of the shop',
  languages: ['en-us', 'de-de'],
  defaultLanguage: 'en-us',
  customI18nLabels: [
    { language: 'en-us', localizedLabels: texts('Good day') },
    { language: 'de-de', localizedLabels: texts('Guten Tag') },
  ],
  messenger: {
    enabled: true,
    styles: { primaryColor: '#1D4ED8' },
    launcherButton: { visibility: 'On' },
    homeScreen: { enabled: true, logoUrl: 'https://www.example.com/logo.png' },
    fileUpload: { modes: [{ fileTypes: ['image/png', 'image/jpeg'] }] },
    apps: { conversations: { enabled: true, markdown: { enabled: true } } },
  },
  position: { alignment: 'Right', sideSpace: 20, bottomSpace: 20 },
  cobrowse: { enabled: true, maskSelectors: ['.secret', '#card'], channels: ['Webmessaging'] },
  journeyEvents: {
    enabled: true,
    clickEvents: [{ selector: '#buy', eventName: 'buy' }],
    idleEvents: [{ eventName: 'idle', idleAfterSeconds: 60 }],
  },
};

const change = (...changes: [string, JsonObject[string]][]): JsonObject =>
  changes.reduce((spec, [pointer, value]) => setAt(spec, pointer, value), example);

/** Quirks of the sandbox that are about these objects, by how their names begin. */
export const quirks = ['web-'];

export const fixtures = [
  {
    kind: 'WebMessagingConfiguration',
    example,
    updates: {
      name: change(['/name', 'Another messenger']),
      colour: change(['/messenger/styles/primaryColor', '#047857']),
      'texts and languages': change(
        ['/languages', ['de-de', 'fr-fr', 'en-us']],
        ['/defaultLanguage', 'de-de'],
        [
          '/customI18nLabels',
          ['fr-fr', 'de-de', 'en-us'].map((language) => ({ language, localizedLabels: texts(`Hello, ${language}`) })),
        ],
      ),
      'lists, and everything at once': change(
        ['/name', 'Another messenger'],
        ['/description', 'Changed'],
        ['/messenger/launcherButton/visibility', 'OnDemand'],
        ['/position/alignment', 'Left'],
        ['/cobrowse', { enabled: false, maskSelectors: [], channels: ['Voice', 'Webmessaging'] }],
        [
          '/messenger/fileUpload/modes',
          [{ fileTypes: ['image/gif'] }, { fileTypes: ['image/png'], maxFileSizeKB: 512 }],
        ],
        [
          '/journeyEvents/clickEvents',
          [
            { selector: '#buy', eventName: 'bought' },
            { selector: '#ask', eventName: 'asked' },
          ],
        ],
      ),
    },
    whereNot: ['web-put-merged'],
    clears: {
      'parts, a list and a text': change(
        ['/cobrowse', null],
        ['/position', null],
        ['/journeyEvents/clickEvents', null],
        ['/description', null],
      ),
    },
  },
];
