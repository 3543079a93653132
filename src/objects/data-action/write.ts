import type { WriteContext, WriteOrder } from '../../model/contracts.ts';
import { Failure } from '../../model/failure.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import { setAt } from '../../model/pointer.ts';
import { publishThroughDraft } from './draft.ts';
import { read, versionOf } from './live.ts';
import { paths } from './paths.ts';

/**
 * Create is one POST, published at once; delete one DELETE. A change of name, category or config is one PATCH with the
 * complete config of a fresh read and its version; a change of contract or `secure`, which PATCH cannot make, goes
 * through a draft and keeps the id: flows refer to actions by it.
 */
export async function write(ctx: WriteContext, order: WriteOrder): Promise<{ id: string }> {
  if (order.action === 'create') return create(ctx, order);
  const actionId = order.object.id!;
  if (order.action === 'delete') {
    await ctx.write('delete', { method: 'DELETE', path: paths.action, params: { actionId } });
    return { id: actionId };
  }
  const read = async (): Promise<{ fresh: JsonObject; next: JsonObject }> => {
    const fresh = await freshRead(ctx, order);
    return { fresh, next: order.fields.reduce((action, { path, value }) => setAt(action, path, value), fresh) };
  };
  if (order.fields.some(({ path }) => path.startsWith('/contract') || path === '/secure')) {
    await publishThroughDraft(ctx, actionId, read);
  } else {
    const { name = null, category = null, config = null, version = null } = (await read()).next;
    const body = { name, category, config, version };
    await ctx.write('patch', { method: 'PATCH', path: paths.action, params: { actionId }, body });
  }
  return { id: actionId };
}

async function create(ctx: WriteContext, order: WriteOrder): Promise<{ id: string }> {
  // A field that is wished to be clear is simply not sent; one that somebody wishes beats its default.
  const wished = order.fields.filter(({ value }) => value !== null);
  const defaults = order.defaults.filter(({ path }) => !order.fields.some((field) => field.path === path));
  const body = [...defaults, ...wished].reduce<JsonObject>((action, { path, value }) => setAt(action, path, value), {});
  const made = await ctx.write('create', { method: 'POST', path: paths.actions, body });
  const id = isObject(made) ? made['id'] : undefined;
  if (typeof id !== 'string')
    throw new Failure('Unsettled', 'Genesys answered the creation of a data action without an id');
  return { id };
}

/** The object as it is now; another version than the planned one means that somebody was faster. */
async function freshRead(ctx: WriteContext, order: WriteOrder): Promise<JsonObject> {
  const fresh = await read(ctx.reader, { id: order.object.id! });
  if (fresh === undefined) throw new Failure('Gone', `"${order.object.key}" is no longer there`);
  const version = versionOf(fresh);
  if (version !== order.base) {
    throw new Failure(
      'Conflict',
      `"${order.object.key}" moved from version ${order.base} to ${version} since it was planned`,
    );
  }
  return fresh;
}
