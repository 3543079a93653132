import { unrecorded } from '../model/audit.ts';
import type { Failure } from '../model/failure.ts';
import type { SentWrite } from '../model/journal.ts';
import type { AuditDeps } from './deps.ts';
import { actionsOf, type Expected, entityTypeOf } from './expected.ts';
import type { Place } from './services.ts';
import { changeOf, isWaiting } from './words.ts';

/** A change that failed may have left nothing: a job that ended badly, for example. Asked of those that have waited long enough. */
export async function failedChanges(
  { journal, clock, patienceMs }: AuditDeps,
  writes: readonly SentWrite[],
): Promise<Set<string>> {
  const overdue = clock.now().getTime() - patienceMs;
  const runs = new Set(
    writes.filter((write) => isWaiting(write) && Date.parse(write.at) <= overdue).map(({ runId }) => runId),
  );
  const failed = new Set<string>();
  for (const runId of runs) {
    for (const { object, status } of await journal.outcomes(runId)) {
      if (status === 'failed') failed.add(changeOf({ runId, object }));
    }
  }
  return failed;
}

/** Why a record may never come, or cannot be told to have come. */
export function whyNot(
  write: SentWrite,
  {
    deps,
    expected,
    places,
    failed,
  }: { deps: AuditDeps; expected: Expected; places: readonly Place[]; failed: Failure | undefined },
): string | undefined {
  if (failed !== undefined) return `the audit log cannot be asked: ${failed.message}`;
  const type = deps.types.find((one) => one.type === write.object.type);
  const surface = deps.surfaces.find(({ name }) => name === type?.surface);
  if (surface?.audits === undefined) return `nothing is known of an audit log of ${type?.surface ?? write.object.type}`;
  const entityTypes = actionsOf(write, expected).map(entityTypeOf);
  if (entityTypes.length === 0) return unrecorded.why;
  if (!entityTypes.some((one) => places.some((place) => place.entityTypes.has(one))))
    return `Genesys's audit log knows no entity type ${[...new Set(entityTypes)].join(', ')}`;
  if (write.open === true) return 'its answer was lost, and whether it happened is not known';
  if (write.object.id === undefined) return 'the id of what it was to make is not known';
  return undefined;
}
