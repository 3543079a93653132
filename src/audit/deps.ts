import type { Clock } from '../model/clock.ts';
import type { ObjectType } from '../model/contracts.ts';
import type { Reader } from '../model/http.ts';
import type { Journal } from '../model/journal.ts';
import type { Log } from '../model/log.ts';
import type { Vault } from '../model/seal.ts';
import type { Surface } from '../model/surface.ts';

/** What matching and explaining work with: one organisation, as one target sees it. */
export interface AuditDeps {
  organization: string;
  target: string;
  types: readonly ObjectType[];
  surfaces: readonly Surface[];
  /** Its failures must hold no run up. */
  reader: Reader;
  /** May be one that can only be read: then nothing is remembered. */
  journal: Journal;
  vault: Vault;
  clock: Clock;
  log: Log;
  /** How long a record is waited for, in milliseconds. */
  patienceMs: number;
  /** The OAuth client of another target; undefined where that is not known: then it counts as this one's. */
  clientOf(target: string): string | undefined;
}

/** A fact that is nice to have. */
export async function remember(
  { journal }: Pick<AuditDeps, 'journal'>,
  key: string,
  value: Parameters<Journal['memorise']>[1],
): Promise<void> {
  await journal.memorise(key, value).catch(() => undefined);
}
