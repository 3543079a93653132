import type { Summary } from '../../model/contracts.ts';
import type { Reader } from '../../model/http.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import { type Listed, listed } from '../listed.ts';
import { stampOf, textOf } from './live.ts';
import { paths } from './paths.ts';

/** Every configuration. The list shows drafts ("View configuration drafts"), so names are those of the drafts. */
export async function list(reader: Reader): Promise<Summary[]> {
  const items = await reader.list({ path: paths.configurations, cursor: true });
  return listed(items, paths.configurations)
    .filter(({ status }) => status !== 'Deleting')
    .map(summaryOf);
}

function summaryOf(item: Listed): Summary {
  const { id, name } = item;
  const fingerprint = stampOf(item);
  const notice = noticeOf(item);
  return {
    id,
    key: name,
    name,
    attributes: {},
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(notice === undefined ? {} : { notice }),
  };
}

/** What was saved after it was last published is somebody's work, or an attempt of ours that was interrupted. */
function noticeOf(item: Listed): string | undefined {
  if (!isSavedSince(item)) return undefined;
  return `"${item.name}" has a draft that is not published (saved ${savedBy(item)})`;
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
