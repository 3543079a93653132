import { entryOf } from './entry.ts';
import { importsOf } from './imports.ts';
import { type Reads, readsOf } from './reads.ts';
import { type Request, requestsOf } from './requests.ts';
import { type Keys, returnsOf } from './returns.ts';
import { ownNodes } from './scope.ts';
import { laxFaults } from './syntax.ts';
import { type Fault, type Node, parsePython } from './tree.ts';

/** All that is asked of a script. Nothing of it is ever run for that. */
export interface Script {
  /** Why it is no script of a data action. Where there are some of the syntax, nothing else is known. */
  faults: Fault[];
  /** Why it could not be looked at, though it may be a good one; then nothing else is known either. */
  doubt?: Fault;
  imports: { faults: Fault[]; doubts: Fault[] };
  requests: Request[];
  /** Absent where there is no `main` that could be looked at. */
  reads?: Reads;
  returns?: Keys;
}

const nothing: Omit<Script, 'faults'> = { imports: { faults: [], doubts: [] }, requests: [] };

/** One text is asked about several times: by each environment, for problems and for warnings. */
const remembered = new Map<string, Script>();
const mostRemembered = 16;

export function scriptOf(text: string): Script {
  const before = remembered.get(text);
  if (before !== undefined) return before;
  const made = analysed(text);
  remembered.set(text, made);
  if (remembered.size > mostRemembered) remembered.delete(remembered.keys().next().value!);
  return made;
}

function analysed(text: string): Script {
  const parsed = parsePython(text);
  if ('fault' in parsed) return { ...nothing, faults: [parsed.fault] };
  if ('doubt' in parsed) return { ...nothing, faults: [], doubt: parsed.doubt };
  const { root } = parsed;
  const lax = laxFaults(root, text);
  if (lax.length > 0) return { ...nothing, faults: lax };
  const nodes = allNodes(root);
  const { imported, ...imports } = importsOf(nodes);
  const { entry, faults } = entryOf(root);
  const rest = { imports, requests: requestsOf(nodes, imported) };
  if (entry === undefined) return { faults, ...rest };
  const generated = ownNodes(entry.main).find(({ name }) => name.startsWith('Yield'));
  if (generated !== undefined) {
    const message = 'main must not yield: what it returns would be no dictionary';
    return { faults: [{ offset: generated.from, message }], ...rest };
  }
  const { faults: wrong, ...returns } = returnsOf(entry.main, root);
  const { main, parameter } = entry;
  return {
    faults: wrong,
    ...rest,
    ...(parameter === undefined ? {} : { reads: readsOf({ main, parameter }) }),
    returns,
  };
}

function allNodes(root: Node): Node[] {
  const nodes: Node[] = [];
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    nodes.push(node);
    for (const child of node.children.toReversed()) stack.push(child);
  }
  return nodes;
}
