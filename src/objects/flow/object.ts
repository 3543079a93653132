import type { Consumers, ObjectType } from '../../model/contracts.ts';
import type { Reader } from '../../model/http.ts';
import type { JsonObject } from '../../model/json.ts';
import { askConsumers } from '../consumers.ts';
import { readFlow, typeOf } from './api/head.ts';
import { inspect } from './api/inspect.ts';
import { read } from './api/live.ts';
import { settle } from './api/settle.ts';
import { list } from './api/summaries.ts';
import { write } from './api/write.ts';
import { differences, renders } from './compare.ts';
import { compose } from './compose.ts';
import { review } from './review.ts';
import { dependencyTypeOf } from './types.ts';

/** Architect flows, as they are published: `/api/v2/flows` and its jobs (facts: README of this folder). */
export const flow: ObjectType = {
  type: 'flow',
  surface: 'platform',
  label: 'flow',
  managed: true,
  sensitive: [],
  required: ['/content'],
  immutable: {},
  refersTo: ['data-action'],
  mayReferTo: ['schedule', 'schedule-group'],
  list,
  read,
  // A published version never changes; a flow may be renamed or moved without another one.
  versioned: true,
  refreshed: ({ locked: _locked, ...live }, { name, attributes: { division = '', locked } }) => {
    return { ...live, name, division, ...(locked === true ? { locked } : {}) };
  },
  fingerprintOf: ({ published }) => (typeof published === 'string' && published !== '' ? published : undefined),
  normalise: (live) => live,
  compose,
  differences,
  renders,
  review,
  write,
  settle,
  // Locks that are taken and given back on the way may be told in several ways (UNCONFIRMED), so they are expected in none.
  audited: { upload: ['Flow:Publish'], update: ['Flow:Update'], delete: ['Flow:Delete'] },
  inspect,
  consumers,
};

/** What else calls a flow, by its type's own word. */
async function consumers(reader: Reader, { id, live }: { id: string; live?: JsonObject }): Promise<Consumers> {
  const type = live?.['type'] ?? typeOf((await readFlow(reader, id)) ?? {});
  const objectType = dependencyTypeOf(String(type));
  if (objectType === undefined)
    return { users: [], uncertain: `dependency tracking does not know flows of type ${String(type)}` };
  return askConsumers(reader, id, objectType);
}
