import type { Clock } from '../model/clock.ts';
import { asFailure, Failure } from '../model/failure.ts';
import type { Journal, Lease } from '../model/journal.ts';
import type { Log } from '../model/log.ts';
import { stamp } from '../model/moment.ts';

/** The right to write, for as long as one run needs it. */
export interface HeldLease {
  /** As it is on disk; goes with each intent, which is refused where it no longer holds. */
  current(): Lease;
  /** Throws `LeaseLost` where it may be somebody else's by now. Called at the last moment before a request leaves. */
  check(): void;
  release(): Promise<void>;
}

export interface LeaseWish {
  organization: { id: string; name: string };
  /** Unique to the run. */
  owner: string;
  /** For people: which process. */
  holder: string;
  /** How long it lasts without a heartbeat, in milliseconds. */
  ttlMs: number;
}

/**
 * Takes the lease of an organisation and keeps it, with a heartbeat every third of its time. Throws `LeaseHeld`, with
 * the time after which to ask again, where another run has it. A process that was paused finds its lease expired by the
 * clock, whatever its timers say.
 */
export async function holdLease(
  { organization, owner, holder, ttlMs }: LeaseWish,
  { journal, clock, log }: { journal: Journal; clock: Clock; log: Log },
): Promise<HeldLease> {
  const heartbeatMs = ttlMs / 3;
  const { taken, lease: first } = await journal.acquireLease({ organization: organization.id, owner, holder }, ttlMs);
  if (!taken) throw leaseHeld(organization.name, first, heartbeatMs);
  let lease = first;
  let lost: Failure | undefined;
  const stop = new AbortController();

  const check = (): void => {
    lost ??=
      clock.now().getTime() >= new Date(lease.expiresAt).getTime()
        ? new Failure(
            'LeaseLost',
            `the lease of this process ended at ${lease.expiresAt}, before it was renewed; nothing was sent after that`,
          )
        : undefined;
    if (lost !== undefined) throw lost;
  };
  const renew = async (): Promise<void> => {
    try {
      const renewed = await journal.renewLease(lease, ttlMs);
      if (renewed !== undefined) lease = renewed;
      else lost ??= new Failure('LeaseLost', 'another process took the lease over; nothing was sent after that');
    } catch (error) {
      // A journal that cannot be written now may be writable again before the lease ends; its end is what counts.
      log.warn({ detail: asFailure(error).message }, 'lease not renewed');
    }
  };
  const beat = async (): Promise<void> => {
    while (lost === undefined) {
      await clock.sleep(heartbeatMs, stop.signal);
      await renew();
    }
  };
  const beating = beat().catch(() => undefined);
  return {
    current: () => lease,
    check,
    async release() {
      stop.abort();
      await beating;
      await journal.releaseLease(lease);
    },
  };
}

function leaseHeld(organization: string, { holder, since, expiresAt }: Lease, after: number): Failure {
  return new Failure(
    'LeaseHeld',
    `${holder} has been writing to "${organization}" since ${stamp(since)}; one process at a time may. Its lease lasts until ${stamp(expiresAt)} and is prolonged while it works`,
    { after },
  );
}
