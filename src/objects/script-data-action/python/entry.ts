import { bindingsOf, ownNodes } from './scope.ts';
import { bare, type Fault, type Node, separated } from './tree.ts';

/** The function that the action calls. */
export interface Entry {
  main: Node;
  /** What it calls the dictionary that it gets; absent where it has no name of its own (`*args`). */
  parameter?: string;
}

/** One parameter of a function: `*` and `**` with their sign. */
export interface Parameter {
  name: string;
  star?: '*' | '**';
  hasDefault: boolean;
  node: Node;
}

export function parametersOf(owner: Node): Parameter[] {
  const list = owner.children.find(({ name }) => name === 'ParamList');
  return separated(list?.children ?? []).map((group): Parameter => {
    const [first, second] = group as [Node, Node?];
    const isStar = first.name === '*' || first.name === '**';
    return {
      name: isStar ? (second?.text ?? '') : first.text,
      ...(isStar ? { star: first.name as '*' | '**' } : {}),
      hasDefault: group.some(({ name }) => name === 'AssignOp'),
      node: first,
    };
  });
}

/** The functions that a script defines by itself, by name; of two the last one counts, as it does when it runs. */
export function functionsOf(root: Node): Map<string, Node> {
  const defined = root.children.flatMap((one) => {
    const inner = one.name === 'DecoratedStatement' ? one.children.at(-1) : one;
    return inner?.name === 'FunctionDefinition' ? [inner] : [];
  });
  return new Map(defined.map((one) => [nameOf(one), one]));
}

function nameOf(definition: Node): string {
  return definition.children.find(({ name }) => name === 'VariableName')?.text ?? '';
}

/** `main`, and what is wrong with how it is called. Neither where it is made in a way that is not looked into. */
export function entryOf(root: Node): { entry?: Entry; faults: Fault[] } {
  const functions = functionsOf(root);
  const made = madeMain(root, functions);
  if (made === 'none') {
    const near = [...functions].find(([name]) => name.toLowerCase() === 'main');
    const hint = near === undefined ? '' : `; it is called "${near[0]}", and letter case counts`;
    const message = `the script has to define main(input_data) at its top level${hint}`;
    return { faults: [{ offset: near?.[1].from ?? 0, message }] };
  }
  if (made === 'somehow') return { faults: [] };
  const faults: Fault[] = [];
  if (made.children[0]?.name === 'async') {
    faults.push({ offset: made.from, message: 'main must not be async: what it returns would be no dictionary' });
  }
  const parameters = parametersOf(made);
  const wrong = uncallable(parameters);
  if (wrong !== undefined) {
    const message = 'main is called with one value, the dictionary of the inputs: write def main(input_data)';
    faults.push({ offset: wrong === 'none' ? made.from : wrong.node.from, message });
  }
  const [first] = parameters;
  if (faults.length > 0) return { faults };
  return { entry: { main: made, ...(first?.star === undefined && first ? { parameter: first.name } : {}) }, faults };
}

/** By one `def`, wherever at the top level, or of several the last; or as another name of such a function. */
function madeMain(root: Node, functions: ReadonlyMap<string, Node>): Node | 'none' | 'somehow' {
  const given = bindingsOf(root).get('main');
  if (given === undefined) return 'none';
  const defined = ownNodes(root).filter((node) => node.name === 'FunctionDefinition' && nameOf(node) === 'main');
  if (defined.length === given.length) {
    const isPlain = defined.every(({ parent }) => parent === root || parent?.parent === root);
    return (defined.length === 1 || isPlain ? defined.at(-1) : undefined) ?? 'somehow';
  }
  const value = given.length === 1 && given[0]!.value ? bare(given[0]!.value) : undefined;
  return (value?.name === 'VariableName' ? functions.get(value.text) : undefined) ?? 'somehow';
}

/** The parameter for which a call with one value has nothing, or for which it is too much. */
function uncallable(parameters: readonly Parameter[]): Parameter | 'none' | undefined {
  const star = parameters.findIndex((one) => one.star !== undefined);
  const positional = star === -1 ? parameters : parameters.slice(0, star);
  const named = star === -1 ? [] : parameters.slice(star).filter((one) => one.star === undefined);
  const needed = [...positional.slice(1), ...named].find(({ hasDefault }) => !hasDefault);
  if (needed !== undefined) return needed;
  const takesAny = parameters.some((one) => one.star === '*' && one.name !== '');
  return positional.length > 0 || takesAny ? undefined : (parameters[0] ?? 'none');
}
