import type { Clock } from '../model/clock.ts';
import type { Reason } from '../model/failure.ts';
import type { RunStatus } from '../model/journal.ts';
import type { Log } from '../model/log.ts';
import type { Again } from './follow-ups.ts';
import type { Wish } from './lane.ts';
import type { Vitals } from './vitals.ts';
import type { Clocks } from './wall.ts';

/** What a run came to, as far as the loop cares. */
export interface RunEnd {
  status: RunStatus;
  reason: Reason;
  message?: string;
  runId?: string;
  /** From the first write until all of it was seen in force, in milliseconds; for what takes effect later than written. */
  activationMs?: number;
  /** Where not all is well: when to try again, whatever the schedule says. */
  again?: Again;
}

/** What the daemon turns: one target, reconciled by whoever wired it. */
export interface DaemonTarget {
  name: string;
  /** Drift scan. */
  schedule: string;
  timeZone?: string;
  /**
   * The target whose revisions it takes, and when it may take the next one, as far as that is known by now; a moment that
   * is past where it may already. New revisions of the source do not concern it.
   */
  follows?: { target: string; due(): Promise<Date | undefined> };
  /** One run on the newest known revision. Must not reject. */
  reconcile(wish: Wish): Promise<RunEnd>;
}

/** A person's wish for a run, as it stands in the journal. */
export interface Request {
  target: string;
  id: string;
}

/** What comes next. */
export interface LoopStatus {
  targets: { name: string; nextRunAt?: Date; runningSince?: Date; overdueSince?: Date }[];
  nextPollAt?: Date;
}

export interface DaemonInput {
  targets: readonly DaemonTarget[];
  /** Cron expression of the poll; a folder source has none and calls `onChange`. */
  poll?: string;
  /** Looks for a new revision; true where there is one. Must not reject. */
  poller(): Promise<boolean>;
  watch?(onChange: () => void): Promise<() => Promise<void>>;
  requests: { take(): Promise<readonly Request[]>; answer(request: Request, end: RunEnd): Promise<void> };
  /** Called every ten seconds. */
  beat(status: LoopStatus): Promise<void>;
  vitals: Vitals;
  /** Answers 0 <= x < 1. */
  random: () => number;
  clock: Clock;
  /** By which a wall clock that is set is noticed. Default: the system's. */
  clocks?: Clocks;
  log: Log;
  /** Ends the loop. */
  signal: AbortSignal;
  /** Resolves when runs have had their time to end, after the signal; earlier where `over` aborts. */
  patience(over: AbortSignal): Promise<void>;
  /** How often to look for requests. Default: every second. */
  lookMs?: number;
}
