import type { Auditor, Deed, DriftStory } from '../model/audit.ts';
import { asFailure } from '../model/failure.ts';
import type { DriftRecord } from '../model/journal.ts';
import type { AuditDeps } from './deps.ts';
import { type Moved, storiesOf } from './story.ts';

/** A run waits no longer than this for who moved something; what comes later is told by a later round. */
const mostMs = 7_000;

/** Who moved what, for a run that has found drift: answers in time, whatever the log does. */
export function explainer(deps: AuditDeps): Auditor['explain'] {
  return async (objects, since) => {
    const moved = objects.map((object) => ({ ...object, since }));
    const over = new AbortController();
    const untold = (unexplained: string): Map<Moved, DriftStory> =>
      new Map(moved.map((one) => [one, { since, deeds: [], unexplained }]));
    const late = deps.clock.sleep(mostMs, over.signal).then(
      () => untold(`the audit log has not answered within ${mostMs / 1000} s; it is asked again later`),
      () => untold('the run was asked to stop'),
    );
    const asked = storiesOf(deps, moved).catch((error: unknown) =>
      untold(`the audit log cannot be asked: ${asFailure(error).message}`),
    );
    const stories = await Promise.race([asked, late]);
    over.abort();
    return new Map(moved.map((one) => [`${one.type}:${one.id}`, stories.get(one)!]));
  };
}

const dayMs = 86_400_000;

/**
 * Asks again of whom drift is that was not explained when it was found: records arrive late. The older it is, the less often.
 * Answers how many were explained, undefined where there was nothing to ask. Throws where the log cannot be asked.
 */
export function laterExplainer(deps: AuditDeps): () => Promise<number | undefined> {
  const { journal, clock, log, organization, target } = deps;
  const asked = new Map<number, number>();
  return async () => {
    const now = clock.now().getTime();
    const since = new Date(now - dayMs).toISOString();
    const open = await journal.drifts({ organization, target }, { since, unexplained: true });
    const known = new Set(open.map(({ id }) => id));
    for (const id of asked.keys()) if (!known.has(id)) asked.delete(id);
    const due = open.filter(({ id, kind, at, object }) => {
      const last = asked.get(id);
      const every = (now - Date.parse(at)) / 4;
      return kind === 'drift' && object.id !== undefined && (last === undefined || now - last >= every);
    });
    if (due.length === 0) return undefined;
    for (const { id } of due) asked.set(id, now);
    const wanted = new Map(due.map((drift) => [movedOf(drift), drift]));
    const stories = await storiesOf(deps, [...wanted.keys()]);
    let explained = 0;
    for (const [one, drift] of wanted) {
      const told = stories.get(one);
      const deeds = told === undefined ? [] : await newIn(deps, drift, told.deeds);
      if (told === undefined || deeds.length === 0) continue;
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
    const isOther = ({ kind, id, runId }: DriftRecord): boolean =>
      kind === 'drift' && id !== drift.id && runId !== drift.runId;
    if (told.every((other) => !isOther(other) || other.ended === undefined)) fresh.push(deed);
  }
  return fresh;
}

function movedOf({ object, story, at, fields }: DriftRecord): Moved {
  const since = story?.since ?? new Date(Date.parse(at) - dayMs).toISOString();
  return { type: object.type, id: object.id!, since, until: at, fields: fields.map((field) => field.path) };
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
