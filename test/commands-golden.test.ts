import { expect, test } from 'vitest';
import { foldRuns } from '../src/cli/fold-runs.ts';
import { renderHistory } from '../src/cli/history.ts';
import { renderStatus } from '../src/cli/render-status.ts';
import { renderResults } from '../src/cli/report.ts';
import { statusOf } from '../src/cli/status.ts';
import type { Facts } from '../src/cli/status-facts.ts';
import { type Paint, plain } from '../src/cli/text.ts';
import type { RunRecord } from '../src/model/journal.ts';
import type { Outcome, Summary } from '../src/model/plan.ts';

const evil = '\u001b[2J\n- delete DataAction/all\u202e';
const commit = {
  sha: '3f9a1c2d4e5f60718293a4b5c6d7e8f901234567',
  author: { name: `Ann ${evil}`, email: 'ann@example.com' },
  committer: { name: 'Ann', email: 'ann@example.com' },
  at: '2026-11-21T07:00:00Z',
  message: `Wait longer ${evil}\n\nsecond line`,
};
const object = (name: string): Outcome['object'] => ({ type: 'data-action', key: `CRM/${name}`, id: `id-${name}` });
const receipt = (correlationId: string): Outcome['receipt'] => ({
  requests: [{ method: 'PATCH', pathTemplate: '/x', status: 200, attempts: 1, correlationId, durationMs: 3 }],
});
const summary = (more: Partial<Summary>): Summary => ({
  create: 0,
  update: 0,
  delete: 0,
  unchanged: 7,
  held: 0,
  ...more,
});

function at(minute: number): string {
  return new Date(Date.UTC(2026, 10, 21, 8, minute)).toISOString();
}

function ran(minute: number, more: Partial<RunRecord> = {}): RunRecord {
  return {
    id: `run-${minute}`,
    target: 'prod',
    organization: 'org',
    revision: 'main@sha1:8c8dc18b01c83377aa8c8dc18b01c83377aa8c8d',
    mode: 'apply',
    trigger: 'schedule',
    startedAt: at(minute),
    finishedAt: at(minute),
    status: 'succeeded',
    reason: 'ReconciliationSucceeded',
    summary: summary({}),
    ...more,
  };
}

const held = ['a', evil].map((name) => ({
  kind: 'DataAction',
  name,
  action: 'delete' as const,
  object: object(name),
  reason: 'ChangeLimitExceeded' as const,
  message: '2 objects would be deleted; policy.maxDeletes is 1',
}));
const tooLarge = { status: 'held', reason: 'ChangeLimitExceeded', held, approval: 'ce34071a2e5970cf' } as const;

/** Newest first: on its way, held three times, quiet, a bad commit between quiet runs, drift, a commit in part. */
const runs: RunRecord[] = [
  { ...ran(50, { trigger: 'request' }), status: undefined, finishedAt: undefined } as unknown as RunRecord,
  ...[45, 40, 35].map((minute) => ran(minute, { ...tooLarge, summary: summary({ held: 2 }) })),
  ran(30),
  ran(25, { status: 'failed', reason: 'ValidationFailed', message: `bad ${evil}`, revision: 'main@sha1:bad' }),
  ran(24),
  ran(20, { status: 'failed', reason: 'ValidationFailed', message: `bad ${evil}`, revision: 'main@sha1:bad' }),
  ran(19),
  ran(10, { summary: summary({ update: 1 }), notes: ['the branch was rewritten'] }),
  ran(5, {
    status: 'failed',
    reason: 'ReconciliationFailed',
    trigger: 'revision',
    summary: summary({ update: 2, create: 1 }),
  }),
];
const timeout = { path: '/config/timeoutSeconds', by: 'Timeout/crm' };
const outcomes: Record<string, Outcome[]> = {
  'run-10': [
    {
      kind: 'DataAction',
      name: 'get',
      action: 'update',
      object: object('Get'),
      status: 'applied',
      cause: 'drift',
      fields: [timeout],
      receipt: receipt('c-10'),
    },
    {
      kind: 'Flow',
      name: 'main',
      action: 'update',
      object: { type: 'flow', key: 'inboundCall/Main', id: '8' },
      status: 'applied',
      cause: 'drift',
      fields: [
        { path: '/content', by: 'Flow/main' },
        { path: '/timeouts/Main › Get', by: 'FlowTimeout/main' },
      ],
      warnings: [`the queue is empty ${evil}`],
      receipt: { ...receipt('c-11'), versionBefore: '2.0', versionAfter: '3.0', trace: { job: `j-1${evil}` } },
    },
  ],
  'run-5': [
    {
      kind: 'DataAction',
      name: 'new',
      action: 'create',
      object: object('New'),
      status: 'applied',
      cause: 'create',
      fields: [timeout],
      commit,
      receipt: receipt('c-1'),
    },
    {
      kind: 'DataAction',
      name: 'get',
      action: 'update',
      object: object('Get'),
      status: 'applied',
      cause: 'both',
      commit,
      fields: [timeout, ...Array.from({ length: 10 }, (_, i) => ({ path: `/config/f${i}`, by: 'DataAction/get' }))],
      receipt: receipt(`c-2${evil}`),
    },
    {
      kind: 'DataAction',
      name: evil,
      action: 'update',
      object: object(evil),
      status: 'failed',
      reason: 'PermissionMissing',
      message: `the client lacks integrations:action:edit ${evil}`,
      cause: 'commit',
      commit: { ...commit, sha: 'b'.repeat(40), author: { name: 'Bob', email: '' } },
      receipt: receipt('c-3'),
    },
  ],
};

function history(paint: Paint, width: number, all = false): string {
  const { entries } = foldRuns(runs, { limit: 20, all });
  const told = entries.map((entry) =>
    entry.type === 'run' ? { ...entry, outcomes: outcomes[entry.run.id] ?? [] } : entry,
  );
  return renderHistory({ target: 'prod', entries: told }, { paint, width, running: 'run-50' });
}

const now = new Date(at(50));
const facts: Facts = {
  target: 'prod',
  now,
  runs,
  outcomes: [],
  lastChange: { run: runs.at(-1)!, outcomes: outcomes['run-5']!.slice(0, 2) },
  lease: {
    organization: 'org',
    owner: 'run-50',
    holder: `daemon, process 7 on pod-1 ${evil}`,
    fence: 3,
    since: at(50),
    expiresAt: at(51),
    ttlMs: 30_000,
  },
  suspensions: [
    { where: 'configuration', reason: `maintenance ${evil}` },
    {
      resource: `Timeout/crm ${evil}`,
      by: 'ann@laptop',
      at: at(1),
      until: at(120),
      where: 'journal',
      reason: 'tests with the vendor',
    },
  ],
  drifts: [
    {
      id: 2,
      kind: 'drift',
      at: at(30),
      organization: 'org',
      target: 'prod',
      resource: `DataAction/${evil}`,
      object: object('lost'),
      fields: [],
      deleted: true,
    },
    {
      id: 1,
      kind: 'drift',
      at: at(20),
      organization: 'org',
      target: 'prod',
      resource: 'Timeout/crm',
      object: object('a'),
      fields: [{ path: '/config/timeoutSeconds', by: 'Timeout/crm', from: 3, to: 30 }],
      story: {
        since: at(0),
        deeds: [
          {
            auditId: 'audit-1',
            at: at(19),
            by: { user: { id: 'u', name: `Ann ${evil}` }, client: { id: 'c', name: 'sandbox-admin' } },
            remoteIp: ['10.0.0.1'],
            action: 'Update',
            entityType: 'Action',
            changes: [],
          },
        ],
      },
    },
  ],
  conflicts: 0,
  stalled: [
    {
      name: `DataAction/${evil}`,
      reason: 'PermissionMissing',
      message: `the client lacks a permission ${evil}`,
      since: at(5),
      againAt: at(65),
    },
  ],
  daemons: [
    {
      holder: 'process 7 on pod-1',
      startedAt: at(0),
      beatAt: at(50),
      version: '0.1.0',
      targets: [
        { name: 'prod', nextRunAt: at(54), runningSince: at(50) },
        { name: 'other', nextRunAt: at(51) },
      ],
      nextPollAt: new Date(now.getTime() + 20_000).toISOString(),
    },
  ],
};
const how = { paint: plain, now, width: Number.POSITIVE_INFINITY, config: 'genesys-gitops.yaml' };

test('history in a pipe', async () => {
  await expect(`${history(plain, Number.POSITIVE_INFINITY)}\n`).toMatchFileSnapshot('golden/history.txt');
});

test('history on a terminal of 80 columns', async () => {
  const text = history(plain, 80);
  await expect(`${text}\n`).toMatchFileSnapshot('golden/history-80.txt');
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test('status in a pipe, and on a terminal of 80 columns', async () => {
  await expect(`${renderStatus(statusOf(facts, how.config), how)}\n`).toMatchFileSnapshot('golden/status.txt');
  const narrow = renderStatus(statusOf(facts, how.config), { ...how, width: 80 });
  await expect(`${narrow}\n`).toMatchFileSnapshot('golden/status-80.txt');
});

test('status as JSON keeps its form', async () => {
  const json = JSON.stringify(statusOf(facts, how.config), null, 2);
  await expect(`${json}\n`).toMatchFileSnapshot('golden/status.json');
});

test("a daemon's sign of life is older than a run that ended since", () => {
  const reconciling = (runningSince: string): string | undefined => {
    const daemons = [{ ...facts.daemons[0]!, targets: [{ name: 'prod', runningSince }] }];
    const { lease: _none, ...rest } = facts;
    const { conditions } = statusOf({ ...rest, runs: runs.slice(1), daemons }, how.config);
    return conditions.find(({ type }) => type === 'Reconciling')?.status;
  };
  expect([at(44), at(46)].map(reconciling)).toEqual(['False', 'True']);
});

test('nothing that somebody else wrote makes a line or an escape of its own', () => {
  for (const text of [history(plain, 1000, true), renderStatus(statusOf(facts, how.config), how)]) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly the characters meant
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
    expect(text.split('\n').filter((line) => line.startsWith('- delete'))).toEqual([]);
  }
});

test('quiet and repeated runs are folded, all are told with --all, and the limit counts what is told', () => {
  const shape = (options: { limit: number; all?: boolean }): string[] =>
    foldRuns(runs, options).entries.map((one) =>
      one.type === 'quiet' ? `quiet ${one.count}` : `${one.run.id}${one.same ? ` +${one.same.count}` : ''}`,
    );
  expect(shape({ limit: 20 })).toEqual(['run-50', 'run-45 +2', 'quiet 1', 'run-25 +1', 'quiet 2', 'run-10', 'run-5']);
  expect(shape({ limit: 2 })).toEqual(['run-50', 'run-45 +2', 'quiet 1']);
  expect(shape({ limit: 99, all: true })).toHaveLength(runs.length);
});

const waiting = {
  target: 'prod',
  organization: { id: 'org', name: 'Acme' },
  revision: 'main@sha1:8c8dc18b01',
  changes: [],
  held: held.map((one) => ({ ...one, cause: 'commit' as const, fields: [] })),
  unchanged: [],
  problems: [],
  warnings: [],
  approval: 'ce34071a2e5970cf',
};
const report = { plan: waiting, desired: { warnings: [] }, outcomes: [], mode: 'plan', locate: () => undefined };
const results = [{ target: 'prod', report }] as never;

test('what waits for an approval is told last, with the command for this very call', () => {
  const call = { config: "my config's.yaml", revision: 'main@sha1:8c8dc18b01', only: ['DataAction/a', 'DataAction/b'] };
  const command =
    "genesys-gitops apply -c 'my config'\\''s.yaml' --target prod --revision main@sha1:8c8dc18b01 --only DataAction/a DataAction/b --approve ce34071a2e5970cf";
  expect(renderResults(results, 'text', plain, call).split('\n').at(-1)).toBe(
    `Held for its size; after a look at it: ${command}`,
  );
  expect(renderResults(results, 'markdown', plain, call)).toMatch(
    /Held for its size; after a look at it:\n\n```\ngenesys-gitops apply [^\n]*\n```$/,
  );
  expect(JSON.parse(renderResults(results, 'json', plain, call))).toMatchObject([{ approval: 'ce34071a2e5970cf' }]);
});
