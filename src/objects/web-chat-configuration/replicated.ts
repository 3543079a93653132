import type { WriteContext, WriteOrder, Written } from '../../model/contracts.ts';
import { Failure } from '../../model/failure.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Replicated } from './job.ts';
import { asCheckpoint, type Begun, type Kept } from './kept.ts';
import { unseen } from './ready.ts';
import { lackingNow } from './wished.ts';

export interface Attempt {
  source: string;
  wish: string;
  kept: Kept;
  /** Whether the job was allowed to overwrite. */
  overwrites: boolean;
  begun: Begun;
}

/** What came of a job, as the outcome of its write. */
export async function replicated(
  ctx: WriteContext,
  order: WriteOrder,
  attempt: Attempt,
  end: Replicated,
): Promise<Written> {
  const { begun, kept, source, wish } = attempt;
  const id = order.object.id!;
  const { acknowledgedMs } = begun;
  const trace = { jobId: begun.job };
  const activationMs = ctx.now() - begun.at;
  const told = { id, trace, acknowledgedMs, activationMs };
  if (end.status === 'FAILED') {
    await ctx.checkpoint({});
    throw refused(id, end, trace);
  }
  const lacking = await lackingNow(ctx.reader, id, order.wished);
  // An earlier job, of which the answer was lost, may have done it: then this one had nothing left to do.
  if (lacking?.length === 0) {
    return end.status !== 'ACTIVE' || end.version === undefined ? told : { ...told, version: end.version };
  }
  if (end.status === 'SKIPPED') {
    const isOurs = kept.lost === wish;
    if (isOurs && kept.told?.wish === wish && order.byHand === true) return { ...told, warnings: [takenForOurs] };
    const failure = skipped(order, attempt, end, isOurs);
    const { reason, message } = failure;
    await ctx.checkpoint(asCheckpoint(isOurs ? { lost: wish, told: { wish, reason, message } } : {}));
    throw failure;
  }
  if (end.status === 'UNKNOWN') {
    const message = `Genesys acknowledged the replication to organisation ${id} (job ${begun.job}, after ${acknowledgedMs} ms), and tells nothing of that job: its result is unknown; look at the organisation in the admin pages, and let \`genesys-gitops reconcile\` ask for it again`;
    throw new Failure('ReplicationUnknown', message, { trace });
  }
  // It was as wished when the job was asked for; what a job takes is what it finds.
  const moved = (await lackingNow(ctx.reader, source, order.wished)) ?? [];
  if (moved.length > 0) {
    const message = `organisation ${source} was changed by somebody else (${moved.join(', ')}) while it was replicated to organisation ${id}; the next run looks at both again`;
    throw new Failure('DependencyNotReady', message, { trace });
  }
  return end.version === undefined ? told : { ...told, version: end.version };
}

const takenForOurs =
  "it has a configuration, which is taken for the work of this tool's own request, whose answer was lost: a person asked to go on";

function refused(id: string, { message }: Replicated, trace: JsonObject): Failure {
  const said = message === undefined ? ', and does not say why' : `: ${sentence(message)}`;
  const words = `Genesys could not replicate the configuration to organisation ${id}${said}`;
  return new Failure('ReplicationFailed', words, { trace, nothingMade: true });
}

function skipped(order: WriteOrder, { overwrites, begun }: Attempt, { message }: Replicated, isOurs: boolean): Failure {
  const id = order.object.id!;
  const trace = { jobId: begun.job };
  if (order.directives['overwriteExisting'] === true && !overwrites && !isOurs) return unseen(order, trace);
  const said = message === undefined ? '' : `: ${sentence(message)}`;
  const left = `Genesys left organisation ${id} out${said}`;
  if (!isOurs) {
    const words = `${left}; it has a configuration of its own, and overwriteExisting is false: set replicateTo.overwriteExisting to true, or take it out of replicateTo`;
    return new Failure('OverwriteRefused', words, { trace, nothingMade: true });
  }
  const words = `${left}; its configuration cannot be read, and may be the work of this tool's own request, whose answer was lost: look at it in the admin pages; where it is as it should be, \`genesys-gitops reconcile\` takes it for that; else set replicateTo.overwriteExisting to true, or take it out of replicateTo`;
  return new Failure('OverwriteRefused', words, { trace });
}

function sentence(message: string): string {
  return message.replace(/[.\s]+$/, '');
}
