import { createHash } from 'node:crypto';
import type { App } from '../app.ts';
import type { JournalEntry } from '../model/journal.ts';
import { stable } from '../model/json.ts';
import { count } from './text.ts';
import type { Verdict } from './verify-journal.ts';
import type { LogFacts } from './verify-log.ts';
import { stamp } from './when.ts';

/** Entries that are told in a line of their own, which names them by their digest. */
const told: Readonly<Record<string, string>> = {
  'audit-matched': 'a match',
  'drift-found': 'a drift',
  'drift-explained': 'who a drift was',
  'other-process': 'another process with our client',
};

interface Input {
  journal: App['journal'];
  log: LogFacts;
  found: Verdict;
  targets: ReadonlySet<string> | undefined;
  /** Which sorts of process the logs tell of. */
  logging: Set<string>;
  isIn(at: string): boolean;
  /** Whether it may be gone, as it was old. */
  isRemoved(one: { runId?: string; at: string }): boolean;
}

/** What is learnt after a run, or beside it: each line of the log names an entry, and each entry has a line. */
export async function compareEntries(input: Input): Promise<void> {
  const { journal, log, found, targets, logging, isIn, isRemoved } = input;
  if (log.spans.length === 0) return;
  const lines = new Map(log.entries.map((line) => [line.digest, line]));
  const seen = new Set<string>();
  const untold: { entry: JournalEntry; digest: string; sort: string }[] = [];
  const sortOfRun = new Map<string, { target: string } | undefined>();
  for await (const entry of entriesOf(journal, found)) {
    const { type, at, body, runId } = entry;
    if (told[type] === undefined) continue;
    const digest = createHash('sha256')
      .update(`${stable({ at, body, type })}\n`)
      .digest('hex');
    const sort = sortOf(body['via']);
    if (lines.has(digest)) {
      seen.add(digest);
      logging.add(sort);
    } else if (isIn(at)) {
      if (!sortOfRun.has(runId)) sortOfRun.set(runId, await journal.run(runId));
      const target = sortOfRun.get(runId)?.target ?? body['target'];
      if (targets === undefined || targets.has(String(target))) untold.push({ entry, digest, sort });
    }
  }
  for (const { runId, target, digest, place, at } of log.entries) {
    if (targets !== undefined && (target === undefined || !targets.has(target))) continue;
    found.matches++;
    if (seen.has(digest)) continue;
    const isThere = runId !== undefined && (await journal.run(runId)) !== undefined;
    if (!isThere && isRemoved({ ...(runId === undefined ? {} : { runId }), at })) continue;
    const message = `the log tells of the entry ${digest}, which the journal does not have so`;
    found.differences.push({ what: 'match', ...(runId === undefined ? {} : { runId }), place, message });
  }
  const elsewhere = new Map<string, number>();
  for (const { entry, digest, sort } of untold) {
    if (!logging.has(sort)) {
      elsewhere.set(sort, (elsewhere.get(sort) ?? 0) + 1);
      continue;
    }
    const { runId, type, at } = entry;
    const message = `the journal tells of ${told[type]} at ${stamp(at)}, in the entry ${digest}, and the log has no line for it`;
    found.differences.push({ what: 'not in the log', ...(runId === '-' ? {} : { runId }), message });
  }
  for (const [sort, n] of elsewhere) {
    found.remarks.push(
      `${count(n, 'match or drift', 'matches or drifts')} learnt by ${sort}, of which the logs do not tell`,
    );
  }
}

/** Ends where one cannot be read: it was tampered with, and has to be restored before the rest can be compared. */
async function* entriesOf(journal: App['journal'], found: Verdict): AsyncGenerator<JournalEntry> {
  try {
    yield* journal.entries();
  } catch {
    found.differences.push({
      what: 'entries',
      message: 'an entry cannot be read; what comes after it is not compared',
    });
  }
}

/** What puts entries down, and so where it logs. */
const sortOf = (via: unknown): string => (typeof via === 'string' ? `\`${via}\`` : 'a daemon');
