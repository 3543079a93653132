import { posix } from 'node:path';
import type { Kind } from '../model/contracts.ts';
import type { Problem } from '../model/problem.ts';
import { atStart, learn, parseForeign, tooLarge } from './documents.ts';
import type { Finding } from './finding.ts';
import { limits } from './limits.ts';
import { namesIn } from './mentions.ts';
import { fileProblems, orphans, type Sorted, sortFile } from './roles.ts';
import type { Snapshot, SnapshotFile } from './snapshot.ts';

/** What is wrong with the YAML files of a snapshot themselves. */
export interface Judged {
  problems: Problem[];
  findings: Finding[];
  warnings: Problem[];
}

/**
 * Judges files once it is known which of them documents refer to: such a file is that document's business (a flow with
 * `{{tokens}}`, of 2 MB, with anchors), unless it is a document of ours as well. All others are held to the rules.
 * `broken` are files with documents that could not be read.
 */
export async function judgeFiles(
  sorted: Sorted,
  snapshot: Snapshot,
  kinds: ReadonlyMap<string, Kind>,
  { referenced, broken }: { referenced: ReadonlySet<string>; broken: ReadonlySet<string> },
): Promise<Judged> {
  const spared = new Set([...referenced, ...(await named(sorted, snapshot, referenced, broken))]);
  const strays = sorted.foreign.filter((file) => !spared.has(file.path));
  const before = sorted.problems.length;
  await parseForeign(snapshot, strays, sorted);
  for (const { path } of strays) if (sorted.files.has(path)) sortFile(path, kinds, sorted);
  const { problems, findings } = fileProblems(sorted, spared);
  return {
    problems: [...sorted.problems.slice(before), ...problems, ...(await judgeLarge(sorted.large, snapshot, spared))],
    findings,
    warnings: orphans(sorted, spared),
  };
}

/** Files that nothing refers to as far as could be read, but that a broken document names. */
async function named(
  { foreign, others, unreadable, large }: Sorted,
  snapshot: Snapshot,
  referenced: ReadonlySet<string>,
  broken: ReadonlySet<string>,
): Promise<string[]> {
  const paths = [...foreign, ...others, ...large].map(({ path }) => path);
  const open = [...paths, ...unreadable].filter((path) => !referenced.has(path) && !broken.has(path));
  const files = [...broken].flatMap((path) => snapshot.files.get(path) ?? []);
  if (open.length === 0 || files.length === 0) return [];
  const names = namesIn((await snapshot.read(files)).values());
  return open.filter((path) => names.has(posix.basename(path)));
}

/** A document may not be so large. A text that something refers to may, if it is certain that it is no document. */
async function judgeLarge(
  large: readonly SnapshotFile[],
  snapshot: Snapshot,
  spared: ReadonlySet<string>,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const texts: SnapshotFile[] = [];
  let bytes = 0;
  for (const file of large) {
    if (!spared.has(file.path)) problems.push(tooLarge(file, limits.documentBytes));
    else if (file.size > limits.textBytes) problems.push(tooLarge(file, limits.textBytes));
    else if (bytes + file.size > limits.referencedBytes) {
      const message = `all referenced files together are over ${limits.referencedBytes} bytes`;
      problems.push(atStart('file-too-large', file.path, message));
      break;
    } else {
      bytes += file.size;
      texts.push(file);
    }
  }
  await learn(snapshot, texts, () => false);
  for (const { id, path, size } of texts) {
    if (snapshot.parses.get(id)?.look === 'foreign') continue;
    const message = `the file has ${size} bytes; a YAML file that is a document, or could be one, has at most ${limits.documentBytes}`;
    problems.push(atStart('file-too-large', path, message));
  }
  return problems;
}
