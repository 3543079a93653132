import type { DriftStory } from '../model/audit.ts';
import { actorInWords, driftInWords } from '../model/drift-words.ts';
import type { DriftRecord } from '../model/journal.ts';
import type { Outcome, Plan } from '../model/plan.ts';
import type { DriftInput } from './drift.ts';
import { isAbout, isSame, type Moved } from './drift-found.ts';
import { keyOf, storyInShort } from './drift-story.ts';
import { inShort } from './short-values.ts';

interface NoteInput extends DriftInput {
  moved: readonly Moved[];
  /** Drifts that had not ended before this run. */
  open: readonly DriftRecord[];
  /** Before policy. */
  plan: Plan;
  stories: ReadonlyMap<string, DriftStory>;
}

/** Each drift is put down and logged once, and again when the log tells who it was; what is over without us is closed. */
export async function noteDrifts(input: NoteInput): Promise<void> {
  const { engine, moved, open, stories, log } = input;
  const standing = new Set<number>();
  for (const one of moved) {
    const told = stories.get(keyOf(one));
    const story = told === undefined ? undefined : storyInShort(told, 'record');
    const record = open.find((other) => isSame(other, one));
    if (record === undefined) {
      await engine.journal.recordDrift(recordOf(one, story, input));
      log.warn(inLog(one, story), 'drift found');
    } else {
      standing.add(record.id);
      if (story === undefined || story.deeds.length === 0 || (record.story?.deeds.length ?? 0) > 0) continue;
      await engine.journal.updateDrift(record.id, { story });
      log.info(explanation(record, story), 'drift explained');
    }
  }
  const over = open.filter((record) => !standing.has(record.id) && !isUnclear(record, input));
  for (const { id } of over) await end(id, 'gone', input);
}

/** What drifted and was made as it is wished by this run; and what vanished and nobody wishes any more. */
export async function noteEnds(
  open: readonly DriftRecord[],
  moved: readonly Moved[],
  outcomes: readonly Outcome[],
  input: DriftInput,
): Promise<void> {
  for (const record of open) {
    const one = moved.find((other) => isSame(record, other));
    if (one === undefined) continue;
    if (one.key === undefined) await end(record.id, 'gone', input);
    else if (outcomes.some((outcome) => heals(outcome, one))) await end(record.id, 'healed', input);
  }
}

function heals({ status, cause, action, object, kind, name, fields = [] }: Outcome, moved: Moved): boolean {
  if (status !== 'applied' || (cause !== 'drift' && cause !== 'both')) return false;
  if (moved.deleted === true) {
    return action === 'create' && object.type === moved.object.type && `${kind}/${name}` === moved.resource;
  }
  const paths = new Set(fields.map(({ path }) => path));
  return isAbout({ object }, moved) && moved.fields.every(({ path }) => paths.has(path));
}

async function end(id: number, how: 'healed' | 'gone', { engine, clock, runId }: DriftInput): Promise<void> {
  await engine.journal.updateDrift(id, { ended: { at: clock.now().toISOString(), how, runId } });
}

/** What could not be looked at, or whose document has a problem, may stand as it did. */
function isUnclear({ object, resource }: DriftRecord, { plan: { held, problems } }: NoteInput): boolean {
  if (problems.some((problem) => problem.resource !== undefined && problem.resource === resource)) return true;
  return held.some((one) => one.fields.length === 0 && one.object.type === object.type && one.object.id === object.id);
}

function recordOf(
  { object, resource, fields, deleted, base }: Moved,
  story: DriftStory | undefined,
  { clock, scope, runId, desired }: DriftInput,
): Omit<DriftRecord, 'id'> {
  return {
    kind: 'drift',
    at: clock.now().toISOString(),
    ...scope,
    runId,
    revision: desired.revision,
    resource,
    object,
    fields: inShort(fields),
    ...(deleted === undefined ? {} : { deleted }),
    ...(base === undefined ? {} : { base }),
    ...(story === undefined ? {} : { story }),
  };
}

/** In the form in which rounds of matching tell it that explain a drift between two runs. */
function explanation({ id, object, resource }: DriftRecord, { deeds, against }: DriftStory): object {
  const told = deeds.map(({ auditId, at, by, remoteIp, action, entityType, changes }) => {
    return { auditId, at, by, remoteIp, action: `${entityType}:${action}`, properties: changes };
  });
  return { object, resource, drift: id, deeds: told, against };
}

function inLog({ object, resource, fields, deleted }: Moved, story: DriftStory | undefined): object {
  const deed = story?.deeds[0];
  return {
    object,
    resource,
    deleted,
    fields: inShort(fields).map(({ title: _title, ...field }) => field),
    who: deed === undefined ? undefined : actorInWords(deed.by),
    client: deed?.by.client,
    user: deed?.by.user,
    at: deed?.at,
    remoteIp: deed?.remoteIp,
    action: deed?.action,
    changes: deed?.changes,
    auditId: deed?.auditId,
    against: story?.against,
    unexplained: deed === undefined ? (story?.unexplained ?? 'the audit log is not asked') : undefined,
    detail: story === undefined ? undefined : driftInWords(story),
  };
}
