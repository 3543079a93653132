import path from 'node:path';
import { expect, test } from 'vitest';
import { conditionsOf } from '../src/cli/conditions.ts';
import type { Facts } from '../src/cli/status-facts.ts';
import { openJournal } from '../src/journal/index.ts';
import { systemClock } from '../src/model/clock.ts';
import { silent } from '../src/model/log.ts';
import type { Sandbox } from '../src/sandbox/index.ts';
import { cli, type Folder } from './support/cli.ts';
import { useSandbox } from './support/sandbox.ts';

let sandbox: Sandbox;
let dir: Folder;
useSandbox((made) => {
  ({ sandbox, dir } = made);
});

/** Runs the command that a text told people to run. */
function follow(text: string, pattern: RegExp): ReturnType<typeof cli> {
  const [, words = ''] = pattern.exec(text) ?? [];
  expect(words).toMatch(/^genesys-gitops /);
  return cli(words.split(' ').slice(1));
}

test('a target that was renamed takes its objects over by the command that status and inventory tell', async () => {
  dir.actions('repo');
  const config = dir.config(sandbox.url, { path: 'repo' });
  expect((await cli(['inventory', '-c', config])).stdout).toBe('test  manages nothing yet\n');
  await cli(['apply', '-c', config]);
  const before = await cli(['inventory', '-c', config]);
  expect(before.stdout).toMatch(/^test {2}3 objects, organisation \S+\n/);
  expect(before.stdout).toMatch(/\n {2}DataAction\/get-customer +data-action {2}\S+ {2}Web Services.*\/Get Customer\n/);
  const own = await cli(['inventory', '-c', config, '--target', 'test', '--take-from', 'test']);
  expect([own.code, own.stderr]).toMatchObject([1, expect.stringContaining('is a target of the configuration')]);
  const runs = await cli(['status', '-c', config, '--output', 'json']);
  const [{ lastRun }] = JSON.parse(runs.stdout) as [{ lastRun: { requests: number; organization: string } }];
  expect(lastRun.requests).toBeGreaterThan(5);

  dir.config(sandbox.url, { path: 'repo' }, { name: 'renamed' });
  expect((await cli(['apply', '-c', config])).code).toBe(3);
  const lost = await cli(['inventory', '-c', config]);
  expect(lost.stdout).toMatch(
    /^renamed {2}manages nothing yet, organisation \S+\n\ntest {2}3 objects, .*; no target of/,
  );
  const json = JSON.parse((await cli(['inventory', '-c', config, '--output', 'json'])).stdout) as object[];
  expect(json).toMatchObject([{ configured: true }, { configured: false, takeOver: expect.stringContaining('test') }]);
  const status = await cli(['status', '-c', config]);
  expect(status.stdout).toContain('the configuration has no target "test" any more; where it was renamed:');

  const journal = await openJournal(path.join(dir.path, 'var/journal.db'), { clock: systemClock, log: silent });
  const wish = { organization: lastRun.organization, owner: 'o', holder: 'somebody else' };
  const { lease } = await journal.acquireLease(wish, 60_000);
  const busy = await follow(status.stdout, /renamed: `([^`]+)`/);
  expect([busy.code, busy.stderr]).toMatchObject([1, expect.stringContaining('somebody else is writing')]);
  await journal.releaseLease(lease);
  await journal.close();

  const taken = await follow(lost.stdout, /to take them over: (.*)\n/);
  expect(taken.stdout).toMatch(/^target renamed manages 3 objects of test now\nto see what that changes: /);
  const plan = await follow(taken.stdout, /changes: (.*)\n/);
  expect(plan.stdout).toContain('3 unchanged');
  expect((await cli(['inventory', '-c', config])).stdout).toMatch(/^renamed {2}3 objects/);
  const again = await follow(lost.stdout, /to take them over: (.*)\n/);
  expect([again.code, again.stderr]).toMatchObject([1, expect.stringContaining('knows no objects of "test"')]);
}, 60_000);

test('what no run has told of cannot be taken over', async () => {
  dir.actions('repo');
  const config = dir.config(sandbox.url, { path: 'repo' });
  const { code, stderr } = await cli(['inventory', '-c', config, '--take-from', 'old']);
  expect([code, stderr]).toMatchObject([1, expect.stringContaining('knows no organisation')]);
});

const now = new Date('2026-11-21T12:00:00Z');
const ago = (minutes: number): string => new Date(now.getTime() - minutes * 60_000).toISOString();

/** How `Ready` is told, where the last run ended so many minutes ago. */
function ready(minutes: number, trigger: string, daemon?: { overdue?: number }, status = 'succeeded') {
  const at = ago(minutes);
  const run = { id: 'r', target: 'a', revision: 'x', mode: 'apply', startedAt: at, finishedAt: at, status, trigger };
  const overdue = daemon?.overdue === undefined ? {} : { overdueSince: ago(daemon.overdue) };
  const alive = { holder: 'p', startedAt: ago(999), beatAt: ago(0), version: '', targets: [{ name: 'a', ...overdue }] };
  const daemons = daemon === undefined ? [] : [alive];
  const facts = {
    target: 'a',
    now,
    runs: [run],
    outcomes: [],
    suspensions: [],
    stalled: [],
    drifts: [],
    conflicts: 0,
    daemons,
  };
  const found = conditionsOf(facts as unknown as Facts)[0]!;
  return `${found.status} ${found.reason} ${found.since}`;
}

test('Ready is no more than what the last run can tell', () => {
  expect(ready(60, 'schedule')).toBe(`Unknown Stale ${ago(60)}`);
  expect(ready(4, 'schedule')).toMatch(/^True/);
  // Who applies by hand has no daemon to miss, and what failed has not become better.
  expect(ready(9999, 'apply')).toMatch(/^True/);
  expect(ready(60, 'schedule', undefined, 'failed')).toMatch(/^False/);
  // A daemon with a schedule of days is well; one whose run is due and does not end is not.
  expect(ready(1200, 'schedule', {})).toMatch(/^True/);
  expect(ready(60, 'schedule', { overdue: 20 })).toBe(`Unknown Stale ${ago(20)}`);
  expect(ready(60, 'schedule', { overdue: 10 })).toMatch(/^True/);
  expect(ready(5, 'schedule', { overdue: 20 })).toMatch(/^True/);
});
