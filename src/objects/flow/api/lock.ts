import type { WriteContext } from '../../../model/contracts.ts';
import { asFailure, Failure, type Reason } from '../../../model/failure.ts';
import type { JsonObject } from '../../../model/json.ts';
import { readFlow } from './head.ts';
import { obstacleTo } from './obstacle.ts';
import { paths } from './paths.ts';

/**
 * Throws where somebody else is at work on the flow. With `onLocked: unlock`, and the fingerprint of what would be thrown
 * away in `genesys-gitops/force-unlock`, a lock is broken instead: a person has looked at exactly that. Answers the
 * fingerprint of what was forced, as it is called now, for whoever has to ask again.
 */
export async function assertFree(
  ctx: WriteContext,
  flow: JsonObject,
  { directives, forced }: { directives: JsonObject; forced?: string | undefined },
): Promise<string | undefined> {
  const obstacle = obstacleTo(flow, ctx.reader.clientId);
  if (obstacle === undefined) return forced;
  const { message, fingerprint, locked, busy } = obstacle;
  const { onLocked = 'wait', forceUnlock } = directives;
  if (busy) throw new Failure('Locked', `${message}; it is tried again later`);
  if (onLocked === 'unlock' && (forceUnlock === fingerprint || forced === fingerprint)) {
    return locked ? unlock(ctx, String(flow['id'])) : fingerprint;
  }
  const force = `to publish over it, set onLocked: unlock and the annotation genesys-gitops/force-unlock: "${fingerprint}"`;
  if (onLocked === 'fail') throw new Failure('LockRefused', `${message}; ${force}`);
  throw new Failure('Locked', `${message}; it is tried again later, or ${force}`);
}

/** Nobody speaks for a flow that no document has any more, so what somebody does to it is waited for. */
export function assertDeletable({ reader }: WriteContext, flow: JsonObject): void {
  const obstacle = obstacleTo(flow, reader.clientId);
  if (obstacle === undefined) return;
  throw new Failure('Locked', `${obstacle.message}; it is deleted once that is published, thrown away or given back`);
}

/**
 * Genesys's own tools unlock in one call, which keeps the draft as a version (Terraform provider, `force_unlock`); the
 * specification says that it is for locks without a draft, and that a check-in ends the others. Either way nothing is lost.
 * Answers the fingerprint of what was kept. A lost answer is looked up in the flow itself.
 */
async function unlock(ctx: WriteContext, id: string): Promise<string | undefined> {
  const query = { flow: id };
  const request = (path: string) => ({ method: 'POST', path, query }) as const;
  const refused = await answerLost(ctx.write('unlock', request(paths.unlock)), 'Conflict');
  if (refused) await answerLost(ctx.write('checkin', request(paths.checkin)));
  for (const wait of [0, 250, 500, 1000, 2000, 4000]) {
    if (wait > 0) await ctx.reader.wait(wait);
    const flow = await readFlow(ctx.reader, id);
    const obstacle = flow === undefined ? undefined : obstacleTo(flow, ctx.reader.clientId);
    if (obstacle === undefined || (!obstacle.locked && !obstacle.busy)) return obstacle?.fingerprint;
  }
  throw new Failure('Locked', 'its lock was taken away, but it is still locked; it is tried again later');
}

/** True where the write was refused for this reason; a write whose answer was lost counts as done, and is looked up. */
async function answerLost(written: Promise<unknown>, refusal?: Reason): Promise<boolean> {
  try {
    await written;
    return false;
  } catch (error) {
    const { reason } = asFailure(error);
    if (reason === refusal) return true;
    if (reason === 'Unsettled') return false;
    throw error;
  }
}
