import type { ObjectType, Summary } from '../../model/contracts.ts';
import type { Reader } from '../../model/http.ts';
import { listed } from '../listed.ts';

const listPath = '/api/v2/conversations/messaging/supportedcontent';

/** Supported content profiles are looked up by name and never written. */
export const supportedContent: ObjectType = {
  type: 'supported-content',
  surface: 'platform',
  label: 'supported content profile',
  managed: false,
  sensitive: [],
  required: [],
  immutable: {},
  refersTo: [],
  async list(reader: Reader): Promise<Summary[]> {
    const found = listed(await reader.list({ path: listPath }), listPath);
    return found.map(({ id, name }) => ({ id, key: name, name, attributes: {} }));
  },
  read: () => Promise.resolve(undefined),
  fingerprintOf: () => undefined,
  normalise: (live) => live,
  write: () => Promise.reject(new Error('supported content profiles are looked up, never written')),
  settle: () => Promise.resolve({ outcome: 'unknown' }),
};
