import type { Journal } from '../model/journal.ts';
import type { Database } from './database.ts';

type Remembered = Pick<
  Journal,
  | 'inventory'
  | 'claims'
  | 'known'
  | 'remember'
  | 'forget'
  | 'renameTarget'
  | 'applied'
  | 'setApplied'
  | 'details'
  | 'keepDetails'
  | 'forgetDetails'
>;

/** Counts this process's writes about objects; SQLite's own `data_version` tells that another connection wrote. */
export function marking(db: Database, parts: Remembered): Remembered & Pick<Journal, 'mark'> {
  let writes = 0;
  /** Before and after: while it is being written, what was loaded meanwhile may be either. */
  const counted =
    <Arguments extends unknown[], Result>(write: (...values: Arguments) => Promise<Result>) =>
    async (...values: Arguments): Promise<Result> => {
      writes++;
      return write(...values).finally(() => writes++);
    };
  return {
    ...parts,
    remember: counted(parts.remember),
    forget: counted(parts.forget),
    setApplied: counted(parts.setApplied),
    keepDetails: counted(parts.keepDetails),
    renameTarget: counted(parts.renameTarget),
    // Asked for by every run; where nothing is forgotten, there is nothing to load again.
    async forgetDetails(...values) {
      const forgotten = await parts.forgetDetails(...values);
      if (forgotten > 0) writes++;
      return forgotten;
    },
    async mark() {
      return `${Object.values(db.first('PRAGMA data_version') ?? {})[0]}:${writes}`;
    },
  };
}
