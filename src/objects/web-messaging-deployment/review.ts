import type { Composed } from '../../model/compose.ts';
import type { Use } from '../../model/contracts.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Problem } from '../../model/problem.ts';

/**
 * A version that a document names by its number may never have been published: told before a write is refused for it. The
 * next number may be what this plan publishes, which nothing here can tell, so it is let pass.
 */
export function review({ wish }: { wish: Composed }, used: (use: Use) => JsonObject | undefined): Problem[] {
  const field = (path: string) => wish.fields.find((one) => one.path === path);
  const version = field('/configuration/version');
  const use = wish.uses.find(({ look }) => look === true);
  const configuration = use === undefined ? undefined : used(use);
  if (use === undefined || configuration === undefined || version === undefined || !('value' in version)) return [];
  const { version: published, stamp } = configuration;
  // One that is there without a stamp could not be read.
  const isNew = 'ref' in (field('/configuration/id') ?? {});
  if (stamp === undefined && !isNew) return [];
  const newest = typeof published === 'string' ? Number(published) : 0;
  if (!(Number(version.value) > newest + 1)) return [];
  const there = newest === 0 ? 'none was yet' : `the newest is ${newest}`;
  const message = `"${wish.name}" is to have version ${String(version.value)} of "${use.key}", which was never published; ${there}`;
  return [{ code: 'version-not-published', message, resource: version.by, pointer: '/spec/version' }];
}
