import type { App, RelatedRecord } from '../app.ts';
import type { RunRecord } from '../model/journal.ts';
import type { ObjectRef, Outcome } from '../model/plan.ts';
import { changesOfRun, orphansIn } from './audit-changes.ts';
import { driftOf, driftsOfRun } from './audit-drifts.ts';
import type { AuditedChange, AuditedDrift } from './audited.ts';

/** What one id is, and everything that the journal knows in connection with it. */
export interface Trace {
  what: string;
  /** What it turned out to be. */
  is: Found[];
  /** Newest first; each with those of its changes that have to do with it. */
  runs: { run: RunRecord; changes: AuditedChange[] }[];
  /** Newest first. */
  drifts: AuditedDrift[];
  /** What Genesys says one action caused, where the journal does not know the record. */
  related?: RelatedRecord[];
  /** True where there is more of it in the journal. */
  more?: true;
}

export type Found = 'resource' | 'run' | 'correlation id' | 'audit record' | 'object' | 'commit' | 'revision';

/** So many runs are told. */
const mostRuns = 20;
const mostDrifts = 50;

/** Looks for it everywhere in the journal; `is` is empty where it is nowhere. */
export async function traceIn({ journal }: Pick<App, 'journal'>, what: string): Promise<Trace> {
  const ways = isResource(what) ? [byResource] : [byRun, byCorrelation, byAudit, byObject, byCommit];
  const parts: Part[] = [];
  for (const way of ways) parts.push(...(await way(journal, what)));
  const byRunId = Map.groupBy(
    parts.flatMap(({ changes = [] }) => changes),
    ({ runId }) => runId,
  );
  const runs: (Trace['runs'][number] & { seq: number })[] = [];
  for (const [runId, wanted] of byRunId) {
    const found = await journal.run(runId);
    if (found === undefined) continue;
    const { seq, ...run } = found;
    const isWanted = ({ object }: Pick<Outcome, 'object'>): boolean =>
      wanted.some((one) => one.object === undefined || sameObject(one.object, object));
    const orphans = (await orphansIn(journal, run)).filter(isWanted);
    runs.push({ seq, run, changes: [...(await changesOfRun(journal, run, isWanted)), ...orphans] });
  }
  runs.sort((a, b) => b.seq - a.seq);
  const drifts = new Map(parts.flatMap((part) => part.drifts ?? []).map((drift) => [drift.id, drift]));
  return {
    what,
    is: [...new Set(parts.map(({ is }) => is))],
    runs: runs.slice(0, mostRuns).map(({ run, changes }) => ({ run, changes })),
    drifts: [...drifts.values()]
      .sort((a, b) => b.id - a.id)
      .slice(0, mostDrifts)
      .map(driftOf),
    ...(runs.length > mostRuns || drifts.size > mostDrifts ? { more: true } : {}),
  };
}

type Journal = App['journal'];
type Drift = Awaited<ReturnType<Journal['drifts']>>[number];

interface Part {
  is: Found;
  /** Of which object in which run; of all of them where none is named. */
  changes?: { runId: string; object?: ObjectRef }[];
  drifts?: Drift[];
}

const isResource = (what: string): boolean => /^[A-Z][A-Za-z]*\/./.test(what);

function sameObject(a: ObjectRef, b: ObjectRef): boolean {
  return a.type === b.type && (a.key === b.key || (a.id !== undefined && a.id === b.id));
}

async function byResource(journal: Journal, resource: string): Promise<Part[]> {
  const changes = await journal.changes({ resource, limit: 10 * mostRuns });
  const drifts = new Map<number, Drift>();
  const objects = new Map(changes.map(({ outcome: { object } }) => [object.id, object]));
  for (const id of objects.keys()) {
    if (id === undefined) continue;
    for (const drift of await journal.drifts({}, { objectId: id, limit: mostDrifts })) {
      if (drift.resource === resource || drift.kind === 'other-process') drifts.set(drift.id, drift);
    }
  }
  if (changes.length === 0) return [];
  return [{ is: 'resource', changes: changes.map(changed), drifts: [...drifts.values()] }];
}

const changed = ({
  runId,
  outcome: { object },
}: {
  runId: string;
  outcome: Outcome;
}): { runId: string; object: ObjectRef } => ({
  runId,
  object,
});

async function byRun(journal: Journal, id: string): Promise<Part[]> {
  const run = await journal.run(id);
  if (run === undefined) return [];
  const drifts = await driftsOfRun(journal, run, await journal.outcomes(run.id));
  return [{ is: 'run', changes: [{ runId: run.id }], drifts }];
}

async function byCorrelation(journal: Journal, id: string): Promise<Part[]> {
  const writes = await journal.writesSentAs(id);
  const prepared = await journal.changes({ request: id, limit: 10 * mostRuns });
  const changes = [...writes, ...prepared.map(changed)];
  return changes.map(({ runId, object }) => ({ is: 'correlation id', changes: [{ runId, object }] }));
}

/** Ours, or somebody's whose change was healed: then with that. */
async function byAudit(journal: Journal, id: string): Promise<Part[]> {
  const matched = await journal.matchedBy(id);
  const drifts = await journal.drifts({}, { auditId: id });
  return [
    ...matched.map((one): Part => ({ is: 'audit record', changes: [one] })),
    ...drifts.map((drift): Part => ({ is: 'audit record', drifts: [drift], changes: healing(drift) })),
  ];
}

function healing({ ended, object }: Drift): { runId: string; object: ObjectRef }[] {
  return ended === undefined ? [] : [{ runId: ended.runId, object }];
}

async function byObject(journal: Journal, id: string): Promise<Part[]> {
  const changes = await journal.changes({ object: id, limit: 10 * mostRuns });
  const drifts = await journal.drifts({}, { objectId: id, limit: mostDrifts });
  if (changes.length + drifts.length === 0) return [];
  return [{ is: 'object', changes: changes.map(changed), drifts }];
}

/** The changes that a commit made, and what moved of them since; else the runs of that revision. */
async function byCommit(journal: Journal, text: string): Promise<Part[]> {
  const sha = text.slice(text.indexOf(':') + 1).toLowerCase();
  if (!/^[0-9a-f]{7,64}$/.test(sha)) return [];
  const changes = await journal.changes({ commit: sha, limit: 10 * mostRuns });
  if (changes.length > 0) {
    const since = await driftsSince(journal, sha, changes);
    return [{ is: 'commit', changes: [...changes.map(changed), ...since.flatMap(healing)], drifts: since }];
  }
  const runs = await journal.runsWhere({ revision: sha, limit: mostRuns });
  return runs.length === 0 ? [] : [{ is: 'revision', changes: runs.map(({ id }) => ({ runId: id })) }];
}

/** Drifts that a commit's changes healed beside, and drifts against that commit. */
async function driftsSince(
  journal: Journal,
  sha: string,
  changes: readonly { runId: string; outcome: Outcome }[],
): Promise<Drift[]> {
  const runs = new Set(changes.map(({ runId }) => runId));
  const ids = new Set(changes.flatMap(({ outcome: { object } }) => object.id ?? []));
  const found: Drift[] = [];
  for (const id of ids) {
    const all = await journal.drifts({}, { objectId: id, limit: mostDrifts });
    const isOf = ({ ended, story }: Drift): boolean =>
      (ended !== undefined && runs.has(ended.runId)) || story?.against?.commit?.startsWith(sha) === true;
    found.push(...all.filter(isOf));
  }
  return found;
}
