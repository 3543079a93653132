import { expect, test } from 'vitest';
import { withDivision } from './division.ts';

test.each([
  ['workflow:\n  name: x\n', 'workflow:\n  division: "A"\n  name: x\n'],
  ['workflow:\r\n    # of x\r\n    name: x\r\n', 'workflow:\r\n    # of x\r\n    division: "A"\r\n    name: x\r\n'],
  ['workflow:\n  "name": x', 'workflow:\n  division: "A"\n  "name": x'],
  ['workflow:\n  ? name\n  : x\n', 'workflow:\n  division: "A"\n  ? name\n  : x\n'],
  ['workflow:\n  ? &a !!str name\n  : x\n', 'workflow:\n  division: "A"\n  ? &a !!str name\n  : x\n'],
  ['workflow:\n  &a name: x\n', 'workflow:\n  division: "A"\n  &a name: x\n'],
  ['workflow:\n  !!str name: x\n', 'workflow:\n  division: "A"\n  !!str name: x\n'],
  ['workflow: &m\n  name: x\n', 'workflow: &m\n  division: "A"\n  name: x\n'],
  ['workflow: {name: x}\n', 'workflow: {division: "A", name: x}\n'],
  ['workflow: {? name : x}\n', 'workflow: {division: "A", ? name : x}\n'],
  ['workflow: {\n  name: x\n}\n', 'workflow: {\n  division: "A", name: x\n}\n'],
  ['{workflow: {name: x}}\n', '{workflow: {division: "A", name: x}}\n'],
  ['? workflow\n: name: x\n', '? workflow\n: division: "A"\n  name: x\n'],
  ['\uFEFFworkflow:\n name: x\n', '\uFEFFworkflow:\n division: "A"\n name: x\n'],
  ['workflow: {}\n', 'workflow: {}\n'],
])('the division goes before the first key: %j', (text, expected) => {
  expect(withDivision(text, 'A')).toBe(expected);
});

test.each([
  ['workflow:\n  ?\n    name\n  : x\n'],
  ['workflow:\n  !<tag:yaml.org,2002:str> name: x\n'],

  ['a: [\n'],
])('where it cannot, nothing is made up: %j', (text) => {
  expect(withDivision(text, 'A')).toBeUndefined();
});

test('a division of any characters', () => {
  const text = withDivision('workflow:\n  name: x\n', 'a "b" \\ \t\u0001 é');
  expect(text).toBe('workflow:\n  division: "a \\"b\\" \\\\ \\t\\u0001 é"\n  name: x\n');
});
