import type { SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { Failure } from '../model/failure.ts';
import { journalFailure } from './failures.ts';
import { createQueue, type Job } from './queue.ts';
import type { Opened } from './sqlite.ts';

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

export interface WrapOptions {
  readOnly?: boolean | undefined;
  patienceMs?: number | undefined;
}

export function wrap({ sqlite, verify, release }: Opened, path: string, options: WrapOptions): Database {
  const statements = new Map<string, StatementSync>();
  const queue = createQueue(transaction, options.patienceMs);
  /** From then on nothing more is taken in, so that closing ends. */
  let closing = false;
  let closed = false;

  function statement(sql: string): StatementSync {
    if (closed) throw closedAlready();
    let found = statements.get(sql);
    if (found === undefined) {
      found = sqlite.prepare(sql);
      statements.set(sql, found);
    }
    return found;
  }

  function closedAlready(): Failure {
    return new Failure('JournalUnavailable', `The journal ${path} is closed already.`);
  }

  function reading<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw journalFailure(error, path, 'read');
    }
  }

  /** Rows are read one by one, and so is what is wrong with them found. */
  function* iterating(sql: string, values: SQLInputValue[]): Iterable<Row> {
    try {
      yield* statement(sql).iterate(...values);
    } catch (error) {
      throw journalFailure(error, path, 'read');
    }
  }

  function transaction(batch: readonly Job[]): void {
    // IMMEDIATE: another process may have the file open, and a lock that is taken late cannot be waited for.
    statement('BEGIN IMMEDIATE').run();
    try {
      // Every time: what went to a file without a name would be lost without a word, leases too.
      verify();
      for (const job of batch) job.run();
      statement('COMMIT').run();
    } catch (error) {
      if (sqlite.isTransaction) statement('ROLLBACK').run();
      throw error;
    }
  }

  return {
    all: (sql, ...values) => reading(() => statement(sql).all(...values)),
    first: (sql, ...values) => reading(() => statement(sql).get(...values)),
    each: (sql, ...values) => iterating(sql, values),
    run: (sql, ...values) => Number(statement(sql).run(...values).lastInsertRowid),
    write(work) {
      if (closing) return Promise.reject(closedAlready());
      if (options.readOnly) {
        return Promise.reject(new Failure('JournalUnavailable', `The journal ${path} was opened for reading only.`));
      }
      return new Promise((resolve, reject) => {
        let result: ReturnType<typeof work>;
        queue.add({
          run: () => {
            result = work();
          },
          done: () => resolve(result),
          fail: (error) => reject(journalFailure(error, path, 'written')),
        });
      });
    },
    async close() {
      closing = true;
      await queue.idle();
      if (closed) return;
      closed = true;
      statements.clear();
      sqlite.close();
      release();
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
