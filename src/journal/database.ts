import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { Failure } from '../model/failure.ts';
import { journalFailure } from './failures.ts';

export type Row = Record<string, SQLOutputValue>;

/** The open file: cached statements, and transactions that what comes together shares. */
export interface Database {
  all(sql: string, ...values: SQLInputValue[]): Row[];
  first(sql: string, ...values: SQLInputValue[]): Row | undefined;
  each(sql: string, ...values: SQLInputValue[]): Iterable<Row>;
  /** Only inside `write`. Answers the row id of an INSERT. */
  run(sql: string, ...values: SQLInputValue[]): number;
  /**
   * Runs `work` in a transaction and resolves when that is on disk. What is asked for in the same turn of the event
   * loop shares one transaction, and so one fsync. Work is synchronous and may throw: then it alone is undone.
   */
  write<T>(work: () => T): Promise<T>;
  /** Writes what is pending, then closes. Later calls fail. */
  close(): Promise<void>;
}

interface Job {
  run(): void;
  done(): void;
  fail(error: unknown): void;
}

export function wrap(sqlite: DatabaseSync, path: string, readOnly: boolean): Database {
  const statements = new Map<string, StatementSync>();
  let jobs: Job[] = [];
  let flushing: Promise<void> | undefined;
  let closed = false;

  function statement(sql: string): StatementSync {
    if (closed) throw new Failure('JournalUnavailable', `The journal ${path} is closed already.`);
    let found = statements.get(sql);
    if (found === undefined) {
      found = sqlite.prepare(sql);
      statements.set(sql, found);
    }
    return found;
  }

  function reading<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw journalFailure(error, path, 'read');
    }
  }

  /** One transaction for all; where one job fails, each again in its own, so that it fails alone. */
  function flush(): void {
    const batch = jobs;
    jobs = [];
    flushing = undefined;
    try {
      transaction(batch);
    } catch (error) {
      if (batch.length === 1) batch[0]!.fail(journalFailure(error, path, 'written'));
      else for (const job of batch) alone(job);
    }
  }

  function alone(job: Job): void {
    try {
      transaction([job]);
    } catch (error) {
      job.fail(journalFailure(error, path, 'written'));
    }
  }

  function transaction(batch: Job[]): void {
    // IMMEDIATE: another process may have the file open, and a lock that is taken late cannot be waited for.
    statement('BEGIN IMMEDIATE').run();
    try {
      for (const job of batch) job.run();
      statement('COMMIT').run();
    } catch (error) {
      if (sqlite.isTransaction) statement('ROLLBACK').run();
      throw error;
    }
    for (const job of batch) job.done();
  }

  return {
    all: (sql, ...values) => reading(() => statement(sql).all(...values)),
    first: (sql, ...values) => reading(() => statement(sql).get(...values)),
    each: (sql, ...values) => reading(() => statement(sql).iterate(...values)),
    run: (sql, ...values) => Number(statement(sql).run(...values).lastInsertRowid),
    write(work) {
      if (closed) return Promise.reject(new Failure('JournalUnavailable', `The journal ${path} is closed already.`));
      if (readOnly) {
        return Promise.reject(new Failure('JournalUnavailable', `The journal ${path} was opened for reading only.`));
      }
      return new Promise((resolve, reject) => {
        let result: ReturnType<typeof work>;
        jobs.push({
          run: () => {
            result = work();
          },
          done: () => resolve(result),
          fail: reject,
        });
        flushing ??= new Promise((flushed) => {
          setImmediate(() => {
            flush();
            flushed();
          });
        });
      });
    },
    async close() {
      while (flushing !== undefined) await flushing;
      if (closed) return;
      closed = true;
      statements.clear();
      sqlite.close();
    },
  };
}

/** A column as text; undefined for NULL. */
export function textOf(row: Row, column: string): string | undefined {
  const value = row[column];
  return value === null || value === undefined ? undefined : String(value);
}

/** A JSON column; undefined for NULL. Only this program writes them, so their form is taken for granted. */
export function jsonOf<T>(row: Row, column: string): T | undefined {
  const text = textOf(row, column);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

/** The object without its undefined members, as optional properties are meant. */
export function compact<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
