import type { ObjectType, Summary, WriteContext, WriteOrder, Written } from '../model/contracts.ts';
import { asFailure, Failure } from '../model/failure.ts';
import type { Reader } from '../model/http.ts';
import { isObject, type Json, type JsonObject } from '../model/json.ts';
import { keyOf } from '../model/key.ts';
import { divisionId } from './divisions.ts';
import { type Listed, listed } from './listed.ts';
import { settleByKey } from './settle-by-key.ts';

/** Where objects live that are read and replaced whole by their id, with a version that counts up. */
export interface Place {
  /** Published templates of paths. */
  list: string;
  item: string;
  param: string;
  label: string;
}

/** The object as the API answers it; undefined where it is gone. */
export async function readEntity(reader: Reader, place: Place, id: string): Promise<JsonObject | undefined> {
  try {
    const { body } = await reader.get({ path: place.item, params: { [place.param]: id } });
    if (!isObject(body) || body['id'] !== id)
      throw new Failure('BadAnswer', `Genesys answered for ${place.label} ${id} with something else`);
    return isThere(body) ? body : undefined;
  } catch (error) {
    if (asFailure(error).reason === 'Gone') return undefined;
    throw error;
  }
}

export async function listEntities(reader: Reader, place: Place): Promise<Listed[]> {
  return listed(await reader.list({ path: place.list }), place.list).filter(isThere);
}

/** What is deleted may still be answered, with that state (Terraform provider, deletion of architect_schedules). */
function isThere({ state }: JsonObject): boolean {
  return state !== 'deleted';
}

export function versionOf({ version }: JsonObject): string | undefined {
  return typeof version === 'string' || typeof version === 'number' ? String(version) : undefined;
}

/** What a list item tells of it; the name is the key. */
export function fingerprint(item: JsonObject): Pick<Summary, 'fingerprint'> {
  const version = versionOf(item);
  return version === undefined ? {} : { fingerprint: version };
}

/** The body of a write: `before` is the fresh read, empty for a creation; fields stand at the top. */
export type Body = (before: JsonObject, order: WriteOrder) => Promise<JsonObject>;

/**
 * Create is one POST, delete one DELETE, every change one PUT of the complete object of a fresh read, with its version. So
 * whatever the API does with fields that a body lacks (drops or keeps them) makes no difference.
 */
export async function writeEntity(ctx: WriteContext, order: WriteOrder, place: Place, body: Body): Promise<Written> {
  if (order.action === 'create') return create(ctx, place, await body({}, order));
  const id = order.object.id!;
  const params = { [place.param]: id };
  if (order.action === 'delete') {
    await ctx.write('delete', { method: 'DELETE', path: place.item, params }).catch(asInUse(order));
    return { id };
  }
  const before = await freshRead(ctx.reader, order, place);
  const next: JsonObject = { ...(await body(before, order)), version: before['version'] ?? null };
  for (const wait of [...namePauses, undefined]) {
    try {
      await ctx.write('put', { method: 'PUT', path: place.item, params, body: next });
      return { id };
    } catch (error) {
      const failure = await conflictOf(error, ctx.reader, { place, id, before });
      if (failure.reason !== 'BadRequest' || failure.detail.status !== 409 || next['name'] === before['name'])
        throw failure;
      if (wait === undefined) throw await nameTaken(failure, ctx.reader, { place, id, name: String(next['name']) });
      await ctx.reader.wait(wait);
    }
  }
  return { id };
}

/** Another one may be about to give up the name in this very run: milliseconds before each further try. */
const namePauses = [250, 500, 1000];

/** Whose the name is that Genesys refused, as far as it can be told. */
async function nameTaken(
  { message, detail }: Failure,
  reader: Reader,
  { place, id, name }: { place: Place; id: string; name: string },
): Promise<Failure> {
  const others = (await listEntities(reader, place)).filter((one) => one['id'] !== id && one['name'] === name);
  const whose = others.map((one) => ` (${String(one['id'])})`).join('');
  const words = `Genesys does not call it "${name}", most likely since another ${place.label}${whose} still has that name; two that exchange their names need a third one in between`;
  return new Failure('BadRequest', `${words}: ${message}`, detail);
}

async function create(ctx: WriteContext, place: Place, body: JsonObject): Promise<Written> {
  const made = await ctx.write('create', { method: 'POST', path: place.list, body });
  const id = isObject(made) ? made['id'] : undefined;
  if (typeof id !== 'string')
    throw new Failure('Unsettled', `Genesys answered the creation of a ${place.label} without an id`);
  return { id };
}

/** The object as it is now; another version than the planned one means that somebody was faster. */
async function freshRead(reader: Reader, { object, base }: WriteOrder, place: Place): Promise<JsonObject> {
  const fresh = await readEntity(reader, place, object.id!);
  if (fresh === undefined) throw new Failure('Gone', `"${object.key}" is no longer there`);
  const version = versionOf(fresh);
  if (version === base) return fresh;
  throw new Failure('Conflict', `"${object.key}" moved from version ${base} to ${version} since it was planned`);
}

/** A 409 is also Genesys's no to a name that is taken: where the version is the one that was sent, it is not that. */
async function conflictOf(
  error: unknown,
  reader: Reader,
  { place, id, before }: { place: Place; id: string; before: JsonObject },
): Promise<Failure> {
  const failure = asFailure(error);
  if (failure.reason !== 'Conflict') return failure;
  const now = await readEntity(reader, place, id);
  if (now === undefined || versionOf(now) !== versionOf(before)) return failure;
  // What the client adds to every 409 is not so here.
  const said = failure.message.replace(/ It was changed by somebody else meanwhile;[^.]*\.$/, '');
  return new Failure('BadRequest', said, failure.detail);
}

/** DELETE takes no version, so its 409 says that something still has the object (published as `general.conflict`). */
function asInUse({ object }: WriteOrder): (error: unknown) => never {
  return (error) => {
    const { reason, message, detail } = asFailure(error);
    if (reason !== 'Conflict') throw error;
    throw new Failure('InUse', `"${object.key}" is still used. ${message}`, detail);
  };
}

/** The fields that are wished over what is there; a text is cleared as Genesys's Terraform provider does it: with an empty one. */
export async function common(
  { reader }: WriteContext,
  before: JsonObject,
  { action, fields }: WriteOrder,
  writable: readonly string[],
): Promise<JsonObject> {
  const wished = new Map(fields.map(({ path, value }) => [path.slice(1), value]));
  const body: JsonObject = {};
  for (const name of ['name', 'description', ...writable]) {
    const value = wished.get(name);
    if (value === undefined || (value === null && action === 'create')) {
      if (before[name] !== undefined) body[name] = before[name];
    } else body[name] = value ?? '';
  }
  const division = wished.get('division');
  const kept: Json | undefined = isObject(before['division']) ? before['division']['id'] : undefined;
  const id = typeof division === 'string' ? await divisionId(reader, division) : kept;
  return id === undefined ? body : { ...body, division: { id } };
}

/** How the audit log tells of the steps of `writeEntity`, for an entity type. */
export function auditedAs(entityType: string): Record<string, string[]> {
  return { create: [`${entityType}:Create`], put: [`${entityType}:Update`], delete: [`${entityType}:Delete`] };
}

/** A lost creation is looked up in the list alone: what a type reads beside it for its summaries is not needed. */
export function settleEntity(place: Place, normalise: ObjectType['normalise']): ReturnType<typeof settleByKey> {
  const list = async (reader: Reader) =>
    (await listEntities(reader, place)).map(({ id, name }) => ({ id, key: keyOf(name) }));
  const read = async (reader: Reader, { id }: { id: string }): Promise<JsonObject | undefined> => {
    const body = await readEntity(reader, place, id);
    return body && normalise(body);
  };
  return settleByKey(list, { steps: ['put', 'delete'], read, now: versionOf, then: ({ base }) => base });
}
