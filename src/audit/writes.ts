import type { SentWrite } from '../model/journal.ts';
import type { AuditDeps } from './deps.ts';

/** A record may be from so long after its write began (a job), and a write may have waited so long for its turn. */
export const reachMs = 45 * 60_000;

/** Every write that was made as this client and may have left a record since then; also those of other targets. */
export async function ownWrites(
  { journal, organization, reader, clientOf }: AuditDeps,
  since: string,
): Promise<SentWrite[]> {
  const from = new Date(Date.parse(since) - reachMs).toISOString();
  const all = await journal.writesSince(organization, from);
  return all.filter(({ target }) => (clientOf(target) ?? reader.clientId) === reader.clientId);
}
