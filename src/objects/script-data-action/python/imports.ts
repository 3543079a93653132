import { didYouMean } from '../../../model/suggest.ts';
import { notInAll, standardLibrary } from './standard-library.ts';
import { type Fault, type Node, separated } from './tree.ts';

/** One name that an import brings: `requests` as `r`, or `get` of `requests`. */
export interface Imported {
  module: string;
  /** What of the module; absent where it is the module itself. */
  member?: string;
  as: string;
  offset: number;
  /** True where the script goes on without it, or never asks for it when it runs. */
  guarded?: true;
}

/** All imports of a script, wherever they stand, and which of them lead nowhere when it runs. */
export function importsOf(nodes: readonly Node[]): { imported: Imported[]; faults: Fault[]; doubts: Fault[] } {
  const imported: Imported[] = [];
  const faults: Fault[] = [];
  const statements = nodes.filter(({ name }) => name === 'ImportStatement');
  for (const statement of statements) {
    if (isRelative(statement)) {
      const message = 'a script is one file, so there is nothing that a relative import could find';
      faults.push({ offset: statement.from, message });
    } else {
      const guarded = isGuarded(statement) ? { guarded: true as const } : {};
      imported.push(...namesOf(statement).map((one) => ({ ...one, ...guarded })));
    }
  }
  const modules = new Map(imported.map((one) => [`${one.module} ${one.offset}`, one]));
  const doubts: Fault[] = [];
  for (const { module, offset, guarded } of modules.values()) {
    if (module === 'requests' || standardLibrary.has(module)) continue;
    const known = notInAll[module];
    if (known === undefined) (guarded ? doubts : faults).push({ offset, message: missing(module) });
    else doubts.push({ offset, message: `the module ${module} ${known}; which Python runs the script is not known` });
  }
  return { imported, faults, doubts };
}

/** What `requests` asks for by itself: it is there today, and nobody says that it stays. */
const ofRequests = new Set(['urllib3', 'certifi', 'idna', 'charset_normalizer', 'chardet']);

function missing(module: string): string {
  if (ofRequests.has(module)) {
    return `${module} is a part of how requests is made, and no script may count on it: the standard library and requests is all there is`;
  }
  const near = standardLibrary.has(module.toLowerCase()) ? [module.toLowerCase()] : ['requests'];
  return `there is no module ${module} where scripts run${didYouMean(module, near)}: the standard library and requests is all there is`;
}

/** Under `try` with an `except` for what is not there, or under `if TYPE_CHECKING`, which is never so when a script runs. */
function isGuarded(statement: Node): boolean {
  for (let at: Node = statement; at.parent !== undefined; at = at.parent) {
    const { name, children } = at.parent;
    if (name === 'FunctionDefinition' || name === 'ClassDefinition') continue;
    if (name === 'IfStatement' && children[2] === at && /(^|\.)TYPE_CHECKING$/.test(children[1]?.text ?? ''))
      return true;
    if (name !== 'TryStatement') continue;
    const caught = children.map((one, i) => (children[i - 1]?.name === 'except' ? one : undefined));
    const isCaught = (one: Node | undefined): boolean =>
      one !== undefined &&
      (one.name === 'Body' || /\b(ImportError|ModuleNotFoundError|(Base)?Exception)\b/.test(one.text));
    if (caught.some(isCaught)) return true;
  }
  return false;
}

function isRelative({ children }: Node): boolean {
  return children[0]?.name === 'from' && ['.', 'Ellipsis'].includes(children[1]?.name ?? '');
}

function namesOf({ children }: Node): Imported[] {
  const at = children.findIndex(({ name }) => name === 'import');
  const brought = separated(children.slice(at + 1));
  if (children[0]?.name === 'from') {
    const { text: module, from: offset } = children[1]!;
    return brought.map((group) => ({ module, member: group[0]!.text, as: group.at(-1)!.text, offset }));
  }
  return brought.map((group) => {
    const [first, second] = group as [Node, Node?];
    const isRenamed = group.some(({ name }) => name === 'as');
    // `import a.b` binds a; `import a.b as c` binds what is at the end.
    const member = isRenamed && second?.name === '.' ? { member: group[2]!.text } : {};
    return { module: first.text, ...member, as: isRenamed ? group.at(-1)!.text : first.text, offset: first.from };
  });
}
