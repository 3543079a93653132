import type { WriteContext, WriteOrder, Written } from '../../model/contracts.ts';
import { Failure } from '../../model/failure.ts';
import type { JsonObject } from '../../model/json.ts';
import { versionOf } from '../versioned.ts';
import { digestOf } from './digest.ts';
import { asCheckpoint, type KeptPut } from './kept.ts';
import { readRaw } from './live.ts';
import { lackingOf } from './wished.ts';

/** A refusal as it is meant here. What a 409 names is kept for the next attempt where it cannot be read. */
export async function refused(
  failure: Failure,
  ctx: WriteContext,
  order: WriteOrder,
  was: { kept: KeptPut; isUnread: boolean; ifMatch: string | undefined; isNew: boolean },
): Promise<Written> {
  const { object, base, leavesDrift } = order;
  const { reason, message, detail } = failure;
  const { kept, isUnread, ifMatch, isNew } = was;
  if (reason === 'Unsettled') throw failure;
  const keep = (more: KeptPut): Promise<void> => ctx.checkpoint(asCheckpoint({ ...kept, ...more }));
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
  if (!isUnread) {
    const words = `Genesys shows no configuration of organisation ${object.id}, and refuses a first one, since version ${version ?? 'unknown'} is there; nothing is written over what it does not show`;
    throw new Failure('Conflict', words, detail);
  }
  if (version === undefined || version === ifMatch) throw failure;
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

/** Why what somebody else made is left, where this tool was about to write the first. */
export function foreign({ object, wished }: WriteOrder, now: JsonObject): Failure {
  const version = versionOf(now);
  const names = lackingOf(now, wished);
  const differs = names.length === 0 ? '' : `, and differs from the document in ${names.join(', ')}`;
  const words = `organisation ${object.id} has a configuration${version === undefined ? '' : ` (version ${version})`} that this tool did not write and that did not show when its first was planned${differs}; the policy is to report that and not to overwrite it: accept it by a commit, or, ${toOverwrite}`;
  return new Failure('Drifted', words, version === undefined ? {} : { versionAfter: version });
}
