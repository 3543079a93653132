import { randomUUID } from 'node:crypto';
import type { AuditDeps } from './deps.ts';
import { nothing, type RoundReport } from './round.ts';

/** Who was killed holds others up for no longer than this; who is at work says so several times in it. */
const leaseMs = 60_000;

/** Two processes with one journal (an `apply` beside the daemon) would say everything twice. */
export async function alone(deps: AuditDeps, work: () => Promise<RoundReport>): Promise<RoundReport> {
  const { journal, organization, target, clock, log } = deps;
  const wish = { organization: `audits of ${organization}`, owner: randomUUID(), holder: 'a look at the audit log' };
  const { taken, lease } = await journal.acquireLease(wish, leaseMs);
  if (!taken) {
    log.debug({ target, until: lease.expiresAt }, 'another process looks at the audit log just now');
    return nothing;
  }
  const over = new AbortController();
  const keep = async (): Promise<void> => {
    for (let held: typeof lease | undefined = lease; held !== undefined; ) {
      await clock.sleep(leaseMs / 4, over.signal);
      held = await journal.renewLease(held, leaseMs);
    }
  };
  // Without it two may say the same, which is no reason to stop.
  const kept = keep().catch(() => undefined);
  try {
    return await work();
  } finally {
    over.abort();
    await kept;
    await journal.releaseLease(lease).catch(() => undefined);
  }
}
