import type { ObjectType } from '../model/contracts.ts';
import { Failure, type FailureDetail } from '../model/failure.ts';
import { type Change, calledOf } from '../model/plan.ts';
import type { Recorder } from './context.ts';
import type { Verified } from './verify.ts';

/** Its intent stays open: as long as neither lists nor reads show it, the next runs look for it and make no other. */
export function notSeen(change: Change, id: string): Failure {
  return new Failure(
    'Unsettled',
    `Genesys answered that "${calledOf(change.object)}" was created, but does not show it yet; it is looked for again, not sent again`,
    { objectId: id },
  );
}

/** Neither an answer nor a look tells whether it was written: to send it again, over the version known, tells. */
export function notKnown({ object }: Change, { lost }: Recorder): Failure {
  const message = `the answer to the update of "${calledOf(object)}" was lost, and it cannot be read back; it is sent again`;
  return new Failure('Conflict', message, lostBy(lost));
}

/** What is told of it should it be lost each time: how Genesys, or the network, failed. */
function lostBy([first]: readonly Failure[]): FailureDetail {
  return { ...first?.detail, lost: true, ...(first === undefined ? {} : { cause: first }) };
}

/** Why what was written counts as failed, where it is not as it was written. */
export function notConverged(
  change: Change,
  { lacking, live, overtaken }: Verified,
  recorder: Recorder,
  type: ObjectType,
): Failure {
  const names = lacking.map((path) => (path === '' ? 'the object itself' : path.slice(1).replaceAll('/', '.')));
  if (recorder.unanswered.length > 0 && change.action === 'create') {
    const words = `"${calledOf(change.object)}" was made, though the answer was lost, but ${names.join(', ')} are not as wished yet; the next run goes on`;
    return new Failure('Unsettled', words, { objectId: change.object.id! });
  }
  if (recorder.unanswered.length > 0) {
    const words = `the answer to the ${change.action} was lost, and ${names.join(', ')} did not change`;
    return new Failure('Conflict', words, { ...lostBy(recorder.lost), nothingMade: true });
  }
  if (overtaken === true) {
    return new Failure(
      'Conflict',
      `"${calledOf(change.object)}" was changed by somebody else right after it was written`,
    );
  }
  const message =
    change.action === 'delete'
      ? 'Genesys accepted the deletion, but the object is still there'
      : `Genesys accepted the change, but ${names.join(', ')} did not stay as written; it is not written again until the document or the object changes`;
  const versionAfter = live === undefined ? undefined : type.fingerprintOf(live);
  return new Failure('NotConverged', message, {
    ...(versionAfter === undefined ? {} : { versionAfter }),
    ...(change.object.id === undefined ? {} : { objectId: change.object.id }),
  });
}
