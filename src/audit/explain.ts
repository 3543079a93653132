import { type Auditor, type Deed, type DriftStory, isRecorded, unrecorded } from '../model/audit.ts';
import { asFailure } from '../model/failure.ts';
import type { DriftRecord } from '../model/journal.ts';
import type { AuditDeps } from './deps.ts';
import { type Moved, storiesOf } from './story.ts';
import { type Turns, turnsOf } from './turns.ts';

/** A run waits no longer than this for who moved something; what comes later is told by a later round. */
const mostMs = 7_000;
/** Of its age, what was not explained is asked about so often: records that are late by minutes come soon, others perhaps never. */
const perAge = 4;
const dayMs = 86_400_000;

/** What the log did not explain, since when it is asked about it and when last. */
interface Unexplained {
  first: number;
  last: number;
  story: DriftStory;
}

/** Who moved what, for a run that has found drift: answers in time, whatever the log does. */
export function explainer(deps: AuditDeps): Auditor['explain'] {
  const turns = turnsOf(deps);
  const kept = new Map<string, Unexplained>();
  const isDue = ({ first, last }: Unexplained, now: number): boolean =>
    last > now || now - last >= (now - first) / perAge;

  return async (objects, since) => {
    const now = deps.clock.now().getTime();
    for (const [key, { first }] of kept) if (now - first > dayMs || first > now) kept.delete(key);
    const told = new Map<string, DriftStory>();
    const moved = new Map<string, Moved>();
    for (const object of objects) {
      if (leavesNone(deps, object)) {
        told.set(`${object.type}:${object.id}`, { since, deeds: [], unexplained: unrecorded.why });
        continue;
      }
      const before = kept.get(JSON.stringify(object));
      const key = `${object.type}:${object.id}`;
      if (before !== undefined && !isDue(before, now)) told.set(key, { ...before.story, since });
      else moved.set(key, { ...object, since });
    }
    if (moved.size === 0) return told;
    const stories = await answers(deps, turns, [...moved.values()]);
    for (const [key, one] of moved) {
      const story = stories.get(one)!;
      const { since: _since, ...object } = one;
      const first = kept.get(JSON.stringify(object))?.first ?? now;
      if (story.deeds.length > 0) kept.delete(JSON.stringify(object));
      else kept.set(JSON.stringify(object), { first, last: now, story });
      told.set(key, story);
    }
    return told;
  };
}

/** Of objects of a type that is known to leave no records nobody is asked. */
function leavesNone({ types }: AuditDeps, { type }: { type: string }): boolean {
  const known = types.find((one) => one.type === type);
  return known !== undefined && !isRecorded(known);
}

async function answers(deps: AuditDeps, turns: Turns, moved: readonly Moved[]): Promise<Map<Moved, DriftStory>> {
  const untold = (unexplained: string): Map<Moved, DriftStory> =>
    new Map(moved.map((one) => [one, { since: one.since, deeds: [], unexplained }]));
  if (turns.isSilent()) return untold('the audit log did not answer a while ago; it is asked again later');
  const over = new AbortController();
  const late = deps.clock.sleep(mostMs, over.signal).then(
    () => {
      turns.givenUp();
      over.abort();
      return untold(`the audit log has not answered within ${mostMs / 1000} s; it is asked again later`);
    },
    () => untold('the run was asked to stop'),
  );
  const asked = turns
    .take(async () => {
      if (over.signal.aborted) return untold('nobody waits for it any more');
      const stories = await storiesOf(deps, moved);
      if (!over.signal.aborted) turns.answered();
      return stories;
    })
    .catch((error: unknown) => untold(`the audit log cannot be asked: ${asFailure(error).message}`));
  const stories = await Promise.race([asked, late]);
  over.abort();
  return stories;
}

/** More drifts than these of one day are not looked through. */
const mostDrifts = 2_000;

/** Of which the log does not say who moved all of it. */
function isOpen({ kind, story }: DriftRecord): boolean {
  return kind === 'drift' && (story === undefined || story.deeds.length === 0 || story.unexplained !== undefined);
}

/** Who it was where that was not known; or all of it where it was a part. */
function saysMore(told: DriftStory, before: DriftStory | undefined): boolean {
  return before === undefined || before.deeds.length === 0 || told.unexplained === undefined;
}

/**
 * Asks again of whom drift is that was not explained when it was found: records arrive late. The older it is, the less often.
 * Answers how many were explained, undefined where there was nothing to ask. Throws where the log cannot be asked.
 */
export function laterExplainer(deps: AuditDeps): () => Promise<number | undefined> {
  const { journal, clock, log, organization, target } = deps;
  const asked = new Map<number, number>();
  const turns = turnsOf(deps);
  return async () => {
    if (turns.isTaken()) return undefined;
    const now = clock.now().getTime();
    const since = new Date(now - dayMs).toISOString();
    const all = await journal.drifts({ organization, target }, { since, limit: mostDrifts });
    const open = all.filter(isOpen);
    const known = new Set(open.map(({ id }) => id));
    for (const id of asked.keys()) if (!known.has(id)) asked.delete(id);
    const due = open.filter(({ id, kind, at, object }) => {
      if (leavesNone(deps, object)) return false;
      const last = asked.get(id);
      const every = (now - Date.parse(at)) / perAge;
      return kind === 'drift' && object.id !== undefined && (last === undefined || now - last >= every);
    });
    if (due.length === 0) return undefined;
    for (const { id } of due) asked.set(id, now);
    const wanted = new Map(due.map((drift) => [movedOf(drift), drift]));
    const stories = await turns.take(() => storiesOf(deps, [...wanted.keys()]));
    let explained = 0;
    for (const [one, drift] of wanted) {
      const told = stories.get(one);
      const deeds = told === undefined ? [] : await newIn(deps, drift, told.deeds);
      if (told === undefined || deeds.length === 0 || !saysMore(told, drift.story)) continue;
      const against = drift.story?.against;
      const story: DriftStory = { ...told, deeds, ...(against === undefined ? {} : { against }) };
      const entry = await journal.updateDrift(drift.id, { story });
      tell(drift, story, { log, entry });
      explained++;
    }
    return explained;
  };
}

/** What explained an earlier drift of the object was healed with that. */
async function newIn(
  { journal, organization }: AuditDeps,
  drift: DriftRecord,
  deeds: readonly Deed[],
): Promise<Deed[]> {
  const fresh: Deed[] = [];
  for (const deed of deeds) {
    const told = await journal.drifts({ organization }, { auditId: deed.auditId });
    // What one run found of an object may be of several fates, and one deed.
    const isTaken = told.some(({ kind, id, runId, ended, story }) => {
      if (kind !== 'drift' || id === drift.id || runId === drift.runId || ended === undefined) return false;
      return story?.deeds.some(({ auditId }) => auditId === deed.auditId);
    });
    if (!isTaken) fresh.push(deed);
  }
  return fresh;
}

function movedOf({ object, story, at, fields }: DriftRecord): Moved {
  const since = story?.since ?? new Date(Date.parse(at) - dayMs).toISOString();
  const moved = fields.map(({ path, from }) => ({ path, from }));
  return { type: object.type, id: object.id!, since, until: at, fields: moved };
}

/** One line for each drift: who it was, when, from where, what. */
function tell(
  drift: DriftRecord,
  { deeds, against }: DriftStory,
  { log, entry }: { log: AuditDeps['log']; entry: string | undefined },
): void {
  const { runId, target, revision, object, resource } = drift;
  const told = deeds.map(({ auditId, at, by, remoteIp, action, entityType, changes }) => ({
    auditId,
    at,
    by,
    remoteIp,
    action: `${entityType}:${action}`,
    properties: changes,
  }));
  const said = { runId, target, revision, object, resource, drift: drift.id, deeds: told, against, entry };
  log.info(said, 'drift explained');
}
