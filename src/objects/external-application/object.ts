import type { ObjectType, Summary, WriteContext, WriteOrder, Written } from '../../model/contracts.ts';
import { Failure } from '../../model/failure.ts';
import type { Reader } from '../../model/http.ts';
import type { JsonObject } from '../../model/json.ts';
import { settleByVersion } from '../settle-by-key.ts';
import { lookAtWanted } from '../wanted.ts';
import { fingerprintOf, normalise, paths, readRaw } from './live.ts';

/** `/api/v2/integrations/externalapplications/{id}` (tutorial 1; README of this folder). The API has no list of them. */
export const externalApplication: ObjectType = {
  type: 'external-application',
  surface: 'tutorial',
  label: 'external application',
  managed: true,
  unlisted: true,
  sensitive: [],
  required: [],
  immutable: {},
  refersTo: [],
  list: (reader, wanted = []) => lookAtWanted(wanted, (id) => look(reader, id)),
  read: async (reader, { id }) => {
    const body = await readRaw(reader, id);
    return body && normalise(body);
  },
  fingerprintOf,
  versionOf: () => undefined,
  normalise,
  write,
  settle: async (reader, intent) => {
    const body = intent.object.id === undefined ? undefined : await readRaw(reader, intent.object.id);
    return settleByVersion(intent, body && normalise(body), { now: fingerprintOf, then: ({ base }) => base });
  },
};

async function look(reader: Reader, id: string): Promise<Summary | undefined> {
  const body = await readRaw(reader, id);
  if (body === undefined) return undefined;
  const live = normalise(body);
  return { id, key: id, name: nameOf(body) ?? id, fingerprint: fingerprintOf(live), attributes: {}, live };
}

function nameOf({ name }: JsonObject): string | undefined {
  return typeof name === 'string' && name !== '' ? name : undefined;
}

/**
 * One PUT of the whole object as it is at this moment, with another timeout: PUT drops what a body lacks, so that every other
 * field, known or not, goes back as it came, also one that somebody changed since the plan. There is neither a version nor an
 * ETag (tutorial 1), so who changes the timeout itself within the moment between the two requests is written over.
 *
 * @throws Failure `Gone`; `Conflict` where the timeout is another one than was planned with
 */
async function write(ctx: WriteContext, { object, fields, base }: WriteOrder): Promise<Written> {
  const id = object.id!;
  const before = await readRaw(ctx.reader, id);
  if (before === undefined) throw new Failure('Gone', `the external application ${id} is no longer there`);
  const now = normalise(before);
  const timeout = fields.find(({ path }) => path === '/timeout')?.value;
  if (timeout === undefined || timeout === now['timeout']) return { id };
  if (base !== undefined && fingerprintOf(now) !== base) {
    const words = `the timeout of the external application "${nameOf(before) ?? id}" moved from ${base} to ${fingerprintOf(now)} since it was planned`;
    throw new Failure('Conflict', words);
  }
  await ctx.write('put', { method: 'PUT', path: paths.application, params: { id }, body: { ...before, timeout } });
  return { id };
}
