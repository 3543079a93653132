import type { PolicyConfig } from '../model/daemon-config.ts';
import { formatPointer } from '../model/pointer.ts';
import type { Problem } from '../model/problem.ts';
import { type Resource, resourceId } from '../model/resource.ts';
import { ignoredBy } from './ignore.ts';
import { driftDefaults } from './policy-drift.ts';

const annotation = 'genesys-gitops/drift';

/** What documents leave alone that the target would set right: drift, and fields that they ignore. Told with every plan. */
export function leftAlone(resources: readonly Resource[], policy: PolicyConfig): Problem[] {
  const heals = (policy.drift ?? driftDefaults.drift) === 'heal';
  const told = (resource: Resource, name: string, message: string): Problem => ({
    code: 'drift-left-alone',
    message,
    resource: resourceId(resource),
    pointer: formatPointer(['metadata', 'annotations', name]),
  });
  const ignored = ignoredBy(resources);
  return resources.flatMap((resource): Problem[] => {
    const how = resource.annotations[annotation];
    const places = ignored.get(resourceId(resource));
    const kept = heals && (how === 'report' || how === 'pause');
    return [
      ...(kept
        ? [told(resource, annotation, `the target heals drift, and this document leaves its own alone (${how})`)]
        : []),
      ...(places === undefined
        ? []
        : [told(resource, 'genesys-gitops/ignore-fields', `left as it is live: ${places.join(', ')}`)]),
    ];
  });
}
