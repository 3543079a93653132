import { expect, test } from 'vitest';
import type { Json } from '../model/json.ts';
import { whole } from './whole.ts';

function nested(levels: number): Json {
  let value: Json = 1;
  for (let i = 0; i < levels; i++) value = { steps: [value] };
  return value;
}

test('an integer that JavaScript cannot keep is told with its place; what can be kept passes', () => {
  const body = JSON.parse('{"steps": [{"ref": 12345678901234567890}]}');
  expect(() => whole(body, 'flow 1')).toThrow(/^flow 1 holds a number at \/steps\/0\/ref that is too large/);
  const fine = { a: Number.MAX_SAFE_INTEGER, b: 0.1, c: 'x', d: null, e: [true] };
  expect(whole(fine, 'flow 1')).toBe(fine);
});

test('what is nested too deeply is told, however deep it is', () => {
  expect(() => whole({ a: nested(20_000) }, 'flow 1')).toThrow(
    /nested more than 200 levels deep \(\/a\/steps\/0\/.*…\)/,
  );
  expect(() => whole({ a: nested(90) }, 'flow 1')).not.toThrow();
});
