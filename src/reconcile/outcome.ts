import type { Written } from '../model/contracts.ts';
import { asFailure, type Failure } from '../model/failure.ts';
import type { RequestReceipt } from '../model/http.ts';
import type { Journal } from '../model/journal.ts';
import type { Log } from '../model/log.ts';
import type { Change, Commit, Outcome } from '../model/plan.ts';
import type { Vault } from '../model/seal.ts';

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
export async function finish(deps: OutcomeDeps, change: Change, told: Outcome): Promise<{ outcome: Outcome }> {
  const commit = await deps.commitOf(change);
  const outcome: Outcome = {
    ...told,
    // Genesys may quote what was sent to it, in any of its answers.
    ...(told.message === undefined ? {} : { message: deps.vault.redact(told.message) }),
    ...(told.warnings === undefined ? {} : { warnings: told.warnings.map((text) => deps.vault.redact(text)) }),
    ...(commit === undefined ? {} : { commit }),
  };
  await deps.journal.recordOutcome(deps.runId, outcome);
  const { object, status, action, cause, reason, message, warnings, receipt } = outcome;
  const correlationId = receipt.requests.at(-1)?.correlationId;
  const fields = {
    object,
    action,
    cause,
    status,
    reason,
    detail: message,
    warnings,
    correlationId,
    commit: commit?.sha,
    activationMs: receipt.activationMs,
  };
  if (status === 'applied') deps.log.info(fields, 'change applied');
  else deps.log.warn(fields, 'change not applied');
  try {
    deps.progress?.(outcome);
  } catch (error) {
    // Who watches does not decide what became of a change.
    deps.log.error({ detail: asFailure(error).message }, 'progress cannot be told');
  }
  return { outcome };
}

/** What came of a write, with the time that it took to take effect. */
export type Made = Written & { activationMs?: number };

export function outcomeOf(
  { kind, name, action, object, base, version: before = base, cause, fields }: Change,
  status: Outcome['status'],
  requests: RequestReceipt[],
  { id, version, warnings = [], trace, activationMs }: Partial<Made> = {},
): Outcome {
  const receipt = {
    requests,
    ...(before === undefined ? {} : { versionBefore: before }),
    ...(version === undefined ? {} : { versionAfter: version }),
    ...(trace === undefined ? {} : { trace }),
    ...(activationMs === undefined ? {} : { activationMs }),
  };
  const made = { ...object, ...(id === undefined ? {} : { id }) };
  const changed = fields.map(({ path, title, by }) => ({ path, ...(title === undefined ? {} : { title }), by }));
  const said = warnings.length === 0 ? {} : { warnings };
  return { kind, name, action, object: made, status, cause, fields: changed, ...said, receipt };
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

export function skipped(change: Change, reason: NonNullable<Outcome['reason']>, message: string): Outcome {
  return { ...outcomeOf(change, 'skipped', []), reason, message };
}
