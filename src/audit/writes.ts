import type { SentWrite } from '../model/journal.ts';
import type { AuditDeps } from './deps.ts';
import { isWaiting } from './words.ts';

/** A record may be from so long after its write began (a job), and a write may have waited so long for its turn. */
export const reachMs = 45 * 60_000;

/** Every write that was made as this client and may have left a record since then; also those of other targets. */
export async function ownWrites(
  deps: AuditDeps,
  since: string,
  clientId: string = deps.reader.clientId,
): Promise<SentWrite[]> {
  const from = new Date(Date.parse(since) - reachMs).toISOString();
  const all = await deps.journal.writesSince(deps.organization, from);
  return all.filter((write) => sentAs(write, deps) === clientId && isOurs(write, deps));
}

/**
 * Another target of the organisation may reach other surfaces: what it wrote there is matched by it. Where it does so no longer,
 * somebody has to say in the end that nothing was found.
 */
function isOurs(write: SentWrite, { types, clock, patienceMs }: AuditDeps): boolean {
  if (types.some(({ type }) => type === write.object.type)) return true;
  return isWaiting(write) && clock.now().getTime() - Date.parse(write.at) > 2 * patienceMs;
}

function sentAs({ clientId, target }: SentWrite, { clientOf, reader }: AuditDeps): string {
  return clientId ?? clientOf(target) ?? reader.clientId;
}

/** The clients that this one has replaced, as whom something was written since then: nobody else asks about that. */
export async function formerClients(deps: AuditDeps, since: string): Promise<string[]> {
  const from = new Date(Date.parse(since) - reachMs).toISOString();
  const { clientId } = deps.reader;
  const all = await deps.journal.writesSince(deps.organization, from);
  const replaced = all.filter((write) => (deps.clientOf(write.target) ?? clientId) === clientId);
  return [...new Set(replaced.map((write) => sentAs(write, deps)))].filter((one) => one !== clientId);
}
