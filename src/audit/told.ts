import type { AuditRecord } from '../model/audit.ts';
import type { SentWrite } from '../model/journal.ts';
import { fieldsTold, tellsOfOthers } from './evidence.ts';

/**
 * Of which fields Genesys is known to tell, by where it did: a record that tells of others only is not of a write that was to set
 * one of these. What Genesys calls its properties is published nowhere, so it is learnt from records that say what was written.
 */
export type Told = ReadonlySet<string>;

interface Pair {
  write: SentWrite;
  record: AuditRecord;
}

/** Records of these actions tell what of the entity itself is another; a publication may tell of its version only. */
const plain = new Set(['Create', 'Update']);

export function learn(pairs: readonly Pair[]): string[] {
  const plainly = pairs.filter(({ record }) => plain.has(record.action));
  return [
    ...new Set(plainly.flatMap(({ write, record }) => fieldsTold(write, record).map((path) => name(record, path)))),
  ];
}

/** Asked of a write that is all that its change sent: of several, each sets a part of what the change does, not known which. */
export function isOfOtherFields({ write, record }: Pair, told: Told): boolean {
  if (write.action === 'delete' || !plain.has(record.action)) return false;
  if (record.action === 'Create' && write.action !== 'create') return false;
  return Object.keys(write.sets ?? {}).some((path) => told.has(name(record, path))) && tellsOfOthers(write, record);
}

function name({ entityType }: AuditRecord, path: string): string {
  return `${entityType} ${path}`;
}
