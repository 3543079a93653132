import { Failure } from '../model/failure.ts';
import type { Answer, ReadRequest } from '../model/http.ts';
import { isObject, type Json, type JsonObject } from '../model/json.ts';

/** What the spec's largest users ask for; it gives no maximum. */
const pageSize = 100;
/** Their default (spec, `webdeployments/configurations`); it gives no maximum. */
const cursorPageSize = 300;
/** Reads of a whole list before it is given up. */
const mostReads = 3;
/** Pages of one list, before it is taken for one without an end. */
const mostPages = 1000;
/** Entities of one list: it is held in memory. */
const mostEntities = 100_000;

type Get = (request: ReadRequest) => Promise<Answer>;

/** A list moved while it was read: reading it again may help. */
class Shifted extends Error {}

/**
 * All entities of a list, in order. Lists that tell `total` or `pageCount` are read by page number, the pages after the
 * first at once (the allowance bounds them); others, and those with cursors whatever they tell, by the query of `nextUri`
 * for as long as there is one.
 * Where totals differ between pages or an entity comes twice, the list moved: it is read again, then `ListIncomplete`.
 */
export async function readList(get: Get, request: ReadRequest): Promise<JsonObject[]> {
  for (let reads = 1; ; reads++) {
    try {
      return await readOnce(get, request);
    } catch (error) {
      if (!(error instanceof Shifted)) throw error;
      if (reads === mostReads) {
        throw new Failure('ListIncomplete', `${request.path}: ${error.message}, ${mostReads} times in a row.`);
      }
    }
  }
}

async function readOnce(get: Get, request: ReadRequest): Promise<JsonObject[]> {
  const { cursor = false } = request;
  const asked = cursor ? { pageSize: cursorPageSize, ...request.query } : { pageSize, pageNumber: 1, ...request.query };
  const first = pageOf(request, (await get({ ...request, query: asked })).body);
  let count = 0;
  const take = (page: Page): Page => {
    count += page.entities.length;
    if (Math.max(count, page.total ?? 0) > mostEntities)
      throw new Failure('ListIncomplete', `${request.path}: more than ${mostEntities} entities are too many.`);
    return page;
  };
  take(first);
  const pages = cursor ? undefined : pagesOf(first);
  if (pages === undefined) return whole(undefined, await follow(get, request, first, take));
  if (pages > mostPages) throw new Failure('ListIncomplete', `${request.path}: ${pages} pages are too many.`);
  const others = Array.from({ length: Math.max(0, pages - 1) }, (_, i) =>
    laterPage(get, request, { ...asked, pageNumber: i + 2 }).then(take),
  );
  // The first failure fails the list at once; the others' promises are settled so that none is left unhandled.
  const rest = await Promise.all(others);
  const moved = rest.find((page) => page.total !== first.total || page.pageCount !== first.pageCount);
  if (moved !== undefined) throw new Shifted('the number of entities changed between pages');
  return whole(
    first.total,
    [first, ...rest].flatMap((page) => page.entities),
  );
}

interface Page {
  entities: JsonObject[];
  total: number | undefined;
  pageCount: number | undefined;
  pageSize: number | undefined;
  nextUri: string | undefined;
}

function pageOf(request: ReadRequest, body: Json): Page {
  const entities = isObject(body) ? body['entities'] : undefined;
  if (!isObject(body) || !Array.isArray(entities) || !entities.every(isObject)) {
    throw new Failure('ListIncomplete', `${request.path}: a page holds no list of entities.`);
  }
  const number = (name: string): number | undefined => (typeof body[name] === 'number' ? body[name] : undefined);
  return {
    entities,
    total: number('total'),
    pageCount: number('pageCount'),
    pageSize: number('pageSize'),
    nextUri: typeof body['nextUri'] === 'string' && body['nextUri'] !== '' ? body['nextUri'] : undefined,
  };
}

/** How many pages there are; undefined where the first one does not tell. */
function pagesOf(first: Page): number | undefined {
  if (first.pageCount !== undefined) return first.pageCount;
  if (first.total === undefined) return undefined;
  if (first.entities.length >= first.total) return 1;
  return Math.ceil(first.total / Math.max(1, first.pageSize ?? first.entities.length));
}

async function laterPage(get: Get, request: ReadRequest, query: NonNullable<ReadRequest['query']>): Promise<Page> {
  try {
    return pageOf(request, (await get({ ...request, query })).body);
  } catch (error) {
    if (!(error instanceof Failure) || error.class !== 'Retry') throw error;
    throw new Failure('ListIncomplete', `A page of the list failed. ${error.message}`, error.detail);
  }
}

/** Only the query of `nextUri` is used: the token goes nowhere else. */
async function follow(get: Get, request: ReadRequest, first: Page, take: (page: Page) => Page): Promise<JsonObject[]> {
  const entities = [...first.entities];
  const seen = new Set<string>();
  for (let next = first.nextUri; next !== undefined; ) {
    if (seen.has(next) || seen.size >= mostPages) {
      throw new Failure('ListIncomplete', `${request.path}: the pages have no end (${seen.size} were read).`);
    }
    if (!URL.canParse(next, 'http://localhost')) {
      throw new Failure('ListIncomplete', `${request.path}: the address of the next page is none.`);
    }
    seen.add(next);
    const query = { ...request.query, ...Object.fromEntries(new URL(next, 'http://localhost').searchParams) };
    const page = take(await laterPage(get, request, query));
    entities.push(...page.entities);
    next = page.nextUri;
  }
  return entities;
}

function whole(total: number | undefined, entities: JsonObject[]): JsonObject[] {
  const ids = entities.map((entity) => entity['id']).filter((id) => typeof id === 'string');
  if (new Set(ids).size < ids.length) throw new Shifted('an entity came twice');
  if (total !== undefined && entities.length !== total) {
    throw new Shifted(`${entities.length} of ${total} entities came`);
  }
  return entities;
}
