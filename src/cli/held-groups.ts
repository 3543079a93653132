import type { Reason } from '../model/failure.ts';
import type { RunRecord } from '../model/journal.ts';
import { releaseOf } from './release.ts';

type HeldEntry = NonNullable<RunRecord['held']>[number];

/** What is held for one reason, and what releases it. */
export interface HeldGroup {
  reason: Reason;
  /** Of the changes, where it is the same for all; else of the first. */
  message: string;
  release: string;
  changes: HeldEntry[];
}

/** By reason, those with most changes first. */
export function heldGroups(run: RunRecord | undefined, config: string): HeldGroup[] {
  const byReason = new Map<Reason, HeldEntry[]>();
  for (const one of run?.held ?? []) byReason.set(one.reason, [...(byReason.get(one.reason) ?? []), one]);
  const groups = [...byReason].map(([reason, changes]): HeldGroup => {
    const where = { config, target: run!.target, ...(run?.approval === undefined ? {} : { approval: run.approval }) };
    return { reason, message: changes[0]!.message, release: releaseOf(reason, where), changes };
  });
  return groups.sort((a, b) => b.changes.length - a.changes.length);
}
