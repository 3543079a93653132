import { expect, test } from 'vitest';
import { domains, normalise } from './live.ts';

test('fields may have any name, and what is no text none of its own methods', () => {
  const live = { name: 'Site', constructor: {}, flow: { id: 'f', name: 'Main', selfUri: '/x' } };
  expect(normalise(live)).toEqual({ name: 'Site', constructor: {}, flow: { id: 'f', name: 'Main' } });
  expect(domains([{ toString: 1 }, 'B.example', null, 'a.example', 'b.example'])).toEqual([
    'a.example',
    'b.example',
    'null',
    '{"toString":1}',
  ]);
});
