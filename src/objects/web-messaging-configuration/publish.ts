import type { WriteContext } from '../../model/contracts.ts';
import { asFailure, Failure } from '../../model/failure.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import { same } from './content.ts';
import { type Goal, readyDraft } from './draft.ts';
import { find, numberOf } from './live.ts';
import { paths } from './paths.ts';
import { savedBy } from './summaries.ts';

/** A draft that has only just become active may be refused with 400 (Terraform provider): milliseconds before each try. */
const tries = [0, 500, 1000, 2000, 4000];

/**
 * Publishes a content as the next version, through the draft, and answers its number (0 where Genesys does not tell it).
 * Nothing in the API ties a publish to a draft or a version, so both are looked at again immediately before it.
 */
export async function publishContent(ctx: WriteContext, goal: Goal, made?: JsonObject): Promise<number> {
  const draft = await readyDraft(ctx, goal, made);
  const request = { method: 'POST', path: paths.publish, params: { configurationId: goal.id } } as const;
  let refusal: Failure | undefined;
  for (const wait of tries) {
    if (wait > 0) await ctx.reader.wait(wait);
    await assertUntouched(ctx, goal, draft);
    try {
      const answer = await ctx.write('publish', request);
      return isObject(answer) ? numberOf(answer['version']) : 0;
    } catch (error) {
      refusal = asFailure(error);
      if (refusal.detail.status !== 400 || refusal.reason !== 'BadRequest') throw refusal;
    }
  }
  const { message, detail } = refusal!;
  const words = `Genesys would not publish the draft of "${goal.name}", ${tries.length} times in a row: ${message}`;
  throw new Failure('PublishFailed', words, detail);
}

/** Throws `Conflict` where somebody published, or saved another draft, since ours was made. */
async function assertUntouched({ reader }: WriteContext, goal: Goal, draft: JsonObject): Promise<void> {
  const { id, name, newest } = goal;
  const found = await find(reader, id);
  if (found === undefined) {
    // Lists lag behind creations.
    if (newest === 0) return;
    throw new Failure('Gone', `"${name}" is no longer there`);
  }
  if (found.newest > newest) {
    throw new Failure('Conflict', `version ${found.newest} of "${name}" was published by somebody else meanwhile`);
  }
  const { shown } = found;
  const saved = shown['version'] === draft['version'] && shown['dateModified'] !== draft['dateModified'];
  if (!saved || same(shown, draft)) return;
  throw new Failure('Conflict', `the draft of "${name}" was saved ${savedBy(shown)} while it was to be published`);
}
