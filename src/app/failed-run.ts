import { randomUUID } from 'node:crypto';
import type { Clock } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import type { Journal } from '../model/journal.ts';
import type { Desired } from '../model/resource.ts';

/** Nothing of a revision with problems is planned or applied; its problems are for the config repository's authors. */
export class InvalidSnapshot extends Failure {
  readonly desired: Desired;

  constructor(desired: Desired) {
    super('ValidationFailed', `${desired.revision} has problems; nothing of it is applied`);
    this.desired = desired;
  }
}

/** A run that ended before it was one: `status` tells of it all the same. */
export async function recordFailure(
  journal: Journal,
  target: string,
  revision: string,
  failure: Failure,
  clock: Clock,
): Promise<void> {
  const { reason, class: next } = failure;
  const message = failure instanceof InvalidSnapshot ? `${failure.message}: ${firstProblem(failure)}` : failure.message;
  const startedAt = clock.now().toISOString();
  const run = { id: randomUUID(), target, revision, mode: 'apply', startedAt } as const;
  const status = next === 'Retry' ? 'unreachable' : 'failed';
  await journal.startRun(run);
  await journal.finishRun({ ...run, finishedAt: startedAt, status, reason, message });
}

/** Enough to know where to look; the log and `plan` have them all. */
function firstProblem({ desired: { problems } }: InvalidSnapshot): string {
  const { code, message, place } = problems[0]!;
  const at = place === undefined ? '' : `${place.path}:${place.line}:${place.column}: `;
  const more = problems.length === 1 ? '' : `, and ${problems.length - 1} more`;
  return `${at}${code}: ${message}${more}`.slice(0, 500);
}
