import { equal } from '../../../model/json.ts';
import { Lines } from './edit-lines.ts';
import { applied } from './edit-text.ts';
import { parseFlow, readFlow } from './parse.ts';
import { type MapNode, resolved, type YamlNode } from './parse-node.ts';

/**
 * The text with the division in it, before the flow's first key: a new flow is made where its file says. The result is
 * read again; undefined where it would not be the same flow with the division.
 */
export function withDivision(text: string, division: string): string | undefined {
  const read = readFlow(text);
  if ('flaws' in read) return undefined;
  const body = bodyOf(read.root);
  const first = body?.pairs[0];
  if (body === undefined) return undefined;
  // A flow of nothing has no name either, and that is said.
  if (first === undefined) return text;
  const lines = new Lines(text);
  const start = lines.pairStart(first);
  const behind = body.flow ? ', ' : lines.eol(start) + ' '.repeat(lines.column(start));
  const placed = applied(text, [{ start, end: start, text: `division: ${JSON.stringify(division)}${behind}` }]);
  const again = parseFlow(placed);
  if ('flaws' in again) return undefined;
  const { type, body: rest } = read.flow;
  return equal(again.flow.tree, { [type]: { ...rest, division } }) ? placed : undefined;
}

function bodyOf(root: YamlNode): MapNode | undefined {
  const top = resolved(root);
  const body = top.kind === 'map' ? top.pairs[0]?.value : undefined;
  return body?.kind === 'map' ? body : undefined;
}
