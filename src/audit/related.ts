import type { Actor, AuditRecord } from '../model/audit.ts';
import { asFailure } from '../model/failure.ts';
import type { AuditDeps } from './deps.ts';
import { actorOf } from './names.ts';
import { sealed } from './sealed.ts';

/** An audit record, and whose it is. */
export interface RelatedRecord {
  record: AuditRecord;
  by: Actor;
}

/**
 * Everything that one action caused, by one of its records, as the first surface tells it that knows the record; none where
 * no surface does. Throws where the log cannot be asked.
 */
export async function relatedTo(deps: AuditDeps, auditId: string): Promise<RelatedRecord[]> {
  const { surfaces, reader, types, vault } = deps;
  const places = types.flatMap(({ sensitive }) => sensitive);
  for (const { audits } of surfaces) {
    if (audits === undefined) continue;
    try {
      const found = await audits.related(reader, auditId);
      const told: RelatedRecord[] = [];
      for (const record of found) told.push({ record: sealed(record, places, vault), by: await actorOf(deps, record) });
      if (told.length > 0) return told;
    } catch (error) {
      // Not to know a record is an answer: with 404, or with 400 for what is no id of one (UNCONFIRMED which).
      if (!['Gone', 'BadRequest'].includes(asFailure(error).reason)) throw error;
    }
  }
  return [];
}
