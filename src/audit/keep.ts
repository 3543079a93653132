import type { AuditRecord } from '../model/audit.ts';
import { isObject } from '../model/json.ts';
import { type AuditDeps, remember } from './deps.ts';
import { type ChangeWords, changeOf } from './words.ts';

/** Changes that are kept in one transaction: others want to write, too. */
const atOnce = 100;

/** Keeps what the audit log says of changes, with its records, and tells each in one line of the log. */
export async function keepWords(
  deps: AuditDeps,
  settled: readonly ChangeWords[],
  { records, clientId }: { records: readonly AuditRecord[]; clientId: string },
): Promise<void> {
  const { journal, organization } = deps;
  const writes = settled.flatMap((one) => one.writes.map(({ write }) => write));
  if (writes.length === 0) return;
  const since = writes.map(({ at }) => at).sort()[0]!;
  await remember(deps, keyOf(deps, clientId), { since, intents: writes.map(({ intentId }) => intentId) });
  const known = new Map(records.map((record) => [record.id, record]));
  for (let n = 0; n < settled.length; n += atOnce) {
    const some = settled.slice(n, n + atOnce);
    const told = new Set(some.flatMap(({ writes }) => writes.flatMap(({ audit }) => audit.records)));
    const entries = await journal.keepMatches(
      organization,
      some.flatMap(({ writes }) => writes),
      [...told].flatMap((id) => known.get(id) ?? []),
    );
    const digests = new Map(entries.map(({ runId, object, digest }) => [changeOf({ runId, object }), digest]));
    const revisions = new Map<string, string | undefined>();
    for (const change of some) {
      const { write } = change.writes[0]!;
      const { runId } = write;
      if (!revisions.has(runId)) revisions.set(runId, (await journal.run(runId))?.revision);
      const entry = digests.get(changeOf(write));
      tell(deps, change, { revision: revisions.get(runId), entry });
    }
  }
  await remember(deps, keyOf(deps, clientId), null);
}

const keyOf = ({ organization }: AuditDeps, clientId: string): string => `audit:telling:${organization}:${clientId}`;

/** Writes of which somebody kept what the log says, and ended before all of it was told. */
export async function tellingAgain(
  deps: AuditDeps,
  clientId: string,
): Promise<{ since?: string; intents: ReadonlySet<number> }> {
  const found = await deps.journal.recall(keyOf(deps, clientId));
  if (!isObject(found) || !Array.isArray(found['intents'])) return { intents: new Set() };
  return { since: String(found['since']), intents: new Set(found['intents'].map(Number)) };
}

function tell(
  { log }: AuditDeps,
  { writes, match, why }: ChangeWords,
  { revision, entry }: { revision: string | undefined; entry: string | undefined },
): void {
  const { runId, target, by, action } = writes[0]!.write;
  // A later write may know the id that the first did not.
  const object = Object.assign({}, ...writes.map(({ write }) => write.object)) as object;
  const said = {
    ...{ runId, target, revision, object, resource: by, action, match },
    auditIds: [...new Set(writes.flatMap(({ audit }) => audit.records))],
    correlationIds: writes.flatMap(({ write }) => write.receipt?.correlationId ?? []),
    entry,
    ...(why === undefined ? {} : { why }),
  };
  if (match === 'matched') log.info(said, 'change matched');
  else log.warn(said, 'change not matched');
}
