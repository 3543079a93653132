import type { ObjectType, Summary } from '../../model/contracts.ts';
import type { Reader } from '../../model/http.ts';
import { keyOf } from '../../model/key.ts';
import type { Problem } from '../../model/problem.ts';
import { fingerprint, listEntities, readEntity, settleEntity, versionOf } from '../versioned.ts';
import { differences } from './compare.ts';
import { normalise } from './live.ts';
import { place } from './paths.ts';
import { write } from './write.ts';

/** `/api/v2/tasks/dataactions` (facts: README of this folder). */
export const scriptDataAction: ObjectType = {
  type: 'script-data-action',
  surface: 'tutorial',
  label: 'script data action',
  managed: true,
  sensitive: [],
  required: ['/name', '/script', '/inputs', '/outputs'],
  immutable: {},
  refersTo: [],
  list,
  async read(reader, { id }) {
    const body = await readEntity(reader, place, id);
    return body === undefined ? undefined : normalise(body);
  },
  fingerprintOf: versionOf,
  normalise,
  differences,
  review,
  write,
  settle: settleEntity(place, normalise),
  // There is no question for it here, and whether a deletion is refused while a flow calls the action is not confirmed.
  consumers: async (_reader, _object, known) => (await known?.()) ?? { users: [] },
};

async function list(reader: Reader): Promise<Summary[]> {
  return (await listEntities(reader, place)).map((item) => ({
    id: item.id,
    key: keyOf(item.name),
    name: item.name,
    ...fingerprint(item),
    attributes: {},
  }));
}

/** A live script that is no text is written over like any other difference; that nobody can see what it was, is said. */
function review({ wish, live }: Parameters<NonNullable<ObjectType['review']>>[0]): Problem[] {
  const why = live?.['unreadable'];
  if (typeof why !== 'string' || wish.owner === undefined) return [];
  const message = `what is live of "${wish.name}" cannot be shown: ${why}; the script of the document takes its place`;
  return [{ code: 'script-unreadable', message, resource: wish.owner, pointer: '/spec/script' }];
}
