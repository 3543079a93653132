import type { AuditRecord } from '../model/audit.ts';
import type { SentWrite } from '../model/journal.ts';

/** From and to, in milliseconds of Genesys's clock. */
export interface Span {
  from: number;
  to: number;
}

/** Hosts of Genesys that agree on the time by NTP differ by less than one second, and a date may lack its fraction of another. */
const earlyMs = 2_000;
/** `eventDate` is when the audit message was logged (its published description), which may be after the answer. */
export const lateMs = 10_000;
/** The `Date` header of an answer has whole seconds. */
const dateMs = 1_000;
/**
 * A file that is put to a presigned URL, or a request that is only accepted, begins a job: the record comes when that publishes. It is waited for for ten
 * minutes; one that takes longer goes on without us.
 */
const jobMs = 30 * 60_000;
/** Without an answer, nobody knows how long a write waited for its turn: it may have left so long after its intent. */
const unansweredMs = 5 * 60_000;
/** The same before it, where it is not known by how much the clocks differ. */
const unknownMs = 5 * 60_000;

/** When a write was under way, by Genesys's clock. */
export function underWay({ at, receipt }: SentWrite, offset: number | undefined): Span {
  const answered = timeOf(receipt?.serverDate);
  if (receipt !== undefined && answered !== undefined) {
    return { from: answered - receipt.durationMs, to: answered + dateMs };
  }
  const noted = Date.parse(at);
  if (offset === undefined) return { from: noted - unknownMs, to: noted + unknownMs + unansweredMs };
  return { from: noted + offset, to: noted + offset + unansweredMs };
}

/** When the record of a write may be from. */
export function windowOf(write: SentWrite, offset: number | undefined): Span {
  const { from, to } = underWay(write, offset);
  return { from: from - earlyMs, to: to + lateMs + (isJob(write) ? jobMs : 0) };
}

/** What was sent only began it: an upload, or what was answered with 202 (Accepted). */
export function isJob({ path, receipt }: Pick<SentWrite, 'path' | 'receipt'>): boolean {
  return path === '(presigned)' || receipt?.status === 202;
}

/**
 * By how many milliseconds Genesys's clock is ahead of ours, as the answers to writes tell; undefined where none does. A
 * write may have waited between its intent and its request, which only ever adds: so the lower quartile, and not the middle.
 */
export function clockOffset(writes: readonly SentWrite[]): number | undefined {
  const told = writes
    .flatMap(({ at, receipt }) => {
      const answered = timeOf(receipt?.serverDate);
      return answered === undefined ? [] : [answered + dateMs / 2 - Date.parse(at) - receipt!.durationMs];
    })
    .sort((a, b) => a - b);
  return told[Math.floor(told.length / 4)];
}

/**
 * True where one write was over before the other began. Those of one run to one object are made one after the other. Those
 * of two runs, too: one run at a time may write to an organisation, which is checked with each intent and when each request
 * leaves; only a request that hung while its run lost that right may end later, so its time counts.
 */
export function isBefore(one: SentWrite, other: SentWrite, offset: number | undefined): boolean {
  if (one.runId === other.runId) return one.intentId < other.intentId;
  if (underWay(one, offset).to <= underWay(other, offset).from) return true;
  const { intentId, receipt, at } = one;
  return (
    intentId < other.intentId && receipt !== undefined && Date.parse(at) + receipt.durationMs <= Date.parse(other.at)
  );
}

export function within({ at }: AuditRecord, { from, to }: Span): boolean {
  const time = Date.parse(at);
  return time >= from && time <= to;
}

function timeOf(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
