import type { App } from '../app.ts';
import type { AuditRecord, Deed, Match } from '../model/audit.ts';
import { actorInWords } from '../model/drift-words.ts';
import type { ChangeRecord, DriftRecord, Journal, RunRecord, SentWrite } from '../model/journal.ts';
import type { Outcome } from '../model/plan.ts';
import { pullRequestOf } from '../model/pull-request.ts';

/** One change that was attempted, with everything that is known of it. Times are ISO 8601, in UTC. */
export interface AuditedChange {
  type: 'change';
  time: string;
  target: string;
  organization?: string;
  run: string;
  revision: string;
  commit?: {
    sha: string;
    author: { name: string; email: string };
    committer: { name: string; email: string };
    subject: string;
    pullRequest?: string;
  };
  resource: string;
  object: Outcome['object'];
  action: Outcome['action'];
  cause?: Outcome['cause'];
  /** `unknown`: the process ended in the middle, and nobody has found out since. */
  status: 'applied' | 'failed' | 'unknown';
  reason?: string;
  message?: string;
  fields: NonNullable<Outcome['fields']>;
  requests: {
    method: string;
    path: string;
    status?: number;
    correlationId?: string;
    /** Genesys's clock. */
    serverDate?: string;
  }[];
  versions: { before?: string; after?: string };
  activationMs?: number;
  /** Who had moved the object before, where the change healed that. */
  drift?: Outcome['drift'];
  match: Match;
  why?: string;
  auditIds: string[];
  records: AuditRecord[];
}

/** What somebody else did: an object that moved without a commit, or another process that uses our OAuth client. */
export interface AuditedDrift {
  type: DriftRecord['kind'];
  time: string;
  target: string;
  organization: string;
  run?: string;
  revision?: string;
  resource?: string;
  object: DriftRecord['object'];
  deleted?: true;
  fields: DriftRecord['fields'];
  /** Everybody who had a part in it, newest first; absent where the audit log does not say. */
  who?: string;
  deeds: Deed[];
  against?: { revision: string; commit?: string };
  ended?: DriftRecord['ended'];
  match: Match;
  why?: string;
  auditIds: string[];
}

export type Audited = AuditedChange | AuditedDrift;

export interface AuditWish {
  targets: readonly string[];
  /** `Kind/handle`. */
  resource?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
}

/** So many changes, or drifts, are in memory at a time. */
const page = 500;

/** Every change and every drift once, newest first. Asks only the journal. */
export async function* auditedOf({ journal }: Pick<App, 'journal'>, wish: AuditWish): AsyncGenerator<Audited> {
  const streams = [driftsOf(journal, wish), ...wish.targets.map((target) => changesOf(journal, target, wish))];
  const heads = await Promise.all(streams.map(async (stream) => ({ stream, next: await stream.next() })));
  for (;;) {
    const open = heads.filter(({ next }) => next.done !== true);
    const newest = open.sort((a, b) => ((a.next.value as Audited).time > (b.next.value as Audited).time ? -1 : 1))[0];
    if (newest === undefined) return;
    yield newest.next.value as Audited;
    newest.next = await newest.stream.next();
  }
}

async function* changesOf(journal: Journal, target: string, wish: AuditWish): AsyncGenerator<AuditedChange> {
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
  const { kind, name, object, action, cause, status, reason, message, fields = [], commit, drift, receipt } = outcome;
  const { versionBefore, versionAfter, activationMs } = receipt;
  const pullRequest = commit && pullRequestOf(commit.message);
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
    ...(activationMs === undefined ? {} : { activationMs }),
    ...(drift === undefined ? {} : { drift }),
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

const worst: readonly Match[] = ['unmatched', 'ambiguous', 'matched'];

function whyNot(writes: readonly SentWrite[]): string {
  if (writes.length === 0) return 'nothing was sent';
  if (writes.every(({ refused }) => refused === true)) return 'nothing was changed: Genesys refused it';
  return 'its audit record is still waited for';
}

async function* driftsOf(
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
    owned === undefined || drift.resource === resource || owned.has(`${drift.object.type}:${drift.object.id}`);
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
    ...(story?.against === undefined ? {} : { against: story.against }),
    ...(ended === undefined ? {} : { ended }),
    ...(deeds.length > 0
      ? { match: 'matched' }
      : { match: 'unmatched', why: story?.unexplained ?? 'the audit log was not asked' }),
    auditIds: deeds.map(({ auditId }) => auditId),
  };
}
