import type { WriteContext, WriteOrder, Written } from '../../model/contracts.ts';
import { asFailure, Failure } from '../../model/failure.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import { changed, covers, same } from './content.ts';
import { contentOf, draftVersion, find, readDraft, readNewest, stampFound, textOf } from './live.ts';
import { paths } from './paths.ts';
import { publishContent } from './publish.ts';
import { list, savedBy } from './summaries.ts';
import { type Goal, isPublished, isThat, sentBefore } from './whose-draft.ts';

/** Lists and reads may lag behind a write whose answer was lost: milliseconds before each look. */
const patience = [250, 500, 1000, 2000, 4000, 8000];

/** Every change is a new version: draft, until it is `Active`, publish. A new configuration begins as a draft. */
export async function write(ctx: WriteContext, order: WriteOrder): Promise<Written> {
  if (order.action === 'create') return create(ctx, order);
  const id = order.object.id!;
  if (order.action === 'delete') return remove(ctx, order, id);
  const goal = await goalOf(ctx, order, id);
  const { published, newest, next } = goal;
  // Each publishing is a version for good, so there is none without a reason.
  if (published !== undefined && same(next, published)) return made(id, newest);
  return made(id, await publishContent(ctx, goal));
}

/** What was written, under the number of its version, where Genesys told it. */
function made(id: string, version: number): Written {
  return { id, ...(version === 0 ? {} : { version: String(version) }) };
}

/** What is published now, with the changed fields over it; another stamp than the planned one means that somebody was faster. */
async function goalOf({ reader }: WriteContext, order: WriteOrder, id: string): Promise<Goal> {
  const { object, base, fields, directives } = order;
  const found = await find(reader, id);
  const published = found === undefined || found.newest === 0 ? undefined : await readNewest(reader, id, found);
  if (found === undefined || (published === undefined && found.newest > 0)) {
    throw new Failure('Gone', `"${object.key}" is no longer there`);
  }
  const { shown, newest } = found;
  const stamp = stampFound(found);
  if (stamp !== base) {
    const words = `was saved or published (${stamp}) since it was planned (${base ?? 'unknown'})`;
    throw new Failure('Conflict', `"${object.key}" ${words}`);
  }
  const { forceDraft } = directives;
  const content = published === undefined ? { name: textOf(shown['name']) } : contentOf(published);
  const next = changed(content, fields);
  return {
    ...{ id, name: textOf(next['name']), next, newest },
    ...(published === undefined ? {} : { published }),
    ...(typeof forceDraft === 'string' ? { forceDraft } : {}),
  };
}

async function create(ctx: WriteContext, { fields, defaults, object }: WriteOrder): Promise<Written> {
  const beside = defaults.filter(({ path }) => !fields.some((field) => field.path === path));
  const next = changed({}, [...beside, ...fields]);
  await ctx.checkpoint({ sent: [{ content: next }] });
  const { id, draft } = await post(ctx, object.key, next);
  const goal: Goal = { id, name: object.key, next, newest: 0 };
  try {
    return made(id, await publishContent(ctx, goal, draft));
  } catch (error) {
    const failure = asFailure(error);
    const { reason, message, detail, class: next } = failure;
    if (reason === 'Unsettled') {
      const newest = await publishedBy(ctx, id);
      if (newest > 0) return made(id, newest);
    }
    // It is there: to plan its creation anew would make it twice. The next run finds it, and goes on with its draft.
    const unsure = next === 'Moved' || reason === 'Unsettled';
    const words = unsure ? `"${object.key}" is made, but not as wished yet: ${message}` : message;
    throw new Failure(unsure ? 'DraftPending' : reason, words, { ...detail, objectId: id });
  }
}

/** The configuration that was made; one whose answer was lost is looked up by its name, since it is not ready without more. */
async function post(ctx: WriteContext, name: string, body: JsonObject): Promise<{ id: string; draft?: JsonObject }> {
  try {
    const draft = await ctx.write('create', { method: 'POST', path: paths.configurations, body });
    if (isObject(draft) && typeof draft['id'] === 'string') return { id: draft['id'], draft };
    throw new Failure('Unsettled', 'Genesys answered the creation of a web messaging configuration without an id');
  } catch (error) {
    if (asFailure(error).reason !== 'Unsettled') throw error;
    for (const wait of patience) {
      await ctx.reader.wait(wait);
      const found = (await list(ctx.reader)).filter((one) => one.name === name);
      if (found.length !== 1) continue;
      const { id } = found[0]!;
      const draft = await readDraft(ctx.reader, id);
      return draft !== undefined && covers(draft, body) ? { id, draft } : { id };
    }
    throw error;
  }
}

/** The number of the version that a publish without an answer made; 0 where none shows. */
async function publishedBy({ reader }: WriteContext, id: string): Promise<number> {
  for (const wait of patience) {
    const newest = (await find(reader, id))?.newest ?? 0;
    if (newest > 0) return newest;
    await reader.wait(wait);
  }
  return 0;
}

async function remove(ctx: WriteContext, { object }: WriteOrder, id: string): Promise<Written> {
  await assertNoWork(ctx, object.key, id);
  try {
    await ctx.write('delete', { method: 'DELETE', path: paths.configuration, params: { configurationId: id } });
    return { id };
  } catch (error) {
    const { reason, message, detail } = asFailure(error);
    if (reason !== 'Conflict') throw error;
    throw new Failure('InUse', `a deployment uses "${object.key}", so it is not deleted: ${message}`, detail);
  }
}

/** A deletion takes the draft with it, and what is not published is nowhere else. */
async function assertNoWork(ctx: WriteContext, name: string, id: string): Promise<void> {
  const found = await find(ctx.reader, id);
  if (found === undefined || found.shown['version'] !== draftVersion) return;
  const { shown, newest } = found;
  const published = newest === 0 ? undefined : await readNewest(ctx.reader, id, found);
  if (isPublished(shown, published) || sentBefore(ctx).some((sent) => isThat(shown, sent, published))) return;
  const words = `"${name}" is not deleted: it has a draft that is not published, saved ${savedBy(shown)}`;
  const advice = 'publish the draft or make it again what is published, or delete the configuration in the admin pages';
  throw new Failure('ForeignDraft', `${words}; it is tried again later: ${advice}`);
}
