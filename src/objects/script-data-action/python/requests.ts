import type { Imported } from './imports.ts';
import { assignmentOf } from './scope.ts';
import { argumentsOf, bare, type Fault, type Node, separated } from './tree.ts';

const verbs = new Set(['get', 'options', 'head', 'post', 'put', 'patch', 'delete', 'request']);
const makers = new Set(['Session', 'session']);

/** A request that a script makes: how long it waits at most, in seconds. */
export interface Request {
  /** `requests.get`, as it is written. */
  called: string;
  offset: number;
  /** Absent: it may wait for ever. */
  seconds?: number;
}

/** Every call of `requests` whose limit can be told. One that is given as a variable of unknown value is not among them. */
export function requestsOf(nodes: readonly Node[], imported: readonly Imported[]): Request[] {
  const ours = imported.filter(({ module }) => module === 'requests');
  const modules = new Set(ours.filter(({ member }) => member === undefined).map((one) => one.as));
  const functions = new Map(ours.flatMap(({ member, as }) => (member === undefined ? [] : [[as, member] as const])));
  const isMaker = (node: Node | undefined): boolean => {
    if (node?.name !== 'CallExpression') return false;
    const callee = node.children[0]!;
    if (callee.name === 'VariableName') return makers.has(functions.get(callee.text) ?? '');
    const [object, , property] = callee.children;
    return modules.has(object?.text ?? '') && makers.has(property?.text ?? '');
  };
  const sessions = new Set(nodes.flatMap((node) => sessionNames(node, isMaker)));
  const numbers = constantsOf(nodes);
  return nodes.flatMap((node): Request[] => {
    if (node.name !== 'CallExpression') return [];
    const callee = node.children[0]!;
    const [object, sign, property] = callee.children;
    const isMethod = callee.name === 'MemberExpression' && sign?.name === '.' && verbs.has(property?.text ?? '');
    const isOurs = isMethod
      ? modules.has(object!.text) || sessions.has(object!.text) || isMaker(object)
      : callee.name === 'VariableName' && verbs.has(functions.get(callee.text) ?? '');
    const limit = isOurs ? limitOf(node, numbers) : 'unknown';
    if (limit === 'unknown') return [];
    return [{ called: callee.text, offset: node.from, ...(limit === 'none' ? {} : { seconds: limit }) }];
  });
}

/** `s = requests.Session()`, `with requests.Session() as s`. */
function sessionNames(node: Node, isMaker: (node: Node | undefined) => boolean): string[] {
  if (node.name === 'WithStatement') {
    return node.children.flatMap((one, i) =>
      isMaker(one) && node.children[i + 1]?.name === 'as' ? [node.children[i + 2]!.text] : [],
    );
  }
  if (node.name !== 'AssignStatement') return [];
  const { targets, value } = assignmentOf(node);
  return isMaker(value) ? targets.flatMap(([target]) => (target === undefined ? [] : [target.text])) : [];
}

/** Names that are given one number, once. */
function constantsOf(nodes: readonly Node[]): Map<string, number> {
  const given = new Map<string, (number | undefined)[]>();
  for (const node of nodes) {
    if (node.name !== 'AssignStatement') continue;
    const { targets, value } = assignmentOf(node);
    for (const [target] of targets) {
      if (target?.name !== 'VariableName') continue;
      const number = value === undefined ? undefined : numberOf(value);
      const before = given.get(target.text);
      if (before === undefined) given.set(target.text, [number]);
      else before.push(number);
    }
  }
  return new Map(
    [...given].flatMap(([name, [one, more]]) => (one !== undefined && more === undefined ? [[name, one]] : [])),
  );
}

function numberOf(node: Node): number | undefined {
  const { name, text } = bare(node);
  const number = name === 'Number' ? Number(text.replaceAll('_', '')) : Number.NaN;
  return Number.isNaN(number) ? undefined : number;
}

function limitOf(call: Node, numbers: ReadonlyMap<string, number>): number | 'none' | 'unknown' {
  const given = argumentsOf(call);
  const timeout = given.find(({ name }) => name === 'timeout');
  if (timeout === undefined) return given.some(({ star }) => star !== undefined) ? 'unknown' : 'none';
  const value = bare(timeout.value);
  if (value.name === 'None') return 'none';
  // A pair is the limit of connecting, and of each wait for the answer.
  const parts = value.name === 'TupleExpression' ? separated(value.children).map(([part]) => part!) : [value];
  const limits = parts.map((part) =>
    bare(part).name === 'None' ? 'none' : (numberOf(part) ?? numbers.get(part.text)),
  );
  if (limits.includes('none')) return 'none';
  const known = limits.filter((one) => typeof one === 'number');
  return known.length < limits.length ? 'unknown' : Math.max(...known);
}

/** What is to be said of them, where an action may take so many seconds. */
export function slowRequests(requests: readonly Request[], limit: number): Fault[] {
  return requests.flatMap(({ called, offset, seconds }): Fault[] => {
    const name = called.length > 60 ? 'this call' : called;
    const why = `a data action is given up after ${limit} seconds, and its flow learns nothing`;
    if (seconds === undefined) return [{ offset, message: `${name} waits without a limit; give it timeout=: ${why}` }];
    return seconds < limit ? [] : [{ offset, message: `${name} waits for up to ${seconds} seconds: ${why}` }];
  });
}
