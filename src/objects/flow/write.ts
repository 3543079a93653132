import type { WriteContext, WriteOrder, Written } from '../../model/contracts.ts';
import { asFailure, Failure } from '../../model/failure.ts';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { keyParts } from '../../model/key.ts';
import { parsePointer } from '../../model/pointer.ts';
import { parseDuration } from './duration.ts';
import { setTimeouts } from './edit.ts';
import { exportText } from './export-job.ts';
import { publishedOf, readFlow, typeOf, versionIdOf } from './head.ts';
import { assertFree } from './lock.ts';
import { paths } from './paths.ts';
import { outline } from './prepare.ts';
import { publish } from './publish.ts';

/**
 * Create and update publish a YAML file; which flow it becomes goes by its type and name, so a rename is a PUT before that.
 * A flow that no document owns is exported, edited and published. Nothing is written while somebody works on the flow.
 */
export async function write(ctx: WriteContext, order: WriteOrder): Promise<Written> {
  const id = order.object.id;
  if (order.action === 'delete') {
    await ctx.write('delete', { method: 'DELETE', path: paths.flow, params: { flowId: id! } });
    return { id: id! };
  }
  const [type = '', name = ''] = keyParts(order.object.key);
  const text = await textOf(ctx, order);
  const head = order.fields.filter(({ path }) => path === '/name' || path === '/division');
  if (id !== undefined && head.length > 0) await renameOrMove(ctx, order, id);
  const stillFree = async (): Promise<void> => {
    if (id === undefined) await assertAbsent(ctx, type, name);
    else await assertUnmoved(ctx, order, id);
  };
  const base = order.base === undefined ? {} : { base: order.base };
  const { flowId, warnings, trace } = await publish(ctx, { text, name, ...base, stillFree });
  const made = id ?? flowId;
  if (made === undefined) throw new Failure('Unsettled', `Genesys published "${name}" and did not say as which flow`);
  const version = await versionMade(ctx, made, order.base);
  return {
    id: made,
    ...(version === undefined ? {} : { version }),
    ...(warnings === undefined ? {} : { warnings }),
    ...(trace === undefined ? {} : { trace }),
  };
}

/** The file of its owner, else what is published, with the wished timeouts in it. */
async function textOf({ reader }: WriteContext, { object, wished, base }: WriteOrder): Promise<string> {
  const content = wished.find(({ path }) => path === '/content')?.value;
  const owned = isObject(content) ? String(content['text']) : undefined;
  if (owned === undefined && base === undefined) {
    throw new Failure(
      'BadRequest',
      `"${object.key}" was never published, so there is nothing to edit; publish it once in Architect`,
    );
  }
  const text = owned ?? (await exportText(reader, object.id!, base!));
  const now = new Map(outline(text, `the flow "${object.key}"`).calls.map(({ key, timeout }) => [key, timeout]));
  const edits = new Map<string, number>();
  for (const { path, value } of wished) {
    const [field, step = ''] = parsePointer(path);
    const ms = field === 'timeouts' && typeof value === 'string' ? parseDuration(value) : undefined;
    if (ms !== undefined && now.get(step) !== value) edits.set(step, ms);
  }
  if (edits.size === 0) return text;
  const edited = setTimeouts(text, edits);
  if ('flaws' in edited) throw new Failure('BadRequest', edited.flaws[0]!.message);
  return edited.text;
}

/** Before the job: it would take another name for another flow. */
async function renameOrMove(ctx: WriteContext, order: WriteOrder, flowId: string): Promise<void> {
  const flow = await assertUnmoved(ctx, order, flowId);
  const wished = (path: string): Json | undefined => order.fields.find((field) => field.path === path)?.value;
  const division = wished('/division');
  const body: JsonObject = { name: wished('/name') ?? flow['name'] ?? null };
  if (flow['description'] !== undefined) body['description'] = flow['description'];
  if (typeof division === 'string') body['division'] = { id: await divisionId(ctx, division) };
  await put(ctx, flowId, body);
}

/** Some organisations take it only from who holds the lock, and say so; it is taken for that moment. */
async function put(ctx: WriteContext, flowId: string, body: JsonObject): Promise<void> {
  const request = { method: 'PUT', path: paths.flow, params: { flowId }, body } as const;
  try {
    await ctx.write('update', request);
    return;
  } catch (error) {
    if (asFailure(error).detail.apiCode !== 'architect.flow.not.locked.by.user') throw error;
  }
  const query = { flow: flowId };
  await ctx.write('checkout', { method: 'POST', path: paths.checkout, query });
  try {
    await ctx.write('update', request);
  } finally {
    await ctx.write('unlock', { method: 'POST', path: paths.unlock, query });
  }
}

async function divisionId({ reader }: WriteContext, name: string): Promise<string> {
  const found = (await reader.list({ path: paths.divisions })).find((division) => division['name'] === name);
  if (found === undefined) throw new Failure('ReferenceNotFound', `no division "${name}" is there`);
  return String(found['id']);
}

/** Somebody may have made one by that name since it was planned; the job would publish over it. */
async function assertAbsent({ reader }: WriteContext, type: string, name: string): Promise<void> {
  const named = await reader.list({ path: paths.flows, query: { name } });
  if (!named.some((flow) => flow['name'] === name && typeOf(flow) === type && flow['deleted'] !== true)) return;
  throw new Failure('Conflict', `somebody made a flow "${name}" meanwhile; the next run looks at it`);
}

/** The flow as it is now: the version that the plan was made against, and nobody at work on it. */
async function assertUnmoved(ctx: WriteContext, order: WriteOrder, id: string): Promise<JsonObject> {
  const flow = await readFlow(ctx.reader, id);
  if (flow === undefined) throw new Failure('Gone', `"${order.object.key}" is no longer there`);
  const published = publishedOf(flow);
  if (published !== order.base) {
    const words = `from version ${order.base ?? 'none'} to ${published ?? 'none'}`;
    throw new Failure('Conflict', `"${order.object.key}" moved ${words} since it was planned`);
  }
  await assertFree(ctx, flow, order.directives);
  return flow;
}

/** The version that is published now, if it is another one and ours: what is read back has to be that. */
async function versionMade(
  { reader }: WriteContext,
  id: string,
  base: string | undefined,
): Promise<string | undefined> {
  for (const wait of [0, 500, 1000, 2000]) {
    if (wait > 0) await reader.wait(wait);
    const flow = await readFlow(reader, id);
    if (flow === undefined) throw new Failure('Gone', 'it was deleted right after it was published');
    const version = publishedOf(flow);
    if (version === undefined || version === base) continue;
    const by = isObject(flow['publishedVersion'])
      ? versionIdOf(flow['publishedVersion']['createdByClient'])
      : undefined;
    if (by === undefined || by === reader.clientId) return version;
    throw new Failure('Conflict', 'somebody published another version right after ours');
  }
  return undefined;
}
