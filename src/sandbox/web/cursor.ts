import type { Call } from '../endpoint.ts';
import { ApiError } from '../errors.ts';

/** UNCONFIRMED: only the default is published. */
const maximum = 300;

/** A page of a list of web deployments. It tells no `total`, though the listing declares one (quirk `web-lists-tell-total`). */
export function webPage<T extends { id: string }, V>(call: Call, all: readonly T[], view: (item: T) => V) {
  return {
    ...cursorPage(call, all, view),
    ...(call.world.quirks.has('web-lists-tell-total') && { total: all.length }),
  };
}

/** A page of a list by cursor. */
export function cursorPage<T extends { id: string }, V>(
  { query, pathname }: Call,
  all: readonly T[],
  view: (item: T) => V,
) {
  const pageSize = query.integer('pageSize', maximum);
  if (pageSize < 1 || pageSize > maximum) {
    const allowed = `1 to ${maximum}`;
    throw new ApiError('invalid.query.param.value', { value: String(pageSize), parameter: 'pageSize', allowed });
  }
  const [after, before] = [query.text('after'), query.text('before')];
  const start = after ? position(all, after) + 1 : before ? Math.max(0, position(all, before) - pageSize) : 0;
  const entities = all.slice(start, start + pageSize);
  const link = (name: 'after' | 'before', index: number) => {
    const kept = [...new URLSearchParams(query.with({ pageSize }))].filter(
      ([key]) => key !== 'after' && key !== 'before',
    );
    return `${pathname}?${new URLSearchParams([...kept, [name, cursor(all[index]!, index)]])}`;
  };
  return {
    entities: entities.map(view),
    selfUri: `${pathname}?${query.with({ pageSize })}`,
    ...(start + pageSize < all.length && { nextUri: link('after', start + entities.length - 1) }),
    ...(start > 0 && { previousUri: link('before', start) }),
  };
}

/** Nobody can read it, so that nobody makes one. */
const cursor = (item: { id: string }, index: number): string =>
  Buffer.from(JSON.stringify([item.id, index])).toString('base64url');

/** Where a cursor points; what it pointed at may be gone by now, then at its place. */
function position(all: readonly { id: string }[], text: string): number {
  try {
    const [id, index] = JSON.parse(Buffer.from(text, 'base64url').toString()) as [string, number];
    const found = all.findIndex((item) => item.id === id);
    if (found >= 0) return found;
    if (Number.isInteger(index)) return Math.min(Math.max(index - 1, -1), all.length);
  } catch {
    // It is none of ours.
  }
  throw new ApiError('invalid.query.param.value', {
    value: text.slice(0, 100),
    parameter: 'after',
    allowed: 'cursors',
  });
}
