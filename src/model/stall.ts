import type { Reason } from './failure.ts';
import type { Scope } from './journal.ts';
import type { Json, JsonObject } from './json.ts';
import type { Change } from './plan.ts';

/** A change that failed in a way that trying again does not mend. */
export interface Stall {
  reason: Reason;
  message: string;
  /** What was tried: another wish, or another live object, is tried anew. */
  action: Change['action'];
  fields: Record<string, Json>;
  /** How it was tried: another way is tried anew, too. */
  directives?: JsonObject;
  /** The fingerprint that the attempt left behind. */
  base?: string;
  /** ISO 8601. Tried again after an hour all the same. */
  at: string;
}

export const retryStalledAfterMs = 3_600_000;

/** The fact of the journal in which a target's stalls stand, by object. */
export const stallsOf = ({ organization, target }: Scope): string => `stalls:${organization}:${target}`;
