import type { AuditRecord } from '../model/audit.ts';
import type { ObjectRef } from '../model/plan.ts';
import type { AuditDeps } from './deps.ts';
import { entityTypesOf } from './expected.ts';
import { deedOf } from './story.ts';

/** Tells once of each record that another process made as our client. Answers how many were new. */
export async function reportStrangers(
  deps: AuditDeps,
  strangers: readonly AuditRecord[],
  since: Date,
): Promise<number> {
  const { journal, clock, log, organization, target } = deps;
  let told = 0;
  for (const record of strangers) {
    if (Date.parse(record.at) < since.getTime()) continue;
    // A run that healed it may have told of it as drift: that says who, and not that it was another process.
    const known = await journal.drifts({ organization }, { auditId: record.id });
    if (known.some(({ kind }) => kind === 'other-process')) continue;
    const deed = await deedOf(deps, record);
    const object = await objectOf(deps, record);
    const at = clock.now().toISOString();
    const story = { since: since.toISOString(), deeds: [deed] };
    const stranger = { kind: 'other-process' as const, at, organization, target, object, fields: [], story };
    const { entry } = await journal.recordDrift(stranger);
    const { entityType, action, remoteIp, changes } = record;
    log.warn(
      {
        target,
        object,
        auditId: record.id,
        at: record.at,
        by: deed.by,
        remoteIp,
        action: `${entityType}:${action}`,
        properties: changes,
        entry,
      },
      'another process with our client',
    );
    told++;
  }
  return told;
}

/** Which object it is about: ours by its id, where it is; else as the record calls it. */
async function objectOf(
  { journal, organization, target, types }: AuditDeps,
  { entities, entityType, name }: AuditRecord,
): Promise<ObjectRef> {
  const type = types.find((one) => entityTypesOf(one).includes(entityType))?.type ?? entityType;
  const owned = await journal.inventory({ organization, target });
  const ours = owned.find((one) => one.type === type && entities.includes(one.id));
  const id = ours?.id ?? entities[0];
  return { type, key: ours?.key ?? name ?? id ?? '', ...(id === undefined ? {} : { id }) };
}
