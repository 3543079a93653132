import type { Reason } from '../../model/failure.ts';
import type { JsonObject } from '../../model/json.ts';

/** What an attempt at a PUT keeps for the next one. */
export interface KeptPut {
  /** The version that a 409 named, of what cannot be read; `isOwn` where it is most likely of a write of ours. */
  ifMatch?: string;
  isOwn?: boolean;
  /** A PUT that has no answer: over which version, and of what. */
  sent?: { over: string; wish: string };
  /** True where somebody else made one where none was known, and drift is to be left. */
  foreign?: true;
}

/** A job as it is kept between attempts. */
export interface Begun {
  job: string;
  /** Milliseconds since 1970 when it was asked for, and how long until it was acknowledged. */
  at: number;
  acknowledgedMs: number;
  /** Of what was wished then: a job for something else has to end, and counts for nothing. */
  wish: string;
}

/** What an attempt at a replication keeps for the next one. */
export interface Kept {
  begun?: Begun;
  /** The wish of a request that has no answer: its job may have run, and nobody knows its id. */
  lost?: string;
  /** What a person was told about a wish, and has to decide. */
  told?: { wish: string; reason: Reason; message: string };
}

export function keptOf(checkpointed: JsonObject | undefined): Kept {
  return (checkpointed ?? {}) as Kept;
}

export function asCheckpoint(kept: Kept | KeptPut): JsonObject {
  return { ...kept } as JsonObject;
}
