import type { WriteContext, WriteOrder, Written } from '../../model/contracts.ts';
import { asFailure, Failure } from '../../model/failure.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import { digestOf } from './digest.ts';
import { endOf, lookAtJob, pauses, resultOf } from './job.ts';
import { asCheckpoint, type Begun, type Kept, keptOf } from './kept.ts';
import { paths } from './paths.ts';
import { type Ready, readyFor } from './ready.ts';
import { type Attempt, replicated } from './replicated.ts';
import { watch } from './watch.ts';
import { lackingNow } from './wished.ts';

/**
 * One job for one organisation, so that each has its own intent, outcome and time. A job that an interrupted run asked for is
 * waited for, and no other is started beside it.
 */
export async function replicate(ctx: WriteContext, order: WriteOrder, source: string): Promise<Written> {
  const kept = keptOf(ctx.checkpointed);
  const wish = digestOf(order);
  const attempt = { source, wish, kept, overwrites: order.directives['overwriteExisting'] === true };
  const goneOn = kept.begun && (await goOn(ctx, order, { ...attempt, begun: kept.begun }));
  if (goneOn !== undefined) return goneOn;
  const { told } = kept;
  if (told?.wish === wish && order.byHand !== true) throw new Failure(told.reason, told.message);
  const ready = await readyFor(ctx, order, source);
  const asked = await begin(ctx, order, { ...attempt, overwrites: ready.overwrites });
  if (asked === undefined) return { id: order.object.id! };
  return finish(ctx, order, { ...attempt, ...asked, overwrites: ready.overwrites }, ready);
}

/** With the job of an earlier attempt. Undefined where it counts for nothing, or nothing is known of it and nothing came of it. */
async function goOn(
  ctx: WriteContext,
  order: WriteOrder,
  attempt: Attempt & { begun: Begun },
): Promise<Written | undefined> {
  const { begun, wish } = attempt;
  const id = order.object.id!;
  const job = await lookAtJob(ctx.reader, begun.job);
  const isSame = begun.wish === wish;
  if (job === undefined) {
    if (!isSame || order.byHand === true) return undefined;
    const lacking = await lackingNow(ctx.reader, id, order.wished);
    return lacking !== undefined && lacking.length > 0
      ? undefined
      : replicated(ctx, order, attempt, { status: 'UNKNOWN' });
  }
  const end = resultOf(job, id) ?? (await endOf(ctx.reader, begun.job, id, async () => {}));
  // It may have ended long ago, and somebody changed the organisation since.
  const lacking = (await lackingNow(ctx.reader, id, order.wished)) ?? [];
  const counts = isSame && (end.status !== 'ACTIVE' || lacking.length === 0);
  return counts ? replicated(ctx, order, attempt, end) : undefined;
}

async function finish(
  ctx: WriteContext,
  order: WriteOrder,
  attempt: Attempt & { answer: JsonObject },
  { before }: Ready,
): Promise<Written> {
  const { reader } = ctx;
  const id = order.object.id!;
  const watched = watch(reader, order, before);
  const end = resultOf(attempt.answer, id) ?? (await endOf(reader, attempt.begun.job, id, watched.look));
  const written = await replicated(ctx, order, attempt, end);
  const warnings = [...(written.warnings ?? []), ...watched.told(written.version)];
  return warnings.length === 0 ? written : { ...written, warnings };
}

/** So long the work of a job is waited for whose id nobody knows, in milliseconds. */
const lostMs = 30_000;

/** Asks for the job. Undefined where the answer was lost, and the organisation came to have what is wished. */
async function begin(
  ctx: WriteContext,
  order: WriteOrder,
  { source, wish, kept, overwrites }: Omit<Attempt, 'begun'>,
): Promise<{ begun: Begun; answer: JsonObject } | undefined> {
  const organization = order.object.id!;
  const at = ctx.now();
  const body = {
    sourceOrganizationId: source,
    targetOrganizationIds: [organization],
    configType: 'webchat',
    overwriteExisting: overwrites,
  };
  // On disk before it leaves: who dies over it has to know that what is there may be its own work.
  const keep = (more: Kept): Promise<void> => ctx.checkpoint(asCheckpoint(more));
  const { begun: _ended, ...rest } = kept;
  await keep({ ...rest, lost: wish });
  const answer = await ctx
    .write('replicate', { method: 'POST', path: paths.replicate, body })
    .catch(async (error: unknown) => {
      const { reason, message, detail } = asFailure(error);
      if (reason === 'Unsettled' && (await becomes(ctx, order))) return undefined;
      if (reason !== 'Unsettled') await keep(rest);
      // 404: one of the two organisations is not there, and to look again would not make it.
      if (reason === 'Gone') {
        const words = `organisation ${source} was to be replicated to organisation ${organization}, and one of the two was not found: ${message}`;
        throw new Failure('ReferenceNotFound', words, detail);
      }
      throw error;
    });
  if (answer === undefined) return undefined;
  const job = isObject(answer) ? answer['id'] : undefined;
  if (!isObject(answer) || typeof job !== 'string')
    throw new Failure('BadAnswer', `Genesys answered the replication to organisation ${organization} without a job id`);
  const begun: Begun = { job, at, acknowledgedMs: ctx.now() - at, wish };
  await keep({ ...rest, begun });
  return { begun, answer };
}

/** Whether the organisation comes to have what is wished. */
async function becomes({ reader }: WriteContext, { object, wished }: WriteOrder): Promise<boolean> {
  for (const pause of pauses(lostMs)) {
    await reader.wait(pause);
    if ((await lackingNow(reader, object.id!, wished))?.length === 0) return true;
  }
  return false;
}
