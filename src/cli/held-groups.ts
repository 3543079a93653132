import type { Reason } from '../model/failure.ts';
import type { RunRecord } from '../model/journal.ts';
import { releaseOf } from './release.ts';

type HeldEntry = NonNullable<RunRecord['held']>[number];

/** What is held for one reason, and what releases it. */
export interface HeldGroup {
  reason: Reason;
  /** Of the changes, where it is the same for all; else of the first. Those that tell of a person's change have one each. */
  message: string;
  release: string;
  changes: HeldEntry[];
}

/** What is held for these is told with who it was, when and what: never under somebody else's name. */
const personal: readonly Reason[] = ['Drifted', 'DriftPaused', 'OwnershipConflict'];

/** By reason, those with most changes first. `targets`: those of the configuration, where that is known. */
export function heldGroups(
  run: RunRecord | undefined,
  config: string,
  targets: readonly string[] | undefined,
): HeldGroup[] {
  const together = Map.groupBy(run?.held ?? [], ({ reason, message }) =>
    personal.includes(reason) ? `${reason} ${message}` : reason,
  );
  const groups = [...together.values()].map((changes): HeldGroup => {
    const { reason } = changes[0]!;
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
