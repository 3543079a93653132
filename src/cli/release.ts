import { type Reason, reasons } from '../model/failure.ts';
import type { Held } from '../model/plan.ts';
import { commandFor } from './command-line.ts';

/** How the command was called, so that what it says to do next can be pasted. */
export interface Call {
  config: string;
  revision?: string;
  only?: string[];
}

export const howToGoOn =
  'To go on: wait for it (--wait 60 asks again for up to 60 seconds), or stop it first, if it is a daemon that should not run.';

/** What waits for a person who has looked at it, and the command that releases it; empty where nothing does. */
export function approvalInWords(
  { target, approval }: { target: string; approval?: string },
  held: readonly Pick<Held, 'reason'>[],
  { revision, only, ...call }: Call,
): { said: string; command: string }[] {
  if (approval === undefined) return [];
  const size = held.some(({ reason }) => reason === 'ChangeLimitExceeded');
  const users = held.some(({ reason }) => reason === 'InUse');
  const why = size && users ? 'its size and its users' : users ? 'its users' : 'its size';
  const same = [
    ...(revision === undefined ? [] : ['--revision', revision]),
    ...(only === undefined ? [] : ['--only', ...only]),
  ];
  const command = commandFor('apply', call, target, ...same, '--approve', approval);
  return [{ said: `Held for ${why}; after a look at it:`, command }];
}

interface Where {
  config: string;
  target: string;
  approval?: string;
  /** The target that manages the object, where the configuration has no such target any more. */
  gone?: string;
  /** The resource that is not healed, since somebody else changes its object back again and again. */
  contested?: string;
}

/** What releases a change that is held for this reason, in words that can be followed. */
export function releaseOf(reason: Reason, { config, target, approval, gone, contested }: Where): string {
  const call = { config };
  switch (reason) {
    case 'ChangeLimitExceeded':
    case 'InUse':
      return approval === undefined
        ? `\`${commandFor('plan', call, target)}\` tells the approval that releases it`
        : `after a look at \`plan\`: \`${commandFor('apply', call, target, '--approve', approval)}\``;
    case 'AdoptionRequired':
      return 'annotate the document with genesys-gitops/adopt: enabled to take the object over';
    case 'PruneDisabled':
      return "policy.prune in the daemon's file lets it be deleted; a document for it brings it back under management";
    case 'Protected':
      return 'bring the document back without genesys-gitops/protect, apply that, and remove it again';
    case 'ObserveOnly':
      return "policy.mode: apply, in the daemon's file";
    case 'Drifted':
      return 'accept it by a commit, or change it back; `policy.drift` or the annotation genesys-gitops/drift lets it be healed';
    case 'DriftPaused':
      return 'nothing; it is healed when the pause is over, unless it is accepted by a commit';
    case 'OwnershipConflict':
      if (contested !== undefined)
        return `settle with them who sets it, then a commit that changes it, or \`${commandFor('resume', call, target, contested)}\``;
      return gone === undefined
        ? 'let the other target go of it first, with `exclude` in its environment'
        : `the configuration has no target "${gone}" any more; where it was renamed: \`${commandFor('inventory', call, target, '--take-from', gone)}\``;
    case 'EmptySnapshot':
      return 'the repository has to hold at least one document; check `directory` of the source';
    case 'DependencyNotReady':
      return 'mend what it depends on; the next run goes on';
    case 'Suspended':
      return "end the suspension: by `resume` where it was by hand, else in the document or the daemon's file";
    default:
      return reasons[reason][0] === 'NeedsHuman'
        ? `mend it and commit, or ask again: \`${commandFor('reconcile', call, target)}\` or \`apply\``
        : 'nothing; the next run tries again';
  }
}
