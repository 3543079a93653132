import type { WriteContext } from '../../model/contracts.ts';
import { asFailure, Failure } from '../../model/failure.ts';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { covers } from './content.ts';
import { readDraft, stampFound, textOf } from './live.ts';
import { paths } from './paths.ts';
import { savedBy } from './summaries.ts';
import { assertNobodys, type Goal, isThat, isWanted, sentBefore, storedAs } from './whose-draft.ts';

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
  const { next, id, published } = goal;
  const draft = made ?? (await readDraft(ctx.reader, id));
  const known = draft === undefined ? undefined : sentBefore(ctx).find((sent) => isThat(draft, sent, published));
  if (draft !== undefined && known === undefined && made === undefined) await assertNobodys(ctx.reader, draft, goal);
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

async function untilReady({ reader }: WriteContext, goal: Goal, first: JsonObject): Promise<JsonObject> {
  const { id, name, next } = goal;
  let seen = first;
  for (let look = 0, waited = 0; ; look++) {
    const { status } = seen;
    const ours = isThat(seen, { content: next, ...storedAs(first) });
    if (ours && status === 'Active') return seen;
    if (ours && status === 'Error') throw invalid(goal, seen);
    if (waited >= mostMs) throw ours ? pending(name, status) : overwritten(name, seen);
    const pause = pauses[Math.min(look, pauses.length - 1)]!;
    await reader.wait(pause);
    waited += pause;
    // Reads may lag behind a write: a draft that is not there, or not ours, is looked at again.
    seen = (await readDraft(reader, id)) ?? { status: 'missing' };
  }
}

/** It is not tried again until something moves, and our own draft is no such move. */
function invalid({ name, newest }: Goal, draft: JsonObject): Failure {
  const message = `the draft of "${name}" ended in Error, and nothing was published; Genesys does not say why, the admin pages may`;
  return new Failure('DraftInvalid', message, { versionAfter: stampFound({ shown: draft, newest }) });
}

function pending(name: string, status: Json | undefined): Failure {
  const message = `the draft of "${name}" is still ${textOf(status)} after ${mostMs / 1000} s; the next run looks at it again, and does not write it anew`;
  return new Failure('DraftPending', message);
}

function overwritten(name: string, draft: JsonObject): Failure {
  return new Failure('Conflict', `the draft of "${name}" was saved ${savedBy(draft)} while it was to be published`);
}
