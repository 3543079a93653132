import type { Intent, ObjectType, Settlement } from '../../model/contracts.ts';
import type { Reader } from '../../model/http.ts';
import { isObject } from '../../model/json.ts';
import { differences, renders } from './compare.ts';
import { inForce } from './in-force.ts';
import { list, normalise, readLive } from './live.ts';
import { review } from './review.ts';
import { write } from './write.ts';

/** `/api/v2/webdeployments/deployments` (facts: README of this folder). */
export const webMessagingDeployment: ObjectType = {
  type: 'web-messaging-deployment',
  surface: 'platform',
  label: 'web messaging deployment',
  managed: true,
  sensitive: [],
  required: ['/name', '/configuration'],
  immutable: {},
  refersTo: ['web-messaging-configuration'],
  mayReferTo: ['flow', 'supported-content'],
  list,
  read: readLive,
  // A deployment becomes active without another date.
  refreshed: (live, { attributes: { status = null } }) => ({ ...live, status }),
  fingerprintOf: ({ stamp }) => (typeof stamp === 'string' ? stamp : undefined),
  // A deployment has no version of its own; people know it by the one that it serves.
  versionOf: ({ configuration }) => {
    const version = isObject(configuration) ? configuration['version'] : undefined;
    return typeof version === 'string' ? version : undefined;
  },
  normalise,
  differences,
  renders,
  review,
  write,
  inForce,
  settle,
};

/** Only a create needs looking up: every other write is settled by the next comparison with live state. */
async function settle(reader: Reader, { action, object }: Intent): Promise<Settlement> {
  if (action !== 'create') return { outcome: 'applied' };
  const found = (await list(reader)).filter(({ key }) => key === object.key);
  // Of two by that name nobody can tell which is ours; to make a third would be worse.
  if (found.length > 1) return { outcome: 'unknown' };
  return found.length === 1 ? { outcome: 'applied', id: found[0]!.id } : { outcome: 'not-applied' };
}
