import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { failureOf, json, type Seen, world } from './fixture.ts';

const path = '/api/v2/integrations/actions';
const item = (i: number): { id: string; name: string } => ({ id: `id-${i}`, name: `name-${i}` });
const items = (n: number): ReturnType<typeof item>[] => Array.from({ length: n }, (_, i) => item(i));

/** Answers one page of `all` as Genesys does. */
function page(response: ServerResponse, seen: Seen, all: object[], more: object = {}): void {
  const size = Number(seen.url.searchParams.get('pageSize') ?? 25);
  const number = Number(seen.url.searchParams.get('pageNumber') ?? 1);
  const entities = all.slice((number - 1) * size, number * size);
  const body = {
    entities,
    pageSize: size,
    pageNumber: number,
    total: all.length,
    pageCount: Math.ceil(all.length / size),
  };
  json(response, 200, JSON.parse(JSON.stringify({ ...body, ...more })));
}

const pageNumber = (seen: Seen): number => Number(seen.url.searchParams.get('pageNumber'));

test('a thousand entities are ten requests, in order', async () => {
  const all = items(1000);
  const w = await world((response, seen) => {
    // Later pages answer first.
    setTimeout(() => page(response, seen, all), 20 - 2 * pageNumber(seen));
  });
  const list = await w.client.reader().list({ path, query: { includeAuthActions: true } });
  expect(list).toEqual(all);
  expect(w.seen).toHaveLength(10);
  expect(w.seen.every((seen) => seen.url.search.startsWith('?pageSize=100&pageNumber='))).toBe(true);
  expect(w.seen.every((seen) => seen.url.searchParams.get('includeAuthActions') === 'true')).toBe(true);
});

test('an empty list is empty', async () => {
  const w = await world((response, seen) => page(response, seen, []));
  expect(await w.client.reader().list({ path })).toEqual([]);
});

test('a page that fails for a while is read again, one that fails for ever fails the list', async () => {
  let failures = 2;
  const w = await world((response, seen) => {
    if (pageNumber(seen) === 2 && failures-- > 0) json(response, 500, {});
    else page(response, seen, items(420));
  });
  expect(await w.clock.drive(w.client.reader().list({ path }))).toHaveLength(420);
  failures = Number.POSITIVE_INFINITY;
  const failure = await failureOf(w, w.client.reader().list({ path }));
  expect(failure).toMatchObject({ reason: 'ListIncomplete', class: 'Retry' });
});

test('a refusal of a page is told as it is', async () => {
  const w = await world((response, seen) =>
    pageNumber(seen) === 2 ? json(response, 403, {}) : page(response, seen, items(300)),
  );
  const failure = await failureOf(w, w.client.reader().list({ path }));
  expect(failure.reason).toBe('PermissionMissing');
  expect(failure.message).toContain('integrations:action:view');
});

test('a list that moves while it is read is read again', async () => {
  const before = items(300);
  // One is deleted after the first page was read.
  const w = await world((response, seen, nth) => page(response, seen, nth === 1 ? before : before.slice(1)));
  expect(await w.clock.drive(w.client.reader().list({ path }))).toEqual(before.slice(1));
});

test('an entity that comes twice is a list that moved', async () => {
  const all = items(300);
  const w = await world((response, seen, nth) => {
    // Page 2 shows the last one of page 1 again, with the same total; in the first reading only.
    if (pageNumber(seen) === 2 && nth <= 3) page(response, seen, [...items(100), item(99), ...all.slice(101)]);
    else page(response, seen, all);
  });
  expect(await w.client.reader().list({ path })).toEqual(all);
  expect(w.seen).toHaveLength(6);
});

test.each([
  ['total', (n: number) => ({ total: 1000 + n })],
  ['a page that is short', () => ({ entities: [{ id: 'x' }] })],
])('a list that never stands still (%s) is incomplete', async (_what, more) => {
  const w = await world((response, seen, nth) => page(response, seen, items(300), nth > 1 ? more(nth) : {}));
  expect((await failureOf(w, w.client.reader().list({ path }))).reason).toBe('ListIncomplete');
});

test.each([['{}'], ['{"entities":{}}'], ['{"entities":[1]}']])('%s is no page', async (text) => {
  const w = await world((response) => json(response, 200, JSON.parse(text)));
  expect((await failureOf(w, w.client.reader().list({ path }))).reason).toBe('ListIncomplete');
});

test('a server that grants smaller pages is followed', async () => {
  const all = items(100);
  const w = await world((response, seen) => {
    seen.url.searchParams.set('pageSize', '25');
    page(response, seen, all);
  });
  expect(await w.client.reader().list({ path })).toEqual(all);
  expect(w.seen).toHaveLength(4);
});

test('a list with nothing but total, and one with entities alone, are whole', async () => {
  const w = await world((response, _seen, nth) =>
    json(response, 200, nth === 1 ? { total: 3, entities: items(3) } : { entities: items(2) }),
  );
  expect(await w.client.reader().list({ path })).toHaveLength(3);
  expect(await w.client.reader().list({ path })).toHaveLength(2);
  expect(w.seen).toHaveLength(2);
});

test('nextUri is followed by its query, never to another host', async () => {
  const w = await world((response, seen) => {
    const at = Number(seen.url.searchParams.get('after') ?? 0);
    const nextUri = `https://evil.example${path}?after=${at + 1}&pageSize=2`;
    json(response, 200, { entities: [item(at * 2), item(at * 2 + 1)], ...(at < 2 ? { nextUri } : {}) });
  });
  expect(await w.client.reader().list({ path, query: { expand: 'x' } })).toEqual(items(6));
  expect(w.seen.map((seen) => seen.url.searchParams.get('expand'))).toEqual(['x', 'x', 'x']);
});

test('a list without an end is given up', async () => {
  const w = await world((response) => json(response, 200, { entities: [], nextUri: '/x?nextPage=same' }));
  expect((await failureOf(w, w.client.reader().list({ path }))).message).toContain('no end');
});

test('an address of the next page that is none is an incomplete list', async () => {
  const w = await world((response) => json(response, 200, { entities: [], nextUri: 'http://[' }));
  expect((await failureOf(w, w.client.reader().list({ path }))).reason).toBe('ListIncomplete');
});

test.each([
  ['says it holds', () => ({ entities: [], total: 100_001 })],
  ['holds', (nth: number) => ({ entities: Array(30_000).fill({}), nextUri: `/x?nextPage=${nth}` })],
])('a list that %s more than a hundred thousand entities is given up', async (_what, body) => {
  const w = await world((response, _seen, nth) => json(response, 200, body(nth)));
  const failure = await failureOf(w, w.client.reader().list({ path }));
  expect(failure.reason).toBe('ListIncomplete');
  expect(failure.message).toContain('more than 100000');
  expect(w.seen.length).toBeLessThan(5);
});

test('a list with cursors is followed to its end, whatever it tells of totals, and is sent no page number', async () => {
  const all = items(700);
  const w = await world((response, seen) => {
    const from = Number(seen.url.searchParams.get('after') ?? 0);
    const to = from + Number(seen.url.searchParams.get('pageSize') ?? 300);
    const nextUri = to < all.length ? { nextUri: `${path}?pageSize=300&after=${to}` } : {};
    json(response, 200, { entities: all.slice(from, to), total: 12, ...nextUri });
  });
  expect(await w.client.reader().list({ path, cursor: true, query: { showOnlyPublished: true } })).toEqual(all);
  expect(w.seen.map((seen) => seen.url.search)).toEqual([
    '?pageSize=300&showOnlyPublished=true',
    '?showOnlyPublished=true&pageSize=300&after=300',
    '?showOnlyPublished=true&pageSize=300&after=600',
  ]);
});
