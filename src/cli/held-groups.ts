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

/** By reason, those with most changes first. `targets`: those of the configuration, where that is known. */
export function heldGroups(
  run: RunRecord | undefined,
  config: string,
  targets: readonly string[] | undefined,
): HeldGroup[] {
  const byReason = new Map<Reason, HeldEntry[]>();
  for (const one of run?.held ?? []) byReason.set(one.reason, [...(byReason.get(one.reason) ?? []), one]);
  const groups = [...byReason].map(([reason, changes]): HeldGroup => {
    const where = { config, target: run!.target, ...(run?.approval === undefined ? {} : { approval: run.approval }) };
    const gone = targets === undefined ? undefined : goneOwner(changes, targets);
    const contested = changes.find((one) => isContested(one));
    const release = releaseOf(reason, {
      ...where,
      ...(gone === undefined ? {} : { gone }),
      ...(contested === undefined ? {} : { contested: `${contested.kind}/${contested.name}` }),
    });
    return { reason, message: changes[0]!.message, release, changes };
  });
  return groups.sort((a, b) => b.changes.length - a.changes.length);
}

/** One that no other target manages, but somebody changes back: policy says so in its message. */
function isContested({ reason, message }: HeldEntry): boolean {
  return reason === 'OwnershipConflict' && / changed back .* times within /.test(message);
}

/** A target that manages one of these, and that the configuration has no more: policy names it in its message. */
function goneOwner(changes: readonly HeldEntry[], targets: readonly string[]): string | undefined {
  const owners = changes
    .filter(({ reason }) => reason === 'OwnershipConflict')
    .flatMap(({ message }) => /^target "(.+)" manages this object/.exec(message)?.[1] ?? []);
  return owners.find((name) => !targets.includes(name));
}
