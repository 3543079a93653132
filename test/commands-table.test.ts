import { expect, test } from 'vitest';
import { renderHistory } from '../src/cli/history.ts';
import { outcomeLines } from '../src/cli/render-outcomes.ts';
import { type How, renderStatus } from '../src/cli/render-status.ts';
import { renderTargets } from '../src/cli/render-targets.ts';
import { statusOf, type TargetStatus } from '../src/cli/status.ts';
import type { Facts } from '../src/cli/status-facts.ts';
import { plain } from '../src/cli/text.ts';
import { away } from '../src/cli/when.ts';
import type { Reason } from '../src/model/failure.ts';
import type { RunRecord } from '../src/model/journal.ts';
import type { Outcome } from '../src/model/plan.ts';

const evil = '\u001b[2J\nall ✓ ready';
const at = (minute: number): string => new Date(Date.UTC(2026, 10, 21, 8, minute)).toISOString();
const now = new Date(at(50));
const how: How = { paint: plain, now, width: Number.POSITIVE_INFINITY, config: 'genesys-gitops.yaml' };
const [older, newer] = ['8c8dc18b01c83377', '3f9a1c2d4e5f6071'].map((digits) => `main@sha1:${digits}`) as [
  string,
  string,
];

function ran(minute: number, more: Partial<RunRecord> = {}): RunRecord {
  return {
    id: `run-${minute}`,
    target: 'x',
    organization: 'org',
    revision: newer,
    mode: 'apply',
    trigger: 'revision',
    startedAt: at(minute),
    finishedAt: at(minute),
    status: 'succeeded',
    reason: 'ReconciliationSucceeded',
    summary: { create: 0, update: 0, delete: 0, unchanged: 3, held: 0 },
    ...more,
  };
}

const beat = { holder: 'process 7 on pod-1', startedAt: at(0), beatAt: at(50), version: '1' };

function facts(target: string, runs: RunRecord[], more: Partial<Facts> = {}): Facts {
  const daemons = [{ ...beat, targets: [{ name: target, nextRunAt: at(54) }] }];
  return {
    target,
    organization: `Acme ${target}`,
    now,
    runs,
    outcomes: [],
    suspensions: [],
    stalled: [],
    drifts: [],
    conflicts: 0,
    daemons,
    ...more,
  };
}

const soaking = { revision: newer, since: at(38) };
const healthy = { applied: [{ revision: older, since: at(0) }, soaking], healthySince: at(0) };
const follows = (followed: object, suspended = false): Partial<Facts> => ({
  follows: {
    soak: '30m',
    suspended,
    followed: { other: 'staging', soakMs: 1_800_000, standing: healthy, ...followed } as never,
  },
});
const next = { ...soaking, readyAt: at(68) };
const tooMany = { status: 'held', reason: 'ChangeLimitExceeded' } as const;
const away500 = { status: 'unreachable', reason: 'ServerError', message: 'GET /x: 503' } as const;

const all: TargetStatus[] = [
  facts('staging', [ran(45, { trigger: 'schedule' }), ran(38, { activationMs: 2_340 }), ran(0, { revision: older })]),
  facts('production-emea', [ran(46, { revision: older }), ran(5, { revision: older, activationMs: 74_000 })], {
    ...follows({ current: older, choice: { revision: older, since: at(0), next } }),
  }),
  facts('production-apac', [ran(46, { revision: older })], {
    ...follows(
      {
        current: older,
        standing: { ...healthy, broken: { since: at(44), reason: 'Suspended' } },
        choice: { revision: older },
      },
      true,
    ),
  }),
  facts('new', [], follows({ choice: { next } })),
  facts('sandbox', [ran(44, tooMany), ran(1, { revision: older, activationMs: 900_000 })]),
  facts(`dr ${evil}`, [ran(44, away500), ran(2)]),
  facts('left', [], { daemons: [] }),
].map((one) => statusOf(one, how.config));

test('the table of all targets, wide, and on terminals of 120 and 80 columns', async () => {
  for (const width of [120, 80]) {
    const text = renderTargets(all, { ...how, width });
    await expect(`${text}\n`).toMatchFileSnapshot(`golden/targets-${width}.txt`);
    expect(text.split('\n').filter((line) => line.length > width)).toEqual([]);
    expect(text.split('\n')).toHaveLength(all.length + 1);
  }
  expect(renderTargets(all, how)).not.toContain('…');
});

test('nobody is told to expect a revision that no daemon will bring', () => {
  const alone = statusOf(facts('new', [], { ...follows({ choice: { next } }), daemons: [] }), how.config);
  expect(renderTargets([alone], how)).toMatch(/\? RevisionNotReady +none +no daemon$/m);
});

test('what was written and is not in force is not healthy', () => {
  const held = (reason: Reason) => [
    {
      kind: 'K',
      name: 'shop',
      action: 'update',
      object: { type: 't', id: 'i', key: 'k' },
      reason,
      message: 'not served yet',
    } as const,
  ];
  const of = (reason: Reason) =>
    statusOf(facts('x', [ran(40, { status: 'held', reason, held: held(reason) })]), how.config).conditions.find(
      ({ type }) => type === 'Healthy',
    );
  expect(of('ActivationPending')).toMatchObject({
    type: 'Healthy',
    status: 'False',
    reason: 'ActivationPending',
    message: 'K/shop: not served yet',
  });
  expect(of('ActivationFailed')).toMatchObject({ status: 'False', reason: 'ActivationFailed' });
  expect(of('ChangeLimitExceeded')).toMatchObject({ status: 'True' });
});

test('a reason of a newer build on the same journal is told as it is', () => {
  const reason = 'OfANewerBuild' as Reason;
  const status = statusOf(facts('x', [ran(40, { status: 'failed', reason })]), how.config);
  expect(status.conditions[0]).toMatchObject({ status: 'False', reason });
});

test('the longest names and reasons leave room for the rest', () => {
  const long = statusOf(facts('t'.repeat(90), [ran(44, tooMany)]), how.config);
  const text = renderTargets([long, long], { ...how, width: 80 });
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(text).toMatch(/^t{10,}… .* ! ChangeLimit\w*… .* in 4 min$/m);
});

test('below the table: whom a target follows, and what it waits for', () => {
  const [, emea, apac, fresh] = all.map((one) => renderStatus(one, how));
  expect(emea).toContain(
    '  follows         staging, soak time 30m; waits for staging: main@sha1:3f9a1c2d4e was applied there at 2026-11-21 08:38:00Z, and is taken at 2026-11-21 09:08:00Z (in 18 minutes)',
  );
  expect(apac).toContain(
    '; waits for staging to be healthy, which it has not been since 2026-11-21 08:44:00Z (Suspended); staging is suspended',
  );
  expect(fresh).toContain('  Ready           Unknown  RevisionNotReady\n');
});

test('as JSON: whose revisions, how long they soak, and when the next is taken', () => {
  const [staging, emea, apac] = all;
  expect([staging!.activationMs, emea!.activationMs, apac!.activationMs]).toEqual([2_340, 74_000, undefined]);
  expect(emea!.after).toEqual({
    target: 'staging',
    soak: '30m',
    readyAt: at(68),
    waitingFor: expect.stringContaining('staging: main@sha1:3f9a1c2d4e was applied there'),
  });
  expect(apac!.after).not.toHaveProperty('readyAt');
  expect([staging!.after, staging!.lastAppliedAt, staging!.organization]).toEqual([undefined, at(38), 'Acme staging']);
});

test('history and outcomes say how long it took to come into force', () => {
  const outcome: Outcome = {
    kind: 'WebMessagingDeployment',
    name: 'shop',
    action: 'update',
    object: { type: 'web-messaging-deployment', key: 'Shop', id: '1' },
    status: 'applied',
    receipt: { requests: [], activationMs: 2_340 },
  };
  const told = (run: RunRecord, outcomes: Outcome[]): string =>
    renderHistory({ target: 'prod', entries: [{ type: 'run', run, outcomes }] }, { paint: plain, width: 200 });
  expect(told(ran(38, { activationMs: 2_340 }), [outcome])).toMatch(
    /updated WebMessagingDeployment\/shop .* active in 2\.3 s$/m,
  );
  expect(told(ran(40, { activationMs: 190_000 }), [])).toContain(
    'what an earlier run wrote is in force, 3 min after that',
  );
  expect([...outcomeLines([outcome], 5, plain)][0]).toBe(
    '✓ updated WebMessagingDeployment/shop  "Shop"  active in 2.3 s',
  );
});

test('how far away, in few columns', () => {
  const ms = [0, 59_000, 60_000, 5_400_000, 26 * 3_600_000, 15 * 86_400_000];
  expect(ms.map((far) => away(new Date(now.getTime() - far), now))).toEqual([
    '0 s',
    '59 s',
    '1 min',
    '2 h',
    '1 d',
    '2 w',
  ]);
  expect(away(new Date(now.getTime() + 59_700), now)).toBe('1 min');
});
