import { posix } from 'node:path';
import type { Json } from '../model/json.ts';
import type { Pointer } from '../model/pointer.ts';
import type { ProblemCode } from '../model/problem.ts';
import type { ReferencedFile } from '../model/resource.ts';
import { didYouMean } from '../model/suggest.ts';
import { parseJson } from './json-file.ts';
import { limits } from './limits.ts';
import type { Schema } from './schema.ts';
import { valuesAt } from './schema-marks.ts';
import type { Snapshot, SnapshotFile } from './snapshot.ts';
import { decode } from './text.ts';

/** One reference of one document. */
export interface Reference {
  pointer: Pointer;
  json: boolean;
  file: SnapshotFile;
}

export interface ReferenceProblem {
  code: ProblemCode;
  message: string;
  pointer: Pointer;
}

/** The references of a document, each to a file of the snapshot or with the reason why not. */
export function findReferences(
  value: Json,
  schema: Schema,
  from: string,
  snapshot: Snapshot,
): { references: Reference[]; problems: ReferenceProblem[] } {
  const references: Reference[] = [];
  const problems: ReferenceProblem[] = [];
  for (const mark of schema.files) {
    for (const { pointer, value: written } of valuesAt(value, mark.path)) {
      if (typeof written !== 'string') continue;
      const found = resolvePath(written, from, snapshot);
      if ('code' in found) problems.push({ ...found, pointer });
      else references.push({ pointer, json: mark.value === 'json', file: found });
    }
  }
  return { references, problems };
}

/** A written path to a file of the snapshot. Links are resolved within the snapshot; the disk is never asked. */
export function resolvePath(
  written: string,
  from: string,
  snapshot: Snapshot,
): SnapshotFile | { code: ProblemCode; message: string } {
  const outside = (why: string): { code: ProblemCode; message: string } => ({
    code: 'file-outside-repository',
    message: `the file "${written}" is outside the repository (${why})`,
  });
  if (written.length > limits.pathCharacters) {
    return { code: 'file-not-found', message: `the path of a file has at most ${limits.pathCharacters} characters` };
  }
  if (/^([/\\~]|[A-Za-z]:)/.test(written)) return outside('an absolute path');
  if (written.includes('\\')) return { code: 'file-not-found', message: `write "${written}" with / and not with \\` };

  // Both as stacks: a part costs the same however many there are.
  const rest = written.split('/').reverse();
  const at = posix.dirname(from) === '.' ? [] : posix.dirname(from).split('/');
  let links = 0;
  for (let part = rest.pop(); part !== undefined; part = rest.pop()) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (at.length === 0) return outside(links > 0 ? 'by a symbolic link' : 'by ..');
      at.pop();
      continue;
    }
    at.push(part);
    const link = snapshot.files.get(at.join('/'))?.link;
    if (link === undefined) continue;
    if (++links > limits.links) return outside('its symbolic links do not end');
    if (link.startsWith('/') || link === '') return outside('by a symbolic link');
    if (link.length > limits.pathCharacters) return outside('a symbolic link is too long');
    rest.push(...link.split('/').reverse());
    at.pop();
  }
  const path = at.join('/');
  const file = snapshot.files.get(path);
  if (file !== undefined) return file;
  const near = didYouMean(posix.basename(path), namesIn(posix.dirname(path), snapshot));
  return { code: 'file-not-found', message: `the file "${path}" is not in the repository${near}` };
}

/** File names by folder, for suggestions; made once a snapshot, and only where a file is missing. */
const folders = new WeakMap<Snapshot, Map<string, string[]>>();

function namesIn(folder: string, snapshot: Snapshot): string[] {
  let names = folders.get(snapshot);
  if (names === undefined) {
    names = new Map();
    for (const path of snapshot.files.keys()) {
      const known = names.get(posix.dirname(path));
      if (known === undefined) names.set(posix.dirname(path), [posix.basename(path)]);
      else known.push(posix.basename(path));
    }
    folders.set(snapshot, names);
  }
  return names.get(folder) ?? [];
}

/** What a referenced file holds, or what is wrong with it (the place is in that file). */
export type FileContent =
  | ReferencedFile
  | { problem: { code: ProblemCode; message: string; line: number; column: number } };

export function contentOf(file: SnapshotFile, bytes: Uint8Array, json: boolean): FileContent {
  const decoded = decode(bytes);
  if (!('text' in decoded)) return { problem: decoded };
  if (!json) return { path: file.path, text: decoded.text };
  const parsed = parseJson(bytes, decoded.text);
  return 'problem' in parsed ? parsed : { path: file.path, text: decoded.text, value: parsed.value };
}
