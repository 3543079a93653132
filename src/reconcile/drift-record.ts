import type { DriftStory } from '../model/audit.ts';
import { actorInWords, driftInWords } from '../model/drift-words.ts';
import type { DriftEnd, DriftRecord } from '../model/journal.ts';
import { isObject } from '../model/json.ts';
import type { FieldChange, Outcome, Plan } from '../model/plan.ts';
import { getAt } from '../model/pointer.ts';
import type { DriftInput } from './drift.ts';
import { isAbout, type Moved, marksOf, wasLive } from './drift-found.ts';
import { storyInShort } from './drift-story.ts';
import { inShort } from './short-values.ts';
import type { ObjectState } from './state.ts';

interface NoteInput extends DriftInput {
  moved: readonly Moved[];
  /** Of the objects that were looked at: drifts that had not ended before. */
  open: readonly DriftRecord[];
  states: Iterable<ObjectState>;
  /** Before policy. */
  plan: Plan;
  /** After it: what is healed, and what is left for which reason, are drifts of their own. */
  judged: Plan;
  stories: ReadonlyMap<Moved, DriftStory>;
}

/** Each drift is put down and logged once, and again when the log tells who it was; what is over without us is closed. */
export async function noteDrifts(input: NoteInput): Promise<void> {
  const { engine, moved, open, stories, log, judged } = input;
  for (const one of moved) {
    const { record } = one;
    const told = stories.get(one);
    const story = told === undefined ? undefined : storyInShort(told, 'record');
    if (record === undefined) {
      for (const part of byFate(one, judged)) {
        const { entry } = await engine.journal.recordDrift(recordOf(part, story, input));
        log.warn({ ...inLog(part, story), entry }, 'drift found');
      }
    } else if (story !== undefined && story.deeds.length > 0 && (record.story?.deeds.length ?? 0) === 0) {
      const entry = await engine.journal.updateDrift(record.id, { story });
      log.info({ ...explanation(record, story), entry }, 'drift explained');
    }
  }
  const standing = new Set(moved.map(({ record }) => record?.id));
  const over = open.filter((record) => !standing.has(record.id) && !isUnclear(record, input));
  for (const record of over) await end(record, howItEnded(record, input), input);
}

/** Fields of an object may be held for different times, or not at all: each such part ends by itself. */
function byFate(moved: Moved, { held }: Plan): Moved[] {
  const own = held.filter(({ object }) => moved.deleted !== true && isAbout({ object }, moved));
  const fateOf = ({ path }: FieldChange): string => {
    const one = own.find(({ fields }) => fields.some((field) => field.path === path));
    return one === undefined ? '' : `${one.reason} ${one.until ?? ''}`;
  };
  if (own.length === 0) return [moved];
  return [...Map.groupBy(moved.fields, fateOf).values()].map((fields) => ({ ...moved, fields }));
}

/** What this run found of a drift that is no more, or that is another now. */
function howItEnded(record: DriftRecord, { moved, states }: NoteInput): Exclude<DriftEnd['how'], 'healed'> {
  const { type, id } = record.object;
  if (moved.some((one) => isAbout(record, one) || (one.object.type === type && one.replaces === id))) {
    const again = moved.find((one) => isAbout(record, one) && one.deleted === record.deleted);
    const paths = new Set(moved.flatMap((one) => (isAbout(record, one) ? one.fields.map(({ path }) => path) : [])));
    if (again === undefined || record.fields.some(({ path }) => paths.has(path))) return 'superseded';
  }
  const state = [...states].find(({ wish, replaces }) => wish.type === type && (wish.id === id || replaces?.id === id));
  if (state === undefined) return 'accepted';
  const { live } = state;
  if (record.deleted === true || !isObject(live)) return 'gone';
  return record.fields.every((field) => wasLive(record, field, getAt(live, field.path))) ? 'accepted' : 'gone';
}

/** What drifted and was made as it is wished by this run; and what vanished and nobody wishes any more. */
export async function noteEnds(
  open: readonly DriftRecord[],
  moved: readonly Moved[],
  outcomes: readonly Outcome[],
  input: DriftInput,
): Promise<void> {
  for (const record of open) {
    const one = moved.find((other) => isAbout(record, other) && other.deleted === record.deleted);
    if (one === undefined) continue;
    if (one.key === undefined) await end(record, 'accepted', input);
    else if (outcomes.some((outcome) => heals(outcome, record))) await end(record, 'healed', input);
  }
}

function heals({ status, cause, action, object, kind, name, fields = [] }: Outcome, record: DriftRecord): boolean {
  if (status !== 'applied' || (cause !== 'drift' && cause !== 'both')) return false;
  if (record.deleted === true) {
    return action === 'create' && object.type === record.object.type && `${kind}/${name}` === record.resource;
  }
  const paths = new Set(fields.map(({ path }) => path));
  return isAbout(record, { object }) && record.fields.every(({ path }) => paths.has(path));
}

async function end({ id }: DriftRecord, how: DriftEnd['how'], input: DriftInput): Promise<void> {
  const { engine, clock, runId, desired } = input;
  const by = how === 'accepted' ? { revision: desired.revision } : {};
  await engine.journal.updateDrift(id, { ended: { at: clock.now().toISOString(), how, runId, ...by } });
}

/** What could not be looked at, or whose document has a problem, may stand as it did. */
function isUnclear({ object, resource }: DriftRecord, { plan: { held, problems } }: NoteInput): boolean {
  if (problems.some((problem) => problem.resource !== undefined && problem.resource === resource)) return true;
  return held.some((one) => one.fields.length === 0 && one.object.type === object.type && one.object.id === object.id);
}

function recordOf(
  { object, resource, fields, deleted, base, replaces }: Moved,
  story: DriftStory | undefined,
  { clock, scope, runId, desired }: DriftInput,
): Omit<DriftRecord, 'id'> {
  const marks = marksOf(fields);
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
    ...(replaces === undefined ? {} : { replaces }),
    ...(base === undefined ? {} : { base }),
    ...(marks === undefined ? {} : { marks }),
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
