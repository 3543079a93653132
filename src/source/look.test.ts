import fc from 'fast-check';
import { expect, test } from 'vitest';
import { roleOf } from './documents.ts';
import { lookAt } from './look.ts';
import { parseYaml } from './parse.ts';

const look = (text: string): string => lookAt(Buffer.from(text));

test.each([
  ['inboundCall:\n  name: a\n', 'foreign'],
  ['# a flow\n\n---\ninboundCall:\n- a\n---\n  # another\nx: |\n  kind: y\n...\n', 'foreign'],
  ['\'a b\' :\r\n  kind: x\r\n"c": [\r\n', 'foreign'],
  ['\ufeffworkflow: {{name}}\n', 'foreign'],
  ['- a\n- kind: b\n', 'foreign'],
  ['workflow:\n  about: genesys-gitops/v1\n', 'foreign'],
  ['', 'foreign'],
  ['x: 1\nkind: Timeout\n', 'ours'],
  ['x:\n---\n# next\n"apiVersion": x\n', 'ours'],
  ['{apiVersion: genesys-gitops/v1}', 'ours'],
  ['  kind: x\n', 'unclear'],
  ['x: 1\n---\n  kind: x\n', 'unclear'],
  ['--- {kind: x}\n', 'unclear'],
  ['? kind\n: x\n', 'unclear'],
  ['"\\x6bind": x\n', 'unclear'],
  ['x: 1\n&a kind: x\n', 'unclear'],
  ['x: 1\n*a : x\n', 'unclear'],
  ['!!str kind: x\n', 'unclear'],
  ['<<: { kind: x }\n', 'unclear'],
  ['metadata: {}\nspec: {}\n', 'unclear'],
  ['x: 1\rkind: y\n', 'unclear'],
  ['a: |\n\t---\n  kind: x\n', 'unclear'],
  ['x:1\n', 'unclear'],
  ['%YAML 1.2\n---\nx: 1\n', 'unclear'],
])('%j looks %s', (text, expected) => {
  expect(look(text)).toBe(expected);
});

test('bytes that are no text are judged by the name that they hold', () => {
  const text = 'apiVersion: genesys-gitops/v1 # \u00e9\n';
  expect(lookAt(Buffer.from(text, 'utf16le'))).toBe('ours');
  expect(lookAt(Buffer.from(text, 'latin1'))).toBe('ours');
  expect(lookAt(Buffer.from([0xff, 0x00]))).toBe('unclear');
});

const openings = ['a: ', 'a:\n', '- ', '---\na: ', '"a": ', 'a: |\n', 'a: "x'];
const pieces = [
  ...['kind: x', '\n  kind: x', '\n---\n', '\n\t---\n', 'a: b\n'],
  ...['kind', 'apiVersion', 'metadata', 'spec', 'a', 'x y', '"a"', "'kind'", '"\\x6bind"', '<<', '*a', '&a', '!t'],
  ...[': ', ':', ' ', '  ', '\t', '\n', '\n', '\n', '\r\n', '\r', '---', '...', '- ', '? ', '{', '}', '[', ']', ', '],
  ...['|', '>', '|1', '"', "'", '#', ' #', '%YAML 1.2', '\\', '\ufeff', '\u0085', '\u2028', 'genesys-gitops/v1'],
];

test('property: no document of ours is ever taken for a foreign file', () => {
  const kinds = new Set(['a']);
  const texts = fc.tuple(fc.constantFrom(...openings), fc.array(fc.constantFrom(...pieces), { maxLength: 12 }));
  const property = fc.property(texts, ([opening, rest]) => {
    const text = opening + rest.join('');
    if (look(text) !== 'foreign') return;
    const roles = parseYaml(Buffer.from(text)).documents.map(({ value }) => roleOf(value, kinds));
    expect(roles.filter((role) => !['foreign', 'not-a-map', 'empty'].includes(role))).toEqual([]);
  });
  fc.assert(property, { numRuns: 3000 });
});

test('a look takes linear time', () => {
  const started = performance.now();
  for (const unit of ['\n', '"', ' ', '"a', '---\n', 'a: ', '\r', '- ', '#', '\t'])
    look(unit.repeat(2_000_000 / unit.length));
  expect(performance.now() - started).toBeLessThan(1500);
});
