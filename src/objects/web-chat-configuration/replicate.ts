import { createHash } from 'node:crypto';
import { satisfied } from '../../model/compare.ts';
import type { WriteContext, WriteOrder, Written } from '../../model/contracts.ts';
import { asFailure, Failure } from '../../model/failure.ts';
import { isObject, type JsonObject, stable } from '../../model/json.ts';
import { getAt } from '../../model/pointer.ts';
import { isSame } from './body.ts';
import { endOf, lookAt, pauses, type Replicated, resultOf } from './job.ts';
import { readLive } from './live.ts';
import { paths } from './paths.ts';

/** A job as it is kept between attempts. */
type Begun = {
  job: string;
  /** Milliseconds since 1970 when it was asked for, and how long until it was acknowledged. */
  at: number;
  acknowledgedMs: number;
  /** Of what was wished then: a job for something else has to end, and counts for nothing. */
  wish: string;
};

/**
 * One job for one organisation, so that each has its own intent, outcome and time. A job that an interrupted run asked for is
 * waited for, and no other is started beside it.
 */
export async function replicate(ctx: WriteContext, order: WriteOrder, source: string): Promise<Written> {
  const organization = order.object.id!;
  const wish = digestOf(order);
  const before = begunOf(ctx.checkpointed);
  const job = before && (await lookAt(ctx.reader, before.job));
  if (before !== undefined && job !== undefined) {
    const end = resultOf(job, organization) ?? (await endOf(ctx.reader, before.job, organization));
    // It may have ended long ago, and somebody changed the organisation since.
    const counts = before.wish === wish && (end.status !== 'ACTIVE' || (await has(ctx, order, organization, true)));
    if (counts) return written(ctx, order, before, end);
  }
  const asked = await begin(ctx, order, { source, organization, wish });
  if (asked === undefined) return { id: organization };
  const { begun, answer } = asked;
  const end = resultOf(answer, organization) ?? (await endOf(ctx.reader, begun.job, organization));
  return written(ctx, order, begun, end);
}

/** So long the work of a job is waited for whose id nobody knows, in milliseconds. */
const lostMs = 30_000;

/** Asks for the job. Undefined where the answer was lost, and the organisation came to have what is wished. */
async function begin(
  ctx: WriteContext,
  order: WriteOrder,
  { source, organization, wish }: { source: string; organization: string; wish: string },
): Promise<{ begun: Begun; answer: JsonObject } | undefined> {
  const at = ctx.now();
  const body = {
    sourceOrganizationId: source,
    targetOrganizationIds: [organization],
    configType: 'webchat',
    overwriteExisting: order.directives['overwriteExisting'] === true,
  };
  const answer = await ctx
    .write('replicate', { method: 'POST', path: paths.replicate, body })
    .catch(async (error: unknown) => {
      const { reason, message, detail } = asFailure(error);
      // 404: one of the two organisations is not there, and to look again would not make it.
      if (reason === 'Gone') throw new Failure('ReferenceNotFound', message, detail);
      if (reason === 'Unsettled' && (await becomes(ctx, order))) return undefined;
      throw error;
    });
  if (answer === undefined) return undefined;
  const job = isObject(answer) ? answer['id'] : undefined;
  if (!isObject(answer) || typeof job !== 'string')
    throw new Failure('BadAnswer', `Genesys answered the replication to organisation ${organization} without a job id`);
  const begun: Begun = { job, at, acknowledgedMs: ctx.now() - at, wish };
  await ctx.checkpoint(begun);
  return { begun, answer };
}

async function written(ctx: WriteContext, order: WriteOrder, begun: Begun, end: Replicated): Promise<Written> {
  const id = order.object.id!;
  const trace = { jobId: begun.job };
  // An earlier job, of which the answer was lost, may have done it: then this one had nothing left to do.
  const isDone = end.status === 'ACTIVE' || (end.status === 'SKIPPED' && (await has(ctx, order, id, false)));
  if (!isDone) {
    await ctx.checkpoint({});
    throw notReplicated(id, end, trace);
  }
  const activationMs = ctx.now() - begun.at;
  // It was as wished when the job was asked for; what a job takes is what it finds.
  const source = String(order.directives['replicateFrom']);
  if (!(await has(ctx, order, source, true))) {
    const message = `organisation ${source} was changed by somebody else while it was replicated to organisation ${id}; the next run sets it right, and replicates it again`;
    throw new Failure('DependencyNotReady', message, { trace });
  }
  const { acknowledgedMs } = begun;
  const version = end.status === 'ACTIVE' ? end.version : undefined;
  return { id, trace, acknowledgedMs, activationMs, ...(version === undefined ? {} : { version }) };
}

function notReplicated(id: string, { status, message }: Replicated, trace: JsonObject): Failure {
  const said = message === undefined ? '' : `: ${message.replace(/[.\s]+$/, '')}`;
  if (status === 'SKIPPED') {
    const words = `Genesys left organisation ${id} out${said}; it has a configuration of its own, and overwriteExisting is false: set replicateTo.overwriteExisting to true, or take it out of replicateTo`;
    return new Failure('OverwriteRefused', words, { trace });
  }
  const words = `Genesys could not replicate the configuration to organisation ${id}${said || ', and does not say why'}`;
  return new Failure('ReplicationFailed', words, { trace });
}

/** Whether the organisation comes to have what is wished. */
async function becomes(ctx: WriteContext, order: WriteOrder): Promise<boolean> {
  for (const pause of pauses(lostMs)) {
    await ctx.reader.wait(pause);
    if (await has(ctx, order, order.object.id!, false)) return true;
  }
  return false;
}

/** Whether an organisation has what is wished; `unread` where it cannot be read. */
async function has(
  { reader }: WriteContext,
  { wished }: WriteOrder,
  organization: string,
  unread: boolean,
): Promise<boolean> {
  const live = await readLive(reader, { id: organization });
  if (!isObject(live)) return unread;
  return wished.every(({ path, value }) => {
    const now = getAt(live, path);
    return satisfied(value, now) || isSame(path, value, now);
  });
}

function digestOf({ wished, directives }: WriteOrder): string {
  const values = Object.fromEntries(wished.map(({ path, value }) => [path, value]));
  return createHash('sha256').update(stable({ values, directives })).digest('hex');
}

function begunOf(kept: JsonObject | undefined): Begun | undefined {
  const { job, at, acknowledgedMs, wish } = kept ?? {};
  if (typeof job !== 'string' || typeof at !== 'number') return undefined;
  return {
    job,
    at,
    acknowledgedMs: typeof acknowledgedMs === 'number' ? acknowledgedMs : 0,
    wish: typeof wish === 'string' ? wish : '',
  };
}
