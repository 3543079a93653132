import type { AuditRecord, MovedField, PropertyChange } from '../model/audit.ts';
import type { ObjectType } from '../model/contracts.ts';
import type { SentWrite } from '../model/journal.ts';
import { type Pointer, parsePointer } from '../model/pointer.ts';

/** What the values in a record say of whether it tells of a write. */
export type Evidence = 'supports' | 'neutral' | 'contradicts';

/**
 * Compares what a write was to set with what a record says was set. How Genesys calls a property is published nowhere. Where
 * one's path ends in the other's, the same value speaks for it; that another value speaks against it is certain only where
 * the paths are the same (`name` is not `flow.name`). A record that says another value of all that both speak of is another
 * write's; where only some differ, that may be the server's rendition, and says nothing.
 */
export function evidenceOf(write: SentWrite, record: AuditRecord, renders: ObjectType['renders']): Evidence {
  // A creation tells all that is there: of a draft, what it was copied from.
  if (record.action === 'Create' && write.action !== 'create') return 'neutral';
  const { sets = {} } = write;
  let equal = 0;
  let differing = 0;
  for (const [path, wanted] of Object.entries(sets)) {
    for (const change of record.changes) {
      const likeness = likenessOf(change, path);
      const verdict = likeness === 'none' ? undefined : compare(change, wanted);
      if (verdict === true) equal++;
      else if (verdict === false && likeness === 'same' && renders?.(path, wanted, change.to[0]) !== true) differing++;
    }
  }
  if (equal > 0) return differing === 0 ? 'supports' : 'neutral';
  return differing === 0 ? 'neutral' : 'contradicts';
}

/** The fields of a write of which a record tells the value that was to be set: so Genesys's names for them are ours. */
export function fieldsTold({ sets = {} }: SentWrite, { changes }: AuditRecord): Pointer[] {
  return Object.entries(sets).flatMap(([path, wanted]) => {
    const isTold = changes.some((change) => likenessOf(change, path) !== 'none' && compare(change, wanted) === true);
    return isTold ? [path] : [];
  });
}

/** True where a record tells of fields, and none of them has to do with those that the write was to set. */
export function tellsOfOthers({ sets = {} }: SentWrite, { changes }: AuditRecord): boolean {
  if (changes.length === 0) return false;
  const fields = Object.keys(sets).map((path) => parsePointer(path.toLowerCase()));
  return changes.every((change) => {
    const told = partsOf(change);
    return told.length > 0 && fields.every((field) => !isEndOf(told, field) && !isStartOf(told, field));
  });
}

/**
 * What a record says of a field and the value that is live: `tells` that it was set to this, `may` where the two cannot be
 * compared, that it was set to an`other`, nothing of it at all.
 */
export type Likeness = 'tells' | 'may' | 'other' | 'none';

export function likenessTo({ changes }: AuditRecord, { path, from }: MovedField): Likeness {
  const field = parsePointer(path.toLowerCase());
  const live = from === undefined ? undefined : typeof from === 'string' ? from : JSON.stringify(from);
  const words = changes.flatMap((change): Likeness[] => {
    const told = partsOf(change);
    if (!isEndOf(told, field)) return isStartOf(told, field) ? ['may'] : [];
    const verdict = live === undefined ? undefined : compare(change, live);
    return [verdict === undefined ? 'may' : verdict ? 'tells' : 'other'];
  });
  return words.find((word) => word === 'tells') ?? words.find((word) => word === 'may') ?? words[0] ?? 'none';
}

function partsOf({ property }: PropertyChange): string[] {
  return property
    .toLowerCase()
    .split(/[./[\]]+/)
    .filter((part) => part !== '');
}

function isEndOf(one: readonly string[], other: readonly string[]): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return short.length > 0 && short.every((part, n) => part === long[long.length - short.length + n]);
}

function isStartOf(one: readonly string[], other: readonly string[]): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return short.length > 0 && short.every((part, n) => part === long[n]);
}

function likenessOf(change: PropertyChange, path: Pointer): 'same' | 'alike' | 'none' {
  const told = partsOf(change);
  const field = parsePointer(path.toLowerCase());
  return !isEndOf(told, field) ? 'none' : told.length === field.length ? 'same' : 'alike';
}

const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
const isDate = (text: string): boolean => /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text);

/** Undefined where the two cannot be compared: several values, none, a whole object, an id beside a name. */
function compare({ to }: PropertyChange, wanted: string): boolean | undefined {
  if (to.length !== 1) return undefined;
  const told = plain(to[0]!);
  const wish = plain(wanted);
  // What was sealed for its name, or quotes a secret.
  if (told.includes('(sensitive') && told !== wish) return undefined;
  if (told === wish) return true;
  if (told === '' || /^[[{]/.test(told) || /^[[{]/.test(wish) || isId(told) !== isId(wish)) return undefined;
  if (told.endsWith('…')) return wish.startsWith(told.slice(0, -1)) ? undefined : false;
  if (isDate(told) && isDate(wish)) return Date.parse(told) === Date.parse(wish);
  return wish !== '' && Number(told) === Number(wish);
}

/** Letter case and quotes aside. */
function plain(text: string): string {
  return text
    .trim()
    .replace(/^"(.*)"$/s, '$1')
    .toLowerCase();
}
