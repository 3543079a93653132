import type { Kind } from '../model/contracts.ts';
import type { Problem } from '../model/problem.ts';
import { loadDocuments, roleOf, type SourceDocument } from './documents.ts';
import type { Finding } from './finding.ts';
import { resolvePath } from './references.ts';
import { isDocumentFile, isWithin, type Snapshot } from './snapshot.ts';

/** The documents of a snapshot by their role. */
export interface Sorted {
  files: Awaited<ReturnType<typeof loadDocuments>>['files'];
  problems: Problem[];
  resources: SourceDocument[];
  environments: SourceDocument[];
  /** Files with documents of other tools or without any role. */
  foreign: { path: string; index: number; role: 'foreign' | 'not-a-map' }[];
  /** Files that hold a document of ours. */
  ours: Set<string>;
}

export async function sortDocuments(snapshot: Snapshot, kinds: ReadonlyMap<string, Kind>): Promise<Sorted> {
  const { files, problems } = await loadDocuments(snapshot);
  const sorted: Sorted = {
    files,
    problems: [...problems],
    resources: [],
    environments: [],
    foreign: [],
    ours: new Set(),
  };
  for (const [path, file] of files) {
    const spoiled = new Set(file.problems.filter((problem) => !problem.fineElsewhere).map(({ index }) => index));
    if (file.documents.length === 0 && file.problems.length > 0) sorted.ours.add(path);
    for (const { index, value, variables, bad } of file.documents) {
      const role = roleOf(value, kinds);
      if (bad && (role !== 'foreign' || spoiled.has(index))) {
        // What cannot be read may be a resource: its problems count, also where another document refers to the file.
        if (role !== 'not-a-map') sorted.ours.add(path);
        continue;
      }
      if (role === 'foreign' || role === 'not-a-map') sorted.foreign.push({ path, index, role });
      else if (role !== 'empty') sorted.ours.add(path);
      if (role === 'resource') sorted.resources.push({ path, index, value, variables });
      if (role === 'environment') sorted.environments.push({ path, index, value, variables });
    }
  }
  for (const path of new Set(snapshot.badNames)) {
    if (!isWithin(snapshot, path)) continue;
    const message = 'the name of the file or folder is not UTF-8, so nothing in it is read; rename it';
    sorted.problems.push({ code: 'not-utf8', message, place: { path, line: 1, column: 1 } });
  }
  for (const file of snapshot.files.values()) {
    if (file.link === undefined || !isDocumentFile(snapshot, file.path)) continue;
    const target = resolvePath(file.path.split('/').at(-1) ?? '', file.path, snapshot);
    if (!('code' in target) || target.code !== 'file-outside-repository') continue;
    sorted.problems.push({ ...target, place: { path: file.path, line: 1, column: 1 } });
  }
  return sorted;
}

/** What is wrong with YAML files themselves. A file that a document refers to need not be YAML of ours. */
export function fileProblems(
  { files, ours, foreign }: Sorted,
  referenced: ReadonlySet<string>,
): { problems: Problem[]; findings: Finding[] } {
  const problems: Problem[] = [];
  const findings: Finding[] = [];
  const isTheirs = (path: string): boolean => referenced.has(path) && !ours.has(path);
  const foreigners = new Set(foreign.map(({ path, index }) => `${index} ${path}`));
  for (const [path, { problems: found }] of files) {
    if (isTheirs(path)) continue;
    for (const { code, message, line, column, index, fineElsewhere } of found) {
      if (fineElsewhere === true && foreigners.has(`${index} ${path}`)) continue;
      problems.push({ code, message, place: { path, line, column } });
    }
  }
  for (const { path, index, role } of foreign) {
    if (role !== 'not-a-map' || isTheirs(path)) continue;
    findings.push({ code: 'not-an-object', message: 'a document must be a map', at: { path, index, pointer: '' } });
  }
  return { problems, findings };
}

/** YAML files that hold nothing of ours and that no document refers to. */
export function orphans({ foreign, ours }: Sorted, referenced: ReadonlySet<string>): Problem[] {
  const paths = new Set(foreign.filter(({ role }) => role === 'foreign').map(({ path }) => path));
  return [...paths]
    .filter((path) => !referenced.has(path) && !ours.has(path))
    .map((path) => ({
      code: 'orphan-file',
      message: 'the file is no resource, and nothing refers to it',
      place: { path, line: 1, column: 1 },
    }));
}
