import { expect, test } from 'vitest';
import { setTimeouts } from './edit.ts';
import { parseFlow } from './parse.ts';
import { findCalls } from './steps.ts';

/** The text with every call's timeout at 5 seconds, made within the time; quadratic work takes ten times as long. */
function edited(text: string, seconds = 6): string {
  const parsed = parseFlow(text);
  if ('flaws' in parsed) throw new Error(parsed.flaws[0]!.message);
  const edits = new Map(findCalls(parsed.flow).map(({ key }) => [key, 5000]));
  const before = process.cpuUsage();
  const result = setTimeouts(text, edits);
  expect(process.cpuUsage(before).user).toBeLessThan(seconds * 1_000_000);
  return 'text' in result ? result.text : result.flaws[0]!.message;
}

const n = 300_000;
const timeout = 'timeout: { lit: { seconds: 5 } }';
const steps = (count: number, step: string): string => Array(count).fill(step).join(', ');
const called = '{callData: {category: {c: {dataAction: {a: {}}}}}}';

test.each([
  ['anchors', '&a '.repeat(n)],
  ['tags', '! '.repeat(n)],
  ['one long word', '&'.repeat(3 * n)],
  ['marks', '? '.repeat(n)],
  ['spaces', ' '.repeat(3 * n)],
])('a name of what looks like %s', (_what, name) => {
  const text = `workflow: {name: x, tasks: [{task: {name: t, actions: [{callData: {name: "${name}", category: {c: {dataAction: {a: {}}}}}}]}}]}\n`;
  expect(edited(text)).toBe(text.replace('category', 'timeout: {lit: {seconds: 5}}, category'));
});

test('many calls on one line', () => {
  const text = `workflow: {name: x, tasks: [{task: {name: t, actions: [${steps(20_000, called)}]}}]}`;
  expect(edited(text)).toBe(text.replaceAll('category', 'timeout: {lit: {seconds: 5}}, category'));
});

test('many calls on one line, in a map of many tasks', () => {
  const tasks = Array.from({ length: 20_000 }, (_, i) => `t${i}: ${called}`);
  const text = `workflow: {name: x, tasks: {${tasks.join(', ')}}}\n`;
  expect(edited(text)).toBe(text.replaceAll('category', 'timeout: {lit: {seconds: 5}}, category'));
});

test('many calls whose timeouts are aliases of one', () => {
  const first = `{callData: {${timeout.replace(': {', ': &t {').replace('5', '9')}, category: {c: {dataAction: {a: {}}}}}}`;
  const rest = '{callData: {timeout: *t, category: {c: {dataAction: {a: {}}}}}}';
  const text = `workflow: {name: x, tasks: [{task: {name: t, actions: [${first}, ${steps(2000, rest)}]}}]}\n`;
  expect(edited(text)).toBe(text.replace('seconds: 9', 'seconds: 5'));
});

test.each(['&a category', '!!str category', '&a !!str category', '!!str &a category', '? category', '? &a category'])(
  'before `%s`, what belongs to the key stays with it',
  (key) => {
    const text = `workflow: {name: x, actions: [{callData: {${key}: {c: {dataAction: {a: {}}}}}}]}\n`;
    expect(edited(text)).toBe(text.replace(key, `timeout: {lit: {seconds: 5}}, ${key}`));
  },
);
