import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Document, parseAllDocuments, visit } from 'yaml';
import { isObject, type Json } from '../src/model/json.ts';
import { unprintable } from '../src/model/unprintable.ts';
import { operationsBetween } from '../src/source/accept/between.ts';
import { applied, edit, type Operation } from '../src/source/accept/edit.ts';

/** Texts that are something else without quotes, or need an escape. */
const odd = [
  'yes',
  'No',
  'null',
  '~',
  '5',
  '0x1F',
  '1e3',
  '',
  ' lead',
  'trail ',
  '# no comment',
  'a # b',
  'a: b',
  '- a',
  '*x',
  '&x',
  '!t',
  '%d',
  '@a',
  '`a',
  "it's",
  '"q"',
  'a\nb',
  'a\nb\n',
  '\n',
  '  a\n b\n',
  'a\n\n\n',
  '{a',
  '[a',
  'a,b',
  '${x}',
  '$$(y)',
  'ü',
  'tab\there',
  'a\n# b\n',
  'a\r\nb',
  '\u0085',
  '\u0001',
  '---',
  '...',
  '? a',
  '|',
  '>',
  'true',
  '2026-01-05T08:00',
  'x'.repeat(120),
];
const texts = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('a', 'b c', 'plain') },
  { weight: 2, arbitrary: fc.constantFrom(...odd) },
);
const scalars = fc.oneof(
  { weight: 4, arbitrary: texts },
  { weight: 1, arbitrary: fc.constantFrom<Json[]>(0, -1, 1.5, true, false, null) },
);
const names = fc.constantFrom('a', 'b', 'name', 'X-Key', 'with space', '5', 'yes', 'k#');
const json: fc.Arbitrary<Json> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    scalars,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value as fc.Arbitrary<Json>;
const maps = fc.dictionary(names, json, { minKeys: 1, maxKeys: 5, noNullPrototype: true });

/** How somebody wrote it: styles of collections and texts by chance, comments beside and above. */
interface Hand {
  flow: number[];
  styles: number[];
  comments: boolean;
  step: number;
  indentSeq: boolean;
  crlf: boolean;
  open: boolean;
}
const hands: fc.Arbitrary<Hand> = fc.record({
  flow: fc.array(fc.nat(3), { minLength: 12, maxLength: 12 }),
  styles: fc.array(fc.nat(4), { minLength: 12, maxLength: 12 }),
  comments: fc.boolean(),
  step: fc.constantFrom(2, 4),
  indentSeq: fc.boolean(),
  crlf: fc.boolean(),
  open: fc.boolean(),
});

function written(value: Json, hand: Hand): string {
  const document = new Document(value);
  let n = 0;
  visit(document, {
    Collection(_key, node) {
      n++;
      if (hand.flow[n % 12] === 0) node.flow = true;
    },
    Scalar(key, node) {
      if (key === 'key' || typeof node.value !== 'string') return;
      n++;
      const style = (['PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'] as const)[
        hand.styles[n % 12]!
      ]!;
      node.type = node.value.replace(/[\n\t]/g, '').search(unprintable) !== -1 ? 'QUOTE_DOUBLE' : style;
    },
  });
  let text = document.toString({
    lineWidth: 0,
    indent: hand.step,
    indentSeq: hand.indentSeq,
    flowCollectionPadding: hand.step === 2,
  });
  if (hand.comments) text = commented(text);
  if (hand.open) text = text.replace(/\n$/, '');
  return hand.crlf ? text.replaceAll('\n', '\r\n') : text;
}

/** Comments above and beside lines, wherever they change nothing. */
function commented(text: string): string {
  const value = JSON.stringify(valuesIn(text));
  const lines = text.split('\n');
  for (let i = lines.length - 1, left = 8; i >= 0 && left > 0; i--, left--) {
    const line = lines[i]!;
    const above = `${/^ */.exec(line)![0]}# above ${i}.`;
    const put = i % 2 === 0 ? [`${line}  # beside ${i}.`] : [above, `${line}  # beside ${i}.`];
    const next = lines.toSpliced(i, 1, ...put);
    if (JSON.stringify(valuesIn(next.join('\n'))) === value) lines.splice(i, 1, ...put);
  }
  return lines.join('\n');
}

/** What of a text an edit may take with it: the value itself; of what is removed its lines and the comments above. */
function mayGo(text: string, { at, ...operation }: Operation): [number, number] {
  const [document] = parseAllDocuments(text, { version: '1.2', schema: 'core' }) as Document.Parsed[];
  const path = at.map((part) => (/^\d+$/.test(part) && part !== '5' ? Number(part) : part));
  const nodeAt = (parts: unknown[]) =>
    document!.getIn(parts, true) as { range?: number[]; items?: unknown[] } | undefined;
  let parts: unknown[] = path;
  while (parts.length > 0 && nodeAt(parts)?.range === undefined) parts = parts.slice(0, -1);
  const isGone = 'remove' in operation;
  const parent = nodeAt(path.slice(0, -1));
  if (isGone && parent?.items?.length === 1) parts = path.slice(0, -1);
  const [from = 0, to = 0] = nodeAt(parts)?.range ?? [];
  const isNew = parts.length < path.length && !isGone && (nodeAt(parts)?.items?.length ?? 0) > 0;
  if (isNew || 'insert' in operation) return [0, 0];
  const isFlat = !(nodeAt(parts)?.items !== undefined && /[\n-]/.test(text.slice(from, to)));
  if (isFlat && (!isGone || parts.length < path.length)) return [from, to];
  let start = text.lastIndexOf('\n', from - 1) + 1;
  while (
    start > 0 &&
    /^ *(#|[^\n]*: *(#[^\n]*)?\r?$|- *(#|\r?$))/.test(text.slice(text.lastIndexOf('\n', start - 2) + 1, start - 1))
  ) {
    start = text.lastIndexOf('\n', start - 2) + 1;
  }
  const end = text.indexOf('\n', to - 1);
  return [start, end === -1 ? text.length : end];
}

function valuesIn(text: string): unknown {
  const documents = parseAllDocuments(text, { version: '1.2', schema: 'core', logLevel: 'silent' });
  return (documents as Document.Parsed[]).map((one) => (one.errors.length > 0 ? 'bad' : one.toJS()));
}

/** A change at a random place: `pick` chooses the way down. */
function operationIn(value: Json, picks: readonly number[], kind: number, to: Json): Operation {
  const at: string[] = [];
  let node: Json = value;
  for (const pick of picks) {
    const keys = Array.isArray(node) ? node.map((_item, i) => String(i)) : isObject(node) ? Object.keys(node) : [];
    if (keys.length === 0 || (pick === 0 && at.length > 0)) break;
    const key = keys[pick % keys.length]!;
    at.push(key);
    node = (node as Record<string, Json>)[key]!;
  }
  if (kind === 0) return { at, remove: true };
  if (kind === 1 && isObject(node)) return { at: [...at, 'new key'], set: to };
  if (kind === 2 && Array.isArray(node)) return { at: [...at, String(picks[0]! % (node.length + 1))], insert: to };
  return { at, set: to };
}

const operations = fc.record({
  picks: fc.array(fc.nat(9), { minLength: 1, maxLength: 6 }),
  kind: fc.nat(4),
  to: json,
});

/** `RUNS=5000` for a longer look. */
const runs = Number(process.env['RUNS'] ?? 120);

test('every edit says exactly what was wanted, and every comment that is not about it stays', () => {
  let refused = 0;
  fc.assert(
    fc.property(maps, hands, operations, (value, hand, { picks, kind, to }) => {
      const text = written(value, hand);
      const [read] = valuesIn(text) as [Json];
      fc.pre(read !== 'bad' && !/[&*]a\d/.test(text));
      const operation = operationIn(read, picks, kind, to);
      const result = edit(text, 0, operation);
      if ('why' in result) {
        refused++;
        return;
      }
      expect(valuesIn(result.text)).toEqual([applied(read, operation)]);
      expect(result.text.endsWith('\n')).toBe(text.endsWith('\n'));
      const [start, end] = mayGo(text, operation);
      for (const { 0: comment, index } of text.matchAll(/# (above|beside) \d+\./g)) {
        if (index < start || index > end) expect(result.text).toContain(comment);
      }
      if (text.includes('\r\n')) expect(result.text.replaceAll('\r\n', '')).not.toContain('\n');
    }),
    { numRuns: runs },
  );
  expect(refused).toBeLessThan(runs / 8);
});

test('JSON is edited as JSON, in its own form', () => {
  fc.assert(
    fc.property(maps, operations, fc.constantFrom(undefined, 2, 4, '\t'), (value, { picks, kind, to }, step) => {
      const text = `${JSON.stringify(value, null, step)}\n`;
      const operation = operationIn(value, picks, kind, to);
      const result = edit(text, 0, operation, 'json');
      if ('why' in result) return expect(step).toBe('\t');
      expect(JSON.parse(result.text)).toEqual(applied(value, operation));
      const isLaidOut = typeof step === 'number' && Object.keys(value).length > 0;
      // What nobody would see is an escape where it is new.
      const plain = (json: string): string =>
        json.replace(/[^\n\t -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
      const laidOut = `${JSON.stringify(JSON.parse(result.text), null, step)}\n`;
      if (isLaidOut) expect(plain(result.text)).toBe(plain(laidOut));
    }),
    { numRuns: runs },
  );
});

test('what becomes of one value by the changes is the other', () => {
  fc.assert(
    fc.property(json, json, fc.boolean(), (from, to, wholeLists) => {
      const operations = operationsBetween({ at: from }, { at: to }, [], wholeLists);
      expect(operations.reduce<Json>(applied, { at: from })).toEqual({ at: to });
    }),
    { numRuns: runs * 4 },
  );
});
