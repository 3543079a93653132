import { Failure, type FailureDetail, type Reason } from '../model/failure.ts';
import { equal, isObject, type Json } from '../model/json.ts';
import type { Log } from '../model/log.ts';
import type { Change, FieldChange } from '../model/plan.ts';
import { getAt } from '../model/pointer.ts';
import { inShort } from './short-values.ts';
import type { ObjectState } from './state.ts';

/** How often one object may be planned anew in one run because it moved under us. */
export const mostMoves = 3;

/** Milliseconds before the first look at what moved, and the next ones. */
export function pauseBefore(moves: number, { movedMs }: { movedMs: number }): number {
  return movedMs * 2 ** moves;
}

/**
 * What came to nothing each time: the words are of the last. It is somebody else's doing only where another version was met;
 * where no answer was to be had, it is told how that failed.
 */
export function contended({ reason, message, detail }: Failure): Failure {
  const tried = `tried ${mostMoves + 1} times in this run, the next one goes on`;
  const { lost, cause } = detail;
  if (lost === true && cause instanceof Failure) {
    return new Failure(reasonOf(detail, cause), `${cause.message} Each time ${message}; ${tried}`, detail);
  }
  const why = reason === 'Conflict' && lost !== true ? 'Contended' : reason;
  return new Failure(why, `${message.replace(/\.$/, '')}; ${tried}`, detail);
}

/** Where a look told that nothing was done, nothing is unsettled any more. */
function reasonOf({ nothingMade, status }: FailureDetail, cause: Failure): Reason {
  if (nothingMade !== true) return cause.reason;
  return status === undefined ? 'NetworkError' : 'ServerError';
}

/** Tells what somebody else changed of what is wished, before it is written over. Of what cannot be read, its version only. */
export function tellMoved(
  log: Log,
  { change, again, failure }: { change: Change; again: Change; failure: Failure },
  { before, after }: Record<'before' | 'after', ObjectState>,
): void {
  const fields = after.wish.fields.flatMap(({ path, by }): FieldChange[] => {
    if (!isObject(before.live) || !isObject(after.live)) return [];
    const [from, to] = [getAt(before.live, path), getAt(after.live, path)];
    return equal(from ?? null, to ?? null)
      ? []
      : [{ path, by, ...(from === undefined ? {} : { from }), to: to as Json }];
  });
  log.warn(
    {
      object: again.object,
      resource: `${again.kind}/${again.name}`,
      fields: inShort(fields.map((field) => ({ ...field, to: field.to ?? null }))),
      versionBefore: known(change),
      versionNow: isObject(after.live) ? known(again) : failure.detail.version,
      detail: failure.message,
    },
    'planned anew',
  );
}

/** By what people know the object that a plan was made against, where it has a version. */
function known({ version, base }: Change): string | undefined {
  return version === null ? undefined : (version ?? base);
}
