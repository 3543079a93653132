import type { Commit } from './plan.ts';

/** How the hosts of repositories tell of a pull request in the message of the commit that merged it, the surest first. */
const forms: readonly { told: RegExp; sign: '#' | '!' }[] = [
  // GitHub, a merge: `Merge pull request #12 from acme/branch`.
  { told: /^Merge pull request #(\d+)\b/, sign: '#' },
  // Azure DevOps: `Merged PR 78: Slower customers`; its numbers are written with `!`.
  { told: /^Merged PR (\d+)\b/, sign: '!' },
  // Bitbucket: `Merged in branch (pull request #56)`.
  { told: /^[^\n]*\(pull request #(\d+)\)/, sign: '#' },
  // GitLab: `See merge request acme/config!34`, in the body.
  { told: /^See merge request \S*!(\d+)\s*$/m, sign: '!' },
  // GitHub, a squash or rebase: `Slower customers (#12)`.
  { told: /^[^\n]*\(#(\d+)\)\s*(?:\n|$)/, sign: '#' },
  // GitLab's own form of that: `Slower customers (!34)`.
  { told: /^[^\n]*\(!(\d+)\)\s*(?:\n|$)/, sign: '!' },
];

/** `#12`, or `!34` where its host writes it so; undefined where the message of a commit tells of no pull request. */
export function pullRequestOf(message: string): string | undefined {
  for (const { told, sign } of forms) {
    const [, number] = told.exec(message) ?? [];
    if (number !== undefined) return `${sign}${number}`;
  }
  return undefined;
}

/** The pull request of a commit: the merge that brought it tells of it for sure, its own message may. */
export function pullRequestOfCommit({ merge, message }: Pick<Commit, 'merge' | 'message'>): string | undefined {
  return merge?.pullRequest ?? pullRequestOf(message);
}
