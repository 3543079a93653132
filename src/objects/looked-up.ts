import type { ObjectType } from '../model/contracts.ts';
import type { ReadRequest } from '../model/http.ts';
import type { JsonObject } from '../model/json.ts';
import { type Listed, listed } from './listed.ts';

/** A type of thing that documents name and that is never written: only its list matters. */
export function lookedUp(
  { type, label }: Pick<ObjectType, 'type' | 'label'>,
  request: ReadRequest,
  attributesOf: (item: Listed) => JsonObject = () => ({}),
): ObjectType {
  return {
    type,
    surface: 'platform',
    label,
    managed: false,
    sensitive: [],
    required: [],
    immutable: {},
    refersTo: [],
    async list(reader) {
      const items = listed(await reader.list(request), request.path);
      return items.map((item) => ({ id: item.id, key: item.name, name: item.name, attributes: attributesOf(item) }));
    },
    read: () => Promise.resolve(undefined),
    fingerprintOf: () => undefined,
    normalise: (live) => live,
    write: () => Promise.reject(new Error(`a ${label} is looked up, never written`)),
    settle: () => Promise.resolve({ outcome: 'unknown' }),
  };
}
