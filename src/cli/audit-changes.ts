import type { Match } from '../model/audit.ts';
import type { ChangeRecord, Journal, RunRecord, SentWrite } from '../model/journal.ts';
import type { Outcome } from '../model/plan.ts';
import { pullRequestOfCommit } from '../model/pull-request.ts';
import { type AuditedChange, type AuditWish, page } from './audited.ts';

/** Newest first. */
export async function* changesOf(journal: Journal, target: string, wish: AuditWish): AsyncGenerator<AuditedChange> {
  const orphans = await orphansOf(journal, target, wish);
  const writes = new Map<string, SentWrite[]>();
  for await (const change of changesIn(journal, target, wish)) {
    const { runId, at, outcome } = change;
    // Skipped: never attempted, so nothing was sent.
    if (outcome.status === 'skipped') continue;
    while (orphans[0] !== undefined && orphans[0].time > at) yield orphans.shift()!;
    if (!writes.has(runId)) {
      // Changes of one run stand together.
      writes.clear();
      writes.set(runId, await journal.writesOf(runId));
    }
    const own = writes.get(runId)!.filter((write) => isOf(write, outcome));
    const sent = own.length > 0 ? own : await sentEarlier(journal, change);
    yield await changeOf(journal, change, sent);
  }
  yield* orphans;
}

async function* changesIn(
  journal: Journal,
  target: string,
  { resource, since, until }: AuditWish,
): AsyncGenerator<ChangeRecord> {
  const filter = {
    target,
    ...(resource === undefined ? {} : { resource }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const found = await journal.changes({ ...filter, before, limit: page });
    yield* found;
    if (found.length < page) return;
    before = found.at(-1)!.seq;
  }
}

/** One object is changed once in a run; only its id is new in what came of it. */
function isOf({ object }: SentWrite, outcome: Pick<Outcome, 'object'>): boolean {
  return object.type === outcome.object.type && object.key === outcome.object.key;
}

/** An object whose creation an interrupted run had sent: the run that found it tells of it, without a request of its own. */
async function sentEarlier(
  journal: Journal,
  { organization, at, outcome: { object, action, status, receipt } }: ChangeRecord,
): Promise<SentWrite[]> {
  const isFound = action === 'create' && status === 'applied' && receipt.requests.length === 0;
  if (!isFound || object.id === undefined || organization === undefined) return [];
  const earlier = await journal.writesSince(organization, new Date(Date.parse(at) - longestLossMs).toISOString());
  return earlier.filter((write) => write.object.id === object.id && write.action === 'create' && write.at <= at);
}

/** What was lost for longer is told by itself. */
const longestLossMs = 30 * 86_400_000;

/** Runs whose process ended in the middle, or that failed as a whole, may have sent what no outcome tells of. */
async function orphansOf(journal: Journal, target: string, wish: AuditWish): Promise<AuditedChange[]> {
  const found: AuditedChange[] = [];
  const since = wish.since === undefined ? undefined : new Date(Date.parse(wish.since) - longestRunMs).toISOString();
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const runs = await journal.runsWhere({ target, before, limit: page, ...(since === undefined ? {} : { since }) });
    for (const run of runs.filter(({ status }) => status !== 'succeeded' && status !== 'held')) {
      found.push(...(await orphansIn(journal, run)));
    }
    if (runs.length < page) break;
    before = runs.at(-1)!.seq;
  }
  return found
    .filter(({ time, resource }) => {
      const { since: from = '', until = '~' } = wish;
      return time >= from && time < until && (wish.resource === undefined || resource === wish.resource);
    })
    .sort((a, b) => (a.time > b.time ? -1 : 1));
}

/** No run takes longer: what was written within a time belongs to a run that began so much before it at most. */
const longestRunMs = 86_400_000;

/** What a run sent, and no outcome tells of. */
export async function orphansIn(journal: Journal, run: RunRecord): Promise<AuditedChange[]> {
  const writes = await journal.writesOf(run.id);
  if (writes.length === 0) return [];
  const outcomes = await journal.outcomes(run.id);
  const left = writes.filter((write) => !outcomes.some((outcome) => isOf(write, outcome)));
  const groups = Map.groupBy(left, ({ object: { type, key } }) => `${type}:${key}`);
  const all = await Promise.all([...groups.values()].map((some) => orphanOf(journal, run, some)));
  return all.flatMap((one) => one ?? []);
}

/** Undefined where a later run found what was made, and tells of it. */
async function orphanOf(
  journal: Journal,
  run: RunRecord,
  writes: readonly SentWrite[],
): Promise<AuditedChange | undefined> {
  const [first] = writes;
  const last = writes.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const { id } = last.object;
  if (first.action === 'create' && id !== undefined) {
    const told = await journal.changes({ object: id, limit: page });
    if (told.some(({ outcome: { action, receipt } }) => action === 'create' && receipt.requests.length === 0))
      return undefined;
  }
  const isOpen = writes.some(({ open }) => open === true);
  const refused = writes.every((write) => write.refused === true);
  const message = isOpen
    ? 'the process ended before the answer came, and what became of it is not known yet'
    : 'the process ended before it could tell what came of it; it was found out later';
  return {
    type: 'change',
    time: last.at,
    target: run.target,
    ...(run.organization === undefined ? {} : { organization: run.organization }),
    run: run.id,
    revision: run.revision,
    resource: first.by,
    object: last.object,
    action: first.action,
    status: isOpen ? 'unknown' : refused ? 'failed' : 'applied',
    message,
    fields: Object.entries(first.sets ?? {}).map(([path, to]) => ({ path, to, by: first.by })),
    requests: requestsOf(writes, undefined),
    versions: {},
    ...(await matchOf(journal, first.organization, writes)),
  };
}

/** What a run attempted, in the order in which it was known; with `wanted`, only those. */
export async function changesOfRun(
  journal: Journal,
  run: RunRecord,
  wanted: (outcome: Outcome) => boolean = () => true,
): Promise<AuditedChange[]> {
  const writes = await journal.writesOf(run.id);
  const changes = await journal.changes({ runId: run.id, limit: Number.MAX_SAFE_INTEGER });
  const told: AuditedChange[] = [];
  for (const change of changes.reverse()) {
    const { outcome } = change;
    if (outcome.status === 'skipped' || !wanted(outcome)) continue;
    const own = writes.filter((write) => isOf(write, outcome));
    told.push(await changeOf(journal, change, own.length > 0 ? own : await sentEarlier(journal, change)));
  }
  return told;
}

async function changeOf(
  journal: Journal,
  { at, runId, target, organization, revision, outcome }: ChangeRecord,
  writes: readonly SentWrite[],
): Promise<AuditedChange> {
  const {
    kind,
    name,
    object,
    action,
    cause,
    status,
    reason,
    message,
    fields = [],
    commit,
    drift,
    meanwhile,
    receipt,
  } = outcome;
  const { versionBefore, versionAfter, acknowledgedMs, activationMs } = receipt;
  const pullRequest = commit && pullRequestOfCommit(commit);
  return {
    type: 'change',
    time: at,
    target,
    ...(organization === undefined ? {} : { organization }),
    run: runId,
    revision,
    ...(commit === undefined
      ? {}
      : {
          commit: {
            sha: commit.sha,
            author: commit.author,
            committer: commit.committer,
            subject: commit.message.split('\n')[0] ?? '',
            ...(pullRequest === undefined ? {} : { pullRequest }),
          },
        }),
    resource: `${kind}/${name}`,
    object,
    action,
    ...(cause === undefined ? {} : { cause }),
    status: status === 'applied' ? 'applied' : 'failed',
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
    fields,
    requests: requestsOf(writes, receipt.requests),
    versions: {
      ...(versionBefore === undefined ? {} : { before: versionBefore }),
      ...(versionAfter === undefined ? {} : { after: versionAfter }),
    },
    ...(acknowledgedMs === undefined ? {} : { acknowledgedMs }),
    ...(activationMs === undefined ? {} : { activationMs }),
    ...(drift === undefined ? {} : { drift }),
    ...(meanwhile === undefined ? {} : { meanwhile }),
    ...(await matchOf(journal, organization, writes)),
  };
}

/** Those of the receipt; of what was sent and never told, those of the writes. */
function requestsOf(
  writes: readonly SentWrite[],
  receipts: Outcome['receipt']['requests'] | undefined,
): AuditedChange['requests'] {
  if (receipts !== undefined && receipts.length > 0) {
    return receipts.map(({ method, pathTemplate, status, correlationId, serverDate }) => ({
      method,
      path: pathTemplate,
      status,
      ...(correlationId === undefined ? {} : { correlationId }),
      ...(serverDate === undefined ? {} : { serverDate }),
    }));
  }
  return writes.map(({ method, path, receipt }) => ({
    method,
    path,
    ...(receipt === undefined ? {} : { status: receipt.status }),
    ...(receipt?.correlationId === undefined ? {} : { correlationId: receipt.correlationId }),
    ...(receipt?.serverDate === undefined ? {} : { serverDate: receipt.serverDate }),
  }));
}

type Matched = Pick<AuditedChange, 'match' | 'why' | 'auditIds' | 'records'>;

/** Of several writes the least that is true of all, as the log's line for the match says it. */
export async function matchOf(
  journal: Journal,
  organization: string | undefined,
  writes: readonly SentWrite[],
): Promise<Matched> {
  const made = writes.filter(({ refused }) => refused !== true);
  const words = made.flatMap(({ audit }) => audit ?? []);
  const auditIds = [...new Set(words.flatMap(({ records }) => records))];
  const records = organization === undefined ? [] : await journal.auditRecords(organization, auditIds);
  const known = { auditIds, records };
  if (words.length < made.length || made.length === 0) return { match: 'unmatched', why: whyNot(writes), ...known };
  const least = worst.flatMap((match) => words.find((word) => word.match === match) ?? [])[0]!;
  return { match: least.match, ...(least.why === undefined ? {} : { why: least.why }), ...known };
}

const worst: readonly Match[] = ['unmatched', 'ambiguous', 'matched', 'unrecorded'];

/** Why there can be no audit record: nothing was changed. */
export const withoutRecord = {
  unsent: 'nothing was sent',
  refused: 'nothing was changed: Genesys refused it',
} as const;

function whyNot(writes: readonly SentWrite[]): string {
  if (writes.length === 0) return withoutRecord.unsent;
  if (writes.every(({ refused }) => refused === true)) return withoutRecord.refused;
  return 'its audit record is still waited for';
}
