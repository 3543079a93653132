import type { ObjectType, Summary } from '../../model/contracts.ts';
import type { Reader } from '../../model/http.ts';
import { divisionsPath } from '../divisions.ts';

/** Divisions are looked up by name and never written. */
export const division: ObjectType = {
  type: 'division',
  surface: 'platform',
  label: 'division',
  managed: false,
  sensitive: [],
  required: [],
  immutable: {},
  refersTo: [],
  async list(reader: Reader): Promise<Summary[]> {
    return (await reader.list({ path: divisionsPath })).map((item) => ({
      id: String(item['id']),
      key: String(item['name']),
      name: String(item['name']),
      attributes: {},
    }));
  },
  read: () => Promise.resolve(undefined),
  fingerprintOf: () => undefined,
  normalise: (live) => live,
  write: () => Promise.reject(new Error('divisions are looked up, never written')),
  settle: () => Promise.resolve({ outcome: 'unknown' }),
};
