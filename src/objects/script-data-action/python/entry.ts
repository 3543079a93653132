import { type Fault, type Node, separated } from './tree.ts';

/** The function that the action calls. */
export interface Entry {
  main: Node;
  /** What it calls the dictionary that it gets. */
  parameter: string;
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

/** `main`, and what is wrong with how it is called. */
export function entryOf(root: Node): { entry?: Entry; faults: Fault[] } {
  const functions = functionsOf(root);
  const main = functions.get('main');
  if (main === undefined) {
    const near = [...functions].find(([name]) => name.toLowerCase() === 'main');
    const hint = near === undefined ? '' : `; it is called "${near[0]}", and letter case counts`;
    const message = `the script has to define main(input_data) at its top level${hint}`;
    return { faults: [{ offset: near?.[1].from ?? 0, message }] };
  }
  const faults: Fault[] = [];
  if (main.children[0]?.name === 'async') {
    faults.push({ offset: main.from, message: 'main must not be async: what it returns would be no dictionary' });
  }
  const parameters = parametersOf(main);
  const starred = parameters.find(({ star }) => star !== undefined);
  const [first, ...others] = parameters;
  const needed = others.find(({ hasDefault }) => !hasDefault);
  if (starred !== undefined || first === undefined || needed !== undefined) {
    const message = 'main is called with one value, the dictionary of the inputs: write def main(input_data)';
    faults.push({ offset: (starred ?? needed ?? first)?.node.from ?? main.from, message });
  }
  return faults.length > 0 || first === undefined ? { faults } : { entry: { main, parameter: first.name }, faults };
}
