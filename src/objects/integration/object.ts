import type { ObjectType, Summary } from '../../model/contracts.ts';
import type { Reader } from '../../model/http.ts';
import type { JsonObject } from '../../model/json.ts';

const listPath = '/api/v2/integrations';

/** Integrations are looked up by name and never written; a later issue may make them an object of their own. */
export const integration: ObjectType = {
  type: 'integration',
  surface: 'platform',
  label: 'integration',
  managed: false,
  sensitive: [],
  required: [],
  immutable: {},
  refersTo: [],
  async list(reader: Reader): Promise<Summary[]> {
    return (await reader.list({ path: listPath })).map((item) => ({
      id: String(item['id']),
      key: String(item['name']),
      name: String(item['name']),
      attributes: { integrationType: String((item['integrationType'] as JsonObject | undefined)?.['id'] ?? '') },
    }));
  },
  read: () => Promise.resolve(undefined),
  fingerprintOf: () => undefined,
  normalise: (live) => live,
  write: () => Promise.reject(new Error('integrations are looked up, never written')),
  settle: () => Promise.resolve({ outcome: 'unknown' }),
};
