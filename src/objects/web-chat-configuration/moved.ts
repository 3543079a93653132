import type { WriteOrder } from '../../model/contracts.ts';
import { Failure } from '../../model/failure.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import { versionOf } from '../versioned.ts';
import { isBlank } from './live.ts';

/**
 * Refuses to write over another configuration than the one that was planned with. One that was there and is not found now
 * may be one answer that was wrong: to write over nothing would lose the fields that are unknown here.
 *
 * @throws Failure `Conflict`: it is planned anew, and what moved is shown
 */
export function refuseMoved({ object, base, live }: WriteOrder, fresh: JsonObject | undefined): void {
  const whose = `the configuration of organisation ${object.id}`;
  if (fresh === undefined) {
    if (!isObject(live) || isBlank(live)) return;
    throw new Failure('Conflict', `${whose} was there (${told(base)}) when it was planned, and is not found now`);
  }
  const version = versionOf(fresh);
  if (version === base) return;
  const message = `${whose} moved from ${told(base)} to ${told(version)} since it was planned`;
  throw new Failure('Conflict', message, version === undefined ? {} : { version });
}

function told(version: string | undefined): string {
  return version === undefined ? 'one that could not be read' : `version ${version}`;
}
