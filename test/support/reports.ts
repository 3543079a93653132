import type { AuditRecord, DriftStory } from '../../src/model/audit.ts';
import type { Intent } from '../../src/model/contracts.ts';
import type { RequestReceipt } from '../../src/model/http.ts';
import type { DriftRecord, Journal, RunRecord, WriteMatch } from '../../src/model/journal.ts';
import type { Commit, Outcome } from '../../src/model/plan.ts';

/** Journals as runs leave them, for reports: small verbs, so that each test states only what differs. */

export const organization = 'org-1';

export const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString();

export const commit = (sha: string, more: Partial<Commit> = {}): Commit => ({
  sha: sha.repeat(40).slice(0, 40),
  author: { name: 'Ann Lee', email: 'ann@example.com' },
  committer: { name: 'GitHub', email: 'noreply@github.com' },
  at: at(0),
  message: 'Wait longer (#12)\n\nfor the CRM',
  ...more,
});

const receipt = (correlationId: string): RequestReceipt => ({
  method: 'PATCH',
  pathTemplate: '/api/v2/x/{id}',
  status: 200,
  attempts: 1,
  correlationId,
  serverDate: at(1),
  durationMs: 5,
});

export const record = (id: string, more: Partial<AuditRecord> = {}): AuditRecord => ({
  id,
  at: at(1),
  service: 'Integrations',
  action: 'Update',
  entityType: 'Action',
  entities: ['id-a'],
  remoteIp: [],
  changes: [],
  ...more,
});

/** A write of a change: what came of it, and what the audit log says. */
export interface Sent {
  correlationId?: string;
  step?: string;
  refused?: true;
  /** No answer came. */
  open?: true;
  audit?: WriteMatch;
}

export interface RanChange extends Partial<Outcome> {
  name: string;
  writes?: Sent[];
  /** True where the process ended before it could tell. */
  lost?: true;
}

/** A run with its changes, and its matches after it. */
export async function ran(
  journal: Journal,
  id: string,
  changes: readonly RanChange[],
  more: Partial<RunRecord> = {},
): Promise<RunRecord> {
  const run: RunRecord = {
    id,
    target: 'prod',
    organization,
    revision: `main@sha1:${'1'.repeat(40)}`,
    mode: 'apply',
    trigger: 'schedule',
    startedAt: at(0),
    ...more,
  };
  await journal.startRun(run);
  for (const change of changes) await changed(journal, run, change);
  if (changes.some(({ lost }) => lost)) return run;
  const status = more.status ?? 'succeeded';
  const summary = { create: 0, update: changes.length, delete: 0, unchanged: 0, held: 0, ...more.summary };
  const finished = await journal.finishRun({ finishedAt: at(2), status, summary, ...run });
  return finished;
}

async function changed(journal: Journal, run: RunRecord, change: RanChange): Promise<void> {
  const { name, writes = [{}], lost, ...rest } = change;
  const object = { type: 'data-action', key: `I/${name}`, id: `id-${name}` };
  const { action = 'update' } = rest;
  const requests: RequestReceipt[] = [];
  const matches: { audit: WriteMatch; intentId: number }[] = [];
  for (const [i, write] of writes.entries()) {
    const { step = 'patch', correlationId = `c-${run.id}-${name}-${i}`, refused, open, audit } = write;
    const wish: Omit<Intent, 'id'> = {
      runId: run.id,
      organization,
      target: run.target,
      object,
      by: `DataAction/${name}`,
      action,
      step,
      method: 'PATCH',
      path: '/api/v2/x/{id}',
      at: run.startedAt,
    };
    const { id } = await journal.intend(wish);
    if (open !== true) {
      const failure = refused === true ? { reason: 'BadRequest' as const, message: 'no' } : undefined;
      requests.push(receipt(correlationId));
      await journal.answered(id, receipt(correlationId), failure, object.id);
    }
    if (audit !== undefined) matches.push({ audit, intentId: id });
  }
  const outcome: Outcome = {
    kind: 'DataAction',
    name,
    action,
    object,
    status: 'applied',
    cause: 'commit',
    commit: commit('a'),
    fields: [{ path: '/config/timeoutSeconds', by: 'Timeout/crm', from: 10, to: 20 }],
    receipt: { requests, versionBefore: '1', versionAfter: '2' },
    ...rest,
  };
  if (lost !== true) await journal.recordOutcome(run.id, outcome);
  if (matches.length === 0) return;
  const sent = await journal.writesOf(run.id);
  await journal.keepMatches(
    organization,
    matches.map(({ audit, intentId }) => ({ audit, write: sent.find((one) => one.intentId === intentId)! })),
    matches.flatMap(({ audit }) => audit.records.map((one) => record(one))),
  );
}

export const story = (auditId: string, more: Partial<DriftStory> = {}): DriftStory => ({
  since: at(0),
  deeds: [
    {
      auditId,
      at: at(1),
      by: { user: { id: 'u1', name: 'Jo Doe' }, client: { id: 'c1', name: 'sandbox-admin' } },
      remoteIp: ['10.0.0.1'],
      action: 'Update',
      entityType: 'Action',
      changes: [{ property: 'config.timeoutSeconds', from: ['20'], to: ['3'] }],
    },
  ],
  against: { revision: `main@sha1:${'1'.repeat(40)}`, commit: commit('a').sha },
  ...more,
});

export const drift = (more: Partial<DriftRecord> = {}): Omit<DriftRecord, 'id'> => ({
  kind: 'drift',
  at: at(1),
  organization,
  target: 'prod',
  runId: 'run-1',
  revision: `main@sha1:${'1'.repeat(40)}`,
  resource: 'DataAction/a',
  object: { type: 'data-action', key: 'I/a', id: 'id-a' },
  fields: [{ path: '/config/timeoutSeconds', from: 3, to: 20, by: 'Timeout/crm' }],
  ...more,
});

/** A line of the daemon's log, so many seconds after the first moment. */
export const line = (msg: string, seconds: number, fields: object): string =>
  JSON.stringify({ level: 30, time: at(seconds), target: 'prod', ...fields, msg });

/** What the daemon logs of a run. */
export function linesOf({ id, digest, startedAt, summary }: RunRecord): string[] {
  const began = Date.parse(startedAt) / 1000 - Date.parse(at(0)) / 1000;
  return [
    line('planned', began + 1, { runId: id }),
    line('change applied', began + 1, { runId: id }),
    line('run finished', began + 2, { runId: id, digest, summary }),
  ];
}
