import type { ObjectType, Summary } from '../../model/contracts.ts';
import type { Reader } from '../../model/http.ts';
import { listed } from '../listed.ts';

const listPath = '/api/v2/knowledge/knowledgebases';

/** Knowledge bases are looked up by name and never written. */
export const knowledgeBase: ObjectType = {
  type: 'knowledge-base',
  surface: 'platform',
  label: 'knowledge base',
  managed: false,
  sensitive: [],
  required: [],
  immutable: {},
  refersTo: [],
  async list(reader: Reader): Promise<Summary[]> {
    // The official clients name no largest page; 100 is what they ask for.
    const found = await reader.list({ path: listPath, cursor: true, query: { pageSize: 100 } });
    return listed(found, listPath).map(({ id, name }) => ({ id, key: name, name, attributes: {} }));
  },
  read: () => Promise.resolve(undefined),
  fingerprintOf: () => undefined,
  normalise: (live) => live,
  write: () => Promise.reject(new Error('knowledge bases are looked up, never written')),
  settle: () => Promise.resolve({ outcome: 'unknown' }),
};
