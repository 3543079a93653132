import { expect, test } from 'vitest';
import type { Problem } from '../model/problem.ts';
import type { Resource } from '../model/resource.ts';
import { fakeKind, lines, resolved } from './fixture.ts';
import { formatProblems } from './format.ts';
import { locate } from './resolve.ts';

/** A kind that finds something at one place of its flow file. */
const nosy = (line: number, column: number, field: 'check' | 'advise' = 'check') => [
  fakeKind('Flow', 'flow.schema.json', { [field]: (resource: Resource) => [found(resource, line, column)] }),
];

function found(
  { files, kind, name }: Pick<Resource, 'files' | 'kind' | 'name'>,
  line: number,
  column: number,
): Problem {
  const path = files['/spec/file']!.path;
  return { code: 'unknown-action', message: 'what?', resource: `${kind}/${name}`, place: { path, line, column } };
}

const document =
  'apiVersion: genesys-gitops/v1\nkind: Flow\nmetadata: { name: a }\nspec: { type: workflow, file: f.yaml }\n';
const flow = 'workflow:\n  name: {{name}}\n  actions:\n    - shout:\n        name: x\n';
const shown = [
  { line: 3, text: '  actions:' },
  { line: 4, text: '    - shout:' },
  { line: 5, text: '        name: x' },
];

test('what a kind finds in a file that is no YAML keeps its place and gets its lines', async () => {
  const files = { 'd/a.yaml': document, 'd/f.yaml': flow };
  const { problems } = await resolved(files, { kinds: nosy(4, 7) });
  expect(lines(problems)).toEqual(['d/f.yaml:4:7: unknown-action: what?']);
  expect(problems[0]).toMatchObject({ resource: 'Flow/a', excerpt: shown });
  const { warnings } = await resolved(files, { kinds: nosy(4, 7, 'advise') });
  expect(lines(warnings)).toEqual(['d/f.yaml:4:7: unknown-action: what?']);
  expect(warnings[0]?.excerpt).toEqual(shown);
});

test('so does what only the planner finds', async () => {
  const desired = await resolved(
    { 'd/a.yaml': document, 'd/f.yaml': flow },
    { kinds: [fakeKind('Flow', 'flow.schema.json')] },
  );
  expect(desired.problems).toEqual([]);
  const late = locate(desired, found(desired.resources[0]!, 4, 7));
  expect(late).toMatchObject({ place: { path: 'd/f.yaml', line: 4, column: 7 }, excerpt: shown });
});

test('a place beyond the end of its file, or in no file, does no harm', async () => {
  const { problems } = await resolved({ 'a.yaml': document, 'f.yaml': flow }, { kinds: nosy(900, 3) });
  expect(lines(problems)).toEqual(['f.yaml:900:3: unknown-action: what?']);
  expect(problems[0]?.excerpt).toEqual([]);
});

test('a file of one huge line shows what is around the place', async () => {
  const before = 'workflow: { name: "';
  const huge = `${before}${'a'.repeat(3_000_000)}X${'b'.repeat(1_000_000)}" }`;
  const column = before.length + 3_000_001;
  const { problems } = await resolved({ 'a.yaml': document, 'f.yaml': huge }, { kinds: nosy(1, column) });
  expect(JSON.stringify(problems).length).toBeLessThan(2500);
  const [head, line = '', caret = ''] = formatProblems(problems).split('\n');
  expect(head).toBe(`f.yaml:1:${column}: unknown-action: what?`);
  expect(line.length).toBeLessThan(200);
  expect(line[caret.indexOf('^')]).toBe('X');
});

test.each([1, 150, 1799, 1800, 1801, 1999, 2000, 2001, 5000])(
  'the caret points at column %i of a long line',
  async (column) => {
    const text = `${'a'.repeat(column - 1)}X${'b'.repeat(4000)}`;
    const { problems } = await resolved(
      { 'a.yaml': document, 'f.yaml': `y:\n ${text.slice(1)}` },
      { kinds: nosy(2, column) },
    );
    const rows = formatProblems(problems).split('\n');
    const caret = rows.at(-1)!.indexOf('^');
    expect(rows.at(-2)?.[caret]).toBe(column === 1 ? ' ' : 'X');
  },
);
