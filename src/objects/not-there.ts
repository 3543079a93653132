import type { Pointer } from '../model/pointer.ts';
import type { Problem } from '../model/problem.ts';

/** What a document names by an id, and is not in the organisation. `where`: where a person finds ids of this sort. */
export function notThere(
  { label, id, where }: { label: string; id: string; where: string },
  { by, at }: { by: string; at: Pointer },
): Problem {
  const message = `no ${label} with the id ${id} is there; look its id up in ${where}, and whether this is the right organisation: ids differ from one to the other`;
  return { code: 'reference-not-found', message, resource: by, pointer: at };
}
