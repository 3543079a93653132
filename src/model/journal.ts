import type { AuditRecord, DriftStory, Match } from './audit.ts';
import type { Intent } from './contracts.ts';
import type { Reason } from './failure.ts';
import type { RequestReceipt } from './http.ts';
import type { Json, JsonObject } from './json.ts';
import type { Held, ObjectRef, Outcome, Summary } from './plan.ts';
import type { Pointer } from './pointer.ts';
import type { ResourceId } from './resource.ts';

/** Handle to object id, per organisation and target: what this tool made or adopted. */
export interface InventoryEntry {
  type: string;
  id: string;
  /** `Kind/handle` of the owner. */
  owner: string;
  /** Adopted objects are pruned only by `prune: all`. */
  adopted: boolean;
  key: string;
  /** The files that its owner was made of, for whoever asks who removed them. */
  paths?: string[];
  /** `genesys-gitops/*` annotations at the last apply: they still count when the document has left the repository. */
  annotations?: Record<string, string>;
}

/** What was last wished of one field, and what the server made of it where that differs. */
export interface AppliedField {
  wanted: Json;
  /** Present where live differs from the wish and that is known to be the server's rendition of it. */
  rendered?: Json;
  /** True where live is what the server made of our own write: then all of it is compared, not only what was declared. */
  written?: boolean;
  /** Who wished it, where that is not the object's owner. */
  by?: ResourceId;
  /** True where the wish was no value of the document, but what another object had: it may move without a commit. */
  follows?: true;
}

export interface AppliedObject {
  type: string;
  id: string;
  fingerprint?: string;
  revision: string;
  fields: Record<Pointer, AppliedField>;
}

/** A live object read whole, kept by id and fingerprint. */
export interface CachedDetail {
  type: string;
  id: string;
  fingerprint: string;
  live: JsonObject;
  /** ISO 8601. */
  readAt: string;
}

export type RunStatus = 'succeeded' | 'failed' | 'held' | 'unreachable';

export interface RunRecord {
  id: string;
  target: string;
  organization?: string;
  revision: string;
  mode: 'plan' | 'apply';
  /** What made it run: a person's `apply`, or one of the daemon's triggers. */
  trigger?: string;
  /** What was held back, named up to a bound; `summary` counts all. */
  held?: Pick<Held, 'kind' | 'name' | 'action' | 'object' | 'reason' | 'message'>[];
  /** What `apply --approve` has to be given to release what of it waits for that. */
  approval?: string;
  /** What a person should know beside that: a rewritten branch. */
  notes?: string[];
  /** The plan hash that a person approved. */
  approved?: string;
  /** True for `--only`: the revision as a whole was not applied. */
  partial?: boolean;
  /** True where a person named the revision: it may be on no branch, so it is nothing for others to follow. */
  named?: true;
  /** The same for revisions with the same files; absent where the revision itself says so. */
  content?: string;
  startedAt: string;
  finishedAt?: string;
  status?: RunStatus;
  reason?: Reason;
  message?: string;
  summary?: Summary;
  /** Requests sent, tries included. */
  requests?: number;
  /** From the first write until all of it was seen in force, in milliseconds; where something takes effect later than written. */
  activationMs?: number;
  /** SHA-256 over the run's entries, in order. */
  digest?: string;
}

/** The right to write to one organisation, of one process at a time. */
export interface Lease {
  organization: string;
  /** Unique to the run that holds it. */
  owner: string;
  /** For people: `daemon, process 7 on pod-1`. */
  holder: string;
  /** Counts takers: an intent of an earlier taker is refused. */
  fence: number;
  /** ISO 8601. */
  since: string;
  /** ISO 8601. */
  expiresAt: string;
  /** How long its holder takes it for each time, in milliseconds. */
  ttlMs: number;
}

/** What the audit log says of one write. */
export interface WriteMatch {
  match: Match;
  /** Ids of the audit records: its own; where it is ambiguous, those that may be. */
  records: string[];
  /** Why it is not matched, as a sentence. */
  why?: string;
}

/** A write as it was sent, and what came of it. */
export interface SentWrite extends Omit<Intent, 'id' | 'bodyHash'> {
  intentId: number;
  /** Absent where no answer came. */
  receipt?: RequestReceipt;
  /** True where it is known that it changed nothing: Genesys said no, or the object was looked up. */
  refused?: true;
  /** True while it is not known whether it happened. */
  open?: true;
  /** Absent as long as the audit log is still asked. */
  audit?: WriteMatch;
}

/** A change that was attempted, as the journal tells it. */
export interface ChangeRecord {
  /** Position in the journal; a later one is greater. */
  seq: number;
  /** ISO 8601: when its outcome was known. */
  at: string;
  runId: string;
  target: string;
  organization?: string;
  revision: string;
  outcome: Outcome;
}

/** Which changes or runs are wanted; everything that is given has to hold. Times are ISO 8601. */
export interface ChangeFilter {
  target?: string;
  /** `Kind/handle` of the owner, or of whoever wished a field. */
  resource?: string;
  /** A part of the name or of the email of the commit's author, letter case aside. */
  author?: string;
  /** A revision (`main@sha1:<hex>`), or at least 7 digits of its commit. */
  revision?: string;
  /** The id of the commit that the change came from, or the first digits of it. */
  commit?: string;
  /** The id of the object. */
  object?: string;
  /** The correlation id of a request that prepared the write, where the write's own answer has none. */
  request?: string;
  runId?: string;
  since?: string;
  until?: string;
  /** The page before this position; `seq` of the last that was told. */
  before?: number;
  limit: number;
}

/**
 * What became of a drift. `healed`: this run wrote what is wished. The others are what this run found: `accepted`, that
 * the wish is another, so that what is live is no drift; `superseded`, that somebody moved it again, which is a drift of
 * its own; `gone`, that somebody took it back.
 */
export interface DriftEnd {
  /** ISO 8601. */
  at: string;
  how: 'healed' | 'accepted' | 'superseded' | 'gone';
  runId: string;
  /** What is wished since; of `accepted`. */
  revision?: string;
}

/**
 * Fields of an object that share a fate and were not as they were left, or (`other-process`) that somebody else changed
 * as our OAuth client.
 */
export interface DriftRecord {
  id: number;
  kind: 'drift' | 'other-process';
  /** ISO 8601: when it was seen first. */
  at: string;
  organization: string;
  target: string;
  /** The run that saw it. */
  runId?: string;
  revision?: string;
  /** `Kind/handle`. */
  resource?: string;
  object: ObjectRef;
  /** What moved: `from` is what was live, `to` what is wished. Sealed; long values are left out. */
  fields: NonNullable<Outcome['fields']>;
  /** True where somebody deleted the object. */
  deleted?: true;
  /** The id of the object that somebody deleted, where this one was made by hand in its place. */
  replaces?: string;
  /** The live object's fingerprint: what tells one drift of an object from the next. */
  base?: string;
  /** Of what was live, where that is too long to be kept: a hash, to know it again by. */
  marks?: Record<Pointer, string>;
  story?: DriftStory;
  ended?: DriftEnd;
}

/** What `tidy` may have removed: what is younger was not. ISO 8601. */
export interface Removed {
  /** When it was removed last. */
  at?: string;
  /** Runs that only looked. */
  quietBefore: string;
  /** All runs; absent where what changed something was always kept. */
  changedBefore?: string;
}

/** Where what is kept beside the append-only record is not what that says. */
export interface Discrepancy {
  runId?: string;
  target?: string;
  /** What, as a sentence. */
  message: string;
}

/** One line of the append-only record. */
export interface JournalEntry {
  seq: number;
  runId: string;
  type: string;
  at: string;
  body: JsonObject;
}

/** Where the scope of most entries lies: one organisation as one target sees it. */
export interface Scope {
  organization: string;
  target: string;
}

/**
 * The durable record. Asynchronous from the start, so that PostgreSQL can stand in for SQLite.
 * Values reach it sealed: it never holds a secret.
 */
export interface Journal {
  /** The key under which sensitive values are compared and shown; made once per journal. */
  readonly sealKey: string;

  startRun(run: RunRecord): Promise<void>;
  finishRun(run: RunRecord): Promise<RunRecord>;
  /** Newest first. */
  runs(target: string, limit: number): Promise<RunRecord[]>;
  /**
   * How many objects the runs of a revision have written and deleted in a row up to now, drift that they healed aside:
   * what its limits have been spent on. A run of another revision begins the count anew.
   */
  spent(target: string, revision: string): Promise<{ changes: number; deletes: number }>;
  outcomes(runId: string): Promise<Outcome[]>;

  /**
   * Takes the lease of an organisation where it is free or expired; otherwise answers whose it is. Each taker gets the
   * next fencing number.
   */
  acquireLease(
    wish: Pick<Lease, 'organization' | 'owner' | 'holder'>,
    ttlMs: number,
  ): Promise<{ taken: boolean; lease: Lease }>;
  /** The lease with a later expiry; undefined where it has expired or somebody else took it: then it is lost for good. */
  renewLease(lease: Lease, ttlMs: number): Promise<Lease | undefined>;
  releaseLease(lease: Lease): Promise<void>;
  /** Who may write to an organisation just now; undefined where nobody does. */
  lease(organization: string): Promise<Lease | undefined>;

  /**
   * On disk when it resolves. Calls that come together share one transaction, in which the lease is checked: with one
   * that has expired or was taken over, nothing is noted and it throws `LeaseLost`.
   */
  intend(intent: Omit<Intent, 'id'>, lease?: Lease): Promise<Intent>;
  /**
   * Counts a look that did not find what an intent was to make; answers how many there were, and over how much time. Of
   * each pause between two at most `mostMs` count, so that a clock that jumps is not taken for patience.
   */
  notFound(intentId: number, mostMs: number): Promise<{ looks: number; ms: number }>;
  /** What became of an intent's request. */
  answered(
    intentId: number,
    receipt: RequestReceipt | undefined,
    error?: { reason: Reason; message: string },
    /** The object that it made. */
    objectId?: string,
  ): Promise<void>;
  /** Intents of all targets without an answer, oldest first: what interrupted runs left behind in the organisation. */
  openIntents(organization: string): Promise<Intent[]>;
  settleIntent(intentId: number, outcome: 'applied' | 'not-applied', objectId?: string): Promise<void>;
  recordOutcome(runId: string, outcome: Outcome): Promise<void>;

  /** When the oldest write was sent that still waits for its audit record; undefined where none does. ISO 8601. */
  oldestUnmatched(organization: string): Promise<string | undefined>;
  /** Every write to an organisation that was sent since then, oldest first, whatever is known of it. */
  writesSince(organization: string, since: string): Promise<SentWrite[]>;
  /** The writes of a run, in the order in which they were sent, with the ids of what they made. */
  writesOf(runId: string): Promise<SentWrite[]>;
  /** The writes whose answer had this `ININ-Correlation-Id`. */
  writesSentAs(correlationId: string): Promise<SentWrite[]>;
  /**
   * Keeps what became of writes, with the records that say so, in one transaction; a later word on a write replaces the
   * earlier one. Appends one `audit-matched` entry for each run and object, and answers them with the SHA-256 of each (of
   * its line, as in the run's digest).
   */
  keepMatches(
    organization: string,
    matches: readonly { write: SentWrite; audit: WriteMatch }[],
    records: readonly AuditRecord[],
  ): Promise<{ runId: string; object: ObjectRef; digest: string }[]>;
  /** Of whose writes an audit record tells, or may tell: each object with the run that wrote it. */
  matchedBy(auditId: string): Promise<{ runId: string; object: ObjectRef }[]>;
  /** Kept audit records by id. */
  auditRecords(organization: string, ids: readonly string[]): Promise<AuditRecord[]>;

  /** Appends `drift-found` (or `other-process`) to the run's entries, or to those of no run (`-`); `entry` is its SHA-256. */
  recordDrift(drift: Omit<DriftRecord, 'id'>): Promise<DriftRecord & { entry: string }>;
  /**
   * What the audit log says of it, or that it ended. Appends `drift-explained` or `drift-ended` and answers the SHA-256 of
   * that; undefined where there is no such drift any more.
   */
  updateDrift(id: number, change: Pick<DriftRecord, 'story'> | Pick<DriftRecord, 'ended'>): Promise<string | undefined>;
  /** Newest first. `open`: not ended; `unexplained`: without a deed. */
  drifts(
    scope: Partial<Scope>,
    wanted: {
      since?: string;
      until?: string;
      object?: ObjectRef;
      /** The id of the object, of whatever type. */
      objectId?: string;
      /** One of whose deeds is this audit record. */
      auditId?: string;
      open?: true;
      unexplained?: true;
      /** The page before this id. */
      before?: number;
      limit?: number;
    },
  ): Promise<DriftRecord[]>;

  /** Newest first. */
  changes(filter: ChangeFilter): Promise<ChangeRecord[]>;
  /** Runs with at least one such change, or where only target, time and revision are given, all of them. Newest first. */
  runsWhere(filter: ChangeFilter): Promise<(RunRecord & { seq: number })[]>;
  /** By its id, or the first 8 characters of it or more where only one run has them. */
  run(id: string): Promise<(RunRecord & { seq: number }) | undefined>;
  /** All entries, oldest first; for export. */
  entries(after?: number): AsyncIterable<JournalEntry>;
  /** The digest of a finished run, worked out again from its entries; undefined where it has not finished or is not there. */
  digest(runId: string): Promise<string | undefined>;

  /** Everything that reports read, and that is not as the entries say; all entries are read. */
  discrepancies(): AsyncIterable<Discrepancy>;

  inventory(scope: Scope): Promise<InventoryEntry[]>;
  /** Objects of this organisation that other targets claim: `type:id` to target. */
  claims(organization: string, exceptTarget: string): Promise<Map<string, string>>;
  /** Objects of this organisation that any target made, adopted or gave a field to. */
  known(organization: string): Promise<{ type: string; id: string }[]>;
  remember(scope: Scope, entry: InventoryEntry): Promise<void>;
  forget(scope: Scope, type: string, id: string): Promise<void>;
  /**
   * What the target `from` has (inventory, applied fields, open intents, facts) is `to`'s; its runs stay. Answers how
   * many objects moved. `ConfigurationInvalid` where both have the same object: then nothing moves.
   */
  renameTarget(organization: string, from: string, to: string): Promise<number>;

  applied(scope: Scope): Promise<AppliedObject[]>;
  setApplied(scope: Scope, objects: AppliedObject[]): Promise<void>;

  details(organization: string, type: string): Promise<Map<string, CachedDetail>>;
  keepDetails(organization: string, details: CachedDetail[]): Promise<void>;
  /**
   * Forgets the details of objects that are not among those present, and what was applied to them where they are in no
   * target's inventory. Answers how many rows there were.
   */
  forgetDetails(organization: string, type: string, presentIds: ReadonlySet<string>): Promise<number>;

  /**
   * Another text whenever what is remembered of objects (inventory, applied fields, details) may have changed, by this
   * process or another: where it is the same, there is nothing to load again.
   */
  mark(): Promise<string>;

  /** Small facts by name (last good revision of a source, last applied revision of a target). Null forgets one. */
  recall(key: string): Promise<Json | undefined>;
  /** All facts whose key begins so, by key. */
  recallAll(prefix: string): Promise<Map<string, Json>>;
  memorise(key: string, value: Json): Promise<void>;

  /**
   * Removes runs that attempted nothing and are older than 30 days, except for the newest 100 of each target. In small
   * portions, between which others have their turn. What changed something is kept for ever, or for `keepMs`: then what is
   * older goes, too, with its writes, audit records and drifts, and its space is given back. What still waits (an answer, an
   * audit record, a drift that has not ended) stays, and so does what the target's limits are being spent on.
   */
  tidy(now: Date, keepMs?: number): Promise<void>;
  /** Up to when what is not in the journal may have been removed by `tidy`; undefined where nothing ever was. */
  removed(): Promise<Removed | undefined>;

  close(): Promise<void>;
}
