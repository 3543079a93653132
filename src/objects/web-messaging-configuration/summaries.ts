import type { Summary } from '../../model/contracts.ts';
import type { Reader } from '../../model/http.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import { listed } from '../listed.ts';
import { find, readNewest, stampOf, textOf } from './live.ts';
import { paths } from './paths.ts';

/** More drafts than this are nobody's work: then publishing itself dates them later, which no source denies. */
const mostDrafts = 20;

/**
 * Every configuration, by its published name. The list shows drafts ("View configuration drafts"): of the few whose draft is
 * not published the versions are read, since a draft may have another name than what is live.
 */
export async function list(reader: Reader): Promise<Summary[]> {
  const items = listed(await reader.list({ path: paths.configurations, cursor: true }), paths.configurations);
  const there = items.filter(({ status }) => status !== 'Deleting');
  const areFew = there.filter(isSavedSince).length <= mostDrafts;
  return Promise.all(
    there.map(async (item) => {
      const name = areFew && isSavedSince(item) ? await publishedName(reader, String(item['id'])) : undefined;
      return summaryOf(item, name ?? String(item['name']));
    }),
  );
}

/** Undefined where it has none (any more). */
async function publishedName(reader: Reader, id: string): Promise<string | undefined> {
  const found = await find(reader, id);
  const version = found === undefined || found.newest === 0 ? undefined : await readNewest(reader, id, found);
  return typeof version?.['name'] === 'string' ? version['name'] : undefined;
}

function summaryOf(item: JsonObject, name: string): Summary {
  const fingerprint = stampOf(item);
  const notice = noticeOf(item, name);
  return {
    id: String(item['id']),
    key: name,
    name,
    attributes: {},
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(notice === undefined ? {} : { notice }),
  };
}

/** What was saved after it was last published is somebody's work, or an attempt of ours that was interrupted. */
function noticeOf(item: JsonObject, name: string): string | undefined {
  if (!isSavedSince(item)) return undefined;
  const other = item['name'] === name ? '' : `, in which it is called "${String(item['name'])}"`;
  return `"${name}" has a draft that is not published (saved ${savedBy(item)})${other}`;
}

/** True where the draft was saved after it was last published; where that is not told, nobody knows. */
export function isSavedSince({ dateModified, datePublished }: JsonObject): boolean {
  return Date.parse(textOf(dateModified)) > Date.parse(textOf(datePublished));
}

/** Who saved a draft, and when, as far as Genesys tells. */
export function savedBy({ lastModifiedUser, dateModified }: JsonObject): string {
  const { name, id } = isObject(lastModifiedUser) ? lastModifiedUser : {};
  const who = typeof name === 'string' ? `"${name}"` : typeof id === 'string' ? `user ${id}` : 'somebody';
  return `by ${who}${typeof dateModified === 'string' ? ` at ${dateModified}` : ''}`;
}
