import { expect, test } from 'vitest';
import { lines, resolved, timeout } from './fixture.ts';
import { parseYaml } from './parse.ts';

const parsed = (text: string): string[] =>
  parseYaml(Buffer.from(text)).problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
const said = (color: string): string => `this is a comment to YAML, and the value is empty; write '${color}' in quotes`;

test.each([
  ['a: #00205B\nb: 1\n', '1:4', '#00205B'],
  ['a: #fff hello\r\n', '1:4', '#fff'],
  ['l:\n  - #00205B80', '2:5', '#00205B80'],
  ['a: &x #FFF\nb: *x\n', '1:7', '#FFF'],
  ['{ a: #fff\n}\n', '1:6', '#fff'],
  // The comment swallows the end, which YAML misses on the next line.
  ['s: { a: 1, p: #00205B }\nb: 1\n', '1:15', '#00205B'],
  ['l: [ #00205B ]\n', '1:6', '#00205B'],
  ["l: [#00205B, '#fff']\n", '1:5', '#00205B'],
])('a colour without quotes in %j', (text, place, color) => {
  expect(parsed(text)).toEqual([`${place}: ${said(color)}`]);
});

test.each(['a: # fff\n', 'a: #face-lift\n', 'a: #12345\n', 'a: ~ #fff\n', "a: '' #fff\n", 'a: #fff\n  b: 1\n'])(
  '%j has a comment, or is meant to be empty',
  (text) => {
    expect(parsed(text)).toEqual([]);
  },
);

test('in documents, environments and rules, and not in files of other tools', async () => {
  const head = 'apiVersion: genesys-gitops/v1\nkind:';
  const files = {
    'a.yaml': timeout('a', { integration: '#00205B' }),
    'b.yaml':
      'apiVersion: genesys-gitops/v1\nkind: DataAction\nmetadata: { name: b }\nspec:\n  integration: CRM\n  requestTemplateFile: t.yaml\n',
    't.yaml': 'color: #00205B\n',
    'other.yaml': 'apiVersion: v1\nkind: ConfigMap\ncolor: #00205B\n',
    'rules.yaml': `${head} Rules\nspec:\n  colors:\n    - #00205B\n`,
    'environments/prod.yaml': `${head} Environment\nvariables:\n  brandColor: #00205B\n`,
  };
  // A target of that environment is not told that it is missing as well.
  const { problems } = await resolved(files, { environment: 'prod' });
  expect(lines(problems)).toEqual(
    ['a.yaml:5:16', 'environments/prod.yaml:4:15', 'rules.yaml:5:7'].map(
      (place) => `${place}: yaml: ${said('#00205B')}`,
    ),
  );
});
