import { expect, test } from 'vitest';
import type { Reader } from '../../../model/http.ts';
import { withNames } from './names.ts';

const id = '01234567-89ab-cdef-0123-456789abcdef';
const other = '11111111-2222-3333-4444-555555555555';
const items = [{ id, name: 'Say "x"' }];

function named(text: string): Promise<string> {
  return withNames({ list: async () => items } as unknown as Reader, text);
}

test.each([
  [`a: ${id}`, 'a: "Say \\"x\\""'],
  [`  - ${id}\r\nb`, '  - "Say \\"x\\""\r\nb'],
  [`x\n  - - a b.c-d: "${id.toUpperCase()}" \t\n`, 'x\n  - - a b.c-d: "Say \\"x\\"" \t\n'],
  [`'${id}'`, '"Say \\"x\\""'],
  [`? a\n: ${id}\n`, '? a\n: "Say \\"x\\""\n'],
  [`a: ${id}\nb: ${other}\nc: ${id}`, `a: "Say \\"x\\""\nb: ${other}\nc: "Say \\"x\\""`],
])('an id that is the value of its line becomes its name: %j', async (text, expected) => {
  expect(await named(text)).toBe(expected);
});

test.each([
  `a: "${id}'`,
  `a: "${id}`,
  `a: ${id} b`,
  `a: b ${id}`,
  `a: {b: ${id}}`,
  `a: 0${id}`,
  `a: ${id}0`,
  `exp: Find("${id}")`,
  `a: ${id} ${id}`,
])('other ids stay: %j', async (text) => {
  expect(await named(text)).toBe(text);
});

test('long lines take no longer than their length', async () => {
  const n = 1_000_000;
  const lines = [
    ' '.repeat(n),
    '- '.repeat(n / 2),
    'a '.repeat(n / 2),
    `${id} `.repeat(n / 40),
    `${id}!`.repeat(n / 40),
  ];
  for (const line of lines) {
    for (const text of [`${line}!`, `${line}!${id}`, `${line}${id}!`, `a: ${id}\n${line}`]) {
      const before = process.cpuUsage();
      await named(text);
      expect(process.cpuUsage(before).user).toBeLessThan(1_500_000);
    }
  }
});
