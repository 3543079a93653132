import type { Failure } from '../model/failure.ts';
import type { SentWrite } from '../model/journal.ts';
import { alone } from './alone.ts';
import { ask, windowOf } from './ask.ts';
import type { AuditDeps } from './deps.ts';
import type { Expected } from './expected.ts';
import { keepWords, tellingAgain } from './keep.ts';
import { match } from './match.ts';
import { reportStrangers } from './strangers.ts';
import { keepTold, toldOf } from './told.ts';
import { watchOf } from './watch.ts';
import { failedChanges, whyNot } from './why.ts';
import { changeOf, isWaiting, weigh } from './words.ts';
import { formerClients, ownWrites } from './writes.ts';

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

/** So much before the oldest write that waits is looked at once more: records come late, and change what is known. */
const overlapMs = 5 * 60_000;
/** Of its age, what waits is asked about so often: records that are late by minutes come soon, others perhaps never. */
const perAge = 4;
export const nothing: RoundReport = { asked: false, matched: 0, ambiguous: 0, unmatched: 0, waiting: 0, strangers: 0 };

/** When each write that waits was asked about last, by intent; in milliseconds of our clock. */
export type LastAsked = Map<number, number>;

interface Round {
  lastAsked?: LastAsked;
  /** Whether others that use our client are looked for from time to time, though nothing waits. */
  watch?: boolean;
}

/**
 * One round of matching: asks the audit log about all writes of our client since the oldest that is due, and keeps what can be
 * said. Without a request where nothing is. Throws where the journal fails; that the log cannot be asked is in the report.
 */
export async function matchRound(
  deps: AuditDeps,
  { lastAsked = new Map(), watch = false }: Round = {},
): Promise<RoundReport> {
  const { journal, organization, reader } = deps;
  const oldest = await journal.oldestUnmatched(organization);
  const replaced = oldest === undefined ? [] : await formerClients(deps, oldest);
  const found = await roundAs(reader.clientId, deps, { lastAsked, watch, oldest });
  const reports = [found];
  for (const clientId of replaced) reports.push(await roundAs(clientId, deps, { lastAsked, watch: false, oldest }));
  return reports.reduce(together);
}

async function roundAs(
  clientId: string,
  deps: AuditDeps,
  { lastAsked, watch, oldest }: Required<Round> & { oldest: string | undefined },
): Promise<RoundReport> {
  const { clock } = deps;
  const watched = watch ? await watchOf(deps) : undefined;
  const again = await tellingAgain(deps, clientId);
  const first = [oldest, again.since].filter((one) => one !== undefined).sort()[0];
  if (first === undefined && watched === undefined) return nothing;
  const expected: Expected = new Map(deps.types.map((type) => [type.type, type]));
  const before = await ownWrites(deps, first ?? watched!.since.toISOString(), clientId);
  const waits = before.filter(isWaiting);
  const open = before.filter(
    (write) => again.intents.has(write.intentId) || (isWaiting(write) && isDue(write, lastAsked, deps)),
  );
  const waiting = { ...nothing, waiting: waits.length, ...(waits.length === 0 ? {} : { oldest: earliest(waits)! }) };
  if (open.length === 0 && watched === undefined) return waiting;
  const starts = open.map(({ at }) => Date.parse(at) - overlapMs);
  const since = new Date(Math.min(...starts, watched?.since.getTime() ?? Number.POSITIVE_INFINITY));
  return await alone(deps, async () => {
    const watching = watched?.objects ?? [];
    const types = new Set([...open.map(({ object }) => object), ...watching].map(({ type }) => type));
    const began = clock.now();
    const known = await ownWrites(deps, since.toISOString(), clientId);
    const objects = [...known.map(({ object }) => object), ...watching];
    const wanted = { ...windowOf(known, since, began), clientId, types, objects };
    const { places, records, failed } = await ask(deps, open, wanted);
    // Asked for after the records, so that each write that left one of them is among these.
    const writes = await ownWrites(deps, since.toISOString(), clientId);
    const matching = match({ writes, records, clientId, expected, told: await toldOf(deps) });
    await keepTold(deps, matching.learnt);
    const failures = await failedChanges(deps, writes);
    const { settled, waiting } = weigh({
      writes: writes.filter((write) => leavesRecord(write) && Date.parse(write.at) >= since.getTime()),
      verdicts: matching.verdicts,
      expected,
      now: clock.now(),
      patienceMs: deps.patienceMs,
      whyNot: (write) =>
        failures.has(changeOf(write))
          ? 'the change failed, and left no record'
          : whyNot(write, { deps, expected, places, failed }),
      isToldAgain: ({ intentId }) => again.intents.has(intentId),
    });
    await keepWords(deps, settled, { records, clientId });
    const told = failed === undefined ? await reportStrangers(deps, matching.strangers, since) : 0;
    if (failed === undefined) await watched?.done(began);
    const count = (word: string): number => settled.filter((one) => one.match === word).length;
    const left = earliest([...waiting, ...waits.filter(({ at }) => Date.parse(at) < since.getTime())]);
    const stillThere = new Set(waits.map(({ intentId }) => intentId));
    for (const id of lastAsked.keys()) if (!stillThere.has(id)) lastAsked.delete(id);
    if (failed === undefined) for (const { intentId } of open) lastAsked.set(intentId, clock.now().getTime());
    return {
      asked: true,
      matched: count('matched'),
      ambiguous: count('ambiguous'),
      unmatched: count('unmatched'),
      waiting: waiting.length,
      ...(left === undefined ? {} : { oldest: left }),
      strangers: told,
      ...(failed === undefined ? {} : { failure: failed }),
    };
  });
}

function leavesRecord({ refused, unrecorded }: SentWrite): boolean {
  return refused !== true && unrecorded !== true;
}

/** What was found as one client and as another. */
function together(one: RoundReport, other: RoundReport): RoundReport {
  const oldest = [one.oldest, other.oldest].filter((at) => at !== undefined).sort()[0];
  const failure = one.failure ?? other.failure;
  return {
    asked: one.asked || other.asked,
    matched: one.matched + other.matched,
    ambiguous: one.ambiguous + other.ambiguous,
    unmatched: one.unmatched + other.unmatched,
    waiting: one.waiting + other.waiting,
    ...(oldest === undefined ? {} : { oldest }),
    strangers: one.strangers + other.strangers,
    ...(failure === undefined ? {} : { failure }),
  };
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
