import { expect, test } from 'vitest';
import type { Json } from '../model/json.ts';
import { renderDifference, renderNew, renderParts } from './render-value.ts';
import { plain } from './text.ts';

const texts = (language: string, labels: Record<string, string>): Json => ({
  language,
  localizedLabels: Object.entries(labels).map(([key, value]) => ({ key, value })),
});
const english = texts('en-us', { MessengerHomeHeaderTitle: 'Good morning, and welcome to the shop of Acme' });
const french = (title: string): Json =>
  texts('fr', { MessengerHomeHeaderSubTitle: 'Que pouvons-nous faire ?', MessengerHomeHeaderTitle: title });
const screen = (type: string, search: boolean): Json => ({
  type,
  moduleSettings: [
    { type: 'Search', enabled: search },
    { type: 'Categories', enabled: true },
  ],
});

const cases: [what: string, from: Json | undefined, to: Json, lines: string[]][] = [
  [
    'one text of many',
    [english, french('Bonjour')],
    [english, french('Bonsoir')],
    ['x.list › fr › MessengerHomeHeaderTitle: "Bonjour" → "Bonsoir"'],
  ],
  [
    'a text more, a language less, and one that is new',
    [english, french('Bonjour')],
    [texts('en-us', { MessengerHomeHeaderTitle: 'Hi', Other: 'there' }), texts('de', { Other: 'Hallo' })],
    [
      'x.list › en-us › MessengerHomeHeaderTitle: "Good morning, and welcome to the shop of Acme" → "Hi"',
      'x.list › en-us › Other: "there"',
      'x.list › fr › MessengerHomeHeaderSubTitle: "Que pouvons-nous faire ?" → (removed)',
      'x.list › fr › MessengerHomeHeaderTitle: "Bonjour" → (removed)',
      'x.list › de › Other: "Hallo"',
    ],
  ],
  [
    'lists within items',
    [screen('Home', true), screen('Results', true)],
    [screen('Home', true), screen('Results', false)],
    ['x.list › Results › Search › enabled: true → false'],
  ],
  [
    'the order alone',
    [screen('Home', true), screen('Results', true)],
    [screen('Results', true), screen('Home', true)],
    ['x.list, the order: ["Home","Results"] → ["Results","Home"]'],
  ],
  [
    'items without a key go by their position, and one more in front moves none',
    [{ size: 1 }, { size: 2 }],
    [{ size: 0 }, { size: 1 }, { size: 3 }],
    ['x.list › 1 › size: 1 → 0', 'x.list › 2 › size: 2 → 1', 'x.list › 3: {"size":3}'],
  ],
  [
    'an item more in front',
    [{ size: 1 }, { size: 2 }],
    [{ size: 0 }, { size: 1 }, { size: 2 }],
    ['x.list › 1: {"size":0}'],
  ],
  [
    'two items of one key',
    [{ id: 'a', n: 1 }, { id: 'a' }],
    [{ id: 'a', n: 2 }, { id: 'a' }],
    ['x.list › 1 › n: 1 → 2'],
  ],
  ['values', ['de', 'en', 'fr'], ['de', 'it', 'fr'], ['x.list: - "en", + "it"']],
  ['values, all of them others', ['de'], ['en', 'fr'], ['x.list: ["de"] → ["en","fr"]']],
  ['values in another order', ['a', 'b'], ['b', 'a'], ['x.list: ["a","b"] → ["b","a"]']],
  ['a value twice', ['a'], ['a', 'a'], ['x.list: + "a"']],
  ['objects that are only ids', [{ id: 'a' }, { id: 'b' }], [{ id: 'b' }], ['x.list: - "a"']],
  ['a key of somebody else', [], [texts('fr', { 'a\n+ create': '\u001b' })], ['x.list › fr › a\\n+ create: "\\u001b"']],
  ['nothing any more', [english], null, [expect.stringMatching(/^x\.list: \[\{.*\}\] → \(cleared\)$/) as never]],
  ['nothing before', undefined, [texts('fr', { Title: 'Bonjour' })], ['x.list › fr › Title: "Bonjour"']],
];

test.each(cases)('%s', (_what, from, to, lines) => {
  expect(renderDifference({ path: '/x/list' }, from, to, plain)).toEqual(lines);
});

test('a new object shows the texts of its lists', () => {
  expect(renderNew({ path: '/list' }, [french('Bonjour')], plain)).toEqual([
    'list › fr › MessengerHomeHeaderSubTitle: "Que pouvons-nous faire ?"',
    'list › fr › MessengerHomeHeaderTitle: "Bonjour"',
  ]);
  expect(renderNew({ path: '/list' }, [], plain)).toEqual(['list: []']);
});

test('of two long values what differs is seen', () => {
  const [from, to] = ['one', 'two'].map((end) => `${'long '.repeat(100)}${end}`);
  for (const [line] of [
    renderDifference({ path: '/text' }, from, to!, plain),
    renderParts([{ at: 'text', from: from!, to: to! }], plain),
  ]) {
    expect(line).toMatch(/^text: …(long )+one" → …(long )+two"$/);
  }
});
