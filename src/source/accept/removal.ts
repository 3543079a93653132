import type { Kind } from '../../model/contracts.ts';
import { isObject, type Json } from '../../model/json.ts';
import type { ResourceId } from '../../model/resource.ts';
import { candidateOf } from '../candidates.ts';
import { type Environment, readEnvironments } from '../environments.ts';
import { mentioned } from '../mentions.ts';
import type { Sorted } from '../roles.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Operation } from './edit.ts';
import { exclude } from './environment-layer.ts';
import type { Files } from './files.ts';
import type { Refusal } from './layers.ts';

export interface Repository {
  snapshot: Snapshot;
  sorted: Sorted;
  kinds: ReadonlyMap<string, Kind>;
}

/**
 * Takes a resource out of the repository: its document (the file, or its part of it), the files that nobody else refers
 * to in any environment, and what environments say of it.
 */
export async function removeResource(
  id: ResourceId,
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
  const values = (await files.values(path)) ?? [];
  const others = values.filter((value) => value !== null && nameIn(value) !== id);
  if (others.length === 0) files.remove(path);
  else {
    // Documents that went before have moved this one up.
    const index = values.findIndex((value) => nameIn(value) === id);
    const rest = withoutDocument(text, index);
    files.replace(path, rest);
    const left = (await files.values(path)) ?? [];
    if (left.length !== values.length - 1) {
      files.replace(path, text);
      return refused(`the document cannot be cut out of ${path}`);
    }
  }

  const { environments } = readEnvironments(sorted.environments, snapshot.directory, sorted.broken);
  const all = [...environments.values()];
  const theirs = mentioned(
    candidates.filter((candidate) => candidate !== own),
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
  const { kind, metadata } = value;
  return isObject(metadata) ? `${String(kind)}/${String(metadata['name'])}` : undefined;
}

/** A file of several documents without one of them: from the line that begins it to the one that begins the next. */
function withoutDocument(text: string, index: number): string {
  const marks = [...text.matchAll(/^---(?=\s|$)/gm)].map((match) => match.index);
  // What stands before the first mark is a document too, unless it is nothing but comments.
  const isBare = text.slice(0, marks[0]).replace(/^\s*(#.*)?$/gm, '') === '';
  const starts = isBare ? marks : [0, ...marks];
  const from = starts[index] ?? 0;
  const next = starts[index + 1];
  if (next === undefined) return text.slice(0, from);
  // The first has no mark where the file begins without one; neither has the one that is first now.
  const afterMark = index === 0 && !isBare ? text.indexOf('\n', next) + 1 : next;
  // What editors go by is about the file.
  const modeline = index === 0 && !isBare ? (/^# yaml-language-server:.*\r?\n/.exec(text)?.[0] ?? '') : '';
  return modeline + text.slice(0, from) + text.slice(afterMark);
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
