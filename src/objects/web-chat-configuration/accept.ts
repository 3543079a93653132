import type { Acceptance, Drifted } from '../../model/contracts.ts';
import { getAt } from '../../model/pointer.ts';
import type { Resource } from '../../model/resource.ts';
import { places } from './body.ts';
import { ownOf, replicatedOf } from './organizations.ts';

/**
 * What moved in the source, as the document says it. The other organisations have the same document: to accept what is live
 * in one of them would change them all, and the source's next run would undo it there.
 */
export function accept({ spec }: Resource, { live, summary, fields }: Drifted): Acceptance[] {
  const id = summary?.id ?? live['id'];
  const source = ownOf(spec)[0]?.id;
  if (id !== source) {
    const lists = [...ownOf(spec), ...replicatedOf(spec)];
    const at = lists.find((one) => one.id === id)?.at ?? '/organizations';
    const why = `organisation "${String(id)}" has the same document as "${String(source)}", which is the source; give it a document of its own, or let it be overwritten`;
    return [{ pointer: `/spec${at}`, why }];
  }
  return fields.flatMap(({ path }): Acceptance[] => {
    const place = places.find((one) => one.path === path);
    if (place === undefined) return [];
    const pointer = `/spec${place.at}`;
    const now = getAt(live, path);
    const value = now === undefined || now === null ? undefined : place.toSpec === undefined ? now : place.toSpec(now);
    if (value !== undefined) return [{ pointer, value }];
    return [{ pointer, why: `what is live there (${JSON.stringify(now ?? null)}) is nothing that a document can say` }];
  });
}
