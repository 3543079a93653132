import { expect, test } from 'vitest';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { publishedSchema } from '../../source/schema.ts';
import { marks } from '../../source/schema-marks.ts';
import { prepareSchema } from '../../source/schema-prepare.ts';
import { canonical, caseless, keyed, sets } from './canonical.ts';
import { covers, same } from './content.ts';
import { contentOf, normalise } from './live.ts';

const { properties } = prepareSchema('web-messaging-configuration.schema.json', publishedSchema);
const spec = (properties as { spec: JsonObject }).spec;
const pointers = (keyword: string): [string, Json][] =>
  marks(spec, keyword).map(({ path, value }) => [`/${path.join('/')}`, value]);

test('the table is what the schema says', () => {
  expect([...sets].sort()).toEqual(
    pointers('x-set')
      .map(([pointer]) => pointer)
      .sort(),
  );
  expect(keyed).toEqual(Object.fromEntries(pointers('x-merge-key')));
});

test('codes and colours have no capitals, and nothing else', () => {
  const places: string[] = [];
  const walk = (schema: Json | undefined, at: string): void => {
    if (!isObject(schema)) return;
    if (/language code|colour \(/.test(String(schema['x-expects'] ?? ''))) places.push(at);
    for (const [name, child] of Object.entries(isObject(schema['properties']) ? schema['properties'] : {}))
      walk(child, `${at}/${name}`);
    walk(schema['items'], `${at}/*`);
    if (Array.isArray(schema['anyOf'])) for (const branch of schema['anyOf']) walk(branch, at);
  };
  walk(spec, '');
  expect([...caseless].sort()).toEqual(places.sort());
});

const content: JsonObject = {
  name: 'Store',
  languages: ['en-us', 'de-de'],
  customI18nLabels: [
    { language: 'en-us', localizedLabels: [{ key: 'B', value: 'b' }] },
    {
      language: 'DE-DE',
      localizedLabels: [
        { key: 'B', value: 'b' },
        { key: 'A', value: 'a' },
      ],
    },
  ],
  messenger: {
    styles: { primaryColor: '#ABCDEF' },
    fileUpload: { modes: [{ fileTypes: ['image/png', 'image/gif'] }] },
  },
  journeyEvents: { clickEvents: [{ selector: 'b' }, { selector: 'a' }] },
};

test('sets and keyed lists are in order, others stay as they are; a second time changes nothing', () => {
  const once = canonical(content);
  expect(once).toEqual({
    name: 'Store',
    languages: ['de-de', 'en-us'],
    customI18nLabels: [
      {
        language: 'de-de',
        localizedLabels: [
          { key: 'A', value: 'a' },
          { key: 'B', value: 'b' },
        ],
      },
      { language: 'en-us', localizedLabels: [{ key: 'B', value: 'b' }] },
    ],
    messenger: {
      styles: { primaryColor: '#abcdef' },
      fileUpload: { modes: [{ fileTypes: ['image/gif', 'image/png'], maxFileSizeKB: 10_240 }] },
    },
    journeyEvents: { clickEvents: [{ selector: 'b' }, { selector: 'a' }] },
  });
  expect(canonical(once)).toEqual(once);
});

test('what only the server writes is no content; a field that is not known here is', () => {
  const version = {
    ...{ id: '1', version: '4', status: 'Active', selfUri: '/x', dateModified: 'a', lastModifiedUser: { id: 'u' } },
    ...{ name: 'Store', novelty: { enabled: true, base: { id: '2', selfUri: '/y' } } },
  };
  expect(contentOf(version)).toEqual({ name: 'Store', novelty: { enabled: true, base: { id: '2' } } });
  expect(normalise({ ...version, stamp: 's' })).toEqual({ ...contentOf(version), version: '4', stamp: 's' });
  expect(normalise(normalise({ ...version, stamp: 's' }))).toEqual(normalise({ ...version, stamp: 's' }));
});

test('two contents are the same but for order and nothing; one covers another that says less', () => {
  const more = { ...content, languages: ['de-de', 'en-us'], video: { channels: [], user: {} }, description: null };
  expect(same(more, content)).toBe(true);
  const filled = { ...content, cobrowse: { enabled: false } };
  expect([same(filled, content), covers(filled, content), covers(content, filled)]).toEqual([false, true, false]);
  const items = { ...content, journeyEvents: { clickEvents: [{ selector: 'b', eventName: 'x' }, { selector: 'a' }] } };
  expect([covers(items, content), covers(content, items)]).toEqual([true, false]);
});

test('what is no text has an order as well', () => {
  const [bomb, other] = [{ toString: 1 }, { toString: 2 }];
  expect(canonical({ languages: [other, 'b', bomb] })).toEqual({ languages: ['b', bomb, other] });
  const labels = [{ language: bomb }, { language: 'b' }];
  expect(canonical({ customI18nLabels: labels })).toEqual({ customI18nLabels: labels.toReversed() });
});
