import type { WriteContext, WriteOrder, Written } from '../../model/contracts.ts';
import { asFailure, Failure } from '../../model/failure.ts';
import type { ApiRequest } from '../../model/http.ts';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { getAt, type Pointer, setAt } from '../../model/pointer.ts';
import { bodyOf, readRaw, stampOf } from './live.ts';
import { paths } from './paths.ts';
import { newestOf, readVersion } from './versions.ts';

/** Create is one POST, update one PUT of everything with the changed fields in it, delete one DELETE. */
export async function write(ctx: WriteContext, order: WriteOrder): Promise<Written> {
  const { action, object } = order;
  if (action === 'create') return create(ctx, order);
  const id = object.id!;
  const params = { deploymentId: id };
  if (action === 'delete') {
    await ctx.write('delete', { method: 'DELETE', path: paths.deployment, params });
    return { id };
  }
  const fresh = await unmoved(ctx, order, id);
  const body = changed(bodyOf(fresh), order.fields);
  await assertPublished(ctx, order, body);
  const request = { method: 'PUT', path: paths.deployment, params, body } as const;
  const off = fresh['status'] === 'Inactive' && body['status'] === undefined;
  if (off && (await putStillOff(ctx, request))) return { id };
  await send(ctx, 'put', request, order);
  if (body['status'] === 'Inactive') await assertOff(ctx, order, id);
  return { id };
}

/** Milliseconds before each look at whether it is off by now. */
const looks = [0, 100, 250, 500, 1000, 2000, 4000, 8000];

/** As long as it is on its way, pages may get it: that is said, and nothing counts as written, so it is written again. */
async function assertOff({ reader }: WriteContext, { object }: WriteOrder, id: string): Promise<void> {
  for (const wait of looks) {
    await reader.wait(wait);
    if ((await readRaw(reader, id))?.['status'] !== 'Pending') return;
  }
  const words = `"${object.key}" is to be Inactive, and is still Pending after 16 s; the next run writes it again`;
  throw new Failure('ActivationPending', words);
}

async function create(ctx: WriteContext, order: WriteOrder): Promise<Written> {
  const { fields, defaults } = order;
  const beside = defaults.filter(({ path }) => !fields.some((field) => field.path === path));
  const { status, ...rest } = changed({}, [...beside, ...fields]);
  // It becomes active by itself; which statuses a body may have is UNCONFIRMED.
  const body = { ...rest, ...(status === undefined || status === 'Active' ? {} : { status }) };
  await assertPublished(ctx, order, body);
  const made = await send(ctx, 'create', { method: 'POST', path: paths.deployments, body }, order);
  const id = isObject(made) ? made['id'] : undefined;
  if (typeof id === 'string') return { id };
  throw new Failure('Unsettled', 'Genesys answered the creation of a web messaging deployment without an id');
}

/** The deployment as it is now; another date than the planned one means that somebody was faster. */
async function unmoved({ reader }: WriteContext, { object, base }: WriteOrder, id: string): Promise<JsonObject> {
  const fresh = await readRaw(reader, id);
  if (fresh === undefined) throw new Failure('Gone', `"${object.key}" is no longer there`);
  const stamp = stampOf(fresh);
  if (stamp === base) return fresh;
  const words = `was changed (${stamp ?? 'unknown'}) since it was planned (${base ?? 'unknown'})`;
  throw new Failure('Conflict', `"${object.key}" ${words}`);
}

/** What is cleared is left out: a PUT replaces all of it. */
function changed(body: JsonObject, fields: readonly { path: Pointer; value: Json }[]): JsonObject {
  return fields.reduce<JsonObject>((next, { path, value }) => {
    const { [path.slice(1)]: _cleared, ...rest } = next;
    if (value === null) return rest;
    // A reference is written by its id alone.
    return setAt(next, path, isObject(value) ? { id: value['id'] ?? null } : value);
  }, body);
}

/** A version that a document names by its number may never have been published. */
async function assertPublished({ reader }: WriteContext, { fields, directives }: WriteOrder, body: JsonObject) {
  const moves = fields.some(({ path }) => path.startsWith('/configuration/'));
  if (directives['pinned'] !== true || !moves) return;
  const [id, version] = ['id', 'version'].map((field) => String(getAt(body, `/configuration/${field}`)));
  if ((await readVersion(reader, id!, version!)) !== undefined) return;
  const { newest, name } = await newestOf(reader, id!);
  const of = name === undefined ? 'the configuration' : `"${name}"`;
  const there = newest === 0 ? 'none was ever published' : `the newest is ${newest}`;
  throw new Failure('ReferenceNotFound', `version ${version} of ${of} was never published; ${there}`);
}

/**
 * What somebody turned off must not come on again by another change, so its status is sent along. Whether a body may have
 * one is UNCONFIRMED: false where it was refused for anything, and nothing was written.
 */
async function putStillOff(
  ctx: WriteContext,
  { body, ...request }: Omit<ApiRequest, 'body'> & { body: JsonObject },
): Promise<boolean> {
  try {
    await ctx.write('put-off', { ...request, body: { ...body, status: 'Inactive' } });
    return true;
  } catch (error) {
    if (asFailure(error).detail.apiCode === 'illegal.operation') return false;
    throw error;
  }
}

async function send(ctx: WriteContext, step: string, request: ApiRequest, order: WriteOrder): Promise<Json> {
  try {
    return await ctx.write(step, request);
  } catch (error) {
    throw await inWords(ctx, asFailure(error), order);
  }
}

/** What Genesys's codes mean here. */
async function inWords({ reader }: WriteContext, failure: Failure, { object, fields }: WriteOrder): Promise<Failure> {
  const { reason, message, detail } = failure;
  const said = (words: string, as: Failure['reason'] = 'BadRequest'): Failure =>
    new Failure(as, `${words} (${message})`, detail);
  switch (detail.apiCode) {
    case 'bad.flow.id': {
      const flow = fields.find(({ path }) => path.startsWith('/flow'))?.value;
      const named = isObject(flow) && typeof flow['name'] === 'string' ? ` "${flow['name']}"` : '';
      return said(`the flow${named} cannot answer messages: it has to be a published flow of type inboundShortMessage`);
    }
    case 'illegal.operation':
      return said(
        'Genesys refuses this combination: allowedDomains beside allowAllDomains, or a status that may not be set',
      );
    case 'scp.id.not.found':
      return said('the supported content profile is not there (any more)', 'ReferenceNotFound');
  }
  if (reason !== 'Gone' || (object.id !== undefined && (await readRaw(reader, object.id)) === undefined))
    return failure;
  return said('the configuration, or its version, is not there (any more)', 'ReferenceNotFound');
}
