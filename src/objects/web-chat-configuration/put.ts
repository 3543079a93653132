import type { WriteContext, WriteOrder, Written } from '../../model/contracts.ts';
import { asFailure, Failure } from '../../model/failure.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import { versionOf } from '../versioned.ts';
import { bodyOver } from './body.ts';
import { digestOf } from './digest.ts';
import { isBlank, readRaw } from './live.ts';
import { refuseMoved } from './moved.ts';
import { paths } from './paths.ts';
import { lackingOf } from './wished.ts';

/** What an attempt keeps for the next one. */
interface Kept {
  /** The version that a 409 named, of what cannot be read; `isOwn` where it is most likely of a write of ours. */
  ifMatch?: string;
  isOwn?: boolean;
  /** A PUT that has no answer: over which version, and of what. */
  sent?: { over: string; wish: string };
  /** True where somebody else made one where none was known, and drift is to be left. */
  foreign?: true;
}

/**
 * Over a fresh read where GET is served: with its version, and with the fields that are unknown here. Where it is not, with
 * the version that is known from the last answer, or with none: then Genesys says which one there is.
 */
export async function put(ctx: WriteContext, order: WriteOrder): Promise<Written> {
  const { object, base, wished, live, leavesDrift } = order;
  const id = object.id!;
  const kept: Kept = ctx.checkpointed ?? {};
  const fresh = await readRaw(ctx.reader, id);
  const isTheirs = kept.foreign === true || (base === undefined && (live === 'unreadable' || isBlank(live)));
  if (fresh !== undefined && leavesDrift === true && isTheirs) {
    await ctx.checkpoint({ ...kept, foreign: true } as JsonObject);
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
    await ctx.checkpoint({ ...kept, sent: { over: ifMatch ?? '', wish: digestOf(order) } } as JsonObject);
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

/** A refusal as it is meant here. What a 409 names is kept for the next attempt where it cannot be read. */
async function refused(
  failure: Failure,
  ctx: WriteContext,
  order: WriteOrder,
  was: { kept: Kept; isUnread: boolean; ifMatch: string | undefined; isNew: boolean },
): Promise<Written> {
  const { object, base, leavesDrift } = order;
  const { reason, message, detail } = failure;
  const { kept, isUnread, ifMatch, isNew } = was;
  if (reason === 'Unsettled') throw failure;
  const keep = (more: Kept): Promise<void> => ctx.checkpoint({ ...kept, ...more } as JsonObject);
  // It was answered: nothing is known to be on its way but what an earlier attempt sent.
  if (isUnread) await keep({});
  // 404: there is no such organisation, and to look again would not make one.
  if (reason === 'Gone') throw new Failure('ReferenceNotFound', message, detail);
  const { version } = detail;
  if (reason !== 'Conflict' || !isNew) throw failure;
  // Somebody made it since: what can be read now is planned anew, or left as theirs.
  const now = await readRaw(ctx.reader, object.id!);
  if (now !== undefined) {
    if (leavesDrift !== true || base !== undefined) throw failure;
    await keep({ foreign: true });
    throw foreign(order, now);
  }
  if (!isUnread || version === undefined || version === ifMatch) throw failure;
  const { sent } = kept;
  const isSent = sent !== undefined && sent.over === (ifMatch ?? '');
  const isOwn = isSent && follows(version, sent.over);
  if (leavesDrift === true && isOwn && sent.wish === digestOf(order)) {
    const words = `version ${version} of its configuration is there, which most likely is what this tool sent, whose answer was lost; it cannot be read, so that is not certain, and nothing was written over it`;
    return { id: object.id!, version, warnings: [words] };
  }
  if (leavesDrift === true && !isOwn) throw unread(order, version, detail, isSent);
  await keep({ ifMatch: version, isOwn });
  throw failure;
}

/** Whether a version is the one right after another, where they count. */
function follows(version: string, before: string): boolean {
  return /^\d+$/.test(before) && version === String(Number(before) + 1);
}

const toOverwrite = 'to overwrite it, set the annotation genesys-gitops/drift to heal';

function unread({ object, base }: WriteOrder, version: string, detail: Failure['detail'], isSent: boolean): Failure {
  const last = base === undefined ? 'it knows of none' : `its last was ${base}`;
  const known = isSent ? `${last}, and a write of its own has no answer` : last;
  const words = `organisation ${object.id} has version ${version} of its configuration, which this tool did not write (${known}) and cannot read, since GET is not served; the policy is to report that and not to overwrite it: ${toOverwrite}`;
  return new Failure('Drifted', words, detail);
}

function foreign({ object, wished }: WriteOrder, now: JsonObject): Failure {
  const version = versionOf(now);
  const names = lackingOf(now, wished);
  const differs = names.length === 0 ? '' : `, and differs from the document in ${names.join(', ')}`;
  const words = `organisation ${object.id} has a configuration${version === undefined ? '' : ` (version ${version})`} that this tool did not write and that did not show when its first was planned${differs}; the policy is to report that and not to overwrite it: accept it by a commit, or, ${toOverwrite}`;
  return new Failure('Drifted', words, version === undefined ? {} : { versionAfter: version });
}
