import type { Consumers, ObjectType } from '../../model/contracts.ts';
import type { Reader } from '../../model/http.ts';
import type { JsonObject } from '../../model/json.ts';
import { askConsumers } from '../consumers.ts';
import { differences, renders } from './compare.ts';
import { compose } from './compose.ts';
import { readFlow, typeOf } from './head.ts';
import { inspect } from './inspect.ts';
import { read } from './live.ts';
import { review } from './review.ts';
import { settle } from './settle.ts';
import { list } from './summaries.ts';
import { dependencyTypeOf } from './types.ts';
import { write } from './write.ts';

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
  list,
  read,
  versioned: true,
  fingerprintOf: ({ published }) => (typeof published === 'string' && published !== '' ? published : undefined),
  normalise: (live) => live,
  compose,
  differences,
  renders,
  review,
  write,
  settle,
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
