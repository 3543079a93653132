import type { Clock } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import type { Journal, Lease } from '../model/journal.ts';
import { stamp } from '../model/moment.ts';
import { type Database, type Row, textOf } from './database.ts';

type Leases = Pick<Journal, 'acquireLease' | 'renewLease' | 'releaseLease' | 'lease'>;

/** One row an organisation; a released lease stays as an expired one, so that its fencing number goes on rising. */
export function createLeases(db: Database, clock: Clock): Leases {
  const later = (ttlMs: number): string => new Date(clock.now().getTime() + ttlMs).toISOString();
  const now = (): string => clock.now().toISOString();
  return {
    acquireLease: ({ organization, owner, holder }, ttlMs) =>
      db.write(() => {
        const before = leaseOf(db, organization);
        if (before !== undefined && before.expiresAt > now()) {
          // Nothing can be held for longer than its time: the clock was set back. A holder that lives renews it soon.
          if (before.expiresAt > later(before.ttlMs)) extend(db, before, later(before.ttlMs));
          return { taken: false, lease: leaseOf(db, organization)! };
        }
        const fence = (before?.fence ?? 0) + 1;
        const lease: Lease = { organization, owner, holder, fence, since: now(), expiresAt: later(ttlMs), ttlMs };
        db.run(
          'INSERT OR REPLACE INTO leases (organization, owner, holder, fence, since, expiresAt, ttlMs) VALUES (?, ?, ?, ?, ?, ?, ?)',
          organization,
          owner,
          holder,
          fence,
          lease.since,
          lease.expiresAt,
          ttlMs,
        );
        return { taken: true, lease };
      }),
    renewLease: (lease, ttlMs) =>
      db.write(() => {
        if (whyLost(db, lease, now()) !== undefined) return undefined;
        extend(db, lease, later(ttlMs));
        return { ...lease, expiresAt: later(ttlMs) };
      }),
    async lease(organization) {
      const current = leaseOf(db, organization);
      return current !== undefined && current.expiresAt > now() ? current : undefined;
    },
    releaseLease: (lease) =>
      db.write(() => {
        if (leaseOf(db, lease.organization)?.fence === lease.fence) extend(db, lease, now());
      }),
  };
}

/** Inside `db.write`, with what the lease is to allow: throws `LeaseLost` where it is another's by now, or has expired. */
export function checkLease(db: Database, lease: Lease, clock: Clock): void {
  const why = whyLost(db, lease, clock.now().toISOString());
  if (why !== undefined) throw new Failure('LeaseLost', `${why}; nothing was sent after that`);
}

function whyLost(db: Database, lease: Lease, now: string): string | undefined {
  const current = leaseOf(db, lease.organization);
  if (current === undefined) return 'the lease is gone from the journal';
  if (current.fence !== lease.fence)
    return `${current.holder} has been writing to the organisation since ${stamp(current.since)}`;
  if (current.expiresAt <= now)
    return `the lease of this process ended at ${stamp(current.expiresAt)}, before it was renewed`;
  return undefined;
}

function extend(db: Database, { organization, fence }: Lease, expiresAt: string): void {
  db.run('UPDATE leases SET expiresAt = ? WHERE organization = ? AND fence = ?', expiresAt, organization, fence);
}

function leaseOf(db: Database, organization: string): Lease | undefined {
  const row = db.first('SELECT * FROM leases WHERE organization = ?', organization);
  return row === undefined ? undefined : read(row);
}

function read(row: Row): Lease {
  const text = (column: string): string => textOf(row, column)!;
  return {
    organization: text('organization'),
    owner: text('owner'),
    holder: text('holder'),
    fence: Number(row['fence']),
    since: text('since'),
    expiresAt: text('expiresAt'),
    ttlMs: Number(row['ttlMs']),
  };
}
