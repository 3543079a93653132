import { getAt, type Pointer } from '../../../model/pointer.ts';
import type { Problem } from '../../../model/problem.ts';
import { type Resource, resourceId } from '../../../model/resource.ts';

const annotation = 'genesys-gitops/ignore-fields';

/**
 * Ignored places at which somebody could change what rules judge: a live value there is neither judged nor set back. Places
 * that the document does not declare are not managed anyway.
 */
export function ignoredAmong(judged: readonly Pointer[], resource: Resource): Problem[] {
  const lines = resource.annotations[annotation]?.split('\n') ?? [];
  return lines.flatMap((place, i): Problem[] => {
    const at = judged.find((one) => overlap(place, one) && getAt(resource.spec, one) !== undefined);
    if (at === undefined) return [];
    const message = `${place} is ignored, and ${at} is what a rule of brand or accessibility judges: whatever is live there would be left as it is, unjudged; take it out of the list, or name narrower places`;
    const pointer = `/metadata/annotations/${annotation.replace('/', '~1')}/${i}`;
    return [{ code: 'ignored-field-judged', message, resource: resourceId(resource), pointer }];
  });
}

function overlap(a: Pointer, b: Pointer): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}
