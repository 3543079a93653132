import type { ObjectType, Summary } from '../../model/contracts.ts';
import type { Reader } from '../../model/http.ts';
import { settleByVersion } from '../settle-by-key.ts';
import { lookAtWanted } from '../wanted.ts';
import { compose } from './compose.ts';
import { normalise, readDefinition, versionOf } from './live.ts';
import { write } from './write.ts';

/** Flows as tutorial 2 has them: one JSON definition with steps, published whole (README of this folder). */
export const flowDefinition: ObjectType = {
  type: 'flow-definition',
  surface: 'tutorial',
  label: 'flow definition',
  managed: true,
  unlisted: true,
  sensitive: [],
  required: [],
  immutable: {},
  refersTo: [],
  mayReferTo: ['script-data-action'],
  list: (reader, wanted = []) => lookAtWanted(wanted, (id) => look(reader, id)),
  read: async (reader, { id }) => {
    const read = await readDefinition(reader, id);
    return read && normalise(read.definition);
  },
  fingerprintOf: versionOf,
  normalise,
  compose,
  write,
  settle: async (reader, intent) => {
    const read = intent.object.id === undefined ? undefined : await readDefinition(reader, intent.object.id);
    return settleByVersion(intent, read && normalise(read.definition), {
      now: versionOf,
      then: ({ base }) => base,
    });
  },
};

async function look(reader: Reader, id: string): Promise<Summary | undefined> {
  const read = await readDefinition(reader, id);
  if (read === undefined) return undefined;
  const live = normalise(read.definition);
  const { name } = live;
  const version = versionOf(live);
  return {
    id,
    key: id,
    name: typeof name === 'string' && name !== '' ? name : id,
    ...(version === undefined ? {} : { fingerprint: version }),
    attributes: {},
    live,
  };
}
