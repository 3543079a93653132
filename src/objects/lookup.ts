import type { Index, IndexEntry } from '../model/contracts.ts';
import type { Pointer } from '../model/pointer.ts';
import type { Problem, ProblemCode } from '../model/problem.ts';
import { didYouMean } from '../model/suggest.ts';

/** How a document names another object: by its name, or (in environments only) by its id. */
export type Reference = string | { id: string };

export interface LookUp {
  type: string;
  /** What people call it: `knowledge base`. */
  label: string;
  /** The resource that names it, and where. */
  resource: string;
  pointer: Pointer;
  notFound: ProblemCode;
  /** What to do where it is not there. */
  advice: string;
  /** Which objects of the type may be meant. */
  among?: (entry: IndexEntry) => boolean;
}

/**
 * The object that a document names, live or about to be created; or why there is none. Of several of one name it is the one
 * that this repository manages: what somebody else makes under that name takes nothing from it.
 */
export function lookUp(
  wanted: Reference,
  index: Index,
  { type, label, resource, pointer, notFound, advice, among = () => true }: LookUp,
): { entry: IndexEntry } | { problem: Problem } {
  const all = index.all(type).filter(among);
  const found = all.filter(({ name, id }) => (typeof wanted === 'string' ? name === wanted : id === wanted.id));
  const owned = found.filter(({ owner }) => owner !== undefined);
  const meant = owned.length === 1 ? owned : found;
  if (meant.length === 1) return { entry: meant[0]! };
  const problem = (code: ProblemCode, message: string) => ({ problem: { code, message, resource, pointer } });
  if (found.length > 1) {
    const how = `say which by its id in the environment (patch ${pointer} to {id: ...})`;
    const ids = found.map((entry) => entry.id ?? 'one that is yet to be made').join(', ');
    return problem('ambiguous-identity', `${found.length} ${label}s are called "${wanted}" (${ids}); ${how}`);
  }
  const named = typeof wanted === 'string' ? `"${wanted}"` : `with the id ${wanted.id}`;
  const handled = all.find(({ owner }) => typeof wanted === 'string' && owner?.split('/')[1] === wanted);
  if (handled !== undefined) {
    const { owner, name } = handled;
    return problem(notFound, `no ${label} ${named} is there; that is the handle of ${owner}; give its name, "${name}"`);
  }
  const names = new Set(all.map(({ name }) => name));
  const hint = typeof wanted === 'string' ? didYouMean(wanted, names) : '';
  return problem(notFound, `no ${label} ${named} is there${hint}; ${advice}`);
}
