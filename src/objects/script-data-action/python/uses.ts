import { assignmentOf, type Occurrence } from './scope.ts';
import { type Argument, argumentsOf, bare, literalOf, type Node } from './tree.ts';

/** What is done with a variable that holds a dictionary, at one place. `key` is absent where it is no plain text. */
export type Use =
  | { does: 'reads' | 'sets' | 'removes'; key?: string; at: Node }
  /** `update`, `|=`: what is put in. */
  | { does: 'merges'; given: readonly Argument[] }
  /** A whole copy of it, or itself under another name; `value` is the expression that stands for it. */
  | { does: 'copies'; value: Node; into?: string }
  /** The variable is given something else. */
  | { does: 'becomes' }
  /** Its existence is asked for, its length or its text, or whether `key` is there. */
  | { does: 'looks'; key?: string }
  | { does: 'returns' }
  /** Anything else: from there on nobody knows. */
  | { does: 'escapes' };

const looking = new Set(['isinstance', 'len', 'bool', 'type', 'print', 'repr', 'str', 'id']);
const reading = new Set(['keys', 'items', 'values']);

/** What an occurrence of a variable's name does with the dictionary in it. */
export function useOf({ node, nested }: Occurrence): Use {
  const whole = climbed(node);
  const parent = whole.parent!;
  switch (parent.name) {
    case 'MemberExpression':
      return parent.children[0] === whole ? memberUse(parent) : { does: 'escapes' };
    case 'AssignStatement':
      return assigned(parent, whole);
    case 'UpdateStatement': {
      const [target, operator, value] = parent.children;
      if (target !== whole || value === undefined) return { does: 'escapes' };
      return operator?.text === '|=' ? { does: 'merges', given: [{ value }] } : { does: 'escapes' };
    }
    case 'BinaryExpression':
      return compared(parent, whole);
    case 'ArgList':
      return passed(parent, whole);
    case 'ReturnStatement':
      return parent.children.length === 2 && !nested ? { does: 'returns' } : { does: 'escapes' };
    case 'UnaryExpression':
      return parent.children[0]?.name === 'not' ? { does: 'looks' } : { does: 'escapes' };
    case 'IfStatement':
    case 'WhileStatement':
    case 'AssertStatement':
    case 'DeleteStatement':
      return { does: 'looks' };
    case 'ConditionalExpression':
      return parent.children[2] === whole ? { does: 'looks' } : { does: 'escapes' };
    default:
      return { does: 'escapes' };
  }
}

/** The largest expression that stands for the same dictionary: in parentheses, or with `or {}` behind it. */
function climbed(node: Node): Node {
  let at = node;
  for (;;) {
    const parent = at.parent!;
    const isGrouped = parent.name === 'ParenthesizedExpression';
    const [left, operator, right] = parent.children;
    const isOrEmpty = operator?.name === 'or' && left === at && right?.name === 'DictionaryExpression';
    if (!isGrouped && !(isOrEmpty && right.children.length === 2)) return at;
    at = parent;
  }
}

function memberUse(member: Node): Use {
  const [, sign, property] = member.children;
  if (sign?.name === '[') {
    const key = member.children.length === 4 ? literalOf(property) : undefined;
    return { does: subscripted(member), ...(key === undefined ? {} : { key }), at: member };
  }
  const call = member.parent!;
  if (call.name !== 'CallExpression' || call.children[0] !== member) return { does: 'escapes' };
  const given = argumentsOf(call);
  const method = property?.text ?? '';
  if (method === 'get' || method === 'setdefault' || method === 'pop') {
    const key = given[0]?.star === undefined ? literalOf(given[0]?.value) : undefined;
    const does = method === 'get' ? 'reads' : method === 'pop' ? 'removes' : 'sets';
    return { does, ...(key === undefined ? {} : { key }), at: member };
  }
  if (method === 'update') return { does: 'merges', given };
  if (method === 'copy') return copied(call);
  return reading.has(method) ? { does: 'reads', at: member } : { does: 'escapes' };
}

function subscripted(member: Node): 'reads' | 'sets' | 'removes' {
  const { name, children } = member.parent!;
  if (name === 'DeleteStatement') return 'removes';
  if (name === 'UpdateStatement') return children[0] === member ? 'sets' : 'reads';
  if (name !== 'AssignStatement') return 'reads';
  return assignmentOf(member.parent!).targets.some((target) => target.includes(member)) ? 'sets' : 'reads';
}

function assigned(statement: Node, whole: Node): Use {
  const { targets, value } = assignmentOf(statement);
  if (targets.some((target) => target.includes(whole))) return { does: 'becomes' };
  return value === whole ? copied(whole) : { does: 'escapes' };
}

/** Whatever stands for the dictionary, given to a name of its own or to somebody unknown. */
function copied(value: Node): Use {
  const parent = value.parent!;
  if (parent.name !== 'AssignStatement') return { does: 'copies', value };
  const { targets } = assignmentOf(parent);
  const [target] = targets.flat().filter(({ name }) => name !== 'TypeDef');
  const isOne = targets.length === 1 && target?.name === 'VariableName';
  return isOne ? { does: 'copies', value, into: target.text } : { does: 'escapes' };
}

function compared(expression: Node, whole: Node): Use {
  const [left, operator] = expression.children;
  if (expression.children.some(({ name }) => name === 'in')) {
    if (left === whole) return { does: 'escapes' };
    const key = literalOf(left);
    return { does: 'looks', ...(key === undefined ? {} : { key }) };
  }
  if (operator?.name === 'and' || operator?.name === 'or')
    return { does: isCondition(expression) ? 'looks' : 'escapes' };
  return operator?.name === 'is' || operator?.name === 'CompareOp' ? { does: 'looks' } : { does: 'escapes' };
}

/** Whether only the truth of an expression matters. The parser takes `not a or b` for `not (a or b)`. */
function isCondition(expression: Node): boolean {
  let at = expression;
  for (;;) {
    const { name, children } = at.parent!;
    if (name === 'IfStatement' || name === 'WhileStatement' || name === 'AssertStatement') return true;
    if (name === 'UnaryExpression') return children[0]?.name === 'not';
    if (name === 'ConditionalExpression') return children[2] === at;
    if (name !== 'ParenthesizedExpression' && name !== 'BinaryExpression') return false;
    at = at.parent!;
  }
}

function passed(list: Node, whole: Node): Use {
  const call = list.parent!;
  const callee = bare(call.children[0]!);
  const isPlain = argumentsOf(call).some(({ value, star }) => value === whole && star === undefined);
  if (!isPlain || callee.name !== 'VariableName') return { does: 'escapes' };
  if (looking.has(callee.text)) return { does: 'looks' };
  return callee.text === 'dict' ? copied(call) : { does: 'escapes' };
}
