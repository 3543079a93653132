import type { Journal } from '../model/journal.ts';
import type { Database } from './database.ts';

type Remembered = Pick<
  Journal,
  'inventory' | 'claims' | 'remember' | 'forget' | 'applied' | 'setApplied' | 'details' | 'keepDetails'
>;

/** Counts this process's writes about objects; SQLite's own `data_version` tells that another connection wrote. */
export function marking(db: Database, parts: Remembered): Remembered & Pick<Journal, 'mark'> {
  let writes = 0;
  /** Before and after: while it is being written, what was loaded meanwhile may be either. */
  const counted =
    <Arguments extends unknown[]>(write: (...values: Arguments) => Promise<void>) =>
    async (...values: Arguments): Promise<void> => {
      writes++;
      await write(...values).finally(() => writes++);
    };
  return {
    ...parts,
    remember: counted(parts.remember),
    forget: counted(parts.forget),
    setApplied: counted(parts.setApplied),
    keepDetails: counted(parts.keepDetails),
    async mark() {
      return `${Object.values(db.first('PRAGMA data_version') ?? {})[0]}:${writes}`;
    },
  };
}
