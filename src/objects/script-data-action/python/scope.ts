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

/** A place at which a name is given something. */
export interface Binding {
  /** Absent where it is no value of its own: a part of a tuple, of a loop. */
  value?: Node;
  /** The whole statement, where that gives this value to this name and does nothing else. */
  statement?: Node;
  offset: number;
}

/** What is given to each name of a scope, in order. */
export type Bindings = Map<string, Binding[]>;

export function bindingsOf(scope: Node): Bindings {
  const found: Bindings = new Map();
  const bind = (target: Node, value: Node | undefined, statement?: Node): void => {
    const inner = bare(target);
    if (inner.name === 'VariableName') {
      const one = { offset: inner.from, ...(value && { value }), ...(statement && { statement }) };
      const before = found.get(inner.text);
      if (before === undefined) found.set(inner.text, [one]);
      else before.push(one);
    } else if (containers.has(inner.name))
      for (const [part] of separated(inner.children)) if (part) bind(part, undefined);
  };
  for (const node of ownNodes(scope)) {
    if (node.name === 'AssignStatement') {
      const { targets, value } = assignmentOf(node);
      for (const target of targets) {
        const parts = separated(target.filter(({ name }) => name !== 'TypeDef'));
        // What two names are given is changed through either.
        const isPlain = parts.length === 1 && targets.length === 1;
        for (const [part] of parts) if (part) bind(part, isPlain ? value : undefined, isPlain ? node : undefined);
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

/**
 * Where the names of a scope are used: in functions and comprehensions within it, too, unless those have another of that name.
 */
export function occurrencesIn(scope: Node): ReadonlyMap<string, readonly Occurrence[]> {
  const before = known.get(scope);
  if (before !== undefined) return before;
  const found = new Map<string, Occurrence[]>();
  const look = (node: Node, others: readonly ReadonlySet<string>[], nested: boolean): void => {
    const targets = comprehended(node);
    const within = targets === undefined ? others : [...others, targets];
    // What the first `for` goes through is none of the comprehension.
    const first = targets === undefined ? -1 : node.children.findIndex(({ name }) => name === 'in') + 1;
    for (const [i, child] of node.children.entries()) {
      const hiding = i === first ? others : within;
      if (child.name === 'VariableName') {
        if (isLabel(node, i) || hiding.some((names) => names.has(child.text))) continue;
        const one = { node: child, nested };
        const list = found.get(child.text);
        if (list === undefined) found.set(child.text, [one]);
        else list.push(one);
      } else if (scopes.has(child.name)) look(child, [...hiding, ownNames(child)], true);
      else look(child, hiding, nested);
    }
  };
  look(scope, [], false);
  known.set(scope, found);
  return found;
}

const comprehensions = new Set([
  'ComprehensionExpression',
  'ArrayComprehensionExpression',
  'DictionaryComprehensionExpression',
  'SetComprehensionExpression',
  'ArgList',
]);

/** The names that a comprehension goes through something with; undefined where a node is none. */
function comprehended({ name, children }: Node): Set<string> | undefined {
  if (!comprehensions.has(name) || !children.some((one) => one.name === 'for')) return undefined;
  const names = new Set<string>();
  const add = (node: Node): void => {
    const inner = bare(node);
    if (inner.name === 'VariableName') names.add(inner.text);
    else if (containers.has(inner.name)) for (const child of inner.children) add(child);
  };
  let isTarget = false;
  for (const child of children) {
    if (child.name === 'for' || child.name === 'in') isTarget = child.name === 'for';
    else if (isTarget) add(child);
  }
  return names;
}

/** Names that mean something else within a function, unless it says that they do not. */
function ownNames(scope: Node): Set<string> {
  const names = new Set([...parametersOf(scope).map(({ name }) => name), ...bindingsOf(scope).keys()]);
  for (const { name, children } of ownNodes(scope))
    if (name === 'ScopeStatement' && children[0]?.name === 'nonlocal')
      for (const one of children) names.delete(one.text);
  return names;
}

/** The name of an argument or a parameter: no use of a variable of that name. */
function isLabel({ name, children }: Node, i: number): boolean {
  if (name === 'ArgList') return children[i + 1]?.name === 'AssignOp';
  return name === 'ParamList' && children[i - 1]?.name !== 'AssignOp';
}
