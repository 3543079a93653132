import type { Written } from '../model/contracts.ts';
import { driftInWords } from '../model/drift-words.ts';
import { asFailure, Failure } from '../model/failure.ts';
import type { RequestReceipt } from '../model/http.ts';
import type { Journal } from '../model/journal.ts';
import type { Log } from '../model/log.ts';
import type { Change, Commit, Outcome } from '../model/plan.ts';
import { pullRequestOfCommit } from '../model/pull-request.ts';
import type { Vault } from '../model/seal.ts';
import { storyInShort } from './drift-story.ts';
import { inShort } from './short-values.ts';

export interface OutcomeDeps {
  journal: Journal;
  runId: string;
  vault: Vault;
  log: Log;
  /** By whose commit a change is made, where that is known. */
  commitOf(change: Change): Promise<Commit | undefined>;
  progress?(outcome: Outcome): void;
}

/** Writes down, logs and tells what became of a change. */
export async function finish(deps: OutcomeDeps, change: Change, ended: Outcome): Promise<{ outcome: Outcome }> {
  const commit = await deps.commitOf(change);
  const outcome: Outcome = {
    ...ended,
    // Genesys may quote what was sent to it, in any of its answers.
    ...(ended.message === undefined ? {} : { message: deps.vault.redact(ended.message) }),
    ...(ended.warnings === undefined ? {} : { warnings: ended.warnings.map((text) => deps.vault.redact(text)) }),
    ...(ended.checks === undefined
      ? {}
      : { checks: ended.checks.map((one) => ({ ...one, told: deps.vault.redact(one.told) })) }),
    ...(ended.faults === undefined
      ? {}
      : { faults: ended.faults.map((one) => ({ ...one, message: deps.vault.redact(one.message) })) }),
    ...(commit === undefined ? {} : { commit }),
  };
  await deps.journal.recordOutcome(deps.runId, outcome);
  logOutcome(deps.log, outcome);
  try {
    deps.progress?.(outcome);
  } catch (error) {
    // Who watches does not decide what became of a change.
    deps.log.error({ detail: asFailure(error).message }, 'progress cannot be told');
  }
  return { outcome };
}

export function logOutcome(log: Log, outcome: Outcome): void {
  const told = storyOf(outcome);
  if (outcome.status === 'applied') log.info(told, 'change applied');
  else log.warn(told, 'change not applied');
}

/** A commit's subject, and as much of what follows, as a log line takes. */
const longestMessage = 500;

/** The story of a change in one structured log line; run, target and revision are on every line of its run. */
function storyOf({ kind, name, object, action, cause, status, reason, message, ...rest }: Outcome): object {
  const { warnings, fields = [], meanwhile, checks, faults, commit, drift, receipt } = rest;
  return {
    object,
    resource: `${kind}/${name}`,
    action,
    cause,
    status,
    reason,
    detail: message,
    warnings,
    checks,
    faults,
    fields: untitled(fields),
    meanwhile: meanwhile?.map((one) => (one.fields === undefined ? one : { ...one, fields: untitled(one.fields) })),
    requests: receipt.requests.map(
      ({ method, pathTemplate, status: answered, attempts, correlationId, serverDate }) => ({
        method,
        path: pathTemplate,
        status: answered,
        attempts,
        correlationId,
        serverDate,
      }),
    ),
    correlationId: receipt.requests.findLast((one) => one.correlationId !== undefined)?.correlationId,
    versionBefore: receipt.versionBefore,
    versionAfter: receipt.versionAfter,
    acknowledgedMs: receipt.acknowledgedMs,
    activationMs: receipt.activationMs,
    commit: commit === undefined ? undefined : commitInShort(commit),
    drift: drift === undefined ? undefined : { who: driftInWords(drift), ...drift },
  };
}

function untitled(fields: NonNullable<Outcome['fields']>): object[] {
  return fields.map(({ title: _title, ...field }) => field);
}

function commitInShort(commit: Commit): object {
  const { sha, author, committer, message, merge } = commit;
  const pullRequest = pullRequestOfCommit(commit);
  return {
    sha,
    author,
    committer,
    message: message.trim().slice(0, longestMessage),
    ...(merge === undefined ? {} : { merge: merge.sha }),
    ...(pullRequest === undefined ? {} : { pullRequest }),
  };
}

export function outcomeOf(
  { kind, name, action, object, base, version: known = base, cause, fields, drift, checks = [] }: Change,
  status: Outcome['status'],
  requests: RequestReceipt[],
  { id, version, warnings = [], trace, acknowledgedMs, activationMs }: Partial<Written> = {},
): Outcome {
  const receipt = {
    requests,
    ...(known === undefined || known === null ? {} : { versionBefore: known }),
    ...(version === undefined ? {} : { versionAfter: version }),
    ...(trace === undefined ? {} : { trace }),
    ...(acknowledgedMs === undefined ? {} : { acknowledgedMs }),
    ...(activationMs === undefined ? {} : { activationMs }),
  };
  // What holds may be so only by what was to be written.
  const checked = status === 'applied' ? checks : checks.filter(({ holds }) => !holds);
  const made = { ...object, ...(id === undefined ? {} : { id }) };
  const said = {
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(drift === undefined ? {} : { drift: storyInShort(drift) }),
    ...(checked.length === 0 ? {} : { checks: checked }),
  };
  return { kind, name, action, object: made, status, cause, fields: inShort(fields), ...said, receipt };
}

export function failed(change: Change, failure: Failure, requests: RequestReceipt[]): Outcome {
  const { reason, message, detail } = failure;
  const made = {
    ...(detail.objectId === undefined ? {} : { id: detail.objectId }),
    ...(detail.versionAfter === undefined ? {} : { version: detail.versionAfter }),
    ...(detail.trace === undefined ? {} : { trace: detail.trace }),
  };
  return { ...outcomeOf(change, 'failed', requests, made), reason, message };
}

/** Of what was written, and failed after that. */
export function withMade({ reason, message, detail }: Failure, { id, version }: Written): Failure {
  const told = { ...detail, objectId: id, ...(version === undefined ? {} : { versionAfter: version }) };
  return new Failure(reason, message, told);
}

export function skipped(change: Change, reason: NonNullable<Outcome['reason']>, message: string): Outcome {
  return { ...outcomeOf(change, 'skipped', []), reason, message };
}
