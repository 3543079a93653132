import { parametersOf } from './entry.ts';
import { assignmentOf } from './scope.ts';
import { argumentsOf, bare, type Fault, type Node, separated } from './tree.ts';

/** More than these would tell nothing new. */
const mostFaults = 20;

/** Around a node: which statements make sense there. */
interface Around {
  inside: 'script' | 'class' | 'function' | 'coroutine';
  inLoop: boolean;
}

/** What Python refuses and the parser, which is made for editors, lets through. */
export function laxFaults(root: Node, text: string): Fault[] {
  const faults: Fault[] = codingFault(text);
  const look = (node: Node, around: Around): void => {
    if (faults.length >= mostFaults) return;
    const message = messageFor(node, around);
    if (message !== undefined) faults.push({ offset: node.from, message });
    if (blocks.has(node.name)) faults.push(...indentFaults(node, text));
    for (const child of node.children) look(child, within(node, child, around));
  };
  look(root, { inside: 'script', inLoop: false });
  return faults.slice(0, mostFaults);
}

const blocks = new Set(['Script', 'Body', 'MatchBody']);

function within({ name, children }: Node, child: Node, around: Around): Around {
  if (name === 'FunctionDefinition' && child.name === 'Body') {
    return { inside: children[0]?.name === 'async' ? 'coroutine' : 'function', inLoop: false };
  }
  // A generator may wait for what whoever goes through it waits for.
  if (name === 'ComprehensionExpression') return { ...around, inside: 'coroutine' };
  if (name === 'LambdaExpression') return { inside: 'function', inLoop: false };
  if (name === 'ClassDefinition' && child.name === 'Body') return { inside: 'class', inLoop: false };
  const isLoop = name === 'ForStatement' || name === 'WhileStatement';
  // What stands behind `else` is not repeated.
  const isRepeated = isLoop && child.name === 'Body' && children.find((one) => one.name === 'Body') === child;
  return isRepeated ? { ...around, inLoop: true } : around;
}

function messageFor(node: Node, { inside, inLoop }: Around): string | undefined {
  const isFunction = inside === 'function' || inside === 'coroutine';
  switch (node.name) {
    case 'ReturnStatement':
    case 'YieldStatement':
    case 'YieldExpression':
      return isFunction
        ? undefined
        : `${node.name === 'ReturnStatement' ? 'return' : 'yield'} can stand only in a function`;
    case 'AwaitExpression':
      return inside === 'coroutine' ? undefined : 'await can stand only in an async function';
    case 'BreakStatement':
    case 'ContinueStatement':
      return inLoop ? undefined : `${node.text.trim()} can stand only in a loop`;
    case 'PrintStatement':
      return 'this is Python 2; in Python 3 print is a function';
    case 'CompareOp':
      return node.text === '<>' ? 'this is Python 2; in Python 3 it is !=' : undefined;
    case 'TryStatement':
      return tryMessage(node);
    case 'RaiseStatement':
      return has(node, ',') ? 'this is Python 2; in Python 3 it is raise Error(text)' : undefined;
    case 'IfStatement':
      return node.children.some(({ name }, i) => name === 'elif' && node.children[i + 1]?.name === 'Body')
        ? 'elif needs a condition'
        : undefined;
    case 'String':
    case 'FormatString':
      return isClosed(node.text) ? undefined : 'the text that begins here does not end';
    case 'Number':
      return numberMessage(node.text);
    case 'VariableName':
    case 'PropertyName':
      return nameMessage(node.text);
    case 'AssignStatement':
      return assignmentMessage(node);
    case 'UpdateStatement':
      return isTarget(node.children[0]!, false) ? undefined : 'nothing can be assigned here';
    case 'DeleteStatement':
      return separated(node.children.slice(1)).every(([one]) => isTarget(one!, true))
        ? undefined
        : 'this cannot be deleted';
    case 'ForStatement': {
      if (isLoneAsync(node, inside)) return 'async for can stand only in an async function';
      const names = node.children.slice(node.children.findIndex(({ name }) => name === 'for') + 1);
      const targets = separated(
        names.slice(
          0,
          names.findIndex(({ name }) => name === 'in'),
        ),
      );
      return targets.every((target) => isTarget(target.at(-1)!, true)) ? undefined : 'for needs a variable here';
    }
    case 'WithStatement':
      if (isLoneAsync(node, inside)) return 'async with can stand only in an async function';
      return node.children.every((one, i) => node.children[i - 1]?.name !== 'as' || isTarget(one, true))
        ? undefined
        : 'with needs a variable here';
    case 'FunctionDefinition':
    case 'LambdaExpression':
      return parameterMessage(node);
    case 'CallExpression':
      return callMessage(node);
    default:
      return undefined;
  }
}

function isLoneAsync({ children }: Node, inside: Around['inside']): boolean {
  return children[0]?.name === 'async' && inside !== 'coroutine';
}

function has({ children }: Node, name: string): boolean {
  return children.some((one) => one.name === name);
}

function tryMessage(node: Node): string | undefined {
  if (!has(node, 'except') && !has(node, 'finally')) return 'try needs an except or a finally';
  return has(node, ',') ? 'this is Python 2; in Python 3 it is except Error as name' : undefined;
}

function isClosed(text: string): boolean {
  const [, prefix = '', quote = ''] = /^([a-z]*)('''|"""|'|")/i.exec(text) ?? [];
  const rest = text.slice(prefix.length + quote.length);
  // A last quote behind an odd number of backslashes belongs to the text.
  const escaped = /(\\*)$/.exec(rest.slice(0, -quote.length))![1]!.length % 2 === 1;
  return quote !== '' && rest.endsWith(quote) && !escaped;
}

function numberMessage(text: string): string | undefined {
  if (/^0\d*[1-9]/.test(text) && /^[\d_]+$/.test(text)) return `${text} begins with a zero; an octal number is 0o...`;
  return /__|_$|_[.eEjJ]|[.eE]_/.test(text) ? `${text} is no number` : undefined;
}

function nameMessage(text: string): string | undefined {
  const bad = /^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(text) ? undefined : /[^\p{ID_Continue}]/u.exec(text)?.[0];
  if (bad === undefined) return undefined;
  if (/[\u2018\u2019\u201c\u201d]/.test(text)) return `${bad} is a typographic quote; Python knows only ' and "`;
  return `U+${bad.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')} cannot be in a name`;
}

function assignmentMessage(node: Node): string | undefined {
  const { targets } = assignmentOf(node);
  const isFine = targets.every((target) =>
    separated(target.filter(({ name }) => name !== 'TypeDef')).every((part) => isTarget(part.at(-1)!, true)),
  );
  return isFine ? undefined : 'nothing can be assigned here; to compare is ==';
}

const targetNames = new Set(['VariableName', 'MemberExpression']);

function isTarget(node: Node, many: boolean): boolean {
  const inner = bare(node);
  if (targetNames.has(inner.name)) return true;
  if (!many || (inner.name !== 'TupleExpression' && inner.name !== 'ArrayExpression')) return false;
  return separated(inner.children).every((part) => isTarget(part.at(-1)!, true));
}

function parameterMessage(node: Node): string | undefined {
  const parameters = parametersOf(node).filter(({ name }) => name !== '');
  const names = parameters.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) return `the parameter ${twice} is there twice`;
  const list = parametersOf(node);
  const signs = list.flatMap(({ star, name }, i) => (star === '*' ? [{ i, name }] : []));
  const [sign] = signs;
  if (signs.length > 1) return 'there can be only one * among parameters';
  if (sign?.name === '' && list[sign.i + 1]?.star !== undefined) return 'a parameter has to stand behind *';
  if (sign?.name === '' && list.length === sign.i + 1) return 'a parameter has to stand behind *';
  const star = list.findIndex(({ star: sign }) => sign !== undefined);
  const positional = star === -1 ? list : list.slice(0, star);
  const optional = positional.findIndex(({ hasDefault }) => hasDefault);
  const isBad = optional !== -1 && positional.slice(optional).some(({ hasDefault }) => !hasDefault);
  return isBad ? 'a parameter without a default stands behind one that has a default' : undefined;
}

function callMessage(node: Node): string | undefined {
  const given = argumentsOf(node);
  const named = given.findIndex(({ name, star }) => name !== undefined || star === '**');
  if (named === -1) return undefined;
  const isBad = given.slice(named).some(({ name, star }) => name === undefined && star === undefined);
  if (isBad) return 'an argument without a name stands behind one that has a name';
  const names = given.flatMap(({ name }) => name ?? []);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  return twice === undefined ? undefined : `the argument ${twice} is given twice`;
}

/** Statements of one block begin alike; the parser takes any that are deep enough. */
function indentFaults({ name, parent, children }: Node, text: string): Fault[] {
  const outer = name === 'Script' ? undefined : indentOf(parent!, text);
  let first = name === 'Script' ? '' : undefined;
  for (const child of children) {
    const indent = isPunctuation.has(child.name) ? undefined : indentOf(child, text);
    if (indent === undefined) continue;
    first ??= indent;
    const message =
      indent !== first
        ? `this line is indented by other spaces or tabs than the block that it belongs to`
        : outer !== undefined && !(indent.startsWith(outer) && indent.length > outer.length)
          ? 'this block is not indented like what it stands in: tabs and spaces are mixed'
          : undefined;
    if (message !== undefined) return [{ offset: child.from, message }];
  }
  return [];
}

const isPunctuation = new Set([':', ';']);

/** What stands before a node on its line, where that is nothing but space; a line that goes on is none. */
function indentOf({ from }: Node, text: string): string | undefined {
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const before = text.slice(start, from);
  if (text.slice(0, start).endsWith('\\\n')) return undefined;
  return /^[ \t\f]*$/.test(before) ? before.replace(/^.*\f/, '') : undefined;
}

/** A file may say what it is encoded in, and Python would believe it. */
function codingFault(text: string): Fault[] {
  const found = /^(?:[^\n]*\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*([-\w.]+)/.exec(text);
  if (found === null || /^(utf-?8|utf8-?sig|utf-8-sig|ascii|us-ascii)$/i.test(found[1]!.replaceAll('_', '-')))
    return [];
  return [
    { offset: found.index, message: `the script says that it is encoded as ${found[1]}, and it has to be UTF-8` },
  ];
}
