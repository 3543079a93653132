import type { WriteContext, WriteOrder, Written } from '../../model/contracts.ts';
import { asFailure, Failure } from '../../model/failure.ts';
import { isObject } from '../../model/json.ts';
import { versionOf } from '../versioned.ts';
import { bodyOver } from './body.ts';
import { readRaw } from './live.ts';
import { paths } from './paths.ts';
import { replicate } from './replicate.ts';

/** One PUT of the whole body; for an organisation that is replicated to, one job instead. */
export function write(ctx: WriteContext, order: WriteOrder): Promise<Written> {
  const source = order.directives['replicateFrom'];
  return typeof source === 'string' ? replicate(ctx, order, source) : put(ctx, order);
}

/**
 * Over a fresh read where GET is served: with its version, and with the fields that are unknown here. Where it is not, with
 * the version that is known from the last answer, or with none: then Genesys says which one there is.
 */
async function put(ctx: WriteContext, order: WriteOrder): Promise<Written> {
  const { object, base, wished } = order;
  const id = object.id!;
  const fresh = await readRaw(ctx.reader, id);
  const version = fresh && versionOf(fresh);
  if (fresh !== undefined && version !== base) {
    const message = `the configuration of organisation ${id} moved from ${told(base)} to ${told(version)} since it was planned`;
    throw new Failure('Conflict', message, version === undefined ? {} : { version });
  }
  const learnt = fresh === undefined ? toldBefore(ctx, order) : undefined;
  const ifMatch = version ?? learnt ?? base;
  const answer = await ctx
    .write('put', {
      method: 'PUT',
      path: paths.configuration,
      params: { orgId: id },
      body: bodyOver(fresh ?? {}, wished),
      ...(ifMatch === undefined ? {} : { ifMatch }),
    })
    .catch((error: unknown) => refused(error, ctx, order, fresh === undefined));
  const made = isObject(answer) ? versionOf(answer) : undefined;
  const warnings =
    learnt === undefined || learnt === base
      ? []
      : [`version ${learnt} was there, which this tool did not write and cannot read; it was written over`];
  return {
    id,
    ...(made === undefined ? {} : { version: made }),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

function told(version: string | undefined): string {
  return version === undefined ? 'one that could not be read' : `version ${version}`;
}

/** The version that a 409 named, of an attempt at this very write. Where drift is left alone, nothing is written over unseen. */
function toldBefore({ checkpointed }: WriteContext, { leavesDrift }: WriteOrder): string | undefined {
  const version = checkpointed?.['ifMatch'];
  return typeof version === 'string' && leavesDrift !== true ? version : undefined;
}

/** A refusal as it is meant here. What a 409 names is kept for the next attempt where it cannot be read. */
async function refused(
  error: unknown,
  ctx: WriteContext,
  { object, base, leavesDrift }: WriteOrder,
  isUnread: boolean,
): Promise<never> {
  const { reason, message, detail } = asFailure(error);
  // 404: there is no such organisation, and to look again would not make one.
  if (reason === 'Gone') throw new Failure('ReferenceNotFound', message, detail);
  const { version } = detail;
  if (reason !== 'Conflict' || !isUnread || version === undefined || version === base) throw error;
  if (leavesDrift === true) {
    const words = `organisation ${object.id} has version ${version} of its configuration, which this tool did not write (${base === undefined ? 'it knows of none' : `its last was ${base}`}) and cannot read, since GET is not served; the policy is to report that and not to overwrite it: to overwrite it, set the annotation genesys-gitops/drift to heal`;
    throw new Failure('Drifted', words, detail);
  }
  await ctx.checkpoint({ ifMatch: version });
  throw error;
}
