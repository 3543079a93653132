import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { substitute } from './substitutions.ts';

describe('substitute', () => {
  it('replaces tokens, in keys too, with spaces inside the braces or without', () => {
    const { text, missing, unused } = substitute('{{a}}: {{ b-c.d_1 }}', { a: 'x', 'b-c.d_1': 'y' });
    expect({ text, missing, unused }).toEqual({ text: 'x: y', missing: [], unused: [] });
  });

  it('says what is missing and what is unused', () => {
    const { text, missing, unused } = substitute('1 {{a}} {{ a}} {{toString}}', { b: '', __proto__: 'x' });
    expect(text).toBe('1 {{a}} {{ a}} {{toString}}');
    expect(missing).toEqual([
      { token: 'a', offset: 2 },
      { token: 'a', offset: 8 },
      { token: 'toString', offset: 15 },
    ]);
    expect(unused).toEqual(['b']);
  });

  it('does not look at what it has put in', () => {
    expect(substitute('{{a}} {{b}}', { a: '{{a}}', b: '{{c}}$&$1' }).text).toBe('{{a}} {{c}}$&$1');
  });

  it('leaves alone what is no token', () => {
    const text = '{ {a} } {{a b}} {{}} ${a} {{a: {b: c}}}';
    expect(substitute(text, {})).toMatchObject({ text, missing: [] });
  });

  it('takes a text of five million characters, and counts a larger one without making it', () => {
    const value = 'x'.repeat(500_000);
    expect(substitute('{{a}}'.repeat(10), { a: value }).text).toHaveLength(5_000_000);
    expect(substitute(`${'{{a}}'.repeat(10)}y`, { a: value })).toMatchObject({ tooLarge: 5_000_001 });
    const text = '{{a}}'.repeat(1_000_000);
    const before = process.cpuUsage();
    expect(substitute(text, { a: value })).toMatchObject({ text, tooLarge: 500_000_000_000, missing: [], unused: [] });
    expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
  });

  it('looks through texts that almost hold tokens in the time of their length', () => {
    const before = process.cpuUsage();
    for (const almost of ['{{', '{{a', '{{ a ', '{{a }', '{', ' ', 'a']) {
      const text = `{{${almost.repeat(500_000)}`;
      expect(substitute(text, { a: '' }).text).toBe(text);
    }
    expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
  });

  it('leads from the rendered text back to the file', () => {
    const { sourceOffset } = substitute('ab{{x}}cd{{y}}{{x}}e', { x: '1\n2\n3', y: '' });
    expect([0, 2, 3, 6, 7, 8, 9, 13, 14, 15].map(sourceOffset)).toEqual([0, 2, 2, 2, 7, 8, 14, 14, 19, 20]);
  });

  it('leads every character that it copied to itself', () => {
    const part = fc.oneof(fc.constantFrom('{{x}}', '{{ y }}', '{{z}}', '\n', '{', '}'), fc.string());
    const values = fc.record({ x: fc.string(), y: fc.constantFrom('', '\r\n', 'many\nlines') });
    fc.assert(
      fc.property(fc.array(part), values, (parts, given) => {
        const source = parts.join('');
        const { text, sourceOffset } = substitute(source, given);
        const tokens = [...source.matchAll(/\{\{ *[xy] *\}\}/g)].map(({ index }) => index);
        for (let i = 0; i < text.length; i++) {
          const at = sourceOffset(i);
          if (!tokens.includes(at)) expect(source[at]).toBe(text[i]);
        }
        expect(sourceOffset(text.length)).toBe(source.length);
      }),
    );
  });
});
