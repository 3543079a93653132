import type { ExportedDocument, Kind, LiveObject, ObjectType, Summary } from '../model/contracts.ts';
import { asFailure, Failure } from '../model/failure.ts';
import type { Reader } from '../model/http.ts';
import { isObject, type Json, type JsonObject } from '../model/json.ts';
import { isSealed, type Vault } from '../model/seal.ts';
import { indexOf } from './identify.ts';
import { memoiseLists } from './memo.ts';
import { concurrency, listedLive, readSealed } from './read.ts';
import { Slots } from './slots.ts';

/** One live object as a document with a handle. */
export interface Exported {
  document: ExportedDocument;
  handle: string;
}

export interface ExportReport {
  documents: Exported[];
  /** Objects that no document can describe, and why. */
  skipped: { name: string; why: string; failed?: true }[];
  /** Secrets that a target must grant before the documents can be used, and where each is used. */
  secrets: { name: string; at: string }[];
}

export interface ExportInput {
  kinds: readonly Kind[];
  types: readonly ObjectType[];
  reader: Reader;
  vault: Vault;
}

/**
 * Everything live that a kind can describe. Sensitive values become references to secrets. What has no list is left out: it
 * is known by the documents that name it, and there are none yet.
 */
export async function exportObjects({ kinds, reader, vault, ...input }: ExportInput): Promise<ExportReport> {
  const types = input.types.filter(({ unlisted }) => unlisted !== true);
  const lists = memoiseLists(reader);
  const report: ExportReport = { documents: [], skipped: [], secrets: [] };
  const taken = new Set<string>();
  const all = new Map(await Promise.all(types.map(async (type) => [type, await listOf(type, lists)] as const)));
  const seen = [...all].map(([{ type }, listed]) => [type, typeof listed === 'string' ? [] : listed] as const);
  const known = new Map<string, readonly Summary[]>(seen);
  for (const { label } of input.types.filter(({ managed, unlisted }) => managed && unlisted === true)) {
    const why = 'Genesys has no list of them, so which there are is not known; write a document with the id of each';
    report.skipped.push({ name: `every ${label}`, why });
  }
  for (const type of types.filter(({ managed }) => managed)) {
    const describing = kinds.filter(({ object, owns }) => object === type.type && owns);
    const listed = all.get(type)!;
    if (typeof listed === 'string') {
      report.skipped.push({ name: `every ${type.label}`, why: listed });
      continue;
    }
    const summaries = [...listed].sort((a, b) => (a.key < b.key ? -1 : 1));
    const lives = await readAll(type, summaries, lists, vault);
    // Who refers to it may ask which version it has.
    known.set(
      type.type,
      summaries.map((summary, i) => withVersion(type, summary, lives[i])),
    );
    const index = indexOf(known, []);
    for (const [i, summary] of summaries.entries()) {
      const live = lives[i];
      if (live instanceof Failure) {
        report.skipped.push({ name: summary.name, why: live.message, failed: true });
        continue;
      }
      const document = isObject(live) ? firstDocument(describing, live, summary, index) : undefined;
      if (document === undefined || 'why' in document) {
        const why = summary.readOnly ?? document?.why ?? 'no kind of this version describes it';
        report.skipped.push({ name: summary.name, why });
        continue;
      }
      const handle = handleFor(summary.name, taken);
      const spec = withSecrets(document.spec, handle, report.secrets) as JsonObject;
      report.documents.push({ document: { ...document, spec }, handle });
    }
  }
  return report;
}

function withVersion(type: ObjectType, summary: Summary, live: LiveObject | Failure | undefined): Summary {
  const version = isObject(live) && !(live instanceof Failure) ? type.versionOf?.(live) : undefined;
  return version === undefined ? summary : { ...summary, attributes: { ...summary.attributes, version } };
}

/** The list, or why this client may not see it: what it may see is exported all the same. */
async function listOf(type: ObjectType, reader: Reader): Promise<Summary[] | string> {
  try {
    return await type.list(reader);
  } catch (error) {
    const { reason, message } = asFailure(error);
    if (reason !== 'PermissionMissing') throw error;
    return message;
  }
}

/** Each object, or why it could not be read: one that Genesys cannot give is no reason to have none of the others. */
function readAll(
  type: ObjectType,
  summaries: readonly Summary[],
  reader: Reader,
  vault: Vault,
): Promise<(LiveObject | Failure | undefined)[]> {
  const slots = new Slots(concurrency);
  const read = async (summary: Summary): Promise<LiveObject | Failure | undefined> =>
    listedLive(type, summary, vault) ??
    readSealed(type, summary, reader, vault).catch((error: unknown) => {
      const failure = asFailure(error);
      if (failure.reason === 'ExportFailed' || failure.class === 'NeedsHuman') return failure;
      throw failure;
    });
  return Promise.all(summaries.map((summary) => slots.use(() => read(summary))));
}

function firstDocument(
  kinds: readonly Kind[],
  ...live: Parameters<Kind['toDocument']>
): ReturnType<Kind['toDocument']> {
  return kinds.map((kind) => kind.toDocument(...live)).find((document) => document !== undefined);
}

/** `Get Customer (v2)` as `get-customer-v2`; a number follows where the handle is taken. */
function handleFor(name: string, taken: Set<string>): string {
  const slug = slugOf(name) || 'unnamed';
  let handle = slug;
  for (let n = 2; taken.has(handle); n++) handle = `${slug}-${n}`;
  taken.add(handle);
  return handle;
}

function slugOf(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '');
}

function withSecrets(value: Json, handle: string, secrets: ExportReport['secrets'], field = ''): Json {
  if (isSealed(value)) {
    const name = slugOf(`${handle} ${field}`);
    secrets.push({ name, at: `${handle}: ${field}` });
    return { secret: name };
  }
  if (Array.isArray(value)) return value.map((item) => withSecrets(item, handle, secrets, field));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, withSecrets(child, handle, secrets, key)]),
  );
}
