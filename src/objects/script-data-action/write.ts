import type { WriteContext, WriteOrder, Written } from '../../model/contracts.ts';
import { asFailure, Failure } from '../../model/failure.ts';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { readEntity, versionOf } from '../versioned.ts';
import { whole } from '../whole.ts';
import { encoded } from './live.ts';
import { place } from './paths.ts';
import { slotLists } from './spec.ts';

/**
 * Create is one POST, delete one DELETE, every change one PUT of the complete object of a fresh read, with its version where it
 * has one: fields that this tool knows nothing of go back as they came.
 */
export async function write(ctx: WriteContext, order: WriteOrder): Promise<Written> {
  if (order.action === 'create') return create(ctx, order);
  const id = order.object.id!;
  const params = { [place.param]: id };
  if (order.action === 'delete') {
    await ctx.write('delete', { method: 'DELETE', path: place.item, params }).catch(asInUse(order));
    return { id };
  }
  const before = await readEntity(ctx.reader, place, id);
  if (before === undefined) throw new Failure('Gone', `"${order.object.key}" is no longer there`);
  const version = versionOf(before);
  if (version !== order.base) {
    const words = `"${order.object.key}" moved from version ${order.base} to ${version} since it was planned`;
    throw new Failure('Conflict', words);
  }
  await ctx
    .write('put', {
      method: 'PUT',
      path: place.item,
      params,
      body: bodyOf(whole(before, `"${order.object.key}"`), order),
    })
    .catch(asConflict(order, version));
  return { id };
}

async function create(ctx: WriteContext, order: WriteOrder): Promise<Written> {
  const made = await ctx.write('create', { method: 'POST', path: place.list, body: bodyOf({}, order) });
  const id = isObject(made) ? made['id'] : undefined;
  if (typeof id === 'string') return { id };
  throw new Failure('Unsettled', 'Genesys answered the creation of a script data action without an id');
}

/** What is wished over what is there. A text is cleared with an empty one (ASSUMED: as elsewhere in the API). */
export function bodyOf(
  before: JsonObject,
  { action, fields, defaults }: Omit<WriteOrder, 'object' | 'wished' | 'directives'>,
): JsonObject {
  const known = isObject(before['definition']) ? before['definition'] : {};
  const top: JsonObject = {};
  const inner: JsonObject = {};
  const all = action === 'create' ? [...defaults, ...fields] : fields;
  for (const { path, value } of all) {
    if (value === null && action === 'create') continue;
    const [first, second] = path.slice(1).split('/') as [string, string?];
    const which = slotLists.find((one) => one === first);
    if (first === 'definition') inner[second!] = value ?? '';
    else if (first === 'script') inner['code'] = encoded(String(value));
    else if (first === 'language') inner['language'] = value;
    else if (which !== undefined) inner[which] = slots(value, known[which]);
    else top[first] = value ?? '';
  }
  return { ...before, ...top, definition: { ...known, ...inner } };
}

/** Each with what is live of it beside the fields that a document knows. */
function slots(wanted: Json, live: Json | undefined): Json {
  const known = new Map((Array.isArray(live) ? live : []).filter(isObject).map((slot) => [slot['name'], slot]));
  return (Array.isArray(wanted) ? wanted : []).filter(isObject).map((slot) => {
    const {
      name: _name,
      datatype: _datatype,
      required: _required,
      description: _description,
      ...rest
    } = known.get(slot['name'] ?? null) ?? {};
    return { ...rest, ...slot };
  });
}

/** The answer of a 409 names the version that is there by now. */
function asConflict({ object }: WriteOrder, sent: string | undefined): (error: unknown) => never {
  return (error) => {
    const { reason, message, detail } = asFailure(error);
    if (reason !== 'Conflict' || detail.version === undefined) throw error;
    const words = `"${object.key}" was read at version ${sent ?? 'unknown'} and is at version ${detail.version} by now`;
    throw new Failure('Conflict', `${words}. ${message}`, detail);
  };
}

/** A delete names no version, so its 409 says that a flow still calls it, also where it has no code that does. */
function asInUse({ object }: WriteOrder): (error: unknown) => never {
  return (error) => {
    const { reason, message, detail } = asFailure(error);
    if (reason !== 'Conflict') throw error;
    throw new Failure('InUse', `"${object.key}" is still called by a step of a published flow. ${message}`, detail);
  };
}
