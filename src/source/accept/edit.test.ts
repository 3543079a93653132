import { describe, expect, test } from 'vitest';
import { edit, type Operation } from './edit.ts';

/** A text with each edit made by itself, as the lines that are not as before. */
function changed(text: string, operation: Operation, index = 0, form: 'yaml' | 'json' = 'yaml'): string {
  const result = edit(text, index, operation, form);
  if ('why' in result) return result.why;
  const [before, after] = [text.split('\n'), result.text.split('\n')];
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < Math.min(before.length, after.length) - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const gone = before.slice(start, before.length - end).map((line) => `-${line}`);
  const made = after.slice(start, after.length - end).map((line) => `+${line}`);
  return [...gone, ...made].join('\n');
}

const set = (at: string, value: unknown): Operation => ({ at: at.split('.'), set: value as never });
const remove = (at: string): Operation => ({ at: at.split('.'), remove: true });
const insert = (at: string, value: unknown): Operation => ({ at: at.split('.'), insert: value as never });

describe('a scalar', () => {
  test.each([
    ['keeps its comment', 'a: 1   # one\n', 30, '-a: 1   # one\n+a: 30   # one'],
    ['keeps its quotes', "a: 'b'\n", "it's", "-a: 'b'\n+a: 'it''s'"],
    ['gets quotes where it needs them', 'a: b\n', 'yes # no', '-a: b\n+a: "yes # no"'],
    ['of digits stays a text', 'a: b # c\n', '5', '-a: b # c\n+a: "5" # c'],
    ['of several lines becomes a block', 'a: b\n', 'x\n y\n', '-a: b\n+a: |\n+  x\n+   y'],
    ['with a comment does not', 'a: b # c\n', 'x\ny', '-a: b # c\n+a: "x\\ny" # c'],
    [
      'in a block stays one, with its indentation',
      'a: |\n    x\n    y\nb: 1\n',
      'z\nw\n',
      '-    x\n-    y\n+    z\n+    w',
    ],
    ['in a block may be short', 'a: |- # c\n  x\n  y\nb: 1\n', 'z', '-a: |- # c\n-  x\n-  y\n+a: z # c'],
    ['that is missing is put there', 'a: # c\nb: 1\n', 2, '-a: # c\n+a: 2 # c'],
    ['on the line below stays there', 'a:\n  b\n', 'c', '-  b\n+  c'],
    ['beside its tag', 'a: !!str 5\n', 'b', '-a: !!str 5\n+a: !!str b'],
    ['after its anchor', 'a: &x b\n', 'c', '-a: &x b\n+a: &x c'],
    ['may become a map', 'a: b # c\nd: 1\n', { x: 1 }, '-a: b # c\n+a: # c\n+  x: 1'],
    ['is cleared', 'a: b # c\n', null, '-a: b # c\n+a: null # c'],
  ])('%s', (_what, text, value, result) => {
    expect(changed(text, set('a', value))).toBe(result);
  });
});

describe('a map', () => {
  test.each([
    ['gets a key at its end', 'a:\n  b: 1\n\n# about c\nc: 2\n', set('a.x', 'y'), '+  x: y'],
    ['after a block text', 'a:\n  b: |\n    t\n\nc: 2\n', set('a.x', 1), '+  x: 1'],
    ['where there was none', 'a: {} # c\n', set('a.x', 1), '-a: {} # c\n+a: # c\n+  x: 1'],
    ['where nothing was', 'a:\nb: 1\n', set('a.x', 1), '+  x: 1'],
    ['with all that is missing above', 'a:\n  b: 1\n', set('a.c.d', [1]), '+  c:\n+    d:\n+      - 1'],
    ['within braces', 'a: {b: 1} # c\n', set('a.x', [1]), '-a: {b: 1} # c\n+a: {b: 1, x: [1]} # c'],
    ['within padded braces', 'a: { b: 1 }\n', set('a.x', { y: 1 }), '-a: { b: 1 }\n+a: { b: 1, x: { y: 1 } }'],
    ['within tall braces', 'a: {\n    b: 1, # c\n  }\n', set('a.x', 1), '+    x: 1,'],
    ['that stands in a list', 'a:\n  - b: 1\n    # c\n    d: 2\n', set('a.0.x', 1), '+    x: 1'],
    ['at the end of an open text', 'a:\n  b: 1', set('a.x', 1), '+  x: 1'],
    [
      'loses a key with the comment above it',
      'a: 1\n# of b\nb: 2 # c\n\n# of d\nd: 3\n',
      remove('b'),
      '-# of b\n-b: 2 # c',
    ],
    ['keeps the comment above its first key', '# all\na: 1\nb: 2\n', remove('a'), '-a: 1'],
    ['loses a whole block', 'a:\n  b:\n    - 1\n    - 2\n  c: 1\n', remove('a.b'), '-  b:\n-    - 1\n-    - 2'],
    ['loses its last key', 'a: # c\n  b: 1\nd: 1\n', remove('a.b'), '-a: # c\n-  b: 1\n+a: {} # c'],
    ['loses the key beside the dash', 'a:\n  - b: 1\n    c: 2\n', remove('a.0.b'), '-  - b: 1\n-    c: 2\n+  - c: 2'],
    ['in braces loses one', 'a: {b: 1, c: 2}\n', remove('a.b'), '-a: {b: 1, c: 2}\n+a: {c: 2}'],
  ])('%s', (_what, text, operation, result) => {
    expect(changed(text, operation)).toBe(result);
  });
});

describe('a list', () => {
  test.each([
    ['gets an item at its end', 'a:\n  - 1 # one\n# after\nb: 1\n', insert('a.1', 2), '+  - 2'],
    ['at its beginning', 'a:\n- 1\n', insert('a.0', { b: 1, c: 2 }), '+- b: 1\n+  c: 2'],
    ['within brackets', 'a: [1, 2]\n', insert('a.1', 'x'), '-a: [1, 2]\n+a: [1, x, 2]'],
    ['where there was none', 'a: []\n', insert('a.0', 'x'), '-a: []\n+a:\n+  - x'],
    ['loses one with the comment above it', 'a:\n  - 1\n  # two\n  - 2\n', remove('a.1'), '-  # two\n-  - 2'],
    ['loses its only one', 'a:\n  - 1\n', remove('a.0'), '-a:\n-  - 1\n+a: []'],
    ['in brackets loses its last', 'a: [1, 2]\n', remove('a.1'), '-a: [1, 2]\n+a: [1]'],
    ['in lines of brackets', 'a: [\n  1, # one\n  2 # two\n]\n', remove('a.1'), '-  1, # one\n-  2 # two\n+  1 # one'],
  ])('%s', (_what, text, operation, result) => {
    expect(changed(text, operation)).toBe(result);
  });
});

describe('a file', () => {
  test('of several documents changes in one of them', () => {
    const text = 'a: 1 # one\n---\na: 1 # two\n---\na: 1\n';
    expect(changed(text, set('a', 5), 1)).toBe('-a: 1 # two\n+a: 5 # two');
    expect(changed(text, set('b', 5), 1)).toBe('+b: 5');
  });

  test('keeps how its lines end', () => {
    expect(edit('a:\r\n  b: 1 # c\r\n', 0, set('a.x', 'p\nq\n'))).toEqual({
      text: 'a:\r\n  b: 1 # c\r\n  x: |\r\n    p\r\n    q\r\n',
    });
    expect(edit('a: 1', 0, set('b', 2))).toEqual({ text: 'a: 1\nb: 2' });
    expect(edit('a: 1\nb: 2', 0, remove('b'))).toEqual({ text: 'a: 1' });
  });

  test('takes quotes and steps as it has them', () => {
    const text = "a:\n    b: 'x'\n    c:\n    - 'y'\n";
    expect(changed(text, set('a.d', { e: 'yes: no', f: ['1'] }))).toBe(
      "+    d:\n+        e: 'yes: no'\n+        f:\n+        - '1'",
    );
  });

  test('what an anchor and an alias share is never changed for one of them', () => {
    const text = 'a: &x { b: 1 }\nc: *x\n';
    const shared = 'the place is shared by an anchor (&) and an alias (*), and others would change with it';
    expect(changed(text, set('a.b', 2))).toBe(shared);
    expect(changed(text, set('c.b', 2))).toBe(shared);
    expect(changed(text, remove('a'))).toBe(shared);
    // The alias itself is one place.
    expect(changed(text, set('c', { b: 2 }))).toBe('-c: *x\n+c:\n+  b: 2');
  });

  test('of JSON stays JSON', () => {
    const text = '{\r\n\t"a": [],\r\n\t"b": {"c": 1}\r\n}\r\n';
    expect(edit(text, 0, set('a', [1]), 'json')).toEqual({ text: text.replace('[]', '[\r\n\t\t1\r\n\t]') });
    expect(edit(text, 0, set('d', 'é"'), 'json')).toEqual({ text: text.replace('1}', '1},\r\n\t"d": "é\\""') });
  });
});

describe('what nobody would see is written as an escape', () => {
  const sly = 'x\u202ey\u200b\u{e0041}';
  test.each<[string, string, 'yaml' | 'json', string]>([
    ['in a block', 'a: 1\n', 'yaml', '+a: "x\\u202ey\\u200b\\U000e0041"'],
    ['in a map on one line', '{ a: 1 }\n', 'yaml', '+{ a: "x\\u202ey\\u200b\\U000e0041" }'],
    ['in JSON', '{ "a": 1 }\n', 'json', '+{ "a": "x\\u202ey\\u200b\\udb40\\udc41" }'],
  ])('%s', (_where, text, form, line) => {
    expect(changed(text, set('a', sly), 0, form).split('\n').at(-1)).toBe(line);
  });

  test('in names, in what is deeper and in texts of several lines', () => {
    expect(changed('a: 1\n', set('b', { 'k\u200d': 'l\nm\u2066' }))).toBe('+b:\n+  "k\\u200d": "l\\nm\\u2066"');
    const json = changed('{\n  "a": 1\n}\n', set('b', { 'k\u200d': ['m\u2066'] }), 0, 'json');
    expect(json).toContain('"k\\u200d": [');
    expect(json).toContain('"m\\u2066"');
  });
});

test('a header that is called as the merge key of old YAML', () => {
  expect(changed('h:\n  a: b\n', { at: ['h', '<<'], set: 'c' })).toBe('+  "<<": c');
});
