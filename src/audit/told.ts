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
  const told = new Set<string>();
  for (const { write, record } of pairs) {
    for (const path of fieldsTold(write, record)) {
      told.add(ofStep(write, record, path));
      if (plain.has(record.action)) told.add(ofEntity(record, path));
    }
  }
  return [...told];
}

/** `isWhole`: the write is all that its change sent. Of several, each sets a part of what the change does, not known which. */
export function isOfOtherFields({ write, record }: Pair, isWhole: boolean, told: Told): boolean {
  if (write.action === 'delete' || (record.action === 'Create' && write.action !== 'create')) return false;
  const isKnown = (path: string): boolean =>
    told.has(ofStep(write, record, path)) || (isWhole && plain.has(record.action) && told.has(ofEntity(record, path)));
  return Object.keys(write.sets ?? {}).some(isKnown) && tellsOfOthers(write, record);
}

function ofStep({ object, step }: SentWrite, { entityType, action }: AuditRecord, path: string): string {
  return `${object.type}:${step} ${entityType}:${action} ${path}`;
}

function ofEntity({ entityType }: AuditRecord, path: string): string {
  return `${entityType} ${path}`;
}
