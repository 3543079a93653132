import type { Outcome } from '../model/plan.ts';
import { type Database, textOf } from './database.ts';
import { fold } from './migrations.ts';

/** Under what a change is found. Migration 4 made the same of what was there before. */
export type Mark = `${'target' | 'revision' | 'resource' | 'author' | 'commit' | 'object'}:${string}`;

/** What stands behind the branch of a revision: the commit's id. */
export const commitOf = (revision: string): string => revision.slice(revision.indexOf(':') + 1);

/** By the commit's author: name and email, letter case aside. */
export const authorMark = (author: string): Mark => `author:${fold(author)}`;

function marksOf(outcome: Outcome, run: { target: string; revision: string } | undefined): Set<Mark> {
  const { kind, name, fields = [], commit, object } = outcome;
  return new Set<Mark>([
    ...(run === undefined ? [] : [`target:${run.target}` as const, `revision:${commitOf(run.revision)}` as const]),
    `resource:${kind}/${name}`,
    ...fields.map(({ by }): Mark => `resource:${by}`),
    ...(commit === undefined
      ? []
      : [authorMark(commit.author.name), authorMark(commit.author.email), `commit:${commit.sha}` as const]),
    ...(object.id === undefined ? [] : [`object:${object.id}` as const]),
  ]);
}

/** Inside `db.write`. */
export function mark(db: Database, runId: string, seq: number, outcome: Outcome): void {
  for (const one of marksOf(outcome, runOf(db, runId))) {
    db.run('INSERT OR IGNORE INTO marks (mark, seq) VALUES (?, ?)', one, seq);
  }
}

/** Inside `db.write`, before the run and the entry go. */
export function unmark(db: Database, runId: string, seq: number, outcome: Outcome): void {
  for (const one of marksOf(outcome, runOf(db, runId))) {
    db.run('DELETE FROM marks WHERE mark = ? AND seq = ?', one, seq);
  }
}

function runOf(db: Database, runId: string): { target: string; revision: string } | undefined {
  const row = db.first(`SELECT target, record ->> '$.revision' AS revision FROM runs WHERE id = ?`, runId);
  return row && { target: textOf(row, 'target')!, revision: textOf(row, 'revision') ?? '' };
}
