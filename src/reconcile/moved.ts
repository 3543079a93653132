import { Failure, type FailureDetail, type Reason } from '../model/failure.ts';
import { equal, isObject } from '../model/json.ts';
import type { Log } from '../model/log.ts';
import type { Change, FieldChange, Meanwhile } from '../model/plan.ts';
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

/**
 * What somebody else changed of what is wished, and from which version to which; of what cannot be read, its version only.
 * Undefined where nothing tells that anybody did.
 */
export function meanwhileOf(
  { change, failure }: { change: Change; failure: Failure },
  { before, after }: Record<'before' | 'after', ObjectState>,
): Meanwhile | undefined {
  const { live: was } = before;
  const { live: is, type } = after;
  const versionBefore = known(change);
  const versionNow = isObject(is) ? (type.versionOf ?? type.fingerprintOf)(is) : failure.detail.version;
  const isReadable = isObject(was) && isObject(is);
  const fields = after.wish.fields.flatMap(({ path, title, by }): FieldChange[] => {
    if (!isReadable) return [];
    const [from, to] = [getAt(was, path), getAt(is, path)];
    if (equal(from ?? null, to ?? null)) return [];
    return [
      { path, ...(title === undefined ? {} : { title }), by, ...(from === undefined ? {} : { from }), to: to ?? null },
    ];
  });
  if (fields.length === 0 && (versionNow === undefined || versionNow === versionBefore)) return undefined;
  return {
    ...(isReadable ? { fields: inShort(fields) } : {}),
    ...(versionBefore === undefined ? {} : { versionBefore }),
    ...(versionNow === undefined ? {} : { versionNow }),
  };
}

/** Tells that an object is written again over what is there by now. */
export function tellMoved(log: Log, again: Change, failure: Failure, moved: Meanwhile | undefined): void {
  const { fields = [], versionBefore, versionNow } = moved ?? {};
  log.warn(
    {
      object: again.object,
      resource: `${again.kind}/${again.name}`,
      fields: fields.map(({ title: _title, ...field }) => field),
      versionBefore,
      versionNow,
      detail: failure.message,
    },
    'planned anew',
  );
}

/** By what people know the object that a plan was made against, where it has a version. */
function known({ version, base }: Change): string | undefined {
  return version === null ? undefined : (version ?? base);
}
