import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../model/json.ts';
import type { Resource } from '../../model/resource.ts';
import { prepare } from './prepare.ts';
import { type SourceText, sourceText } from './source-text.ts';

function read(text: string, spec: JsonObject = {}): SourceText {
  const resource: Resource = {
    kind: 'Flow',
    name: 'x',
    surface: 'platform',
    annotations: {},
    spec: { type: 'workflow', name: 'x', ...spec },
    files: { '/spec/file': { path: 'f.yaml', text } },
    document: { path: 'd.yaml', index: 0 },
    from: [],
  };
  return sourceText(resource);
}

const repeated = (n: number, line: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => line(i)).join('');
const n = 50_000;

describe('many problems of one file are bounded, each at its place', () => {
  const head = 'workflow:\n  name: x\n';
  test.each([
    ['tokens without a value', `${head}  d: "${'{{a}}\n'.repeat(n)}"\n`, 'token-without-value', [3, 7], n],
    ['keys that are twice', `${head}${'  a: 1\n'.repeat(n + 1)}`, 'duplicate-key', [4, 3], n],
    ['tags', `${head}  a:\n${'    - !x 1\n'.repeat(n)}`, 'yaml', [4, 10], n],
    ['aliases', `${head}  a:\n${'    - *x\n'.repeat(n)}`, 'yaml', [4, 7], undefined],
    ['no steps', `${head}  startUpTaskActions:\n${'    - x\n'.repeat(n)}`, 'schema', [4, 7], n],
    [
      'references',
      `${head}  tasks:\n${repeated(n, (i) => `    - task: { name: t${i}, refId: t${i}, aRef: "./tasks/task[q${i}]" }\n`)}`,
      'flow-reference-not-found',
      [4, 42],
      n,
    ],
    [
      'targets',
      `${head}  tasks:\n${repeated(n, (i) => `    - task: { name: t${i}, targetTask: { name: q${i} } }\n`)}`,
      'flow-reference-not-found',
      [4, 37],
      n,
    ],
    [
      'refIds',
      `${head}  tasks:\n${repeated(n + 1, () => '    - task: { name: t, refId: t }\n')}`,
      'flow-ref-id-twice',
      [5, 31],
      n,
    ],
    [
      'references of one long map',
      `${head}${repeated(n, (i) => `  a${i}Ref: "./tasks/task[q]"\n`)}`,
      'flow-reference-not-found',
      [3, 10],
      n,
    ],
  ])('%s', (_what, text, code, [line, column], count) => {
    const before = process.cpuUsage();
    const { problems } = read(text);
    // Generous; quadratic work takes minutes.
    expect(process.cpuUsage(before).user).toBeLessThan(6_000_000);
    expect(problems[0]).toMatchObject({ code, place: { path: 'f.yaml', line, column } });
    if (count === undefined) return;
    expect(problems).toHaveLength(51);
    expect(problems[50]).toMatchObject({ code, message: `and ${count - 50} more in this file, which are not listed` });
  });

  test('unknown actions', () => {
    const { problems, warnings } = read(
      `${head}  startUpTaskActions:\n${repeated(n, (i) => `    - callDataa${i}: { name: a }\n`)}`,
    );
    expect(problems).toEqual([]);
    expect(warnings).toHaveLength(51);
    expect(warnings[0]).toMatchObject({ code: 'unknown-action', place: { line: 4, column: 7 } });
  });

  test('values without a token', () => {
    const substitutions = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`a${i}`, 'x']));
    const { problems } = read(head, { substitutions });
    expect(problems).toHaveLength(51);
    expect(problems[50]?.message).toBe('and 10 more in this file, which are not listed');
  });
});

test('a problem on the last line, behind line breaks of any kind, is at its line and column', () => {
  const { problems } = read('workflow:\r\n  name: x\r\n  b: 1\r\n  b: 2');
  expect(problems[0]).toMatchObject({ code: 'duplicate-key', place: { line: 4, column: 3 } });
});

test('substitutions that make too much of a file are a problem of the document', () => {
  const text = `workflow:\n  name: x\n  d: "${'{{a}}'.repeat(10_000)}"\n`;
  const { problems, flow } = read(text, { substitutions: { a: 'x'.repeat(100_000) } });
  expect(flow).toBeUndefined();
  expect(problems).toEqual([
    {
      code: 'too-large',
      message: 'with its substitutions f.yaml has 1000000028 characters; at most 5000000 are read',
      resource: 'Flow/x',
      pointer: '/spec/substitutions',
    },
  ]);
});

describe('the division of the document', () => {
  test('is in what is published, which has the outline of the file', () => {
    const { problems, flow } = read('workflow:\n  ? name\n  : x\n', { division: 'Sales' });
    expect(problems).toEqual([]);
    expect(flow?.content.text).toBe('workflow:\n  division: "Sales"\n  ? name\n  : x\n');
    expect(prepare(flow!.content.text)).toMatchObject({ digest: flow?.content.digest });
  });

  test('that cannot be put into the file is a problem', () => {
    const { problems } = read('workflow:\n  ?\n    name\n  : x\n', { division: 'Sales' });
    expect(problems).toEqual([
      {
        code: 'schema',
        message:
          'the division of the document cannot be put into the file as it is written; write "division: Sales" into the file',
        resource: 'Flow/x',
        place: { path: 'f.yaml', line: 1, column: 1 },
      },
    ]);
  });
});

test('a long name that is in many messages is cut', () => {
  const tasks = repeated(100, (i) => `    - task: { name: ${i === 0 ? 'n'.repeat(1_000_000) : 'a'}, refId: x }\n`);
  const { problems } = read(`workflow:\n  name: x\n  tasks:\n${tasks}`);
  expect(problems).toHaveLength(51);
  expect(problems[0]?.message).toMatch(/^the task "a" has the refId "x", and so has the task "n{900,}\.\.\.$/);
  expect(JSON.stringify(problems).length).toBeLessThan(100_000);
});
