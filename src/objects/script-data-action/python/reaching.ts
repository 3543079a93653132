import type { Binding } from './scope.ts';
import type { Node } from './tree.ts';

/** What a variable may hold where it is used, and the part of the script in which it may have been changed since. */
export interface Reaching {
  given: Binding[];
  from: number;
  to: number;
}

const loops = new Set(['ForStatement', 'WhileStatement']);

/**
 * A statement that stands before the use, in a block that the use stands in, makes an end of all before it. Nothing behind the
 * use counts, unless both are in a loop that began after that.
 */
export function reaching(variable: Node, bindings: readonly Binding[]): Reaching {
  const around = new Set<Node>();
  for (let at = variable.parent; at !== undefined; at = at.parent) around.add(at);
  const isSettling = ({ statement }: Binding): boolean =>
    statement !== undefined && statement.to <= variable.from && around.has(blockOf(statement));
  const last = bindings.findLastIndex(isSettling);
  const settled = bindings[last]?.statement;
  const loop = [...around].findLast(
    ({ name, from }) => loops.has(name) && (settled === undefined || from > settled.from),
  );
  const to = loop?.to ?? variable.from;
  const from = settled?.from ?? 0;
  return { given: bindings.filter(({ offset }) => offset >= from && offset <= to), from, to };
}

function blockOf(statement: Node): Node {
  const parent = statement.parent!;
  return parent.name === 'StatementGroup' ? parent.parent! : parent;
}
