import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFully } from './parse-full.ts';
import type { YamlNode } from './parse-node.ts';
import { readQuickly } from './parse-quick.ts';
import { substitute } from './substitutions.ts';

const folder = '/work/shared/samples/flows';

const written = `w: # type
  name: "F \\"x\\" \\n"
  'quoted ''key''' : 'it''s'
  description: several words
    over lines, a:b
  long: several words

    over 'lines' - # end
  text: >- # folded
    one
    two

      three
  keep: |+
    a

  last: |
   b
  list:
  - 1
  -   two: 2
      three: [a, "b", {c: d, "e":f, g: }]
  - - nested
    -
  -
    below: ~
  empty:
  numbers: [0o17, 0x1F, 1.50, -3, .5, 1e3, yes, No, true, null, 2024-01-01, a:b, -x]
  url: http://x/#y#z
  deep:
      a:
          b: c:d
`;

describe('readQuickly', () => {
  it('reads what Architect writes', () => {
    expect(readQuickly(written)).toBeDefined();
    expect(readQuickly('w:\n  tasks:\n    - task:\n        name: T\n')).toBeDefined();
  });

  it.each([
    'a: &x 1',
    'a: !!str 1',
    '? a\n: b',
    'a:\t1',
    '---\na: 1',
    'a: b: c',
    'a: "b',
    'a: 1\n b: 2',
    'a: {b: 1,\n c: 2}',
  ])('leaves to the yaml package: %j', (text) => expect(readQuickly(text)).toBeUndefined());

  it.skipIf(!existsSync(folder))('reads the real flows as the yaml package does', () => {
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
      const source = readFileSync(`${folder}/${file}`, 'utf8');
      const tokens = substitute(source, {}).missing.map(({ token }) => [token, `Value of ${token}`]);
      const { text } = substitute(source, Object.fromEntries(tokens));
      expect(readQuickly(text)).toBeDefined();
      same(text);
    }
  });

  it('reads whatever it reads as the yaml package does', () => {
    const pieces = fc.constantFrom(
      ...[
        '\n',
        '\r\n',
        ' ',
        '  ',
        '\n  ',
        '\n    ',
        ': ',
        ':',
        '- ',
        '-',
        '#',
        ' # c',
        '"',
        "'",
        '{',
        '}',
        '[',
        ']',
        ', ',
        ',',
        '|',
        '>-\n',
        '|+\n',
        'a',
        'b: ',
        'c:\n',
        '\t',
        '~',
        '0',
        '1.0',
        '&x ',
        '*x',
        '!',
        '? ',
        '%',
        '@',
        '`',
        '\\',
        '---',
        '...',
        '\uFEFF',
        '\u00A0',
        '\r',
      ],
    );
    const change = fc.record({ at: fc.nat(written.length), cut: fc.nat(12), put: fc.array(pieces, { maxLength: 3 }) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 4 }), fc.boolean(), (changes, crlf) => {
        let text = written;
        for (const { at, cut, put } of changes) text = text.slice(0, at) + put.join('') + text.slice(at + cut);
        same(crlf ? text.replaceAll('\n', '\r\n') : text);
      }),
      { numRuns: Number(process.env['FUZZ'] ?? 1500) },
    );
  });

  it('reads small texts of any pieces as the yaml package does', () => {
    const piece = fc.constantFrom(
      ...'abc:-,{}[]"\'#|>~0 \n\r'.split(''),
      ': ',
      '- ',
      '\n ',
      '\n  ',
      '\r\n',
      ' #',
      'a: ',
      'b:\n',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => same(pieces.join(''))),
      { numRuns: Number(process.env['FUZZ'] ?? 1500) * 3 },
    );
  });
});

function same(text: string): void {
  const quick = readQuickly(text);
  if (quick !== undefined) expect(placed(quick)).toEqual(placed(readFully(text)));
}

/** Empty values are nowhere in particular, and neither is the end of what they are the last of. */
function placed(node: YamlNode | unknown[]): unknown {
  return JSON.parse(JSON.stringify(node), (_, value) => {
    const empty = value?.kind === 'scalar' && value.start === value.end;
    if (empty) return { kind: 'scalar', value: value.value };
    if (value?.flow === false) delete value.end;
    return value;
  });
}
