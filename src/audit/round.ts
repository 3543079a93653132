import type { AuditRecord } from '../model/audit.ts';
import { asFailure, type Failure } from '../model/failure.ts';
import type { SentWrite } from '../model/journal.ts';
import type { AuditDeps } from './deps.ts';
import { actionsOf, type Expected } from './expected.ts';
import { keepWords } from './keep.ts';
import { match } from './match.ts';
import { type Place, placesOf, recordsIn } from './services.ts';
import { reportStrangers } from './strangers.ts';
import { clockOffset } from './times.ts';
import { weigh } from './words.ts';
import { ownWrites, reachMs } from './writes.ts';

/** What one look at the audit log came to. */
export interface RoundReport {
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
/** Answers tell to about a second how far the clocks are apart; and what if none does. */
const knownMs = 5_000;
const unknownMs = 10 * 60_000;

export const nothing: RoundReport = { matched: 0, ambiguous: 0, unmatched: 0, waiting: 0, strangers: 0 };

/**
 * One round of matching: asks the audit log about all writes of our client since the oldest that waits, and keeps what can be
 * said. Without a request where nothing waits. Throws where the journal fails; that the log cannot be asked is in the report.
 */
export async function matchRound(deps: AuditDeps): Promise<RoundReport> {
  const { journal, organization, clock, reader } = deps;
  const oldest = await journal.oldestUnmatched(organization);
  if (oldest === undefined) return nothing;
  const since = new Date(Date.parse(oldest) - overlapMs);
  const expected: Expected = new Map(deps.types.map((type) => [type.type, type]));
  const before = await ownWrites(deps, since.toISOString());
  const open = before.filter(isWaiting);
  if (open.length === 0) return nothing;
  const { places, records, failed } = await asked(deps, open, windowOf(before, since, clock.now()));
  // Asked for after the records, so that each write that left one of them is among these.
  const writes = await ownWrites(deps, since.toISOString());
  const { verdicts, strangers } = match({ writes, records, clientId: reader.clientId, expected });
  const { settled, waiting } = weigh({
    writes: writes.filter(({ refused, at }) => refused !== true && Date.parse(at) >= since.getTime()),
    verdicts,
    expected,
    now: clock.now(),
    patienceMs: deps.patienceMs,
    whyNot: (write) => whyNot(write, { deps, expected, places, failed }),
  });
  await keepWords(deps, settled, records);
  const told = failed === undefined ? await reportStrangers(deps, strangers, { places, since }) : 0;
  const count = (word: string): number => settled.filter((one) => one.match === word).length;
  const first = waiting.map(({ at }) => at).sort()[0];
  return {
    matched: count('matched'),
    ambiguous: count('ambiguous'),
    unmatched: count('unmatched'),
    waiting: waiting.length,
    ...(first === undefined ? {} : { oldest: first }),
    strangers: told,
    ...(failed === undefined ? {} : { failure: failed }),
  };
}

function isWaiting({ audit, refused }: SentWrite): boolean {
  return audit === undefined && refused !== true;
}

/** By Genesys's clock. */
function windowOf(writes: readonly SentWrite[], since: Date, now: Date): { from: Date; to: Date } {
  const offset = clockOffset(writes);
  const slack = offset === undefined ? unknownMs : knownMs;
  return {
    from: new Date(since.getTime() - reachMs + (offset ?? 0) - slack),
    to: new Date(now.getTime() + (offset ?? 0) + slack),
  };
}

interface Asked {
  places: Place[];
  records: AuditRecord[];
  failed?: Failure;
}

/** What fails for one service need not fail for another; a refusal of our client, or the wish to be left alone, does. */
const forAll = new Set(['PermissionMissing', 'AuthenticationFailed', 'RateLimited', 'CircuitOpen', 'Interrupted']);

async function asked(deps: AuditDeps, open: readonly SentWrite[], window: { from: Date; to: Date }): Promise<Asked> {
  const { reader } = deps;
  const records: AuditRecord[] = [];
  let places: Place[] = [];
  let failed: Failure | undefined;
  try {
    places = await placesOf(deps, new Set(open.map(({ object }) => object.type)));
  } catch (error) {
    failed = asFailure(error);
  }
  for (const place of places) {
    const expected = open.filter(({ object }) => holds(deps, object.type, place.entityTypes)).length;
    try {
      records.push(...(await recordsIn(deps, place, { ...window, clientId: reader.clientId, expected })));
    } catch (error) {
      failed = asFailure(error);
      if (forAll.has(failed.reason)) break;
    }
  }
  return { places, records, ...(failed === undefined ? {} : { failed }) };
}

function holds({ types }: AuditDeps, objectType: string, entityTypes: ReadonlySet<string>): boolean {
  const audited = types.find(({ type }) => type === objectType)?.audited ?? {};
  return Object.values(audited).some((actions) => actions.some((one) => entityTypes.has(one.split(':')[0]!)));
}

/** Why a record may never come, or cannot be told to have come. */
function whyNot(
  write: SentWrite,
  {
    deps,
    expected,
    places,
    failed,
  }: { deps: AuditDeps; expected: Expected; places: readonly Place[]; failed: Failure | undefined },
): string | undefined {
  if (failed !== undefined) return `the audit log cannot be asked: ${failed.message}`;
  const type = deps.types.find((one) => one.type === write.object.type);
  const surface = deps.surfaces.find(({ name }) => name === type?.surface);
  if (surface?.audits === undefined) return `nothing is known of an audit log of ${type?.surface ?? write.object.type}`;
  const entityTypes = actionsOf(write, expected).map((one) => one.split(':')[0]!);
  if (!entityTypes.some((one) => places.some((place) => place.entityTypes.has(one))))
    return `Genesys's audit log knows no entity type ${[...new Set(entityTypes)].join(', ')}`;
  if (write.open === true) return 'its answer was lost, and whether it happened is not known';
  if (write.object.id === undefined) return 'the id of what it was to make is not known';
  return undefined;
}
