import type { WriteContext, WriteOrder } from '../../../model/contracts.ts';
import { asFailure, Failure } from '../../../model/failure.ts';
import { isObject, type Json, type JsonObject } from '../../../model/json.ts';
import { divisionId } from '../../divisions.ts';
import { readFlow } from './head.ts';
import { paths } from './paths.ts';

/** Before the job, which would make another flow of another name. */
export async function renameOrMove(ctx: WriteContext, flow: JsonObject, head: WriteOrder['fields']): Promise<void> {
  const flowId = String(flow['id']);
  const wished = (path: string): Json | undefined => head.find((field) => field.path === path)?.value;
  const division = wished('/division');
  const body: JsonObject = { name: wished('/name') ?? flow['name'] ?? null };
  if (flow['description'] !== undefined) body['description'] = flow['description'];
  if (typeof division === 'string') body['division'] = { id: await divisionId(ctx.reader, division) };
  await put(ctx, flowId, body);
}

/** Some organisations take it only from who holds the lock, and say so; it is taken for that moment. */
async function put(ctx: WriteContext, flowId: string, body: JsonObject): Promise<void> {
  const update = (): Promise<void> => settled(ctx, 'update', { flowId, body });
  try {
    return await update();
  } catch (error) {
    if (asFailure(error).detail.apiCode !== 'architect.flow.not.locked.by.user') throw error;
  }
  const query = { flow: flowId };
  // Lost or not: the next step tells whether the lock is ours.
  await ctx.write('checkout', { method: 'POST', path: paths.checkout, query }).catch(unlessLost);
  try {
    await update();
  } finally {
    // Our own lock is in nobody's way here, and publishing takes it away.
    await ctx.write('unlock', { method: 'POST', path: paths.unlock, query }).catch(unlessLost);
  }
}

/** A lost answer is looked up in the flow; what did not happen is planned anew. */
async function settled(
  ctx: WriteContext,
  step: string,
  { flowId, body }: { flowId: string; body: JsonObject },
): Promise<void> {
  try {
    await ctx.write(step, { method: 'PUT', path: paths.flow, params: { flowId }, body });
    return;
  } catch (error) {
    const { detail } = asFailure(error);
    if (detail.apiCode === 'architect.flow.already.exists') {
      const message = `another flow is called "${String(body['name'])}"; rename or delete that one first`;
      throw new Failure('BadRequest', message, detail);
    }
    unlessLost(error);
  }
  for (const wait of [0, 500, 1000, 2000]) {
    if (wait > 0) await ctx.reader.wait(wait);
    const flow = await readFlow(ctx.reader, flowId);
    if (flow !== undefined && isSo(flow, body)) return;
  }
  throw new Failure('Conflict', 'the answer to the update was lost, and its name and division did not change');
}

function isSo(flow: JsonObject, { name, division }: JsonObject): boolean {
  const now = flow['division'];
  const isThere = !isObject(division) || (isObject(now) && now['id'] === division['id']);
  return flow['name'] === name && isThere;
}

function unlessLost(error: unknown): void {
  if (asFailure(error).reason !== 'Unsettled') throw error;
}
