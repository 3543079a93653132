import type { RequestReceipt } from '../model/http.ts';
import type { Outcome } from '../model/plan.ts';
import { type Database, textOf } from './database.ts';
import { fold } from './migrations.ts';

/** Under what a change is found. Migration 4 made the same of what was there before. */
export type Mark = `${'target' | 'resource' | 'author' | 'commit' | 'object' | 'request'}:${string}`;

/** What stands behind the branch of a revision: the commit's id. */
export const commitOf = (revision: string): string => revision.slice(revision.indexOf(':') + 1);

/** Sixteen digits tell commits apart, and each change has one. */
export const commitMark = (sha: string): Mark => `commit:${sha.slice(0, 16)}`;

/** Authors of whom a part of the name or of the email is this, letter case aside; there are few, whatever they did. */
export function authorsLike(db: Database, part: string): Mark[] {
  // From each to the next: the changes of one are not looked at.
  const rows = db.all(`
    WITH RECURSIVE author(mark) AS (
      SELECT min(mark) FROM marks WHERE mark >= 'author:' AND mark < 'author;'
      UNION ALL
      SELECT (SELECT min(mark) FROM marks m WHERE m.mark > author.mark AND m.mark < 'author;')
      FROM author WHERE author.mark IS NOT NULL
    ) SELECT mark FROM author WHERE mark IS NOT NULL`);
  const wanted = fold(part);
  const all = rows.map((row) => textOf(row, 'mark')! as Mark);
  return all.filter((mark) => mark.slice('author:'.length).includes(wanted));
}

/** By the commit's author: name and email, letter case aside. */
const authorMark = (author: string): Mark => `author:${fold(author)}`;

/** All under which a change is found. */
export function marksOf(outcome: Outcome, target: string | undefined): Set<Mark> {
  const { kind, name, fields = [], commit, object, receipt } = outcome;
  return new Set<Mark>([
    ...(target === undefined ? [] : [`target:${target}` as const]),
    `resource:${kind}/${name}`,
    ...fields.map(({ by }): Mark => `resource:${by}`),
    ...(commit === undefined
      ? []
      : [authorMark(commit.author.name), authorMark(commit.author.email), commitMark(commit.sha)]),
    ...(commit?.merge === undefined ? [] : [commitMark(commit.merge.sha)]),
    ...(object.id === undefined ? [] : [`object:${object.id}` as const]),
    ...preparing(receipt.requests).map((id): Mark => `request:${id}`),
  ]);
}

/**
 * Correlation ids of requests beside a write whose answer has none (a file store's): that write is found by theirs. Any other
 * write is found by its own.
 */
function preparing(requests: readonly RequestReceipt[]): string[] {
  if (requests.every(({ correlationId }) => correlationId !== undefined)) return [];
  return requests.flatMap(({ correlationId }) => correlationId ?? []);
}

/** Inside `db.write`. */
export function mark(db: Database, runId: string, seq: number, outcome: Outcome): void {
  for (const one of marksOf(outcome, targetOf(db, runId))) {
    db.run('INSERT OR IGNORE INTO marks (mark, seq) VALUES (?, ?)', one, seq);
  }
}

/** Inside `db.write`. */
export function unmark(db: Database, target: string | undefined, seq: number, outcome: Outcome): void {
  for (const one of marksOf(outcome, target)) {
    db.run('DELETE FROM marks WHERE mark = ? AND seq = ?', one, seq);
  }
}

function targetOf(db: Database, runId: string): string | undefined {
  const row = db.first('SELECT target FROM runs WHERE id = ?', runId);
  return row && textOf(row, 'target');
}
