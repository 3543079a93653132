import type { WriteContext, WriteOrder, Written } from '../../model/contracts.ts';
import { asFailure } from '../../model/failure.ts';
import { isObject } from '../../model/json.ts';
import { versionOf } from '../versioned.ts';
import { bodyOver } from './body.ts';
import { digestOf } from './digest.ts';
import { asCheckpoint, type KeptPut } from './kept.ts';
import { isBlank, readRaw } from './live.ts';
import { refuseMoved } from './moved.ts';
import { paths } from './paths.ts';
import { foreign, refused } from './put-refused.ts';

/**
 * Over a fresh read where GET is served: with its version, and with the fields that are unknown here. Where it is not, with
 * the version that is known from the last answer, or with none: then Genesys says which one there is.
 */
export async function put(ctx: WriteContext, order: WriteOrder): Promise<Written> {
  const { object, base, wished, live, leavesDrift } = order;
  const id = object.id!;
  const kept: KeptPut = ctx.checkpointed ?? {};
  const fresh = await readRaw(ctx.reader, id);
  const isTheirs = kept.foreign === true || (base === undefined && (live === 'unreadable' || isBlank(live)));
  if (fresh !== undefined && leavesDrift === true && isTheirs) {
    await ctx.checkpoint(asCheckpoint({ ...kept, foreign: true }));
    throw foreign(order, fresh);
  }
  refuseMoved(order, fresh);
  // Where nothing is there, a version would say that something is: without one, Genesys refuses if we are wrong.
  const isUnread = fresh === undefined && !isBlank(live);
  const mayTell = kept.isOwn === true || leavesDrift !== true;
  const learnt = isUnread && mayTell ? kept.ifMatch : undefined;
  const ifMatch = fresh === undefined ? (isUnread ? (learnt ?? base) : undefined) : versionOf(fresh);
  // On disk before it leaves: who dies over it has to know that the next version may be its own.
  if (isUnread) {
    await ctx.checkpoint(asCheckpoint({ ...kept, sent: { over: ifMatch ?? '', wish: digestOf(order) } }));
  }
  try {
    const answer = await ctx.write('put', {
      method: 'PUT',
      path: paths.configuration,
      params: { orgId: id },
      body: bodyOver(fresh ?? {}, wished),
      ...(ifMatch === undefined ? {} : { ifMatch }),
    });
    const made = isObject(answer) ? versionOf(answer) : undefined;
    const warnings = learnt === undefined || learnt === base ? [] : [writtenOver(learnt, kept.isOwn === true)];
    return { id, ...(made === undefined ? {} : { version: made }), ...(warnings.length === 0 ? {} : { warnings }) };
  } catch (error) {
    return refused(asFailure(error), ctx, order, { kept, isUnread, ifMatch, isNew: fresh === undefined });
  }
}

function writtenOver(version: string, isOwn: boolean): string {
  return isOwn
    ? `version ${version} was there, most likely of this tool's own write, whose answer was lost; it was written over`
    : `version ${version} was there, which this tool did not write and cannot read; it was written over`;
}
