import { functionsOf } from './entry.ts';
import { reaching } from './reaching.ts';
import type { Key } from './reads.ts';
import { type Bindings, bindingsOf, occurrencesIn, ownNodes } from './scope.ts';
import { type Argument, argumentsOf, bare, type Fault, literalOf, type Node, separated } from './tree.ts';
import { useOf } from './uses.ts';

/** The keys of a dictionary, as far as they can be told. */
export interface Keys {
  keys: Key[];
  /** True where it has no others. */
  all: boolean;
}

/** A document has 200 outputs at most; what is returned of one is read so often, and so deep. */
const mostKeys = 1000;
const deepest = 50;

/** A name that is given something so often is not followed; of one that is used so often all uses count at each. */
const mostBindings = 50;
const mostUses = 500;

const unknown: Keys = { keys: [], all: false };

/** One function, while what it returns is followed. */
interface Frame {
  scope: Node;
  bindings: Bindings;
  known: Map<string, Keys>;
}

/** The keys of every dictionary that `main` returns, and where it returns none. */
export function returnsOf(main: Node, root: Node): Keys & { faults: Fault[] } {
  const statements = returnsIn(main);
  const faults = statements.flatMap((one): Fault[] => {
    const what = notADictionary(one);
    return what === undefined
      ? []
      : [{ offset: one.from, message: `main returns ${what} here, and a dictionary is needed` }];
  });
  if (statements.length === 0) faults.push({ offset: main.from, message: 'main returns no dictionary' });
  return { ...follow(root)(main), faults };
}

function returnsIn(scope: Node): Node[] {
  return ownNodes(scope).filter(({ name }) => name === 'ReturnStatement');
}

const others: Readonly<Record<string, string>> = {
  String: 'a text',
  ContinuedString: 'a text',
  FormatString: 'a text',
  Number: 'a number',
  Boolean: 'true or false',
  None: 'None',
  ArrayExpression: 'a list',
  ArrayComprehensionExpression: 'a list',
  TupleExpression: 'a tuple',
  SetExpression: 'a set',
  SetComprehensionExpression: 'a set',
  LambdaExpression: 'a function',
};

function notADictionary({ children }: Node): string | undefined {
  const [value, more] = children.slice(1);
  if (value === undefined) return 'nothing';
  return more === undefined ? others[bare(value).name] : 'a tuple';
}

/** What functions of the script return, each followed once. */
function follow(root: Node): (definition: Node) => Keys {
  const functions = functionsOf(root);
  const done = new Map<Node, Keys>();
  let depth = 0;

  function returned(definition: Node): Keys {
    const before = done.get(definition);
    if (before !== undefined) return before;
    // Who comes back to it learns nothing new.
    done.set(definition, unknown);
    const frame: Frame = { scope: definition, bindings: bindingsOf(definition), known: new Map() };
    const result = joined(
      returnsIn(definition).map(({ children }) => (children.length === 2 ? keysOf(children[1]!, frame) : unknown)),
    );
    done.set(definition, result);
    return result;
  }

  function keysOf(node: Node, frame: Frame): Keys {
    if (depth === deepest) return unknown;
    depth++;
    const result = keysWithin(bare(node), frame);
    depth--;
    return result;
  }

  function keysWithin(value: Node, frame: Frame): Keys {
    switch (value.name) {
      case 'DictionaryExpression':
        return joined(separated(value.children).map((entry) => entryKeys(entry, frame)));
      case 'ConditionalExpression':
        return joined([value.children[0]!, value.children[4]!].map((one) => keysOf(one, frame)));
      case 'BinaryExpression': {
        const [left, operator, right] = value.children;
        const isEither = operator?.name === 'or' || operator?.text === '|';
        return isEither ? joined([left!, right!].map((one) => keysOf(one, frame))) : unknown;
      }
      case 'NamedExpression':
        return keysOf(value.children[2]!, frame);
      case 'VariableName':
        return variableKeys(value, frame);
      case 'CallExpression':
        return callKeys(value, frame);
      default:
        return unknown;
    }
  }

  function entryKeys(entry: readonly Node[], frame: Frame): Keys {
    const [first, second] = entry;
    if (first?.name === '**' && second !== undefined) return keysOf(second, frame);
    return keyOf(first);
  }

  function argumentKeys(given: readonly Argument[], frame: Frame): Keys {
    return joined(
      given.map(({ name, star, value }) => {
        if (name !== undefined) return { keys: [{ name, offset: value.from }], all: true };
        return star === '*' ? unknown : keysOf(value, frame);
      }),
    );
  }

  function callKeys(call: Node, frame: Frame): Keys {
    const callee = bare(call.children[0]!);
    if (callee.name === 'MemberExpression') {
      const [object, , property] = callee.children;
      return property?.text === 'copy' ? keysOf(object!, frame) : unknown;
    }
    if (callee.name !== 'VariableName' || frame.bindings.has(callee.text)) return unknown;
    const own = functions.get(callee.text);
    if (own !== undefined) return own.parent?.name === 'DecoratedStatement' ? unknown : returned(own);
    return callee.text === 'dict' ? argumentKeys(argumentsOf(call), frame) : unknown;
  }

  /** All that a variable may have been given by then, and all that is put in. */
  function variableKeys(variable: Node, frame: Frame): Keys {
    const name = variable.text;
    const bindings = frame.bindings.get(name);
    if (bindings === undefined || bindings.length > mostBindings) return unknown;
    const uses = occurrencesIn(frame.scope).get(name) ?? [];
    const isMuch = uses.length > mostUses;
    const { given, from, to } = isMuch ? { given: bindings, from: 0, to: Infinity } : reaching(variable, bindings);
    const id = `${from} ${to} ${name}`;
    const before = frame.known.get(id);
    if (before !== undefined) return before;
    frame.known.set(id, { keys: [], all: true });
    const removed = new Set<string>();
    const parts = given.map(({ value }) => (value === undefined ? unknown : keysOf(value, frame)));
    let isSure = given.length === 1 && !isMuch;
    for (const occurrence of uses) {
      const { node, nested } = occurrence;
      if (!nested && (node.from < from || node.from > to)) continue;
      const use = useOf(occurrence);
      if (use.does === 'sets') parts.push(use.key === undefined ? unknown : keyAt(use.key, use.at.from));
      else if (use.does === 'merges') parts.push(argumentKeys(use.given, frame));
      else if (use.does === 'removes' && use.key !== undefined) removed.add(use.key);
      else if (
        use.does === 'escapes' ||
        use.does === 'removes' ||
        (use.does === 'becomes' && nested) ||
        (use.does === 'copies' && use.into !== undefined && use.value === node && node !== variable)
      ) {
        parts.push(unknown);
        isSure = false;
      }
    }
    const { keys, all } = joined(parts);
    // What is taken out again somewhere may or may not be returned.
    const left = keys.filter((key) => !removed.has(key.name));
    const result = {
      keys: isSure ? left : left.map((key): Key => ({ ...key, maybe: true })),
      all: all && removed.size === 0,
    };
    frame.known.set(id, result);
    return result;
  }

  return returned;
}

function keyOf(node: Node | undefined): Keys {
  const key = literalOf(node);
  return node === undefined || key === undefined ? unknown : keyAt(key, node.from);
}

function keyAt(name: string, offset: number): Keys {
  return { keys: [{ name, offset }], all: true };
}

function joined(parts: readonly Keys[]): Keys {
  const keys = parts.flatMap((part) => part.keys);
  const isTooMuch = keys.length > mostKeys;
  return { keys: isTooMuch ? keys.slice(0, mostKeys) : keys, all: !isTooMuch && parts.every(({ all }) => all) };
}
