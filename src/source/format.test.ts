import { expect, test } from 'vitest';
import { formatProblems, printable } from './format.ts';

const problem = {
  code: 'schema',
  message: 'spec.timeoutSeconds must be an integer from 1 to 60, but is 61',
  place: { path: 'timeouts/crm.yaml', line: 10, column: 19 },
  excerpt: [
    { line: 9, text: '  integration: CRM' },
    { line: 10, text: '  timeoutSeconds: 61' },
    { line: 11, text: '  actions: []' },
  ],
} as const;

test('place, code, message, the lines and a caret', () => {
  expect(formatProblems([{ ...problem, excerpt: [...problem.excerpt] }])).toBe(
    `timeouts/crm.yaml:10:19: schema: spec.timeoutSeconds must be an integer from 1 to 60, but is 61
   9 |   integration: CRM
  10 |   timeoutSeconds: 61
     |                   ^
  11 |   actions: []`,
  );
});

test('colours only where they are wanted; the text is the same', () => {
  const painted = formatProblems([{ ...problem, excerpt: [...problem.excerpt] }], { color: true });
  expect(painted).toContain('\u001b[31mschema\u001b[0m');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(painted.replaceAll(/\u001b\[\d+m/g, '')).toBe(formatProblems([{ ...problem, excerpt: [...problem.excerpt] }]));
});

test('a very long line is shown around the caret', () => {
  const text = `${'a'.repeat(500)}X${'b'.repeat(500)}`;
  const printed = formatProblems([
    { ...problem, place: { path: 'x', line: 1, column: 501 }, excerpt: [{ line: 1, text }] },
  ]);
  const [, line = '', caret = ''] = printed.split('\n');
  expect(line.length).toBeLessThan(200);
  expect(line[caret.indexOf('^')]).toBe('X');
});

test('a problem without a place names its resource', () => {
  expect(formatProblems([{ code: 'integration-not-found', message: 'no', resource: 'Timeout/a' }])).toBe(
    'Timeout/a: integration-not-found: no',
  );
  expect(formatProblems([])).toBe('');
});

test.each([
  ['\u001b[2J', '\\x1b[2J'],
  ['a\nb\r', 'a\\nb\\x0d'],
  ['\u009b31m\u202e', '\\x9b31m\\u202e'],
  ['a\u061c\u200b\u200d\u2060\ufeff\u00ad\u3164', 'a\\u061c\\u200b\\u200d\\u2060\\ufeff\\xad\\u3164'],
  ['\u{e0041}\ud800', '\\u{e0041}\\ud800'],
  ['grün 日本 👍', 'grün 日本 👍'],
])('%j is printed as %s', (text, printed) => {
  expect(printable(text)).toBe(printed);
});
