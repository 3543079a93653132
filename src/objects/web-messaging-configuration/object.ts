import type { Consumers, ObjectType } from '../../model/contracts.ts';
import { asFailure } from '../../model/failure.ts';
import type { Reader } from '../../model/http.ts';
import { isObject } from '../../model/json.ts';
import { listed } from '../listed.ts';
import { settleByKey } from '../settle-by-key.ts';
import { renders } from './content.ts';
import { normalise, readLive } from './live.ts';
import { paths } from './paths.ts';
import { differences } from './references.ts';
import { list } from './summaries.ts';
import { write } from './write.ts';

/** `/api/v2/webdeployments/configurations`, drafts and versions (facts: README of this folder). Live is the newest published version. */
export const webMessagingConfiguration: ObjectType = {
  type: 'web-messaging-configuration',
  surface: 'platform',
  label: 'web messaging configuration',
  managed: true,
  sensitive: [],
  required: ['/name'],
  immutable: {},
  refersTo: [],
  mayReferTo: ['knowledge-base', 'integration'],
  movesOnWrite: ['version'],
  list,
  read: readLive,
  fingerprintOf: ({ stamp }) => (typeof stamp === 'string' ? stamp : undefined),
  versionOf: ({ version }) => (typeof version === 'string' ? version : undefined),
  normalise,
  differences,
  renders,
  write,
  settle: settleByKey(list, {
    steps: ['publish', 'delete'],
    read: readLive,
    // Its stamp moves with the draft.
    now: ({ version }) => (typeof version === 'string' ? version : undefined),
    then: ({ before }) => before ?? undefined,
  }),
  // A publish may be told as an update (UNCONFIRMED).
  audited: {
    create: ['Configuration:Create'],
    'put-draft': ['ConfigurationVersion:Update'],
    publish: ['ConfigurationVersion:Publish', 'ConfigurationVersion:Update'],
    delete: ['Configuration:Delete'],
  },
  consumers,
};

/** Deployments that serve one of its versions, whoever made them. */
async function consumers(reader: Reader, { id }: { id: string }): Promise<Consumers> {
  try {
    const deployments = listed(await reader.list({ path: paths.deployments, cursor: true }), paths.deployments);
    const users = deployments
      .filter(({ configuration }) => isObject(configuration) && configuration['id'] === id)
      .map((one) => ({ type: 'web-messaging-deployment', id: one.id, name: one.name }));
    return { users };
  } catch (error) {
    const { class: next, message } = asFailure(error);
    if (next === 'TryLater' || next === 'TargetStalled') throw error;
    return { users: [], uncertain: message };
  }
}
