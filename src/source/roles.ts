import type { Kind } from '../model/contracts.ts';
import type { Problem } from '../model/problem.ts';
import { type Documents, loadDocuments, roleOf, type SourceDocument } from './documents.ts';
import type { Finding } from './finding.ts';
import { resolvePath } from './references.ts';
import { isRulesFile } from './rules.ts';
import { isDocumentFile, isWithin, type Snapshot } from './snapshot.ts';

/** The documents of a snapshot by their role. */
export interface Sorted extends Documents {
  resources: SourceDocument[];
  environments: SourceDocument[];
  rules: SourceDocument[];
  /** Parsed documents of other tools or without any role. */
  others: { path: string; index: number; role: 'foreign' | 'not-a-map' }[];
  /** Files that hold a document of ours, or one that says so and cannot be read. A reference to them changes nothing. */
  ours: Set<string>;
  /** Files with something in them that cannot be read and need not be ours. */
  unreadable: Set<string>;
  /** Files with a document of ours that cannot be read: nobody knows what it refers to. */
  broken: Set<string>;
}

export async function sortDocuments(snapshot: Snapshot, kinds: ReadonlyMap<string, Kind>): Promise<Sorted> {
  const sorted: Sorted = {
    ...(await loadDocuments(snapshot)),
    resources: [],
    environments: [],
    rules: [],
    others: [],
    ours: new Set(),
    unreadable: new Set(),
    broken: new Set(),
  };
  for (const path of sorted.files.keys()) sortFile(path, kinds, sorted);
  for (const path of new Set(snapshot.badNames)) {
    if (!isWithin(snapshot, path)) continue;
    const message = 'the name of the file or folder is not UTF-8, so nothing in it is read; rename it';
    sorted.problems.push({ code: 'not-utf8', message, place: { path, line: 1, column: 1 } });
  }
  for (const file of snapshot.files.values()) {
    if (file.link === undefined || !isDocumentFile(snapshot, file.path)) continue;
    if (isRulesFile(file.path, snapshot.directory)) {
      const message = 'the rules are a symbolic link, which is not followed: put the file itself here';
      sorted.problems.push({ code: 'rules-misplaced', message, place: { path: file.path, line: 1, column: 1 } });
      continue;
    }
    const target = resolvePath(file.path.split('/').at(-1) ?? '', file.path, snapshot);
    if (!('code' in target) || target.code !== 'file-outside-repository') continue;
    sorted.problems.push({ ...target, place: { path: file.path, line: 1, column: 1 } });
  }
  return sorted;
}

/** Puts the documents of one parsed file where they belong. */
export function sortFile(path: string, kinds: ReadonlyMap<string, Kind>, sorted: Sorted): void {
  const file = sorted.files.get(path)!;
  const says = sorted.looks.get(path) === 'ours';
  const unread = (isOurs: boolean): void => {
    for (const set of isOurs ? [sorted.ours, sorted.broken] : [sorted.unreadable]) set.add(path);
  };
  const spoiled = new Set(file.problems.filter((problem) => !problem.fineElsewhere).map(({ index }) => index));
  if (file.documents.length === 0 && file.problems.length > 0) unread(says);
  for (const { index, value, variables, bad } of file.documents) {
    const role = roleOf(value, kinds);
    if (bad && (role !== 'foreign' || spoiled.has(index))) {
      // What cannot be read may be a resource: if it says so, its problems count, whoever refers to the file.
      if (role !== 'not-a-map') unread(says || (role !== 'empty' && role !== 'foreign'));
      continue;
    }
    if (role === 'foreign' || role === 'not-a-map') sorted.others.push({ path, index, role });
    else if (role !== 'empty') sorted.ours.add(path);
    if (role === 'resource') sorted.resources.push({ path, index, value, variables });
    if (role === 'environment') sorted.environments.push({ path, index, value, variables });
    if (role === 'rules') sorted.rules.push({ path, index, value, variables });
  }
}

/** What is wrong with YAML files themselves. A file that a document refers to need not be YAML of ours. */
export function fileProblems(
  { files, ours, others }: Sorted,
  referenced: ReadonlySet<string>,
): { problems: Problem[]; findings: Finding[] } {
  const problems: Problem[] = [];
  const findings: Finding[] = [];
  const isTheirs = (path: string): boolean => referenced.has(path) && !ours.has(path);
  const foreigners = new Set(others.map(({ path, index }) => `${index} ${path}`));
  for (const [path, { problems: found }] of files) {
    if (isTheirs(path)) continue;
    for (const { code, message, line, column, index, fineElsewhere } of found) {
      if (fineElsewhere === true && foreigners.has(`${index} ${path}`)) continue;
      problems.push({ code, message, place: { path, line, column } });
    }
  }
  for (const { path, index, role } of others) {
    if (role !== 'not-a-map' || isTheirs(path)) continue;
    findings.push({ code: 'not-an-object', message: 'a document must be a map', at: { path, index, pointer: '' } });
  }
  return { problems, findings };
}

/** YAML files that hold nothing of ours and that no document refers to. */
export function orphans({ others, ours, unreadable }: Sorted, referenced: ReadonlySet<string>): Problem[] {
  const paths = new Set(others.filter(({ role }) => role === 'foreign').map(({ path }) => path));
  return [...paths]
    .filter((path) => !referenced.has(path) && !ours.has(path) && !unreadable.has(path))
    .map((path) => ({
      code: 'orphan-file',
      message: 'the file is no resource, and nothing refers to it',
      place: { path, line: 1, column: 1 },
    }));
}
