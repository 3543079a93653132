import type { RequestReceipt } from './http.ts';
import type { JsonObject } from './json.ts';

/** What happens next decides the class of an error (docs/reference/errors.md). */
export type FailureClass = 'NeedsHuman' | 'Moved' | 'TryLater' | 'Retry' | 'TargetStalled';

/**
 * Every reason that a run, a target or an object may be given: a constant code, what happens next, and what it means.
 * docs/reference/errors.md is generated from this table.
 */
export const reasons = {
  ActivationFailed: ['NeedsHuman', 'Genesys took the change, and could not put it in force.'],
  ActivationPending: [
    'TryLater',
    'Genesys took the change, but does not serve it yet; each run looks again until it does.',
  ],
  AdoptionRequired: ['NeedsHuman', 'An object that this tool did not make matches a resource and differs from it.'],
  ApprovalMismatch: ['NeedsHuman', 'The plan is another one than the approval was given for, so nothing is written.'],
  AuthenticationFailed: ['TargetStalled', 'Genesys refused the client id and secret, or the token after a new one.'],
  BadAnswer: ['Retry', 'Genesys answered with something that is not JSON, or with an empty body.'],
  BadRequest: ['NeedsHuman', 'Genesys refused the request as invalid.'],
  ChangeLimitExceeded: ['NeedsHuman', 'The plan changes or deletes more objects than the policy allows.'],
  Contended: [
    'TryLater',
    'Somebody else changed the object each time before it could be written; the next run goes on.',
  ],
  ConfigurationInvalid: ['TargetStalled', "The daemon's own configuration cannot be used."],
  CircuitOpen: ['TryLater', 'Genesys failed so often that only a probe is sent now and then, until it answers again.'],
  Conflict: ['Moved', 'The object changed between reading and writing.'],
  DependencyNotReady: ['TryLater', 'An object that this one refers to could not be made ready.'],
  DraftInvalid: ['NeedsHuman', 'Genesys found the draft invalid, so it was not published.'],
  DraftPending: ['TryLater', 'The draft is written, but Genesys has not made it ready to be published yet.'],
  Drifted: [
    'NeedsHuman',
    'The object was changed without a commit, and the policy is to report that and not to overwrite it.',
  ],
  DriftPaused: ['TryLater', "A person's change is left alone for a while before it is healed."],
  EmptySnapshot: ['NeedsHuman', 'The revision holds no resource at all, so nothing is deleted.'],
  ForeignDraft: ['TryLater', "Somebody else's draft of the object exists; it is not published over."],
  Gone: ['Moved', 'The object was deleted between reading and writing.'],
  InUse: ['NeedsHuman', 'Something else in Genesys uses the object by the name or id that the change takes away.'],
  Interrupted: ['TryLater', 'The run was asked to stop before this change.'],
  JournalUnavailable: [
    'TargetStalled',
    'The journal cannot be read or written, so nothing is written to Genesys either.',
  ],
  ExportFailed: ['Retry', 'Genesys could not export the object, so it cannot be told what is live.'],
  JobRunning: [
    'TryLater',
    'Genesys has not finished the job yet; the next run looks at it again, and starts no other.',
  ],
  LeaseHeld: ['TryLater', 'Another process is writing to this organisation; one at a time.'],
  LeaseLost: [
    'TryLater',
    'This process lost its right to write, as it was paused or cut off for too long; it wrote nothing after that.',
  ],
  ListIncomplete: ['Retry', 'A list could not be read whole.'],
  Locked: ['TryLater', 'Somebody has the object open for editing, or has saved work that is not published.'],
  LockRefused: [
    'NeedsHuman',
    'Somebody has the object open for editing or has unpublished work, and its document says not to wait.',
  ],
  NetworkError: ['Retry', 'No answer came: connection refused, dropped or timed out.'],
  OverwriteRefused: [
    'NeedsHuman',
    'What is to be replicated would overwrite another configuration, and its document says not to.',
  ],
  OwnershipConflict: [
    'NeedsHuman',
    'Another target manages the object, or somebody else changes it back again and again.',
  ],
  NotConverged: ['NeedsHuman', 'A value that was written did not stay.'],
  NotVisible: ['NeedsHuman', 'The object exists, but this client may not see it.'],
  ObserveOnly: ['NeedsHuman', 'The policy of this target is to observe and not to write.'],
  PermissionMissing: ['NeedsHuman', 'The client lacks a permission or a scope.'],
  Protected: ['NeedsHuman', 'The resource is protected by its annotation.'],
  PruneDisabled: ['NeedsHuman', 'The object left the repository and pruning is off.'],
  PublishFailed: ['NeedsHuman', 'Genesys refused what was to be published.'],
  RateLimited: ['TryLater', 'Genesys asked to slow down.'],
  ReconciliationFailed: ['NeedsHuman', 'At least one object could not be brought to its desired state.'],
  ReconciliationSucceeded: ['NeedsHuman', 'Live state equals desired state.'],
  ReferenceNotFound: ['NeedsHuman', 'A document refers to something that does not exist.'],
  ReplicationFailed: ['NeedsHuman', 'Genesys could not replicate a configuration to an organisation.'],
  ReplicationUnknown: ['NeedsHuman', 'Genesys took a replication, and does not tell what became of it.'],
  RequestTooLarge: ['NeedsHuman', 'The request is larger than Genesys accepts.'],
  RevisionNotReady: [
    'TryLater',
    'The target follows another, where nothing has been healthy for the soak time yet, so it has nothing to run on.',
  ],
  ServerError: ['Retry', 'Genesys failed to answer (5xx or 408).'],
  SourceUnavailable: ['Retry', 'The git repository or folder could not be read.'],
  Suspended: ['NeedsHuman', 'The resource or target is suspended.'],
  Unexpected: ['NeedsHuman', 'A defect in this program; please report it with the log lines around it.'],
  Unsettled: ['TryLater', 'A write was sent and its answer was lost; what became of it is being looked up.'],
  Unsupported: [
    'NeedsHuman',
    'The live object holds something that this tool could not write back as it is, so it does not touch it.',
  ],
  ValidationFailed: ['NeedsHuman', 'The config repository has problems; nothing of this revision is applied.'],
  WrongOrganization: ['TargetStalled', 'The credentials belong to another organisation than the configuration names.'],
} as const satisfies Record<string, readonly [FailureClass, string]>;

export type Reason = keyof typeof reasons;

export interface FailureDetail {
  /** Milliseconds to wait, where Genesys said so. */
  after?: number;
  status?: number;
  correlationId?: string;
  /** True where the journal has to be opened anew before it can be used again. */
  reopen?: boolean;
  /** True where a run in the journal tells of it already. */
  recorded?: boolean;
  /** Genesys's own `code`, for example `missing.permissions`. */
  apiCode?: string;
  /** True where it is certain that the last write did nothing, whatever was answered to it before: a job that failed. */
  nothingMade?: boolean;
  /** True where no answer came, and nothing shows that what was sent was done. */
  lost?: true;
  /** The object that a write was about, where only the write gave it an id. */
  objectId?: string;
  /** The object's version after a write that did not stay. */
  versionAfter?: string;
  /** Under what the attempt can be found again in Genesys: a job id. */
  trace?: JsonObject;
  /** The version that the answer of a conflict names as the one that is there now. */
  version?: string;
  /** What Genesys found wrong with each field of a body, by its path there (`widget.theme.colors.primary`). */
  fields?: { path: string; message: string }[];
  /** The request that failed, where an answer came: for the journal. */
  receipt?: RequestReceipt;
  cause?: unknown;
}

/** The one error class that crosses folders. Its message is a sentence for a person; its reason and class are for code. */
export class Failure extends Error {
  readonly reason: Reason;
  readonly detail: FailureDetail;

  constructor(reason: Reason, message: string, detail: FailureDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'Failure';
    this.reason = reason;
    this.detail = detail;
  }

  get class(): FailureClass {
    return reasons[this.reason][0];
  }
}

/** Any thrown value as a Failure, so that nothing else has to be told apart further up. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Failure('Unexpected', message, { cause: error });
}
