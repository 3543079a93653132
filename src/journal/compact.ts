import type { Database } from './database.ts';

/** Pages of one transaction: each may have to be moved. */
const portion = 20;
/** So many free ones stay: the next entries fill them. */
const spare = 100;

/** As SQLite counts: 2 is `INCREMENTAL`. */
const incremental = 2;

/**
 * Gives the space of what was removed back to the file system, in portions. Files that version 3 or an earlier one made
 * keep their size and fill the free space again: that they shrink would take a `VACUUM` with the journal locked all the
 * while.
 */
export async function giveBack(db: Database): Promise<void> {
  const pragma = (name: string): number => Number(Object.values(db.first(`PRAGMA ${name}`) ?? {})[0] ?? 0);
  if (pragma('auto_vacuum') !== incremental) return;
  for (let free = pragma('freelist_count'); free > spare; ) {
    await db.write(() => db.all(`PRAGMA incremental_vacuum(${portion})`));
    const left = pragma('freelist_count');
    if (left >= free) return;
    free = left;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
