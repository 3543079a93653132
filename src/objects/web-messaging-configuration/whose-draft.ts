import { createHash } from 'node:crypto';
import type { WriteContext } from '../../model/contracts.ts';
import { Failure } from '../../model/failure.ts';
import type { Reader } from '../../model/http.ts';
import { isObject, type JsonObject, stable } from '../../model/json.ts';
import { covers, isOnly, same } from './content.ts';
import { contentOf, type Found, find, textOf } from './live.ts';
import { savedBy } from './summaries.ts';

/** What is to become the next version of a configuration. */
export interface Goal {
  id: string;
  name: string;
  /** The whole content to publish. */
  next: JsonObject;
  /** The version that it replaces, as read; absent where none was ever published. */
  published?: JsonObject;
  /** The number of that version; 0 where none was ever published. */
  newest: number;
  /** The fingerprint of somebody's draft that may be written over. */
  forceDraft?: string;
}

/** A draft of ours as it was sent, and as it was stored where the answer came. */
export interface Sent extends JsonObject {
  content: JsonObject;
}

/** What earlier attempts sent that may be what the draft is now. */
export function sentBefore({ checkpointed }: WriteContext): Sent[] {
  const sent = checkpointed?.['sent'];
  return Array.isArray(sent) ? sent.filter(isObject).filter((one): one is Sent => isObject(one['content'])) : [];
}

/** A draft as the server has it, for knowing it again. */
export function storedAs(draft: JsonObject): JsonObject {
  const { dateModified } = draft;
  return { stored: contentOf(draft), ...(typeof dateModified === 'string' ? { dateModified } : {}) };
}

/**
 * Whether the draft is what an earlier attempt sent: nobody saved it since, or it says the same. Where no answer told how it
 * was stored, what somebody added and what the server filled in look alike. So the latter counts only where the version
 * before has it as well, or where the draft is as it was created.
 */
export function isThat(draft: JsonObject, { content, stored, dateModified }: Sent, published?: JsonObject): boolean {
  if (dateModified !== undefined && dateModified === draft['dateModified']) return true;
  if (isObject(stored)) return same(draft, stored);
  if (published === undefined && isAsCreated(draft)) return covers(draft, content);
  return isOnly(draft, content, published);
}

/** Nobody saved the draft since its configuration was made. */
function isAsCreated({ dateCreated, dateModified }: JsonObject): boolean {
  return typeof dateCreated === 'string' && dateCreated === dateModified;
}

/** Whether the draft is what is to be published; in one of ours, the server may have filled in what we did not say. */
export function isWanted(draft: JsonObject, { next, published }: Goal, known?: Sent): boolean {
  if (known === undefined) return same(draft, next);
  return same(known.content, next) || isOnly(draft, next, published);
}

/** A draft is nobody's work if it is what is published, or what we want, or was not saved since the last publishing. */
export async function assertNobodys(reader: Reader, draft: JsonObject, goal: Goal): Promise<void> {
  const { published, name, forceDraft } = goal;
  if (isWanted(draft, goal) || isPublished(draft, published)) return;
  const fingerprint = fingerprintOf(draft);
  if (forceDraft === fingerprint) return;
  // It may be what somebody published a moment ago.
  await assertNewest(reader, goal);
  const advice = published === undefined ? 'publish it' : 'publish it or make it again what is published';
  throw new Failure(
    'ForeignDraft',
    `"${name}" has a draft that is not published, saved ${savedBy(draft)}; it is tried again later: ${advice}, or set the annotation genesys-gitops/force-draft: "${fingerprint}" to write over it`,
  );
}

/** Whether the draft holds nothing that is not published: it says the same, or was not saved since. */
export function isPublished(draft: JsonObject, published: JsonObject | undefined): boolean {
  return published !== undefined && (same(draft, published) || isOlder(draft, published));
}

/** A fresh look; undefined where it is not there. Throws `Conflict` where somebody published since it was planned. */
export async function assertNewest(reader: Reader, { id, name, newest }: Goal): Promise<Found | undefined> {
  const found = await find(reader, id);
  if (found === undefined || found.newest <= newest) return found;
  throw new Failure('Conflict', `version ${found.newest} of "${name}" was published by somebody else meanwhile`);
}

function isOlder(draft: JsonObject, published: JsonObject): boolean {
  return Date.parse(textOf(draft['dateModified'])) <= Date.parse(textOf(published['datePublished']));
}

/** Another one as soon as somebody saves the draft again. */
function fingerprintOf(draft: JsonObject): string {
  const { dateModified } = draft;
  if (typeof dateModified === 'string') return dateModified;
  return createHash('sha256')
    .update(stable(contentOf(draft)))
    .digest('hex')
    .slice(0, 16);
}
