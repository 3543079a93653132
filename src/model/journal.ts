import type { Intent } from './contracts.ts';
import type { Reason } from './failure.ts';
import type { RequestReceipt } from './http.ts';
import type { Json, JsonObject } from './json.ts';
import type { Held, Outcome, Summary } from './plan.ts';
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
  ): Promise<void>;
  /** Intents of all targets without an answer, oldest first: what interrupted runs left behind in the organisation. */
  openIntents(organization: string): Promise<Intent[]>;
  settleIntent(intentId: number, outcome: 'applied' | 'not-applied'): Promise<void>;
  recordOutcome(runId: string, outcome: Outcome): Promise<void>;

  inventory(scope: Scope): Promise<InventoryEntry[]>;
  /** Objects of this organisation that other targets claim: `type:id` to target. */
  claims(organization: string, exceptTarget: string): Promise<Map<string, string>>;
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
   * Removes runs that attempted nothing and are older than 30 days, except for the newest 100 of each target, and
   * intents that were closed 180 days ago. In small portions. What changed something is kept for ever.
   */
  tidy(now: Date): Promise<void>;

  close(): Promise<void>;
}
