import { Failure } from '../model/failure.ts';
import type { Journal } from '../model/journal.ts';
import { createApplied } from './applied.ts';
import { createChanges } from './changes.ts';
import { createCheck } from './check.ts';
import { wrap } from './database.ts';
import { createDetails } from './details.ts';
import { createDrifts } from './drifts.ts';
import { createExport } from './export.ts';
import { createFacts, sealKeyOf } from './facts.ts';
import { createIntents } from './intents.ts';
import { createInventory } from './inventory.ts';
import { createLeases } from './leases.ts';
import { marking } from './mark.ts';
import { createRename } from './rename.ts';
import { removedOf } from './retention.ts';
import { createRuns } from './runs.ts';
import { type OpenOptions, openFile } from './sqlite.ts';
import { createTidy } from './tidy.ts';
import { createWrites } from './writes.ts';

export type { OpenOptions };

/**
 * Opens the journal: `url` is a file path or `:memory:`. Throws `JournalUnavailable` where it cannot be used (a newer
 * version, no permission, a full disk) and `ConfigurationInvalid` for a URL of a kind that is not built.
 */
export async function openJournal(url: string, options: OpenOptions): Promise<Journal> {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1];
  if (scheme !== undefined) {
    const what = /^postgres(ql)?$/i.test(scheme)
      ? 'A PostgreSQL journal is not built yet'
      : `"${scheme}" is no journal`;
    throw new Failure('ConfigurationInvalid', `${what}; give \`journal\` a file path such as ./var/journal.db.`);
  }
  const { clock, log, readOnly = false, role } = options;
  const via = role === undefined || role === 'daemon' ? {} : { via: role };
  const db = wrap(await openFile(url, options), url, options);
  const sealKey = await sealKeyOf(db, readOnly).catch(async (error: unknown) => {
    await db.close();
    throw error;
  });
  return {
    sealKey,
    ...createRuns(db, clock),
    ...createLeases(db, clock),
    ...createIntents(db, clock),
    ...createWrites(db, clock, via),
    ...createDrifts(db, clock, via),
    ...createChanges(db),
    ...createExport(db),
    ...createCheck(db, readOnly),
    removed: async () => removedOf(db),
    ...marking(db, {
      ...createInventory(db),
      ...createRename(db, clock),
      ...createApplied(db),
      ...createDetails(db, readOnly),
    }),
    ...createFacts(db),
    ...createTidy(db, log),
    close: () => db.close(),
  };
}
