import { actorInWords } from '../model/drift-words.ts';
import type { DriftRecord, Journal, RunRecord } from '../model/journal.ts';
import type { Outcome } from '../model/plan.ts';
import { type AuditedDrift, type AuditWish, page } from './audited.ts';

/** Newest first. */
export async function* driftsOf(
  journal: Journal,
  { targets, resource, since, until }: AuditWish,
): AsyncGenerator<AuditedDrift> {
  const organizations = new Set<string>();
  for (const target of targets) {
    for (const { organization } of await journal.runs(target, page)) {
      if (organization !== undefined) organizations.add(organization);
    }
  }
  const owned = resource === undefined ? undefined : await objectsOf(journal, organizations, targets, resource);
  // Another process is told once for an organisation, by whichever of its targets came upon it.
  const isAsked = (drift: DriftRecord): boolean =>
    targets.includes(drift.target) || (drift.kind === 'other-process' && organizations.has(drift.organization));
  const isAbout = (drift: DriftRecord): boolean =>
    owned === undefined ||
    drift.resource === resource ||
    drift.fields.some(({ by }) => by === resource) ||
    owned.has(`${drift.object.type}:${drift.object.id}`);
  const range = { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const found = await journal.drifts({}, { ...range, before, limit: page });
    for (const drift of found) if (isAsked(drift) && isAbout(drift)) yield driftOf(drift);
    if (found.length < page) return;
    before = found.at(-1)!.id;
  }
}

async function objectsOf(
  journal: Journal,
  organizations: ReadonlySet<string>,
  targets: readonly string[],
  resource: string,
): Promise<Set<string>> {
  const ids = new Set<string>();
  for (const organization of organizations) {
    for (const target of targets) {
      for (const { owner, type, id } of await journal.inventory({ organization, target })) {
        if (owner === resource) ids.add(`${type}:${id}`);
      }
    }
  }
  return ids;
}

/** More drifts than these of one object are not looked through for the one that a run ended. */
const mostOfObject = 20;

/** Oldest first: those that a run found, and those of objects that it changed and thereby healed. */
export async function driftsOfRun(
  journal: Journal,
  { id, target, startedAt, finishedAt }: RunRecord,
  outcomes: readonly Outcome[],
): Promise<DriftRecord[]> {
  // `until` is without its end.
  const until = finishedAt === undefined ? {} : { until: new Date(Date.parse(finishedAt) + 1).toISOString() };
  const during = await journal.drifts({ target }, { since: startedAt, ...until });
  const healed: DriftRecord[] = [];
  for (const { cause, object } of outcomes) {
    if (cause !== 'drift' && cause !== 'both') continue;
    healed.push(...(await journal.drifts({ target }, { object, limit: mostOfObject })));
  }
  const all = new Map([...during, ...healed].map((drift) => [drift.id, drift]));
  return [...all.values()]
    .filter(({ runId, ended }) => runId === id || ended?.runId === id)
    .sort((a, b) => a.id - b.id);
}

export function driftOf(drift: DriftRecord): AuditedDrift {
  const { kind, at, target, organization, runId, revision, resource, object, deleted, fields, story, ended } = drift;
  const deeds = story?.deeds ?? [];
  const who = [...new Set(deeds.map(({ by }) => actorInWords(by)))].join(', ');
  return {
    type: kind,
    time: at,
    target,
    organization,
    ...(runId === undefined ? {} : { run: runId }),
    ...(revision === undefined ? {} : { revision }),
    ...(resource === undefined ? {} : { resource }),
    object,
    ...(deleted === undefined ? {} : { deleted }),
    fields,
    ...(who === '' ? {} : { who }),
    deeds,
    ...(story?.meanwhile === undefined ? {} : { meanwhile: story.meanwhile }),
    ...(story?.more === undefined ? {} : { more: story.more }),
    ...(story?.against === undefined ? {} : { against: story.against }),
    ...(ended === undefined ? {} : { ended }),
    ...(deeds.length > 0
      ? { match: 'matched' }
      : { match: 'unmatched', why: story?.unexplained ?? 'the audit log was not asked' }),
    auditIds: deeds.map(({ auditId }) => auditId),
  };
}
