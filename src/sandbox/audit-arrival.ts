import { randomFrom } from './random.ts';

/** When a query finds a record, and how often. */
export interface Arrival {
  /** Milliseconds of the sandbox's clock from the change to the moment a query finds it. */
  delayMs?: number;
  /** No query ever finds it. */
  never?: boolean;
  /** Every query that finds it finds it once more, at the end of its results. */
  twice?: boolean;
}

/** How records arrive, and how queries behave; what is left out has its default. */
export interface AuditOptions {
  /** From the change to the moment a query finds it; default 2,000. */
  delayMs?: number;
  /** Up to so many milliseconds more, drawn for each record: records arrive out of order. Default 0. */
  jitterMs?: number;
  /** Of everything that is drawn; default 1. */
  seed?: number;
  /** Delays of the records in turn, over and over, in place of `delayMs` and `jitterMs`; null: it never arrives. */
  pattern?: readonly (number | null)[];
  /** Share of records (0 to 1) that arrive `lateMs` later than the others; default 0. */
  lateShare?: number;
  /** Default 3,600,000: an hour. */
  lateMs?: number;
  /** Share of records that never arrive; default 0. */
  neverShare?: number;
  /** Share of records that every query finds twice; default 0. */
  twiceShare?: number;
  /** An asynchronous query has ended when its state was asked for so often; default 2. */
  queryPolls?: number;
  /** And not before so many milliseconds of real time; default 0. */
  queryMs?: number;
  /** Services that the realtime query has; default: those of the asynchronous one but Datatables. */
  realtimeServices?: readonly string[];
}

/** Draws how each record arrives, in the order of the changes: the same seed gives the same. */
export function arrivals(options: AuditOptions): () => Required<Arrival> {
  const { delayMs = 2000, jitterMs = 0, pattern = [], lateShare = 0, lateMs = 3_600_000 } = options;
  const { neverShare = 0, twiceShare = 0, seed = 1 } = options;
  const random = randomFrom(seed);
  let count = 0;
  return () => {
    // Every draw is made for every record, so that another share spoils some of the same records in the same way.
    const [jitter, late, never, twice] = [random(), random(), random(), random()];
    const set = pattern[count++ % pattern.length];
    const delay = set ?? delayMs + Math.floor(jitter * jitterMs);
    return {
      delayMs: delay + (late < lateShare ? lateMs : 0),
      never: set === null || never < neverShare,
      twice: twice < twiceShare,
    };
  };
}
