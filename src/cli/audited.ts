import type { AuditRecord, Deed, Match } from '../model/audit.ts';
import type { DriftRecord } from '../model/journal.ts';
import type { Outcome } from '../model/plan.ts';

/** One change that was attempted, with everything that is known of it. Times are ISO 8601, in UTC. */
export interface AuditedChange {
  type: 'change';
  time: string;
  target: string;
  organization?: string;
  run: string;
  revision: string;
  commit?: {
    sha: string;
    author: { name: string; email: string };
    committer: { name: string; email: string };
    subject: string;
    pullRequest?: string;
  };
  resource: string;
  object: Outcome['object'];
  action: Outcome['action'];
  cause?: Outcome['cause'];
  /** `unknown`: the process ended in the middle, and nobody has found out since. */
  status: 'applied' | 'failed' | 'unknown';
  reason?: string;
  message?: string;
  fields: NonNullable<Outcome['fields']>;
  requests: {
    method: string;
    path: string;
    status?: number;
    correlationId?: string;
    /** Genesys's clock. */
    serverDate?: string;
  }[];
  versions: { before?: string; after?: string };
  acknowledgedMs?: number;
  activationMs?: number;
  /** Who had moved the object before, where the change healed that. */
  drift?: Outcome['drift'];
  /** What somebody else did to it while it was changed. */
  meanwhile?: NonNullable<Outcome['meanwhile']>;
  match: Match;
  why?: string;
  auditIds: string[];
  records: AuditRecord[];
}

/** What somebody else did: an object that moved without a commit, or another process that uses our OAuth client. */
export interface AuditedDrift {
  type: DriftRecord['kind'];
  time: string;
  target: string;
  organization: string;
  run?: string;
  revision?: string;
  resource?: string;
  object: DriftRecord['object'];
  deleted?: true;
  fields: DriftRecord['fields'];
  /** Everybody who had a part in it, newest first; absent where the audit log does not say. */
  who?: string;
  deeds: Deed[];
  /** What else was done to the object, and how many deeds more are not listed. */
  meanwhile?: Deed[];
  more?: number;
  against?: { revision: string; commit?: string };
  ended?: DriftRecord['ended'];
  match: Match;
  why?: string;
  auditIds: string[];
}

export type Audited = AuditedChange | AuditedDrift;

export interface AuditWish {
  targets: readonly string[];
  /** `Kind/handle`. */
  resource?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
}

/** So many changes, or drifts, are in memory at a time. */
export const page = 500;
