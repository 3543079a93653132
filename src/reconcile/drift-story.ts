import type { Deed, DriftStory, MovedField } from '../model/audit.ts';
import type { Clock } from '../model/clock.ts';
import type { Reason } from '../model/failure.ts';
import type { AppliedObject, DriftRecord, Journal, RunRecord, Scope } from '../model/journal.ts';
import type { Json } from '../model/json.ts';
import type { ObjectRef } from '../model/plan.ts';
import type { Vault } from '../model/seal.ts';
import { isAbout, type Moved } from './drift-found.ts';
import type { Engine } from './run.ts';

/** Milliseconds that a run waits for the audit log, whatever its auditor promises. */
const patienceMs = 8000;
/** What the log does not explain for so long is not asked about any more. */
const giveUpMs = 86_400_000;
/** What was done a little before the last good run looked may not have shown in its lists yet. */
const marginMs = 120_000;
/** So many runs are looked through for the last one that found an object right. */
const mostRuns = 200;
/** Of so many objects it is looked up by whose commit they were last changed. */
const mostAgainst = 20;

interface StoryInput extends Pick<Engine, 'auditor' | 'vault' | 'target'> {
  journal: Journal;
  clock: Clock;
  scope: Scope;
  applied: readonly AppliedObject[];
  /** Drifts that have not ended, and those that did lately. */
  known: readonly DriftRecord[];
  /** Milliseconds, where the answer is to come sooner than usual. */
  patienceMs?: number;
}

/**
 * Who moved each of these. The audit log is asked once for all of them; what an earlier run was told of the same drift is
 * not asked for again, and neither is what it did not explain for a day.
 */
export async function tellDrift(moved: readonly Moved[], input: StoryInput): Promise<Map<Moved, DriftStory>> {
  const { auditor, journal, known, vault, clock } = input;
  if (auditor === undefined || moved.length === 0) return new Map();
  const told = new Map<Moved, DriftStory>();
  const given = new Date(clock.now().getTime() - giveUpMs).toISOString();
  for (const one of moved) {
    const { at, story } = one.record ?? {};
    if (story !== undefined && (story.deeds.length > 0 || at! < given)) told.set(one, story);
  }
  const open = moved.filter((one) => !told.has(one));
  if (open.length === 0) return told;
  const since = await lastRight(open, journal, input.scope, clock);
  const found = await inTime(auditor.explain(questions(open), since), input.patienceMs ?? patienceMs, clock);
  for (const [i, one] of open.entries()) {
    const stories = typeof found === 'string' ? [] : idsOf(one).flatMap((key) => found.get(key) ?? []);
    const why = typeof found === 'string' ? found : 'nothing recorded yet';
    const story = together(stories) ?? { since, deeds: [], unexplained: why };
    const fresh = redacted(withoutEarlier(story, one, known), vault);
    const against = await againstOf(one, input, i < mostAgainst);
    told.set(one, { ...fresh, ...(against === undefined ? {} : { against }) });
  }
  return told;
}

/** What several stories tell as one: newest first, each deed once. */
export function together(stories: readonly DriftStory[]): DriftStory | undefined {
  const [first] = stories;
  if (first === undefined || stories.length === 1) return first;
  const { unexplained: _unexplained, meanwhile: _meanwhile, more: _more, ...rest } = first;
  const deeds = newestFirst(stories.flatMap((story) => story.deeds));
  const told = new Set(deeds.map(({ auditId }) => auditId));
  const meanwhile = newestFirst(stories.flatMap((story) => story.meanwhile ?? [])).filter(
    ({ auditId }) => !told.has(auditId),
  );
  const more = Math.max(...stories.map((story) => story.more ?? 0));
  const unexplained = stories.find((story) => story.unexplained !== undefined)?.unexplained;
  return {
    ...rest,
    since: stories.map(({ since }) => since).sort()[0]!,
    deeds,
    ...(meanwhile.length === 0 ? {} : { meanwhile }),
    ...(more === 0 ? {} : { more }),
    ...(unexplained === undefined ? {} : { unexplained }),
  };
}

function newestFirst(deeds: readonly Deed[]): Deed[] {
  return [...new Map(deeds.map((one) => [one.auditId, one])).values()].sort((a, b) => b.at.localeCompare(a.at));
}

export function keyOf({ object }: Pick<Moved, 'object'>): string {
  return `${object.type}:${object.id}`;
}

/** What was made by hand in the place of something has the deeds of both. */
function idsOf({ object, replaces }: Moved): string[] {
  return [keyOf({ object }), ...(replaces === undefined ? [] : [keyOf({ object: { ...object, id: replaces } })])];
}

function questions(moved: readonly Moved[]): { type: string; id: string; fields: MovedField[] }[] {
  const asked = new Map<string, { type: string; id: string; fields: MovedField[] }>();
  for (const { object, replaces, fields } of moved) {
    const live = fields.map(({ path, from }) => ({ path, from: from as Json | undefined }));
    const { type } = object;
    const key = keyOf({ object });
    asked.set(key, { type, id: object.id!, fields: [...(asked.get(key)?.fields ?? []), ...live] });
    if (replaces !== undefined) asked.set(`${type}:${replaces}`, { type, id: replaces, fields: [] });
  }
  return [...asked.values()];
}

/** Reasons for which a run holds back what has nothing to do with drift. */
const harmless: readonly Reason[] = ['AdoptionRequired', 'PruneDisabled', 'Protected', 'EmptySnapshot'];

/** When the last run began that found all of these right, by our clock; what was asked for before is asked since then. */
async function lastRight(
  moved: readonly Moved[],
  journal: Journal,
  { organization, target }: Scope,
  clock: Clock,
): Promise<string> {
  const runs = (await journal.runs(target, mostRuns)).filter((run) => run.organization === organization);
  const times = moved.map((one) => {
    const found = runs.find((run) => foundRight(run, one)) ?? runs.at(-1);
    const at = found === undefined ? clock.now() : new Date(found.startedAt);
    const since = new Date(at.getTime() - marginMs).toISOString();
    const before = one.record?.story?.since;
    return before !== undefined && before < since ? before : since;
  });
  return times.sort()[0]!;
}

function foundRight({ status, partial, held = [], summary }: RunRecord, { object }: Moved): boolean {
  if (partial === true) return false;
  if (status === 'succeeded') return true;
  if (status !== 'held' || held.length !== (summary?.held ?? 0)) return false;
  const isIt = ({ type, id, key }: ObjectRef): boolean =>
    type === object.type && (id === object.id || key === object.key);
  return held.every((one) => harmless.includes(one.reason) || !isIt(one.object));
}

/** What it answers, or why it does not: it takes too long, or fails in spite of its promise. */
async function inTime<T>(asked: Promise<T>, ms: number, clock: Clock): Promise<T | string> {
  const ended = new AbortController();
  const late = (): string => 'it did not answer in time';
  const waited = clock.sleep(ms, ended.signal).then(late, late);
  return Promise.race([asked.catch(() => 'it could not be asked'), waited]).finally(() => ended.abort());
}

/** What explained another drift of the object is that one's. What one run found of it may be one person's one deed. */
function withoutEarlier(story: DriftStory, moved: Moved, known: readonly DriftRecord[]): DriftStory {
  const { record } = moved;
  const others = known.filter(
    (other) =>
      isAbout(other, moved) && other.id !== record?.id && (record === undefined || other.runId !== record.runId),
  );
  const before = new Set(others.flatMap((other) => other.story?.deeds.map(({ auditId }) => auditId) ?? []));
  const fresh = (deeds: readonly Deed[]): Deed[] => deeds.filter(({ auditId }) => !before.has(auditId));
  const { meanwhile = [], ...rest } = story;
  const [deeds, beside] = [fresh(story.deeds), fresh(meanwhile)];
  const nobody = deeds.length === 0 && story.deeds.length > 0;
  return {
    ...rest,
    deeds,
    ...(beside.length === 0 ? {} : { meanwhile: beside }),
    ...(nobody ? { unexplained: 'nothing recorded yet' } : {}),
  };
}

/**
 * What was in force until then: the revision at which the object last met its wish, with the commit that the change came
 * from. A commit that took over what was live changed nothing, so that only its revision is known.
 */
async function againstOf(
  { object, resource, replaces }: Moved,
  { applied, journal, target }: StoryInput,
  looksUp: boolean,
): Promise<DriftStory['against']> {
  const known = applied.find(({ type, id }) => type === object.type && (id === object.id || id === replaces));
  if (known === undefined) return undefined;
  const { revision } = known;
  if (!looksUp) return { revision };
  const changes = await journal.changes({ target, resource, limit: 10 });
  const last = changes.find(({ outcome: { object: other, status, commit } }) => {
    return other.type === object.type && other.id === known.id && status === 'applied' && commit !== undefined;
  });
  return { revision, ...(last?.revision === revision ? { commit: last.outcome.commit!.sha } : {}) };
}

/** Genesys quotes values in its audit log that are sensitive here. */
function redacted(story: DriftStory, vault: Vault): DriftStory {
  const sealed = (values: string[]): string[] => values.map((value) => vault.redact(value));
  const safe = (deeds: readonly Deed[]): Deed[] =>
    deeds.map((deed) => ({
      ...deed,
      changes: deed.changes.map(({ property, from, to }) => ({ property, from: sealed(from), to: sealed(to) })),
    }));
  const { meanwhile } = story;
  return { ...story, deeds: safe(story.deeds), ...(meanwhile === undefined ? {} : { meanwhile: safe(meanwhile) }) };
}

/** So much of a story stands with the record of a change; the drift's own record has more: everybody, and of the newest what they did. */
const most = {
  outcome: { deeds: 2, whole: 2, changes: 4, values: 3, characters: 60 },
  record: { deeds: 200, whole: 10, changes: 20, values: 10, characters: 200 },
};

/** A story as the journal keeps it. */
export function storyInShort(story: DriftStory, kept: keyof typeof most = 'outcome'): DriftStory {
  const { deeds, whole, changes, values, characters } = most[kept];
  const cut = (text: string): string => (text.length > characters ? `${text.slice(0, characters - 1)}…` : text);
  const shorter = (all: string[]): string[] => all.slice(0, values).map(cut);
  const short = (all: readonly Deed[]): Deed[] =>
    all.slice(0, deeds).map((deed, n) => ({
      ...deed,
      remoteIp: deed.remoteIp.slice(0, 3),
      changes: deed.changes.slice(0, n < whole ? changes : 0).map(({ property, from, to }) => {
        return { property: cut(property), from: shorter(from), to: shorter(to) };
      }),
    }));
  const { meanwhile = [], more = 0, ...rest } = story;
  const left = more + Math.max(0, story.deeds.length - deeds) + Math.max(0, meanwhile.length - deeds);
  return {
    ...rest,
    deeds: short(story.deeds),
    ...(meanwhile.length === 0 ? {} : { meanwhile: short(meanwhile) }),
    ...(left === 0 ? {} : { more: left }),
  };
}
