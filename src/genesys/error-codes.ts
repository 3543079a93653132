import type { Reason } from '../model/failure.ts';

/** What an answer means, and what a person reads after what Genesys said. */
export type Advice = [Reason, string];

interface Known {
  status: number;
  code: RegExp;
  means: Advice;
}

/**
 * Codes that say more than their status, from `x-inin-error-codes` of the published specification. A 409 is otherwise
 * taken for a version that moved, and planned again at once; none of these is better then.
 *
 * Left to their status on purpose:
 * - `architect.flow.not.locked.by.user`: a lock that we held is gone, so the flow moved.
 * - `architect.flow.already.exists`: somebody made it meanwhile; the next look finds it.
 * - `architect.database.throughput.exceeded` (500, "Database too busy. Please try again."): a read is tried again. Of a
 *   write nothing says that it stopped before its first record, and publishing or deleting a flow takes several: it is
 *   unsettled like every 500, which costs one look.
 */
const known: Known[] = [
  {
    status: 409,
    code: /^architect\.flow\.locked\.by\.\w+$/,
    means: ['Locked', 'Somebody has it open for editing; tried again when it is free.'],
  },
  {
    // A lock, for all that its status says.
    status: 405,
    code: /^architect\.flow\.cannot\.delete\.user\.does\.not\.have\.lock$/,
    means: ['Locked', 'Somebody has it open for editing; tried again when it is free.'],
  },
  {
    status: 409,
    code: /^architect\.operation\.already\.in\.progress$/,
    means: ['Locked', 'Genesys has not finished another operation on it; tried again later.'],
  },
  {
    status: 409,
    // `in.use` by itself is ASSUMED, for endpoints that the specification does not have.
    code: /^(architect\.flow\.cannot\.(delete|deactivate)\.used\.(in|by)\..+|architect\.dependency\.object\.in\.use|flows\.datatables\.(possibly\.)?in\.use|in\.use)$/,
    means: ['InUse', 'Take it out of what uses it first.'],
  },
  {
    status: 409,
    code: /^architect\.flow\.(cannot\.publish\.missing\.dependencies|variable\.missing|cannot\.checkin\.missing\.config)$/,
    means: ['BadRequest', 'Correct the document that this comes from, or make what it needs.'],
  },
  {
    status: 409,
    code: /^architect\.flow\.(exceeded\.max\.amount|cannot\.create\..+)$/,
    means: ['BadRequest', 'No more of them can be made; another one has to go first.'],
  },
];

/** Undefined where the status says it all. */
export function byCode(status: number, code: string | undefined): Advice | undefined {
  return known.find((one) => one.status === status && one.code.test(code ?? ''))?.means;
}
