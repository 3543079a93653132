import { randomUUID } from 'node:crypto';
import type { Failure } from '../model/failure.ts';
import type { SentWrite } from '../model/journal.ts';
import { ask, windowOf } from './ask.ts';
import type { AuditDeps } from './deps.ts';
import type { Expected } from './expected.ts';
import { keepWords } from './keep.ts';
import { match } from './match.ts';
import { reportStrangers } from './strangers.ts';
import { failedChanges, whyNot } from './why.ts';
import { changeOf, isWaiting, weigh } from './words.ts';
import { ownWrites } from './writes.ts';

/** What one look at the audit log came to. */
export interface RoundReport {
  /** False where nothing waits, or all that does was asked about just now. */
  asked: boolean;
  /** Changes of which something new is known. */
  matched: number;
  ambiguous: number;
  unmatched: number;
  /** Writes that still wait, and since when the oldest does (ISO 8601). */
  waiting: number;
  oldest?: string;
  /** Records of other processes that use our client, told for the first time. */
  strangers: number;
  /** Why the log could not be asked, or not all of it. */
  failure?: Failure;
}

/** Longer than a round takes, with a slow query for each service. */
const mostMs = 600_000;
/** So much before the oldest write that waits is looked at once more: records come late, and change what is known. */
const overlapMs = 5 * 60_000;
/** Of its age, what waits is asked about so often: records that are late by minutes come soon, others perhaps never. */
const perAge = 4;
export const nothing: RoundReport = { asked: false, matched: 0, ambiguous: 0, unmatched: 0, waiting: 0, strangers: 0 };

/** When each write that waits was asked about last, by intent; in milliseconds of our clock. */
export type LastAsked = Map<number, number>;

/**
 * One round of matching: asks the audit log about all writes of our client since the oldest that is due, and keeps what can be
 * said. Without a request where nothing is. Throws where the journal fails; that the log cannot be asked is in the report.
 */
export async function matchRound(deps: AuditDeps, lastAsked: LastAsked = new Map()): Promise<RoundReport> {
  const { journal, organization, clock, reader } = deps;
  const oldest = await journal.oldestUnmatched(organization);
  if (oldest === undefined) return nothing;
  const expected: Expected = new Map(deps.types.map((type) => [type.type, type]));
  const before = await ownWrites(deps, oldest);
  const waits = before.filter(isWaiting);
  const open = waits.filter((write) => isDue(write, lastAsked, deps));
  if (waits.length === 0) return nothing;
  if (open.length === 0) return { ...nothing, waiting: waits.length, oldest };
  const since = new Date(Date.parse(earliest(open)!) - overlapMs);
  return await alone(deps, async () => {
    const { places, records, failed } = await ask(deps, open, windowOf(before, since, clock.now()));
    // Asked for after the records, so that each write that left one of them is among these.
    const writes = await ownWrites(deps, since.toISOString());
    const { verdicts, strangers } = match({ writes, records, clientId: reader.clientId, expected });
    const failures = await failedChanges(deps, writes);
    const { settled, waiting } = weigh({
      writes: writes.filter(({ refused, at }) => refused !== true && Date.parse(at) >= since.getTime()),
      verdicts,
      expected,
      now: clock.now(),
      patienceMs: deps.patienceMs,
      whyNot: (write) =>
        failures.has(changeOf(write))
          ? 'the change failed, and left no record'
          : whyNot(write, { deps, expected, places, failed }),
    });
    await keepWords(deps, settled, records);
    const told = failed === undefined ? await reportStrangers(deps, strangers, { places, since }) : 0;
    const count = (word: string): number => settled.filter((one) => one.match === word).length;
    const first = earliest([...waiting, ...waits.filter(({ at }) => Date.parse(at) < since.getTime())]);
    const stillThere = new Set(waits.map(({ intentId }) => intentId));
    for (const id of lastAsked.keys()) if (!stillThere.has(id)) lastAsked.delete(id);
    if (failed === undefined) for (const { intentId } of open) lastAsked.set(intentId, clock.now().getTime());
    return {
      asked: true,
      matched: count('matched'),
      ambiguous: count('ambiguous'),
      unmatched: count('unmatched'),
      waiting: waiting.length,
      ...(first === undefined ? {} : { oldest: first }),
      strangers: told,
      ...(failed === undefined ? {} : { failure: failed }),
    };
  });
}

function earliest(writes: readonly SentWrite[]): string | undefined {
  return writes.map(({ at }) => at).sort()[0];
}

/** The older it is, the less often; and once more when its patience is over. */
function isDue({ intentId, at }: SentWrite, lastAsked: LastAsked, { clock, patienceMs }: AuditDeps): boolean {
  const last = lastAsked.get(intentId);
  const now = clock.now().getTime();
  const age = now - Date.parse(at);
  return last === undefined || last > now || age >= patienceMs || now - last >= age / perAge;
}

/** Two processes with one journal (an `apply` beside the daemon) would say everything twice. */
async function alone({ journal, organization }: AuditDeps, work: () => Promise<RoundReport>): Promise<RoundReport> {
  const wish = { organization: `audits of ${organization}`, owner: randomUUID(), holder: 'a look at the audit log' };
  const { taken, lease } = await journal.acquireLease(wish, mostMs);
  if (!taken) return nothing;
  try {
    return await work();
  } finally {
    await journal.releaseLease(lease).catch(() => undefined);
  }
}
