import type { Deed, DriftStory } from '../model/audit.ts';
import type { Clock } from '../model/clock.ts';
import type { Reason } from '../model/failure.ts';
import type { AppliedObject, DriftRecord, Journal, RunRecord, Scope } from '../model/journal.ts';
import type { Pointer } from '../model/pointer.ts';
import type { Vault } from '../model/seal.ts';
import { isAbout, isSame, type Moved, stillHolds } from './drift-found.ts';
import type { Engine } from './run.ts';

/** Milliseconds that a run waits for the audit log, whatever its auditor promises. */
const patienceMs = 8000;
/** What was done a little before the last good run looked may not have shown in its lists yet. */
const marginMs = 120_000;
/** So many runs are looked through for the last one that left all well. */
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
}

/**
 * Who moved each object, by its `type:id`. The audit log is asked once for all of them; what an earlier run was told of
 * the same drift is not asked for again.
 */
export async function tellDrift(moved: readonly Moved[], input: StoryInput): Promise<Map<string, DriftStory>> {
  const { auditor, journal, known, vault } = input;
  if (auditor === undefined || moved.length === 0) return new Map();
  const explained = new Map<string, DriftStory>();
  for (const one of moved) {
    const before = known.find((record) => record.ended === undefined && isSame(record, one))?.story;
    if (before !== undefined && before.deeds.length > 0) explained.set(keyOf(one), before);
  }
  const open = moved.filter((one) => !explained.has(keyOf(one)));
  if (open.length === 0) return explained;
  const since = await lastWell(journal, input.scope, input.clock);
  const told = await inTime(auditor.explain(open.map(idOf), since), input.clock);
  for (const [i, one] of open.entries()) {
    const [story, why] = typeof told === 'string' ? [undefined, told] : [told.get(keyOf(one)), 'nothing recorded yet'];
    const fresh = withoutEarlier(story ?? { since, deeds: [], unexplained: why }, one, known);
    const against = await againstOf(one, input, i < mostAgainst);
    explained.set(keyOf(one), { ...redacted(fresh, vault), ...(against === undefined ? {} : { against }) });
  }
  return explained;
}

export function keyOf({ object }: Moved): string {
  return `${object.type}:${object.id}`;
}

function idOf({ object, fields }: Moved): { type: string; id: string; fields: Pointer[] } {
  return { type: object.type, id: object.id!, fields: fields.map((field) => field.path) };
}

/** Reasons for which a run holds back what has nothing to do with drift. */
const harmless: readonly Reason[] = ['AdoptionRequired', 'PruneDisabled', 'Protected', 'EmptySnapshot'];

/** When the last run began that left nothing standing which somebody might have moved, by our clock. */
async function lastWell(journal: Journal, { organization, target }: Scope, clock: Clock): Promise<string> {
  const runs = (await journal.runs(target, mostRuns)).filter((run) => run.organization === organization);
  const isWell = ({ status, partial, held = [], summary }: RunRecord): boolean =>
    partial !== true &&
    (status === 'succeeded' ||
      (status === 'held' &&
        held.length === (summary?.held ?? 0) &&
        held.every(({ reason }) => harmless.includes(reason))));
  const found = runs.find(isWell) ?? runs.at(-1);
  const at = found === undefined ? clock.now() : new Date(found.startedAt);
  return new Date(at.getTime() - marginMs).toISOString();
}

/** What it answers, or why it does not: it takes too long, or fails in spite of its promise. */
async function inTime<T>(asked: Promise<T>, clock: Clock): Promise<T | string> {
  const ended = new AbortController();
  const late = (): string => 'it did not answer in time';
  const waited = clock.sleep(patienceMs, ended.signal).then(late, late);
  return Promise.race([asked.catch(() => 'it could not be asked'), waited]).finally(() => ended.abort());
}

/** What explained another drift of the object, which was healed or is no more, is that one's. */
function withoutEarlier(story: DriftStory, moved: Moved, known: readonly DriftRecord[]): DriftStory {
  const others = known.filter(
    (record) => isAbout(record, moved) && (record.ended?.how === 'healed' || !stillHolds(record, moved)),
  );
  const before = new Set(others.flatMap((record) => record.story?.deeds.map(({ auditId }) => auditId) ?? []));
  const deeds = story.deeds.filter(({ auditId }) => !before.has(auditId));
  if (deeds.length > 0 || story.deeds.length === 0) return { ...story, deeds };
  return { ...story, deeds, unexplained: 'nothing recorded yet' };
}

/** What was in force until then: the revision that was last applied to the object, and the commit that changed it last. */
async function againstOf(
  { object, resource }: Moved,
  { applied, journal, target }: StoryInput,
  looksUp: boolean,
): Promise<DriftStory['against']> {
  const known = applied.find(({ type, id }) => type === object.type && id === object.id);
  if (known === undefined) return undefined;
  const { revision } = known;
  if (!looksUp) return { revision };
  const changes = await journal.changes({ target, resource, limit: 10 });
  const last = changes.find(({ outcome }) => {
    const { object: other, status, commit } = outcome;
    return other.type === object.type && other.id === object.id && status === 'applied' && commit !== undefined;
  });
  return { revision, ...(last === undefined ? {} : { commit: last.outcome.commit!.sha }) };
}

/** Genesys quotes values in its audit log that are sensitive here. */
function redacted(story: DriftStory, vault: Vault): DriftStory {
  const sealed = (values: string[]): string[] => values.map((value) => vault.redact(value));
  const deeds = story.deeds.map(
    (deed): Deed => ({
      ...deed,
      changes: deed.changes.map(({ property, from, to }) => ({ property, from: sealed(from), to: sealed(to) })),
    }),
  );
  return { ...story, deeds };
}

/** So much of a story stands with the record of a change; the drift's own record has more. */
const most = {
  outcome: { deeds: 2, changes: 4, values: 3, characters: 60 },
  record: { deeds: 10, changes: 20, values: 10, characters: 200 },
};

/** A story as the journal keeps it. */
export function storyInShort(story: DriftStory, kept: keyof typeof most = 'outcome'): DriftStory {
  const { deeds, changes, values, characters } = most[kept];
  const cut = (text: string): string => (text.length > characters ? `${text.slice(0, characters - 1)}…` : text);
  const shorter = (all: string[]): string[] => all.slice(0, values).map(cut);
  return {
    ...story,
    deeds: story.deeds.slice(0, deeds).map((deed) => ({
      ...deed,
      remoteIp: deed.remoteIp.slice(0, 3),
      changes: deed.changes.slice(0, changes).map(({ property, from, to }) => {
        return { property: cut(property), from: shorter(from), to: shorter(to) };
      }),
    })),
  };
}
