import type { WriteContext } from '../../model/contracts.ts';
import { asFailure, Failure } from '../../model/failure.ts';
import { equal, isObject, type Json, type JsonObject } from '../../model/json.ts';
import { normalise } from './live.ts';
import { paths } from './paths.ts';

/**
 * Draft, validation, publish. Draft and published versions count separately, and publishing keeps the id
 * (genesys-api, Data actions). `fresh` is the whole action as it is published, `next` as it should become.
 */
export async function publishThroughDraft(
  ctx: WriteContext,
  actionId: string,
  fresh: JsonObject,
  next: JsonObject,
): Promise<void> {
  const params = { actionId };
  const { name = null, category = null, config = null, contract = null, secure = null } = next;
  const draft = await openDraft(ctx, actionId, fresh, next);
  const patched = await ctx.write('patch-draft', {
    method: 'PATCH',
    path: paths.draft,
    params,
    body: { name, category, config, contract, ...(secure === null ? {} : { secure }), version: versionOf(draft) },
  });
  const { body: verdict } = await ctx.reader.get({ path: paths.validation, params });
  if (isObject(verdict) && verdict['valid'] === false) {
    // Ours, and of no use to anybody; where we may not delete it, the checkpoint still says whose it is.
    await ctx.write('delete-draft', { method: 'DELETE', path: paths.draft, params }).catch(() => undefined);
    throw new Failure('DraftInvalid', `Genesys finds the new contract invalid: ${reasonsOf(verdict)}`);
  }
  await ctx.write('publish-draft', {
    method: 'POST',
    path: paths.publish,
    params,
    body: { version: versionOf(patched) },
  });
}

/**
 * A new draft, or ours of an interrupted attempt. Which status says that one exists already (409 or 400) is
 * unconfirmed, so after either the draft itself is asked.
 */
async function openDraft(ctx: WriteContext, actionId: string, fresh: JsonObject, next: JsonObject): Promise<Json> {
  const params = { actionId };
  try {
    const draft = await ctx.write('create-draft', { method: 'POST', path: paths.draft, params });
    await ctx.checkpoint({ draft: actionId });
    return draft;
  } catch (error) {
    const failure = asFailure(error);
    if (failure.reason !== 'Conflict' && failure.reason !== 'BadRequest' && failure.reason !== 'Unsettled') throw error;
    const existing = await readDraft(ctx, actionId);
    if (existing === undefined) throw error;
    // An untouched copy of the published action is nobody's work: publishing may leave one, a lost answer of ours too.
    const untouched = holds(existing, fresh);
    if (ctx.checkpointed?.['draft'] === actionId || untouched || holds(existing, next)) return existing;
    throw new Failure(
      'ForeignDraft',
      `somebody is working on a draft of "${String(next['name'])}" (draft version ${String(existing['version'])}); publish or discard it in the admin pages, and the next run goes on`,
      { cause: error },
    );
  }
}

async function readDraft(ctx: WriteContext, actionId: string): Promise<JsonObject | undefined> {
  try {
    const query = { expand: 'contract', includeConfig: true };
    const { body } = await ctx.reader.get({ path: paths.draft, params: { actionId }, query });
    return isObject(body) ? normalise(body) : undefined;
  } catch (error) {
    if (asFailure(error).reason === 'Gone') return undefined;
    throw error;
  }
}

/** Whether a draft already holds what the action should become: then it is as good as ours. */
function holds(draft: JsonObject, wanted: JsonObject): boolean {
  return ['name', 'category', 'secure', 'config', 'contract'].every((part) => equal(draft[part], wanted[part]));
}

function versionOf(draft: Json): Json {
  const version = isObject(draft) ? draft['version'] : undefined;
  if (typeof version !== 'number') throw new Failure('BadAnswer', 'Genesys answered with a draft that has no version');
  return version;
}

function reasonsOf(verdict: JsonObject): string {
  const errors = Array.isArray(verdict['errors']) ? verdict['errors'].filter(isObject) : [];
  const words = errors.map((one) => String(one['message'] ?? one['code'] ?? '')).filter((text) => text !== '');
  return words.length === 0 ? 'it gave no reason' : words.join('; ');
}
