import type { WriteContext, WriteOrder } from '../../model/contracts.ts';
import { Failure } from '../../model/failure.ts';
import type { JsonObject } from '../../model/json.ts';
import { readRaw } from './live.ts';
import { refuseMoved } from './moved.ts';
import { lackingNow } from './wished.ts';

/** What a job may do, and over what. */
export interface Ready {
  overwrites: boolean;
  /** The organisation as it is just before; undefined where it cannot be read, or nothing is there. */
  before: JsonObject | undefined;
}

/**
 * Looks once more, directly before a job is asked for: it copies the source as it is then, and whatever is live is gone.
 *
 * @throws Failure `Conflict` where the organisation moved since it was planned, `DependencyNotReady` where the source is not as
 *   the document says, `Drifted` where drift is to be left and it cannot be told whether there is some
 */
export async function readyFor({ reader }: WriteContext, order: WriteOrder, source: string): Promise<Ready> {
  const { object, base, directives, leavesDrift, wished } = order;
  const [before, lacking = []] = await Promise.all([readRaw(reader, object.id!), lackingNow(reader, source, wished)]);
  refuseMoved(order, before);
  if (lacking.length > 0) {
    const message = `organisation ${source} is not as the document says in ${lacking.join(', ')}, which a job would copy to organisation ${object.id}; it was changed by somebody else since it was planned: the next run shows that, and does with it what its policy says`;
    throw new Failure('DependencyNotReady', message);
  }
  const mayOverwrite = directives['overwriteExisting'] === true;
  if (!mayOverwrite || leavesDrift !== true || before !== undefined) return { overwrites: mayOverwrite, before };
  // What cannot be seen may be somebody else's. Where we wrote none, a job that overwrites nothing is still safe.
  if (base !== undefined) throw unseen(order);
  return { overwrites: false, before };
}

/** Why a configuration that cannot be read is not overwritten. */
export function unseen({ object }: Pick<WriteOrder, 'object'>, trace?: JsonObject): Failure {
  const message = `organisation ${object.id} has a configuration that cannot be read, since GET is not served, so nobody can tell whether somebody else changed it; the policy is to report that and not to overwrite it: to overwrite it, set the annotation genesys-gitops/drift to heal`;
  return new Failure('Drifted', message, trace === undefined ? {} : { trace });
}
