import type { WriteContext } from '../../model/contracts.ts';
import { asFailure, Failure } from '../../model/failure.ts';
import { equal, isObject, type Json, type JsonObject } from '../../model/json.ts';
import { getAt } from '../../model/pointer.ts';
import { normalise, renders, schemas, withTemplates } from './live.ts';
import { paths } from './paths.ts';

/**
 * Draft, validation, publish. Draft and published versions count separately, and publishing keeps the id
 * (genesys-api, Data actions). Nothing ties publishing to a version of the published action, so the draft is made first
 * and the action `read` after it: what moves before that is a `Conflict`, and the moment that is left is short.
 */
export async function publishThroughDraft(
  ctx: WriteContext,
  actionId: string,
  read: () => Promise<{ fresh: JsonObject; next: JsonObject }>,
): Promise<void> {
  const params = { actionId };
  const made = await createDraft(ctx, actionId);
  const { fresh, next } = await read().catch(async (error: unknown) => {
    if (!(made instanceof Failure)) await abandon(ctx, actionId);
    throw error;
  });
  const draft = made instanceof Failure ? await resume(ctx, actionId, { fresh, next, refusal: made }) : made;
  await ctx.checkpoint({ drafts: [contentOf(fresh), contentOf(next)] });
  const body = { ...contentOf(next), version: versionOf(draft) };
  const patched = await ctx.write('patch-draft', { method: 'PATCH', path: paths.draft, params, body });
  const { body: verdict } = await ctx.reader.get({ path: paths.validation, params });
  if (isObject(verdict) && verdict['valid'] === false) {
    await abandon(ctx, actionId);
    throw new Failure('DraftInvalid', `Genesys finds the new contract invalid: ${reasonsOf(verdict)}`);
  }
  const version = versionOf(patched);
  await ctx.write('publish-draft', { method: 'POST', path: paths.publish, params, body: { version } });
}

/** What a draft holds and a publish makes live. */
function contentOf(action: JsonObject): JsonObject {
  const parts = ['name', 'category', 'config', 'contract', 'secure'].filter((part) => action[part] !== undefined);
  return Object.fromEntries(parts.map((part) => [part, action[part] ?? null]));
}

/** A new draft, or the refusal that may mean that there is one: which status says so (409 or 400) is unconfirmed. */
async function createDraft(ctx: WriteContext, actionId: string): Promise<Json | Failure> {
  try {
    return await ctx.write('create-draft', { method: 'POST', path: paths.draft, params: { actionId } });
  } catch (error) {
    const failure = asFailure(error);
    if (failure.reason === 'Conflict' || failure.reason === 'BadRequest' || failure.reason === 'Unsettled')
      return failure;
    throw error;
  }
}

/**
 * The draft that is there already, where it is ours: it holds what an interrupted attempt of ours wrote down, or what we
 * want, or just what is published, which is nobody's work (publishing may leave such a copy, a lost answer of ours too).
 */
async function resume(
  ctx: WriteContext,
  actionId: string,
  { fresh, next, refusal }: { fresh: JsonObject; next: JsonObject; refusal: Failure },
): Promise<Json> {
  const existing = await readDraft(ctx, actionId);
  if (existing === undefined) throw refusal;
  const kept = ctx.checkpointed?.['drafts'];
  const ours = [fresh, next, ...(Array.isArray(kept) ? kept.filter(isObject) : [])];
  if (ours.some((content) => holds(existing, content))) return existing;
  throw new Failure(
    'ForeignDraft',
    `somebody is working on a draft of "${String(next['name'])}" (draft version ${String(existing['version'])}); publish or discard it in the admin pages, and the next run goes on`,
    { cause: refusal },
  );
}

/** Ours and of no use to anybody. Where it may not be deleted, its content still says whose it is. */
async function abandon(ctx: WriteContext, actionId: string): Promise<void> {
  const request = { method: 'DELETE', path: paths.draft, params: { actionId } } as const;
  await ctx.write('delete-draft', request).then(
    () => ctx.checkpoint({}),
    () => undefined,
  );
}

async function readDraft(ctx: WriteContext, actionId: string): Promise<JsonObject | undefined> {
  try {
    const query = { expand: 'contract', includeConfig: true };
    const { body } = await ctx.reader.get({ path: paths.draft, params: { actionId }, query });
    if (!isObject(body)) return undefined;
    return normalise(await withTemplates(ctx.reader, { path: paths.draftTemplate, actionId }, body));
  } catch (error) {
    if (asFailure(error).reason === 'Gone') return undefined;
    throw error;
  }
}

/** Whether a draft holds this content, as the server keeps it. */
function holds(draft: JsonObject, content: JsonObject): boolean {
  const parts = ['name', 'category', 'secure', 'config'];
  return (
    parts.every((part) => equal(draft[part] ?? null, content[part] ?? null)) &&
    schemas.every((path) => {
      const wanted = getAt(content, path) ?? null;
      const live = getAt(draft, path);
      return equal(wanted, live ?? null) || renders(path, wanted, live);
    })
  );
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
