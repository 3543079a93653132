import { equal, type Json } from '../../../model/json.ts';
import { type Lines, outerStart, type Splice } from '../yaml/edit-lines.ts';
import { type MapNode, type PairNode, pairOf, toJson, type YamlNode } from '../yaml/parse-node.ts';
import { tokenPlaces } from '../yaml/substitutions.ts';
import { type MapPatch, type Patch, type Path, patched, type Taken, withHoles } from './patch.ts';
import { block, flow, inline, type Style } from './render.ts';
import { hasAnchor, hasComment, type SourceFile } from './source-file.ts';
import { listEdits, movedItem } from './write-lists.ts';

/** Why one place cannot be edited, as the end of a sentence. */
export class Refused extends Error {
  readonly tokens: readonly string[];

  constructor(why: string, tokens: readonly string[] = []) {
    super(why);
    this.tokens = tokens;
  }
}

export interface Writing {
  source: SourceFile;
  lines: Lines;
  style: Style;
  /** What is not written, by its patch. */
  refused: Map<Patch, { path: Path; why: Refused }>;
}

/** Where a value stands: behind a key, or as the item of a list behind its dash. `flow`: within braces. */
export type Holder = { path: Path; flow: boolean } & ({ pair: PairNode } | { dash: number });

/** What has to be spliced into the file. What cannot be written is refused by itself, and the rest goes on. */
export function edits(node: YamlNode, patch: Patch, holder: Holder, writing: Writing): Splice[] {
  try {
    return made(node, patch, holder, writing);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    writing.refused.set(patch, { path: holder.path, why: error });
    return [];
  }
}

function made(node: YamlNode, patch: Patch, holder: Holder, writing: Writing): Splice[] {
  if (patch.kind === 'set') return setValue(node, patch.value, holder, writing);
  if (node.kind === 'alias' || node.anchor !== undefined) throw anchored();
  if (node.kind === 'map' && patch.kind === 'map') return mapEdits(node, patch, holder, writing);
  if (node.kind === 'list' && patch.kind === 'list') return listEdits(node, patch, holder, writing);
  throw new Refused('its form in the file is not one that can be edited');
}

export function anchored(): Refused {
  return new Refused('it is written with a YAML anchor or alias, and would change in other places as well');
}

/** Throws where replacing or removing the node would take something with it that only the file knows. */
export function guard(
  node: YamlNode,
  { source, lines }: Writing,
  what: { removed?: boolean; comments?: boolean },
): void {
  const end = node.end > node.start ? node.end : lines.lineEnd(node.start);
  const tokens = source.tokensIn(outerStart(node), end);
  if (source.isTorn(node) || (what.removed !== true && tokens.length > 0))
    throw new Refused('it comes from a token', tokens);
  if (hasAnchor(node)) throw anchored();
  if (what.comments === true && hasComment(lines, node)) {
    throw new Refused('there are comments within what would have to be replaced');
  }
}

/** The lines as they are put in, behind one another in this column. A token that Genesys made is no token of the file. */
export function joined(lines: readonly string[], column: number, eol: string): string {
  const text = lines.map((line, i) => (i === 0 || line === '' ? line : ' '.repeat(column) + line)).join(eol);
  if (tokenPlaces(text).length > 0) throw new Refused('it holds {{...}}, which the file would take for a token');
  return text;
}

/** What stands within braces stays there as long as it fits into a line. */
const longestFlow = 100;

/** A taken value as block lines in this column, `within` something; steps of the file come as they are written. */
export function rendered(
  taken: Taken,
  within: (value: Json) => Json,
  column: number,
  eol: string,
  writing: Writing,
): string {
  const marks = taken.holes.map((_, i) => `step-of-the-file-${i}`);
  const value = within(withHoles(taken.value(), taken.holes, (_, i) => marks[i]!));
  const text = joined(block(value, writing.style), column, eol);
  return taken.holes.reduce((all, hole, i) => {
    const at = all.indexOf(`- ${marks[i]}`);
    const lineStart = all.lastIndexOf('\n', at) + 1;
    const indent = at - lineStart + (lineStart === 0 ? column : 0);
    if (at < 0 || all.slice(lineStart, at).trim() !== '')
      throw new Refused('a step that went into it cannot be placed');
    return all.slice(0, at) + movedItem(hole, indent, writing) + all.slice(at + 2 + marks[i]!.length);
  }, text);
}

function setValue(node: YamlNode, taken: Taken, holder: Holder, writing: Writing): Splice[] {
  const value = taken.value();
  if (equal(toJson(node).value, value)) return [];
  const { lines, style } = writing;
  const { text } = lines;
  const header =
    node.kind === 'scalar' ? (/^[|>][-+\d]*/.exec(text.slice(node.start, node.start + 5))?.[0].length ?? 0) : 0;
  // The comment behind the mark of a text over several lines stays there.
  guard(node, writing, { comments: header === 0 });
  const mark = 'pair' in holder ? lines.colonEnd(holder.pair) : holder.dash + 1;
  if (mark === undefined) throw new Refused('its key is written in a way that cannot be edited');
  const start = outerStart(node);
  const isEmpty = node.end === start;
  if (taken.holes.length > 0 && (holder.flow || !isCollectionOf(value))) {
    throw new Refused('a step that went into it cannot be placed');
  }
  const like = isEmpty || header > 0 || node.kind !== 'scalar' ? '' : text.slice(start, node.end);
  const isFlow = (node.kind === 'map' || node.kind === 'list') && node.flow;
  if (holder.flow || (isFlow && taken.holes.length === 0)) {
    const { head, body } = inline(value, style, like);
    const isQuoted = like !== '' && /^["']/.test(head) && body.length === 0;
    const put = joined([isQuoted ? head : flow(value, text[node.start + 1] === ' ')], 0, '');
    if (holder.flow || put.length <= longestFlow) {
      return [isEmpty ? insertion(mark, ` ${put}`) : { start, end: node.end, text: put }];
    }
  }
  const eol = lines.eol(mark);
  const column = lines.column('pair' in holder ? lines.pairStart(holder.pair) : holder.dash);
  const isCollection = isCollectionOf(value);
  const isBelow = !isEmpty && text.slice(mark, start).includes('\n');
  const deeper = column + (Array.isArray(value) && 'pair' in holder ? style.list : style.indent);
  if (isCollection) {
    const put = (at: number): string => rendered(taken, (whole) => whole, at, eol, writing);
    if ('dash' in holder) {
      const at = isEmpty ? column + 2 : lines.column(start);
      if (isEmpty) return [{ start: mark, end: mark, text: ` ${put(at)}` }];
      if (header > 0) throw new Refused('its form in the file is not one that can be edited');
      return [{ start, end: node.end, text: put(at) }];
    }
    const below = eol + ' '.repeat(deeper) + put(deeper);
    if (isEmpty) return [insertion(lines.lineEnd(mark), below)];
    if (isBelow) {
      const same = (node.kind === 'list') === Array.isArray(value) && lines.column(start) > column - 1;
      const at = same ? lines.column(start) : deeper;
      return [{ start: lines.start(start), end: node.end, text: ' '.repeat(at) + put(at) }];
    }
    if (header > 0) {
      const line = lines.lineEnd(node.start);
      return [
        { start: mark, end: node.start + header, text: '' },
        { start: line, end: Math.max(line, node.end), text: below },
      ];
    }
    return [{ start: mark, end: node.end, text: '' }, insertion(lines.lineEnd(node.end), below)];
  }
  const { head, body } = inline(value, style, like);
  const said = joined([head], 0, '');
  const rest = body.map((line) => eol + (line === '' ? '' : ' '.repeat(column + style.indent) + line)).join('');
  if (tokenPlaces(rest).length > 0) joined([rest], 0, eol);
  if (isEmpty) return [insertion(mark, said === '' ? '' : ` ${said}`), ...below(lines.lineEnd(mark), rest)];
  if (isBelow) {
    // A text over several lines would take a comment above it for its own.
    const one = body.length === 0 ? said : joined([JSON.stringify(value)], 0, '');
    if (node.kind === 'scalar' && header === 0) return [{ start, end: node.end, text: one }];
    return [insertion(mark, ` ${one}`), { start: lineBefore(lines.start(start), lines), end: node.end, text: '' }];
  }
  if (header > 0) {
    const line = lines.lineEnd(node.start);
    return [
      { start, end: node.start + header, text: said },
      { start: line, end: Math.max(line, node.end), text: rest },
    ];
  }
  return [{ start, end: node.end, text: said }, ...below(lines.lineEnd(node.end), rest)];
}

function isCollectionOf(value: Json): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function insertion(at: number, text: string): Splice {
  return { start: at, end: at, text };
}

function below(at: number, text: string): Splice[] {
  return text === '' ? [] : [insertion(at, text)];
}

function mapEdits(node: MapNode, patch: MapPatch, holder: Holder, writing: Writing): Splice[] {
  const going = node.pairs.filter(({ key }) => patch.pairs.get(key) === 'removed');
  const isStructural = going.length + patch.added.length > 0;
  if (isStructural && (node.flow || going.length === node.pairs.length)) {
    const value = patched(toJson(node).value, patch, null, new Set());
    return setValue(node, { value: () => value, holes: [] }, holder, writing);
  }
  const splices: Splice[] = [];
  for (const [key, inner] of patch.pairs) {
    const pair = pairOf(node, key);
    if (pair === undefined) throw new Refused('its form in the file is not one that can be edited');
    if (inner === 'removed') continue;
    splices.push(...edits(pair.value, inner, { pair, path: [...holder.path, key], flow: node.flow }, writing));
  }
  for (const pair of going) splices.push(removed(node, pair, writing));
  if (patch.renamed !== undefined) splices.push(...renamed(node, patch.renamed, holder, writing));
  const gone = new Set(going);
  for (const { key, value, after } of patch.added) {
    splices.push(added(node, key, value, after, gone, writing));
  }
  return splices;
}

function renamed(
  node: MapNode,
  { key, to, value }: NonNullable<MapPatch['renamed']>,
  holder: Holder,
  writing: Writing,
): Splice[] {
  const pair = pairOf(node, key);
  if (pair === undefined || writing.source.isTorn(pair))
    throw new Refused('its form in the file is not one that can be edited');
  const tokens = writing.source.tokensIn(pair.start, pair.end);
  if (tokens.length > 0) throw new Refused('it comes from a token', tokens);
  const quote = writing.lines.quoted('', pair)[0] ?? '';
  const name = quote === '' ? inline(to, writing.style).head : quote + to + quote;
  const own = { pair, path: [...holder.path, key], flow: node.flow };
  return [
    { start: pair.start, end: pair.end, text: joined([name], 0, '') },
    ...setValue(pair.value, value, own, writing),
  ];
}

/** Takes out a pair of a block map: its lines, and the comments directly above and beside it. */
function removed(node: MapNode, pair: PairNode, writing: Writing): Splice {
  const { lines, source } = writing;
  guard(pair.value, writing, { removed: true });
  if (source.isTorn(pair)) throw new Refused('it comes from a token', source.tokensIn(pair.start, pair.end));
  const start = lines.pairStart(pair);
  const lineStart = lines.start(start);
  const end = pairEnd(pair, lines);
  if (lines.text.slice(lineStart, start).trim() === '') return wholeLines(lineStart, start, end, lines);
  const next = node.pairs[node.pairs.indexOf(pair) + 1];
  const between = next === undefined ? '#' : lines.text.slice(pair.value.end, lines.pairStart(next));
  return { start, end: between.includes('#') ? end : lines.pairStart(next!), text: '' };
}

/**
 * A removal of whole lines, with the comments that stand over them: from the end of the line before, since what comes in at
 * the end of a line stays apart from it then.
 */
export function wholeLines(lineStart: number, start: number, end: number, lines: Lines): Splice {
  const column = lines.column(start);
  const from = Math.min(lines.aboveComments(start, column) - column, lineStart);
  if (from > 0) return { start: lineBefore(from, lines), end, text: '' };
  const next = lines.text.indexOf('\n', end);
  return { start: 0, end: next === -1 ? end : next + 1, text: '' };
}

/** The end of the line before the one that begins there. */
export function lineBefore(lineStart: number, { text }: Lines): number {
  return text[lineStart - 2] === '\r' ? lineStart - 2 : Math.max(0, lineStart - 1);
}

export function pairEnd(pair: PairNode, lines: Lines): number {
  return lines.lineEnd(Math.max(pair.value.end, lines.colonEnd(pair) ?? pair.end));
}

function added(
  node: MapNode,
  key: string,
  value: Taken,
  after: string | undefined,
  gone: ReadonlySet<PairNode>,
  writing: Writing,
): Splice {
  const { lines } = writing;
  const first = lines.pairStart(node.pairs[0]!);
  const column = lines.column(first);
  const eol = lines.eol(first);
  const text = rendered(value, (whole) => ({ [key]: whole }), column, eol, writing);
  const upTo = node.pairs.findIndex((one) => one.key === after);
  const before = node.pairs.slice(0, upTo + 1).findLast((one) => !gone.has(one));
  if (before !== undefined) return insertion(pairEnd(before, lines), eol + ' '.repeat(column) + text);
  const above = lines.aboveComments(first, column);
  const isAlone = lines.text.slice(lines.start(above), above).trim() === '' && lines.start(above) > 0;
  if (!isAlone) return insertion(above, text + eol + ' '.repeat(column));
  return insertion(lineBefore(lines.start(above), lines), eol + ' '.repeat(column) + text);
}
