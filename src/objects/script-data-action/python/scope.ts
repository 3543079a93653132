import { parametersOf } from './entry.ts';
import { bare, type Node, separated } from './tree.ts';

const scopes = new Set(['FunctionDefinition', 'LambdaExpression', 'ClassDefinition']);

/** Every node of a function's own scope, in order: what stands in functions and classes within it is theirs. */
export function ownNodes(scope: Node): Node[] {
  const nodes: Node[] = [];
  const stack = scope.children.toReversed();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    nodes.push(node);
    if (!scopes.has(node.name)) for (const child of node.children.toReversed()) stack.push(child);
  }
  return nodes;
}

/** What is given to each name of a scope; undefined where that is no value of its own: a part of a tuple, of a loop. */
export type Bindings = Map<string, (Node | undefined)[]>;

export function bindingsOf(scope: Node): Bindings {
  const found: Bindings = new Map();
  const bind = (target: Node, value: Node | undefined): void => {
    const inner = bare(target);
    if (inner.name === 'VariableName') {
      const before = found.get(inner.text);
      if (before === undefined) found.set(inner.text, [value]);
      else before.push(value);
    } else if (containers.has(inner.name))
      for (const [part] of separated(inner.children)) if (part) bind(part, undefined);
  };
  for (const node of ownNodes(scope)) {
    if (node.name === 'AssignStatement') {
      const { targets, value } = assignmentOf(node);
      for (const target of targets) {
        const parts = separated(target.filter(({ name }) => name !== 'TypeDef'));
        for (const [part] of parts) if (part) bind(part, parts.length === 1 ? value : undefined);
      }
    } else if (node.name === 'NamedExpression') bind(node.children[0]!, node.children[2]);
    else if (scopes.has(node.name) || binding.has(node.name)) {
      for (const name of namesBoundBy(node)) bind(name, undefined);
    }
  }
  return found;
}

const containers = new Set(['TupleExpression', 'ArrayExpression']);
const binding = new Set([
  'ForStatement',
  'WithStatement',
  'TryStatement',
  'ImportStatement',
  'ScopeStatement',
  'CapturePattern',
  'AsPattern',
]);

/** Names that a statement gives a value to, which is none that could be followed. */
function namesBoundBy({ name, children }: Node): Node[] {
  if (name === 'LambdaExpression') return [];
  if (scopes.has(name)) return children.filter((one) => one.name === 'VariableName').slice(0, 1);
  if (name === 'ForStatement')
    return children.slice(
      0,
      children.findIndex((one) => one.name === 'in'),
    );
  if (name === 'WithStatement' || name === 'TryStatement' || name === 'AsPattern') {
    return children.filter((_, i) => children[i - 1]?.name === 'as');
  }
  return children.filter((one) => one.name === 'VariableName');
}

/** The targets of an assignment, each as its parts, and what they are given where that is one value. */
export function assignmentOf({ children }: Node): { targets: Node[][]; value?: Node } {
  const parts: Node[][] = [[]];
  for (const child of children) {
    if (child.name === 'AssignOp') parts.push([]);
    else parts.at(-1)!.push(child);
  }
  const given = parts.pop()!;
  return { targets: parts, ...(given.length === 1 ? { value: given[0]! } : {}) };
}

/** A name where it is used. */
export interface Occurrence {
  node: Node;
  /** True in a function within the scope. */
  nested: boolean;
}

const known = new WeakMap<Node, ReadonlyMap<string, readonly Occurrence[]>>();

/** Where the names of a scope are used: in functions within it, too, unless those have another of that name. */
export function occurrencesIn(scope: Node): ReadonlyMap<string, readonly Occurrence[]> {
  const before = known.get(scope);
  if (before !== undefined) return before;
  const found = new Map<string, Occurrence[]>();
  const look = (node: Node, others: readonly ReadonlySet<string>[]): void => {
    for (const [i, child] of node.children.entries()) {
      if (child.name === 'VariableName') {
        if (isLabel(node, i) || others.some((names) => names.has(child.text))) continue;
        const one = { node: child, nested: others.length > 0 };
        const list = found.get(child.text);
        if (list === undefined) found.set(child.text, [one]);
        else list.push(one);
      } else look(child, scopes.has(child.name) ? [...others, ownNames(child)] : others);
    }
  };
  look(scope, []);
  known.set(scope, found);
  return found;
}

/** Names that mean something else within a function. */
function ownNames(scope: Node): Set<string> {
  return new Set([...parametersOf(scope).map(({ name }) => name), ...bindingsOf(scope).keys()]);
}

/** The name of an argument or a parameter: no use of a variable of that name. */
function isLabel({ name, children }: Node, i: number): boolean {
  if (name === 'ArgList') return children[i + 1]?.name === 'AssignOp';
  return name === 'ParamList' && children[i - 1]?.name !== 'AssignOp';
}
