import { expect, test } from 'vitest';
import { nearest } from './suggest.ts';

test.each([
  ['en', ['en-us', 'de-de', 'fr'], 'en-us'],
  ['de-at', ['en-us', 'de', 'fr'], 'de'],
  ['en', ['fr', 'de'], undefined],
  ['e', ['f', 'de', 'enabled'], undefined],
  ['A', ['AAA', 'AA'], 'AA'],
  ['es', ['fr', 'en'], 'en'],
  // What begins with the word comes before what is nearer to it, and the shortest of that first.
  ['log', ['lot', 'logoUrl', 'logo'], 'logo'],
  ['Acme', ['Acme Messenger', 'Acne'], 'Acme Messenger'],
  ['get.custm.json', ['get', 'get.custom.json'], 'get.custom.json'],
  ['messengr', ['messages', 'messenger'], 'messenger'],
  ['name', ['fame', 'name'], 'name'],
])('%s among %j is %s', (word, words, meant) => {
  expect(nearest(word, words)).toBe(meant);
});
