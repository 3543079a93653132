import type { WriteContext } from '../../model/contracts.ts';
import { asFailure, Failure } from '../../model/failure.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import { covers, same } from './content.ts';
import { readyDraft } from './draft.ts';
import { type Found, numberOf, stampFound } from './live.ts';
import { paths } from './paths.ts';
import { savedBy } from './summaries.ts';
import { assertNewest, type Goal } from './whose-draft.ts';

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
  let found: Found | undefined;
  for (const wait of tries) {
    if (wait > 0) await ctx.reader.wait(wait);
    found = await assertUntouched(ctx, goal, draft);
    try {
      const answer = await ctx.write('publish', request);
      const version = isObject(answer) ? numberOf(answer['version']) : 0;
      await assertOurs(ctx, { goal, draft, version }, isObject(answer) ? answer : {});
      return version;
    } catch (error) {
      refusal = asFailure(error);
      if (refusal.detail.status !== 400 || refusal.reason !== 'BadRequest') throw refusal;
    }
  }
  const { message, detail } = refusal!;
  // It is not tried again until something moves, and our own draft is no such move.
  const versionAfter = found === undefined ? {} : { versionAfter: stampFound(found) };
  const words = `Genesys would not publish the draft of "${goal.name}", ${tries.length} times in a row: ${message}`;
  throw new Failure('PublishFailed', words, { ...detail, ...versionAfter });
}

/**
 * Nothing ties a publish to the draft that was looked at before it: what was published may be what somebody saved in between.
 * The answer tells the content; where it does not, the version does. Throws `Conflict` where it is not ours.
 */
async function assertOurs(
  { reader }: WriteContext,
  { goal, draft, version }: { goal: Goal; draft: JsonObject; version: number },
  answer: JsonObject,
): Promise<void> {
  const { id, name, next } = goal;
  const isOurs = (published: JsonObject): boolean => same(published, draft) || covers(published, next);
  if (version === 0 || isOurs(answer)) return;
  const params = { configurationId: id, versionId: String(version) };
  // It is published, whatever this look comes to: what became of it, the verification says.
  const read = await reader.get({ path: paths.version, params }).catch(() => undefined);
  if (!isObject(read?.body) || isOurs(read.body)) return;
  const words = `version ${version} of "${name}" is what somebody else saved or published a moment before; it is planned anew`;
  throw new Failure('Conflict', words);
}

/** A fresh look. Throws `Conflict` where somebody published, or saved another draft, since ours was made. */
async function assertUntouched({ reader }: WriteContext, goal: Goal, draft: JsonObject): Promise<Found | undefined> {
  const { name, newest } = goal;
  const found = await assertNewest(reader, goal);
  // Lists lag behind creations.
  if (found === undefined && newest === 0) return undefined;
  if (found === undefined) throw new Failure('Gone', `"${name}" is no longer there`);
  const { shown } = found;
  const saved = shown['version'] === draft['version'] && shown['dateModified'] !== draft['dateModified'];
  if (!saved || same(shown, draft)) return found;
  throw new Failure('Conflict', `the draft of "${name}" was saved ${savedBy(shown)} while it was to be published`);
}
