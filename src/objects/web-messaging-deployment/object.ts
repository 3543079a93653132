import type { ObjectType } from '../../model/contracts.ts';
import { isObject } from '../../model/json.ts';
import { settleByKey } from '../settle-by-key.ts';
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
  settle: settleByKey(list, {
    steps: ['put', 'put-off', 'delete'],
    read: readLive,
    now: ({ stamp }) => (typeof stamp === 'string' ? stamp : undefined),
    then: ({ base }) => base,
  }),
  audited: {
    create: ['Deployment:Create'],
    put: ['Deployment:Update'],
    'put-off': ['Deployment:Update'],
    delete: ['Deployment:Delete'],
  },
};
