import { createHash } from 'node:crypto';
import type { WriteContext } from '../../model/contracts.ts';
import { asFailure, Failure } from '../../model/failure.ts';
import { isObject, type JsonObject, stable } from '../../model/json.ts';
import { covers, same } from './content.ts';
import { contentOf, readDraft } from './live.ts';
import { paths } from './paths.ts';
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
interface Sent extends JsonObject {
  content: JsonObject;
}

/** So long is a draft waited for; Genesys's own tools wait as long (Terraform provider, webdeployments_configuration). */
const mostMs = 30_000;
/** Milliseconds between looks; the last one again and again. */
const pauses = [100, 250, 500, 500, 1000, 1000, 2000];
/** Milliseconds before each look at what became of a write whose answer was lost. */
const patience = [0, 250, 500, 1000, 2000];

/**
 * Makes the draft what is to be published, and waits until Genesys has made it ready. There is one draft of a configuration,
 * and no lock: somebody's unpublished work in it is not written over. What is sent is on disk before it leaves, so that who
 * is interrupted knows its own draft again.
 *
 * Throws `ForeignDraft`, `DraftInvalid` where it ends in `Error`, `DraftPending` where it becomes nothing in time.
 */
export async function readyDraft(ctx: WriteContext, goal: Goal, made?: JsonObject): Promise<JsonObject> {
  const { next, id } = goal;
  const draft = made ?? (await readDraft(ctx.reader, id));
  const known = draft === undefined ? undefined : sentBefore(ctx).find((sent) => isThat(draft, sent));
  if (draft !== undefined && known === undefined && made === undefined) assertNobodys(draft, goal);
  const begun = draft?.['status'] === 'Active' || draft?.['status'] === 'Pending';
  if (draft !== undefined && begun && (made !== undefined || isWanted(draft, goal, known))) {
    await ctx.checkpoint({ sent: [{ content: next, ...storedAs(draft) }] });
    return untilReady(ctx, goal, draft);
  }
  // As long as the next request has not left, the draft is still the one before.
  await ctx.checkpoint({ sent: [...(known === undefined ? [] : [known]), { content: next }] });
  const stored = await putDraft(ctx, goal);
  await ctx.checkpoint({ sent: [{ content: next, ...storedAs(stored) }] });
  return untilReady(ctx, goal, stored);
}

/** The draft as it was stored; where the answer was lost, as it is found. */
async function putDraft(ctx: WriteContext, { id, name, next }: Goal): Promise<JsonObject> {
  const request = { method: 'PUT', path: paths.draft, params: { configurationId: id }, body: next } as const;
  try {
    const answer = await ctx.write('put-draft', request);
    if (isObject(answer)) return answer;
    throw new Failure('Unsettled', `Genesys answered without the draft of "${name}"`);
  } catch (error) {
    if (asFailure(error).reason !== 'Unsettled') throw error;
    for (const wait of patience) {
      await ctx.reader.wait(wait);
      const draft = await readDraft(ctx.reader, id);
      if (draft !== undefined && covers(draft, next)) return draft;
    }
    throw error;
  }
}

function sentBefore({ checkpointed }: WriteContext): Sent[] {
  const sent = checkpointed?.['sent'];
  return Array.isArray(sent) ? sent.filter(isObject).filter((one): one is Sent => isObject(one['content'])) : [];
}

function storedAs(draft: JsonObject): JsonObject {
  const { dateModified } = draft;
  return { stored: contentOf(draft), ...(typeof dateModified === 'string' ? { dateModified } : {}) };
}

/** Whether the draft is what an earlier attempt sent: nobody saved it since, or it says the same. */
function isThat(draft: JsonObject, { content, stored, dateModified }: Sent): boolean {
  if (dateModified !== undefined && dateModified === draft['dateModified']) return true;
  return isObject(stored) ? same(draft, stored) : covers(draft, content);
}

/** Whether the draft is what is to be published; in one of ours, the server may have filled in what we did not say. */
function isWanted(draft: JsonObject, { next, published }: Goal, known?: Sent): boolean {
  if (known !== undefined && same(known.content, next)) return true;
  return known !== undefined || published === undefined ? covers(draft, next) : same(draft, next);
}

/** A draft is nobody's work if it is what is published, or what we want, or was not saved since the last publishing. */
function assertNobodys(draft: JsonObject, goal: Goal): void {
  const { published, name, forceDraft } = goal;
  if (isWanted(draft, goal)) return;
  if (published !== undefined && (same(draft, published) || isOlder(draft, published))) return;
  const fingerprint = fingerprintOf(draft);
  if (forceDraft === fingerprint) return;
  throw new Failure(
    'ForeignDraft',
    `"${name}" has a draft that is not published, saved ${savedBy(draft)}; it is tried again later: publish it or make it again what is published, or set the annotation genesys-gitops/force-draft: "${fingerprint}" to write over it`,
  );
}

function isOlder(draft: JsonObject, published: JsonObject): boolean {
  return Date.parse(String(draft['dateModified'])) <= Date.parse(String(published['datePublished']));
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

async function untilReady({ reader }: WriteContext, goal: Goal, first: JsonObject): Promise<JsonObject> {
  const { id, name, next } = goal;
  let seen = first;
  for (let look = 0, waited = 0; ; look++) {
    const { status } = seen;
    const ours = isThat(seen, { content: next, ...storedAs(first) });
    if (ours && status === 'Active') return seen;
    if (ours && status === 'Error') throw invalid(name, seen);
    if (waited >= mostMs) throw ours ? pending(name, status) : overwritten(name, seen);
    const pause = pauses[Math.min(look, pauses.length - 1)]!;
    await reader.wait(pause);
    waited += pause;
    // Reads may lag behind a write: a draft that is not there, or not ours, is looked at again.
    seen = (await readDraft(reader, id)) ?? { status: 'missing' };
  }
}

function invalid(name: string, draft: JsonObject): Failure {
  const { message, errors } = draft;
  const told = [message, ...(Array.isArray(errors) ? errors : [])].filter((text) => typeof text === 'string');
  const why = told.length === 0 ? 'it gives no reason; the admin pages may show one' : told.join('; ');
  return new Failure('DraftInvalid', `the draft of "${name}" ended in Error: ${why}; nothing was published`);
}

function pending(name: string, status: unknown): Failure {
  const message = `the draft of "${name}" is still ${String(status)} after ${mostMs / 1000} s; the next run looks at it again, and does not write it anew`;
  return new Failure('DraftPending', message);
}

function overwritten(name: string, draft: JsonObject): Failure {
  return new Failure('Conflict', `the draft of "${name}" was saved ${savedBy(draft)} while it was to be published`);
}
