import { asFailure, Failure } from '../../model/failure.ts';
import type { Reader, ReadRequest } from '../../model/http.ts';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { canonical } from './canonical.ts';
import { paths } from './paths.ts';

/** What the server alone writes. Everything else is content: an unknown field too, since a PUT without it would clear it. */
const readOnly = new Set([
  ...['id', 'version', 'status', 'selfUri', 'dateCreated', 'dateModified', 'datePublished'],
  ...['lastModifiedUser', 'createdUser', 'publishedUser'],
]);

/** Versions are numbers in texts (`"4"`); the draft's is `DRAFT`. */
export const draftVersion = 'DRAFT';
/** Pages of one list of versions, before it is taken for one without an end. */
const mostPages = 20;

/** A configuration as a fresh look finds it: `shown` is what its list shows, the draft where there is one. */
export interface Found {
  shown: JsonObject;
  /** The number of the newest published version; 0 where there is none. */
  newest: number;
}

/** Milliseconds before each further look at versions that contradict what the draft tells: lists may lag behind a publish. */
const secondLooks = [250, 500, 1000];

/**
 * The versions of a configuration as they are now; undefined where it is gone.
 *
 * @throws Failure `BadAnswer` where the versions contradict the draft: who took an old one for the newest, or none at all for
 *   "never published", would publish over what is live
 */
export async function find(reader: Reader, id: string): Promise<Found | undefined> {
  for (const wait of [...secondLooks, undefined]) {
    const found = await look(reader, id);
    if (typeof found !== 'string') return found;
    if (wait === undefined) throw new Failure('BadAnswer', `${found}; the next run looks again`);
    await reader.wait(wait);
  }
}

/** One look; what is wrong with the answer, in words. */
async function look(reader: Reader, id: string): Promise<Found | undefined | string> {
  const versions = await versionsOf(reader, id);
  if (versions === undefined) return undefined;
  const newest = Math.max(0, ...versions.map((one) => numberOf(one['version'])));
  const draft = versions.find((one) => one['version'] === draftVersion) ?? (await readDraft(reader, id));
  const latest = versions.find((one) => newest > 0 && numberOf(one['version']) === newest);
  const shown = draft ?? latest;
  if (shown === undefined) return `Genesys lists neither a version nor a draft of the configuration ${id}`;
  if (shown['status'] === 'Deleting') return undefined;
  if (!isMissingOne(shown, latest)) return { shown, newest };
  const what = newest === 0 ? 'no version' : `no version after ${newest}`;
  return `Genesys lists ${what} of "${textOf(shown['name'])}", whose draft was published at ${textOf(shown['datePublished'])}`;
}

/** The draft tells when it was last published; the two dates of one publishing are taken for equal within this. */
const sameMomentMs = 5000;

/** Whether the draft was published and no version is listed, or it was published after the newest one that is. */
function isMissingOne({ datePublished }: JsonObject, latest: JsonObject | undefined): boolean {
  if (datePublished === undefined || datePublished === null) return false;
  if (latest === undefined) return true;
  const later = Date.parse(textOf(datePublished)) - Date.parse(textOf(latest['datePublished']));
  return later > sameMomentMs;
}

/** A text as it is, a number as one, and nothing for the rest: an object may have a `toString` of its own. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Milliseconds before each further look at a version that the list of versions tells, and that does not answer. */
const patience = [250, 500, 1000, 2000];

/**
 * The newest published version. Its list tells it, so where it does not answer (reads may lag behind a publish), that alone
 * is no sign that the configuration is gone: who took it for one would make it a second time. Undefined where it is gone.
 *
 * @throws Failure `BadAnswer` where its list goes on telling what does not answer
 */
export async function readNewest(
  reader: Reader,
  id: string,
  { shown, newest }: Found,
): Promise<JsonObject | undefined> {
  for (const wait of patience) {
    const params = { configurationId: id, versionId: String(newest) };
    const version = await read(reader, { path: paths.version, params });
    if (version !== undefined) return version;
    await reader.wait(wait);
    if ((await find(reader, id)) === undefined) return undefined;
  }
  const name = textOf(shown['name']);
  const words = `Genesys lists version ${newest} of "${name}", and answers that it is not there; the next run looks again`;
  throw new Failure('BadAnswer', words);
}

export async function readDraft(reader: Reader, id: string): Promise<JsonObject | undefined> {
  return read(reader, { path: paths.draft, params: { configurationId: id } });
}

async function read(reader: Reader, request: ReadRequest): Promise<JsonObject | undefined> {
  try {
    const { body } = await reader.get(request);
    if (!isObject(body)) throw new Failure('BadAnswer', `${request.path}: Genesys answered with something else`);
    return body;
  } catch (error) {
    if (asFailure(error).reason === 'Gone') return undefined;
    throw error;
  }
}

/** All items of the list have the configuration's id, so it cannot be read as a list of objects. */
async function versionsOf(reader: Reader, id: string): Promise<JsonObject[] | undefined> {
  const versions: JsonObject[] = [];
  let query: NonNullable<ReadRequest['query']> = {};
  for (let pages = 0; pages < mostPages; pages++) {
    const body = await read(reader, { path: paths.versions, params: { configurationId: id }, query });
    if (body === undefined) return undefined;
    const { entities, nextUri } = body;
    if (!Array.isArray(entities) || !entities.every(isObject)) {
      throw new Failure('BadAnswer', `${paths.versions}: a page holds no list of versions`);
    }
    versions.push(...entities);
    if (typeof nextUri !== 'string' || nextUri === '' || !URL.canParse(nextUri, 'http://localhost')) return versions;
    query = Object.fromEntries(new URL(nextUri, 'http://localhost').searchParams);
  }
  throw new Failure('ListIncomplete', `${paths.versions}: the pages have no end (${mostPages} were read)`);
}

/** The newest published version, canonical; only its name where it was never published. Undefined where it is gone. */
export async function readLive(reader: Reader, { id }: { id: string }): Promise<JsonObject | undefined> {
  const found = await find(reader, id);
  if (found === undefined) return undefined;
  const { shown, newest } = found;
  const stamp = stampFound(found);
  if (newest === 0) return { name: textOf(shown['name']), stamp };
  const published = await readNewest(reader, id, found);
  if (published === undefined) return undefined;
  return normalise({ ...published, version: String(newest), stamp });
}

/** Content, version and stamp in the canonical form; the rest of what the server tells is noise. */
export function normalise(live: JsonObject): JsonObject {
  const { version, stamp } = live;
  return {
    ...canonical(contentOf(live)),
    ...(version === undefined ? {} : { version }),
    ...(stamp === undefined ? {} : { stamp }),
  };
}

/** What a draft takes and a version holds, with the name, as the server spells it. */
export function contentOf({ stamp: _stamp, ...version }: JsonObject): JsonObject {
  return bare(Object.fromEntries(Object.entries(version).filter(([name]) => !readOnly.has(name)))) as JsonObject;
}

/** Without the addresses that the server adds to references: they would stay those of what was referred to before. */
function bare(value: Json): Json {
  if (Array.isArray(value)) return value.map(bare);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([name]) => name !== 'selfUri');
  return Object.fromEntries(kept.map(([name, child]) => [name, bare(child)]));
}

/**
 * By what the list tells that a configuration moved: when its draft was saved, and when it was published. Undefined where it
 * does not tell the second: then a version published by hand would go unseen, and the configuration is read on every run.
 */
export function stampOf({ dateModified, datePublished }: JsonObject): string | undefined {
  return typeof dateModified === 'string' && typeof datePublished === 'string'
    ? `${dateModified} ${datePublished}`
    : undefined;
}

/** The stamp of a fresh look; where the list would tell none, one that no list tells. */
export function stampFound({ shown, newest }: Found): string {
  return stampOf(shown) ?? `${textOf(shown['dateModified'])} v${newest}`;
}

/** 0 for everything that is not the number of a published version. */
export function numberOf(version: Json | undefined): number {
  const text = textOf(version);
  return /^[1-9]\d*$/.test(text) ? Number(text) : 0;
}
