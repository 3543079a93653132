import type { Call } from './endpoint.ts';
import { ApiError } from './errors.ts';

/** The spec states no maximum for page-number lists; 100 is what Genesys's own Terraform provider uses everywhere. */
const maximum = 100;

export interface Page<T> {
  entities: T[];
  pageSize: number;
  pageNumber: number;
  total: number;
  pageCount: number;
}

export interface LinkedPage<T> extends Page<T> {
  firstUri: string;
  lastUri: string;
  selfUri: string;
  nextUri?: string;
  previousUri?: string;
}

/** One page of a list, before its items are shaped for the answer. */
export function page<T>(
  call: Pick<Call, 'query' | 'world'>,
  all: readonly T[],
  size?: number,
  number?: number,
): Page<T> {
  const pageNumber = number ?? call.query.integer('pageNumber', 1);
  let pageSize = size ?? call.query.integer('pageSize', 25);
  if (pageNumber < 1) throw outOfRange('pageNumber', pageNumber, '1 and up');
  if (pageSize < 1) throw outOfRange('pageSize', pageSize, `1 to ${maximum}`);
  if (pageSize > maximum) {
    if (!call.world.quirks.has('page-size-clamped')) throw outOfRange('pageSize', pageSize, `1 to ${maximum}`);
    pageSize = maximum;
  }
  const start = (pageNumber - 1) * pageSize;
  const pageCount = Math.ceil(all.length / pageSize);
  return { entities: all.slice(start, start + pageSize), pageSize, pageNumber, total: all.length, pageCount };
}

/** The listing that the API answers: a page of shaped items, with links to its neighbours. */
export function listing<T, V>(call: Call, all: readonly T[], view: (item: T) => V): LinkedPage<V> {
  const { entities, ...rest } = page(call, all);
  const link = (pageNumber: number) => `${call.pathname}?${call.query.with({ pageSize: rest.pageSize, pageNumber })}`;
  return {
    entities: entities.map(view),
    ...rest,
    firstUri: link(1),
    lastUri: link(Math.max(1, rest.pageCount)),
    selfUri: link(rest.pageNumber),
    ...(rest.pageNumber < rest.pageCount && { nextUri: link(rest.pageNumber + 1) }),
    ...(rest.pageNumber > 1 && { previousUri: link(rest.pageNumber - 1) }),
  };
}

/** In the order in which a list comes: `sortBy` a field of the item, else as created (or in none: quirk `lists-unsorted`). */
export function sorted<T extends object>(call: Call, items: T[], fields: readonly (keyof T & string)[]): T[] {
  const by = call.query.text('sortBy');
  const direction = call.query.choice('sortOrder', 'ASC', 'DESC') === 'DESC' ? -1 : 1;
  if (by === undefined) {
    return call.world.quirks.has('lists-unsorted') ? items.toSorted((a, b) => compare(idOf(a), idOf(b))) : items;
  }
  const field = fields.find((name) => name === by);
  if (!field) {
    throw new ApiError('invalid.query.param.value', { value: by, parameter: 'sortBy', allowed: fields.join(', ') });
  }
  return items.toSorted((a, b) => direction * compare(a[field], b[field]));
}

function compare(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  const [a, b] = [String(left ?? ''), String(right ?? '')];
  return a < b ? -1 : a > b ? 1 : 0;
}

function outOfRange(parameter: string, value: number, allowed: string): ApiError {
  return new ApiError('invalid.query.param.value', { value: String(value), parameter, allowed });
}

const idOf = (item: object): unknown => ('id' in item ? item.id : undefined);
