import { expect, test } from 'vitest';
import { change, record } from '../../test/support/audit-days.ts';
import { evidenceOf } from './evidence.ts';

/** What a record of these properties says of a write that sets `/config/value` to 30 and `/name` to Sales. */
function evidence(
  changes: Record<string, string | string[]>,
  more: object = {},
  renders?: Parameters<typeof evidenceOf>[2],
) {
  const { write } = change({ at: 0, entity: 'a', sets: { value: '30' } });
  const told = Object.entries(changes).map(([property, to]) => ({ property, from: [], to: [to].flat() }));
  const sets = { ...write.sets, '/name': 'Sales' };
  return evidenceOf({ ...write, sets }, { ...record({ at: 0, entity: 'a' }), changes: told, ...more }, renders);
}

test.each([
  ['the same value', { 'config.value': '30' }, 'supports'],
  ['another form of it', { 'config.value': '"30.0"' }, 'supports'],
  ['the same of its last part', { value: '30' }, 'supports'],
  ['another value', { 'config.value': '60' }, 'contradicts'],
  ['another value beside the same', { 'config.value': '30', name: 'Orders' }, 'neutral'],
  ['another value of something that is only called alike', { 'flow.name': 'Orders' }, 'neutral'],
  ['something else', { version: '4' }, 'neutral'],
  [
    'no value, several, or a whole object',
    { 'config.value': [], name: ['a', 'b'], config: '{"value":"60"}' },
    'neutral',
  ],
  ['an id for a name', { name: '0cd35115-9276-4fa0-a590-fadeaf89540a' }, 'neutral'],
  ['nothing', {}, 'neutral'],
] as const)('%s', (_what, changes, said) => {
  expect(evidence(changes as never)).toBe(said);
});

test('what the server is known to make of a wish speaks against nothing, and neither does a creation', () => {
  expect(evidence({ 'config.value': '60' }, {}, () => true)).toBe('neutral');
  expect(evidence({ 'config.value': '60' }, { action: 'Create' })).toBe('neutral');
});
