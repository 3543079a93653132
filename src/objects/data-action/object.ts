import type { ObjectType, Summary } from '../../model/contracts.ts';
import type { Reader } from '../../model/http.ts';
import { isObject } from '../../model/json.ts';
import { keyOf } from '../../model/key.ts';
import { settleByKey } from '../settle-by-key.ts';
import { consumers } from './consumers.ts';
import { normalise, read, renders, versionOf } from './live.ts';
import { paths } from './paths.ts';
import { write } from './write.ts';

/** `/api/v2/integrations/actions`, drafts and all: https://developer.genesys.cloud (facts: README of this folder). */
export const dataAction: ObjectType = {
  type: 'data-action',
  surface: 'platform',
  label: 'data action',
  managed: true,
  sensitive: ['/config/request/headers/*'],
  required: ['/name', '/integrationId', '/config', '/contract'],
  immutable: {
    '/integrationId':
      'a data action cannot move to another integration; give the new one another handle, and remove this document when nothing uses it',
  },
  refersTo: ['integration'],
  list,
  read,
  fingerprintOf: versionOf,
  normalise,
  renders,
  write,
  settle: settleByKey(list, {
    steps: ['patch', 'publish-draft', 'delete'],
    read,
    now: versionOf,
    then: ({ base }) => base,
  }),
  // A publish may be told as an update (UNCONFIRMED).
  audited: {
    create: ['Action:Create'],
    patch: ['Action:Update'],
    delete: ['Action:Delete'],
    'create-draft': ['ActionDraft:Create'],
    'patch-draft': ['ActionDraft:Update'],
    'delete-draft': ['ActionDraft:Delete'],
    'publish-draft': ['Action:Publish', 'Action:Update'],
  },
  // Architect flows name an action by its category and its name (facts: README of this folder).
  referredBy: ['/name', '/category'],
  consumers,
};

async function list(reader: Reader): Promise<Summary[]> {
  const [actions, integrations] = await Promise.all([
    reader.list({ path: paths.actions }),
    reader.list({ path: '/api/v2/integrations' }),
  ]);
  const byId = new Map(integrations.map((item) => [String(item['id']), item]));
  const label = integrationLabels(integrations.map((item) => ({ id: String(item['id']), name: String(item['name']) })));
  return actions.map((action) => {
    const integrationId = String(action['integrationId'] ?? '');
    const type = byId.get(integrationId)?.['integrationType'];
    const id = String(action['id']);
    return {
      id,
      key: keyOf(label(integrationId), String(action['name'])),
      name: String(action['name']),
      ...(action['version'] === undefined ? {} : { fingerprint: String(action['version']) }),
      attributes: {
        integrationId,
        integration: label(integrationId),
        integrationType: String(isObject(type) ? type['id'] : ''),
        category: String(action['category'] ?? ''),
      },
      // Built-in actions: "cannot be changed or deleted" (Terraform provider, docs of integration_action).
      ...(id.startsWith('static')
        ? { readOnly: 'it is one of the actions that Genesys ships with the integration' }
        : {}),
    };
  });
}

/** An integration is called by its name; where two have the same, by its id, since a key must mean one thing. */
export function integrationLabels(integrations: readonly { id: string; name: string }[]): (id: string) => string {
  const count = new Map<string, number>();
  for (const { name } of integrations) count.set(name, (count.get(name) ?? 0) + 1);
  const labels = new Map(integrations.map(({ id, name }) => [id, count.get(name) === 1 ? name : id]));
  return (id) => labels.get(id) ?? id;
}
