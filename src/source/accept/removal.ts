import type { Kind } from '../../model/contracts.ts';
import { equal, isObject, type Json } from '../../model/json.ts';
import type { ResourceId } from '../../model/resource.ts';
import { candidateOf } from '../candidates.ts';
import { type Environment, readEnvironments } from '../environments.ts';
import { mentioned } from '../mentions.ts';
import { parseYaml, trees } from '../parse.ts';
import type { Sorted } from '../roles.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Operation } from './edit.ts';
import { exclude } from './environment-layer.ts';
import type { Files } from './files.ts';
import type { Refusal } from './layers.ts';
import { lineAfter } from './lines.ts';

export interface Repository {
  snapshot: Snapshot;
  sorted: Sorted;
  kinds: ReadonlyMap<string, Kind>;
}

/**
 * Takes a resource out of the repository: its document (the file, or its part of it), the files that nobody else refers
 * to in any environment, and what environments say of it. `leaving` are all that are taken out: they need no files.
 */
export async function removeResource(
  id: ResourceId,
  leaving: readonly ResourceId[],
  files: Files,
  { snapshot, sorted, kinds }: Repository,
): Promise<Refusal | undefined> {
  const candidates = sorted.resources.flatMap((document) => {
    const head = candidateOf(document, kinds, undefined);
    return 'candidate' in head ? [head.candidate] : [];
  });
  const own = candidates.find((candidate) => candidate.id === id);
  if (own === undefined) return { resource: id, pointer: '', why: 'its document is not there' };
  const { path } = own.document;
  const text = await files.text(path);
  const refused = (why: string): Refusal => ({ resource: id, pointer: '/metadata/name', why });
  if (text === undefined) return refused(`${path} cannot be read`);
  // Documents that went before have moved this one up.
  const values = await files.values(path);
  const indexes = (values ?? []).flatMap((value, i) => (nameIn(value) === id ? [i] : []));
  const [index] = indexes;
  if (values === undefined || index === undefined || indexes.length > 1) {
    return refused(`which of the documents of ${path} it is cannot be told`);
  }
  if (values.every((value, i) => value === null || i === index)) files.remove(path);
  else {
    const rest = withoutDocument(text, index);
    if (rest === undefined) return refused(`the document cannot be cut out of ${path}`);
    files.replace(path, rest);
  }

  const { environments } = readEnvironments(sorted.environments, snapshot.directory, sorted.broken);
  const all = [...environments.values()];
  const theirs = mentioned(
    candidates.filter((candidate) => !leaving.includes(candidate.id)),
    all,
    snapshot,
  );
  for (const file of mentioned([own], all, snapshot)) {
    if (!theirs.has(file) && !sorted.ours.has(file)) files.remove(file);
  }
  for (const environment of all) {
    const why = await forget(id, environment, files);
    if (why !== undefined) return refused(why);
  }
  return undefined;
}

/** Takes a resource out of one environment, where others go on with it. */
export async function removeHere(id: ResourceId, files: Files, environment: Environment): Promise<Refusal | undefined> {
  const why = (await forget(id, environment, files)) ?? (await exclude(id, environment, files));
  return why === undefined ? undefined : { resource: id, pointer: '/metadata/name', why };
}

function nameIn(value: Json): ResourceId | undefined {
  if (!isObject(value)) return undefined;
  const { apiVersion, kind, metadata } = value;
  const isOurs = typeof apiVersion === 'string' && /(^|\.)genesys-gitops\/v1$/.test(apiVersion);
  return isOurs && isObject(metadata) ? `${String(kind)}/${String(metadata['name'])}` : undefined;
}

/**
 * A file of several documents without one of them, which the parsed text tells the place of; undefined where what is left
 * does not say exactly the others. What editors and parsers go by (a modeline, `%YAML`) is about the file, and stays; so do
 * comments above a first `---`.
 */
function withoutDocument(text: string, index: number): string | undefined {
  const ranges = trees(text).map(({ range }) => range);
  const own = ranges[index];
  if (own === undefined) return undefined;
  const [start, , last] = own;
  const end = lineAfter(text, last);
  const isMarked = (at: number): boolean => /^---(?=\s|$)/.test(text.slice(at));
  // Comments right above a document that no mark begins are about it, and before its range.
  const isBare = index === 0 && !isMarked(start);
  // A directive at the end of a file is about no document.
  const before = index === ranges.length - 1 ? ranges[index - 1] : undefined;
  const begin = before === undefined ? start : lineAfter(text, before[2]);
  const from = isBare ? headOf(text.slice(0, start)) : begin;
  // The first of a text needs no mark, where nothing is said on it.
  const mark = isBare ? (/^---[ \t]*\r?\n/.exec(text.slice(end))?.[0].length ?? 0) : 0;
  const wanted = valuesOf(text)?.filter((_value, i) => i !== index);
  const ways = [end + mark, end].map((to) => text.slice(0, from) + text.slice(to));
  return ways.find((rest) => wanted !== undefined && equal(valuesOf(rest) ?? null, wanted));
}

/** Where comments about the file end: those that a blank line sets apart, or a modeline. */
function headOf(above: string): number {
  return (/^(?:[\s\S]*\n)?[ \t]*\r?\n/.exec(above) ?? /^# yaml-language-server:.*\r?\n/.exec(above))?.[0].length ?? 0;
}

function valuesOf(text: string): Json[] | undefined {
  const { documents, problems } = parseYaml(Buffer.from(text));
  return problems.length > 0 ? undefined : documents.map(({ value }) => value);
}

/** Patches, pins and exclusions of a resource that is gone are problems. */
async function forget(
  id: ResourceId,
  { path, index }: { path: string; index: number },
  files: Files,
): Promise<string | undefined> {
  const written = async (field: string): Promise<Json | undefined> => {
    const value = (await files.values(path))?.[index];
    return isObject(value) ? value[field] : undefined;
  };
  const take = async (operation: Operation): Promise<string | undefined> =>
    (await files.edit(path, index, operation))?.why;
  for (const field of ['patches', 'exclude']) {
    for (;;) {
      const list = await written(field);
      const items = Array.isArray(list) ? list : [];
      const at = items.findIndex((item) => item === id || (isObject(item) && item['target'] === id));
      if (at === -1) break;
      const why = await take({ at: items.length === 1 ? [field] : [field, String(at)], remove: true });
      if (why !== undefined) return why;
    }
  }
  const ids = await written('ids');
  if (!isObject(ids) || !Object.hasOwn(ids, id)) return undefined;
  return take({ at: Object.keys(ids).length === 1 ? ['ids'] : ['ids', id], remove: true });
}
