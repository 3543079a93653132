import { isDeepStrictEqual } from 'node:util';
import { ApiError } from './errors.ts';
import type { World } from './world.ts';

/** @throws ApiError when the version that a write names is not the current one; the form of the refusal is UNCONFIRMED */
export function assertVersion(world: World, sent: number, current: number, of: 'action' | 'configuration'): void {
  if (sent === current) return;
  if (world.quirks.has('version-mismatch-400')) {
    const message = 'The provided version {sent} does not match the current version {current}';
    throw new ApiError('bad.request', { sent: String(sent), current: String(current) }, { message });
  }
  const named = of === 'configuration' || world.quirks.has('version-conflict-code');
  throw new ApiError(named ? 'version.conflict' : 'request.conflict');
}

/** The version after a write. */
export function nextVersion<T extends { version: number }>(world: World, before: T, after: T): number {
  const same = world.quirks.has('version-kept-if-unchanged') && isDeepStrictEqual({ ...before }, { ...after });
  return same ? before.version : before.version + 1;
}
