import { describe, expect, it } from 'vitest';
import { parseFlow } from './parse.ts';

function flaws(text: string) {
  const parsed = parseFlow(text);
  return 'flaws' in parsed ? parsed.flaws.map(({ code, offset }) => [code, offset]) : parsed.flow.tree;
}

function flowOf(text: string) {
  const parsed = parseFlow(text);
  if ('flaws' in parsed) throw new Error(parsed.flaws[0]?.message);
  return parsed.flow;
}

describe('parseFlow', () => {
  it('reads YAML 1.2: yes and no are texts, keys are texts', () => {
    const text = 'workflow:\n  yes: no\n  1.0: 1.0\n  ~: null\n  "true": true\n  a: 2024-01-01\n';
    expect(flowOf(text)).toMatchObject({
      type: 'workflow',
      body: { yes: 'no', '1.0': 1, '~': null, true: true, a: '2024-01-01' },
    });
    // Read by the yaml package's documents, for its tag.
    expect(flowOf(text.replace('no\n', '!!str no\n')).tree).toEqual(flowOf(text).tree);
  });

  it('reads files of Windows', () => {
    expect(flowOf('\uFEFFw:\r\n  a: |\r\n    x\r\n    y\r\n  b: 1\r\n').body).toEqual({ a: 'x\ny\n', b: 1 });
  });

  it('writes out aliases', () => {
    expect(flowOf('w:\n  a: &a {b: [1]}\n  c: *a\n').body).toEqual({ a: { b: [1] }, c: { b: [1] } });
  });

  it.each([
    ['', [['yaml', 0]]],
    ['# nothing\n', [['yaml', 0]]],
    ['- 1', [['yaml', 0]]],
    ['w: 1', [['yaml', 0]]],
    ['w:\n', [['yaml', 0]]],
    ['w: {}\nx: {}', [['yaml', 0]]],
    ['w: {}\n---\nx: {}', [['yaml', 6]]],
    ['w:\n  a: 1\n  a: 2\n', [['duplicate-key', 12]]],
    ['w: {a: &x 1, a: *x}\n', [['duplicate-key', 13]]],
    ['w:\n  __proto__: {a: 1}\n', [['reserved-key', 5]]],
    ['w:\n  <<: {a: 1}\n', [['yaml', 5]]],
    ['w:\n  ? [a]\n  : 1\n', [['yaml', 7]]],
    ['w:\n  a: *b\n', [['yaml', 8]]],
    ['w:\n  a: &a [*a]\n', [['yaml', 12]]],
    ['w:\n  a: !x 1\n', [['yaml', 11]]],
    ['w:\n  a: \u0002\n', [['yaml', 8]]],
    ['w:\n  a: "b\n', [['yaml', 11]]],
    ['%YAML 1.1\n---\nw: {}\n', [['yaml', 0]]],
  ])('finds the flaw of %j', (text, expected) => expect(flaws(text)).toEqual(expected));

  it('bounds what aliases bring', () => {
    let text = 'w:\n  a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]\n';
    for (let i = 1; i < 30; i++)
      text += `  a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(', ')}]\n`;
    expect(flaws(text)).toEqual([['alias-bomb', expect.any(Number)]]);
    const long = `w:\n  a: &a ${'x'.repeat(1000)}\n  b: [${Array(2000).fill('*a').join(', ')}]\n`;
    expect(flaws(long)).toEqual([['alias-bomb', expect.any(Number)]]);
  });

  // The yaml package's documents, which read anchors, need more of the stack for each level.
  it.each([
    ['', 950],
    ['&x ', 500],
  ])('takes the nesting of real flows and bounds it, %j', (props, fine) => {
    const nested = (depth: number) => {
      let text = `w: ${props}\n`;
      for (let i = 1; i < depth; i++) text += `${' '.repeat(i)}a:\n`;
      return text;
    };
    expect(JSON.stringify(flowOf(nested(fine)).tree).match(/\{/g)).toHaveLength(fine);
    expect(flaws(nested(1100))).toEqual([['too-deep', expect.any(Number)]]);
    expect(flaws(`w: ${props}${'['.repeat(100_000)}`)).toEqual([['too-deep', expect.any(Number)]]);
  });

  it('bounds how deep aliases nest', () => {
    let text = 'w:\n  a0: &a0 1\n';
    for (let i = 1; i < 60; i++) text += `  a${i}: &a${i} ${'['.repeat(60)}*a${i - 1}${']'.repeat(60)}\n`;
    expect(flaws(text)).toContainEqual(['too-deep', expect.any(Number)]);
  });

  it('finds the place of what a pointer names', () => {
    const text =
      '# c\nw:\n  tasks:\n    - task:\n        name: "T"\n        e:\n        x: {y: 1}\n  a: &a {b: 1}\n  c: *a\n';
    const { offsetOf } = flowOf(text);
    expect(offsetOf('')).toBe(text.indexOf('w:'));
    expect(offsetOf('/w/tasks/0/task/name')).toBe(text.indexOf('"T"'));
    expect(offsetOf('/w/tasks/0/task/name', true)).toBe(text.indexOf('name'));
    expect(offsetOf('/w/tasks/0/task')).toBe(text.indexOf('task:'));
    expect(offsetOf('/w/tasks/0/task/missing/deeper')).toBe(text.indexOf('task:'));
    expect(offsetOf('/w/tasks/0/task/x/y')).toBe(text.indexOf('1}'));
    expect(offsetOf('/w/c/b')).toBe(text.indexOf('1}\n  c'));
  });
});
