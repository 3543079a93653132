import type { AuditRecord } from '../model/audit.ts';
import { asFailure, type Failure } from '../model/failure.ts';
import type { SentWrite } from '../model/journal.ts';
import type { AuditDeps } from './deps.ts';
import { idsIn, type Place, placesOf, recordsIn, within } from './services.ts';
import { clockOffset } from './times.ts';
import { reachMs } from './writes.ts';

/** Answers tell to about a second how far the clocks are apart; and what if none does. */
const knownMs = 5_000;
const unknownMs = 10 * 60_000;

/** By Genesys's clock. */
export function windowOf(writes: readonly SentWrite[], since: Date, now: Date): { from: Date; to: Date } {
  const offset = clockOffset(writes);
  const slack = offset === undefined ? unknownMs : knownMs;
  return {
    from: new Date(since.getTime() - reachMs + (offset ?? 0) - slack),
    to: new Date(now.getTime() + (offset ?? 0) + slack),
  };
}

/** What the log answered, and why not all of it. */
export interface Asked {
  places: Place[];
  records: AuditRecord[];
  failed?: Failure;
}

/** What fails for one service need not fail for another; a refusal of our client, or the wish to be left alone, does. */
const forAll = new Set(['PermissionMissing', 'AuthenticationFailed', 'RateLimited', 'CircuitOpen', 'Interrupted']);

/** What is to be known: of these types, and of these objects where a log is asked by object. */
interface Wanted {
  from: Date;
  to: Date;
  clientId: string;
  types: ReadonlySet<string>;
  objects: readonly { type: string; id?: string }[];
}

/** Asks each service that may hold records of these types, among them those of these writes. */
export async function ask(
  deps: AuditDeps,
  open: readonly SentWrite[],
  { types, objects, ...window }: Wanted,
): Promise<Asked> {
  const records: AuditRecord[] = [];
  let places: Place[] = [];
  let failed: Failure | undefined;
  try {
    places = await placesOf(deps, types);
  } catch (error) {
    failed = asFailure(error);
  }
  for (const place of places) {
    const expected = within(
      deps,
      place,
      open.map(({ object }) => object),
    ).length;
    const entities = idsIn(deps, place, objects);
    try {
      records.push(...(await recordsIn(deps, place, { ...window, expected, entities })));
    } catch (error) {
      failed = asFailure(error);
      if (forAll.has(failed.reason)) break;
    }
  }
  return { places, records, ...(failed === undefined ? {} : { failed }) };
}
