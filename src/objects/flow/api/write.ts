import type { WriteContext, WriteOrder, Written } from '../../../model/contracts.ts';
import { Failure } from '../../../model/failure.ts';
import type { Reader } from '../../../model/http.ts';
import { isObject, type Json, type JsonObject } from '../../../model/json.ts';
import { keyParts } from '../../../model/key.ts';
import { parsePointer } from '../../../model/pointer.ts';
import { outline } from '../prepare.ts';
import { parseDuration } from '../yaml/duration.ts';
import { setTimeouts } from '../yaml/edit.ts';
import { exportText } from './export-job.ts';
import { isLockedByUs, publishedOf, readFlow, typeOf } from './head.ts';
import { assertDeletable, assertFree } from './lock.ts';
import { flowMade, versionMade } from './made.ts';
import { paths } from './paths.ts';
import { publish } from './publish.ts';
import { renameOrMove } from './rename.ts';
import { isTitled, ownerName, type Title, titleOf, withName } from './title.ts';
import { nameOf } from './told.ts';

/** Reads may lag behind a rename of ours: milliseconds to wait before each look. */
const patience = [0, 500, 1000, 2000, 4000, 8000];

/**
 * Create and update publish a YAML file; which flow it becomes goes by its type and name, so a rename is a PUT before that.
 * A flow that no document owns is exported, edited and published. Nothing is written while somebody works on the flow.
 */
export async function write(ctx: WriteContext, order: WriteOrder): Promise<Written> {
  const { action, object, base, fields } = order;
  const { id } = object;
  if (action === 'delete') return remove(ctx, id!);
  if (id !== undefined && fields.length > 0 && fields.every(({ path }) => path === '/locked')) return giveBack(ctx, id);
  const [type = '', name = ''] = keyParts(object.key);
  const text = await textOf(ctx, order);
  let forced: string | undefined;
  const unmoved = async (): Promise<JsonObject> => {
    const flow = await assertUnmoved(ctx, order, id!);
    forced = await assertFree(ctx, flow, { directives: order.directives, forced });
    return flow;
  };
  const title = titleOf(text, `the file of "${name}"`);
  const head = fields.filter(({ path }) => path === '/name' || path === '/division');
  const isRenamed = head.some(({ path }) => path === '/name');
  if (id !== undefined && head.length > 0) await renameOrMove(ctx, await unmoved(), head);
  const stillFree = async (): Promise<void> => {
    if (id === undefined) await assertAbsent(ctx, type, name);
    else await assertTitled(ctx, { title, unmoved, isRenamed });
  };
  const over = base === undefined ? {} : { base };
  const published = await publish(ctx, { text, name, ...over, isNew: id === undefined, stillFree });
  const { jobId, flowId, warnings } = published;
  const made = await flowMade(ctx.reader, { id, flowId, name, jobId });
  const version = await versionMade(ctx.reader, { id: made, isNew: made !== id, base, name, jobId });
  return {
    id: made,
    trace: { job: jobId },
    ...(version === undefined ? {} : { version }),
    ...(warnings === undefined ? {} : { warnings }),
  };
}

/** Publishing takes our lock away by itself; where there is nothing to publish, it is given back. */
async function giveBack(ctx: WriteContext, id: string): Promise<Written> {
  const flow = await readFlow(ctx.reader, id);
  if (flow !== undefined && isLockedByUs(flow, ctx.reader.clientId)) {
    await ctx.write('unlock', { method: 'POST', path: paths.unlock, query: { flow: id } });
  }
  return { id };
}

/** What somebody has open, or has not published yet, would be lost with the flow. */
async function remove(ctx: WriteContext, id: string): Promise<Written> {
  const flow = await readFlow(ctx.reader, id);
  if (flow === undefined) return { id };
  assertDeletable(ctx, flow);
  await ctx.write('delete', { method: 'DELETE', path: paths.flow, params: { flowId: id } });
  return { id };
}

/** The file of its owner, else what is published, with the wished timeouts in it. */
async function textOf({ reader }: WriteContext, order: WriteOrder): Promise<string> {
  const { object, wished, base } = order;
  const content = wished.find(({ path }) => path === '/content')?.value;
  const owned = isObject(content) ? String(content['text']) : undefined;
  if (owned === undefined && base === undefined) {
    throw new Failure(
      'BadRequest',
      `"${object.key}" was never published, so there is nothing to edit; publish it once in Architect`,
    );
  }
  const text = owned ?? (await exported(reader, order, base!));
  const now = new Map(outline(text, `the flow "${object.key}"`).calls.map(({ key, timeout }) => [key, timeout]));
  const edits = new Map<string, number>();
  for (const { path, value } of wished) {
    const [field, step = ''] = parsePointer(path);
    const ms = field === 'timeouts' && typeof value === 'string' ? parseDuration(value) : undefined;
    if (field !== 'timeouts' || (value ?? undefined) === now.get(step)) continue;
    if (ms === undefined) throw restsOtherwise(step, value, now.get(step));
    edits.set(step, ms);
  }
  if (edits.size === 0) return text;
  const edited = setTimeouts(text, edits);
  if ('flaws' in edited) throw new Failure('BadRequest', edited.flaws[0]!.message);
  return edited.text;
}

/** What is published, under the name that the flow has now: it may be exported under the one that it had then. */
async function exported(reader: Reader, { object, fields }: WriteOrder, base: string): Promise<string> {
  const id = object.id!;
  const [type = '', name = ''] = keyParts(object.key);
  const text = await exportText(reader, id, base);
  const now = await ownerName(reader, text, { id, type, name });
  const wished = fields.find(({ path }) => path === '/name')?.value;
  const what = `the export of flow ${id}`;
  return titleOf(text, what).name === (wished ?? now) ? text : withName(text, String(wished ?? now), what);
}

/** Only a wish that rests is what is live; a form that cannot be written beside the file would be lost with it. */
function restsOtherwise(step: string, live: Json, inFile: string | undefined): Failure {
  const is = live === null ? 'no timeout' : `the timeout ${String(live)}`;
  const message = `the step "${step}" has ${is}, which rests, and the file has ${inFile ?? 'none'}; resume what sets it, or write it into the file`;
  return new Failure('Suspended', message);
}

/** Somebody may have made one by that name since it was planned; the job would publish over it. */
async function assertAbsent({ reader }: WriteContext, type: string, name: string): Promise<void> {
  const named = await reader.list({ path: paths.flows, query: { name } });
  if (!named.some((flow) => flow['name'] === name && typeOf(flow) === type && flow['deleted'] !== true)) return;
  const message = `somebody made a flow "${name}" meanwhile, and it is not published over; the next run looks at it`;
  throw new Failure('AdoptionRequired', message);
}

/** The job finds its flow by the type and name in the text, and all that is checked is of the flow of this id. */
async function assertTitled(
  { reader }: WriteContext,
  { title, unmoved, isRenamed }: { title: Title; unmoved: () => Promise<JsonObject>; isRenamed: boolean },
): Promise<void> {
  let called = '';
  for (const wait of isRenamed ? patience : [0]) {
    if (wait > 0) await reader.wait(wait);
    const flow = await unmoved();
    if (isTitled(flow, title)) return;
    called = `${typeOf(flow)} "${nameOf(flow['name'])}"`;
  }
  const wanted = `${title.type} "${title.name}"`;
  const message = `the flow is now ${called}, and its text is that of ${wanted}, which would be published over another flow; nothing was published`;
  throw new Failure('Conflict', message);
}

/** The flow as it is now: of the version that the plan was made against. */
async function assertUnmoved(ctx: WriteContext, order: WriteOrder, id: string): Promise<JsonObject> {
  const flow = await readFlow(ctx.reader, id);
  if (flow === undefined) throw new Failure('Gone', `"${order.object.key}" is no longer there`);
  const published = publishedOf(flow);
  if (published !== order.base) {
    const words = `from version ${nameOf(order.base) || 'none'} to ${nameOf(published) || 'none'}`;
    throw new Failure('Conflict', `"${order.object.key}" moved ${words} since it was planned`);
  }
  return flow;
}
