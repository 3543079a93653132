import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { suspend } from '../src/app/control.ts';
import { openJournal } from '../src/journal/index.ts';
import { systemClock } from '../src/model/clock.ts';
import { silent } from '../src/model/log.ts';
import { demoSeed, type Sandbox, startSandbox } from '../src/sandbox/index.ts';
import { cli, type Folder, folder } from './support/cli.ts';

let sandbox: Sandbox;
let dir: Folder;
let repo: string;
beforeEach(async () => {
  sandbox = await startSandbox({ rateLimit: 100_000, seed: demoSeed });
  dir = folder();
  repo = dir.actions('repo');
});
afterEach(async () => {
  await sandbox.close();
  dir.remove();
});

const once = { mode: 'apply' } as const;

function retireUpdateCase(): void {
  for (const file of ['timeouts/crm.yaml', 'actions/update-case.yaml']) rmSync(path.join(repo, file));
}

function edit(file: string, from: string, to: string): void {
  dir.write(`repo/${file}`, readFileSync(path.join(repo, file), 'utf8').replace(from, to));
}

/** Runs the command that a text told people to run. */
function follow(text: string, pattern: RegExp): ReturnType<typeof cli> {
  const [, words = ''] = pattern.exec(text) ?? [];
  expect(words).toMatch(/^genesys-gitops /);
  return cli(words.split(' ').slice(1));
}

describe('apply --approve', () => {
  test('what is held for its size is released by the command that plan and apply tell, and by nothing else', async () => {
    const config = dir.config(sandbox.url, { path: 'repo' }, { policy: { ...once, prune: true, maxDeletes: 0 } });
    await cli(['apply', '-c', config]);
    retireUpdateCase();
    const planned = await cli(['plan', '-c', config]);
    const held = await cli(['apply', '-c', config]);
    expect(held.code).toBe(3);
    const told = planned.stdout.trimEnd().split('\n').at(-1)!;
    expect(held.stdout.trimEnd().split('\n').at(-1)).toBe(told);
    expect(told).toMatch(/^Held for its size; after a look at it: genesys-gitops apply .* --approve [0-9a-f]{16}$/);

    const wrong = await cli(['apply', '-c', config, '--approve', '0000000000000000']);
    expect(wrong.stdout).toContain('ApprovalMismatch');
    expect(wrong.code).toBe(1);
    expect(sandbox.state.actionNamed('Update Case')).toBeDefined();

    const status = await cli(['status', '-c', config]);
    // A call that was refused says nothing of the target.
    expect(status.stdout).toMatch(/Ready {11}False {4}ChangeLimitExceeded/);
    expect(status.stdout).toMatch(/! held 1 change, ChangeLimitExceeded/);
    const released = await follow(status.stdout, /`(genesys-gitops apply .*--approve [0-9a-f]+)`/);
    expect(released.stdout).not.toContain('Held for');
    expect(released.code).toBe(0);
    expect(sandbox.state.actionNamed('Update Case')).toBeUndefined();
    const history = await cli(['history', '-c', config]);
    expect(history.stdout).toMatch(
      /by apply --approve [0-9a-f]{16} {2}run \w{8}\n {4}- deleted DataAction\/update-case/,
    );
  });

  test('an approval is for one target', async () => {
    const other = {
      name: 'other',
      organization: 'Other',
      region: 'mypurecloud.ie',
      clientId: 'x',
      clientSecret: { fromEnv: 'SECRET' },
    };
    const config = dir.config(sandbox.url, { path: 'repo' });
    const { targets } = JSON.parse(readFileSync(config, 'utf8')) as { targets: object[] };
    dir.config(sandbox.url, { path: 'repo' }, {}, { targets: [...targets, other] });
    const { code, stderr } = await cli(['apply', '-c', config, '--approve', '0000000000000000']);
    expect(stderr).toContain('add --target with one of: test, other');
    expect(code).toBe(1);
    const suspended = await cli(['suspend', '-c', config]);
    expect(suspended.stderr).toContain('add --target with one of: test, other');
    expect(suspended.code).toBe(1);
  });
});

describe('a busy organisation', () => {
  async function leased(): Promise<{ config: string; release(): Promise<void> }> {
    const config = dir.config(sandbox.url, { path: 'repo' });
    const journal = await openJournal(path.join(dir.path, 'var/journal.db'), { clock: systemClock, log: silent });
    const organization = sandbox.org.id;
    const wish = { organization, owner: 'somebody', holder: 'daemon, process 7 on pod-1' };
    const { lease } = await journal.acquireLease(wish, 60_000);
    return {
      config,
      async release() {
        await journal.releaseLease(lease);
        await journal.close();
      },
    };
  }

  test('apply tells who writes, since when, and how to go on', async () => {
    const { config, release } = await leased();
    const { code, stdout } = await cli(['apply', '-c', config]);
    await release();
    expect(stdout).toMatch(/LeaseHeld: daemon, process 7 on pod-1 has been writing to "Sandbox" since 20/);
    expect(stdout).toMatch(/To go on: wait for it \(--wait 60/);
    expect(code).toBe(1);
  });

  test('status tells that an apply is writing just now', async () => {
    const config = dir.config(sandbox.url, { path: 'repo' });
    sandbox.addFault({ when: { method: 'POST', path: '/api/v2/integrations/**' }, then: { delayMs: 4000 } });
    const applying = cli(['apply', '-c', config]);
    await expect.poll(() => sandbox.requests().length, { timeout: 10_000 }).toBeGreaterThan(2);
    const { stdout } = await cli(['status', '-c', config]);
    expect(stdout).toMatch(/Reconciling {5}True {5}Progressing, since 20.*: by apply, process \d+ on /);
    expect(stdout).toMatch(/writing now {5}apply, process \d+ on /);
    expect((await applying).code).toBe(0);
    const after = await cli(['status', '-c', config]);
    expect(after.stdout).not.toMatch(/writing now|Progressing/);
  });

  test('apply --wait goes on as soon as the organisation is free', async () => {
    const { config, release } = await leased();
    const waiting = cli(['apply', '-c', config, '--wait', '60']);
    await expect.poll(() => sandbox.requests().length, { timeout: 10_000 }).toBeGreaterThan(0);
    await release();
    const { code, stdout, stderr } = await waiting;
    expect(stdout).toContain('Applied: 3 changes');
    expect(code).toBe(0);
    // No progress in a pipe.
    expect(stderr).toBe('');
  });

  test('apply --wait gives up when its time is over', async () => {
    const { config, release } = await leased();
    const { code, stdout } = await cli(['apply', '-c', config, '--wait', '1']);
    await release();
    expect(stdout).toContain('LeaseHeld');
    expect(code).toBe(1);
  });
});

describe('suspend and resume', () => {
  test('a resource rests until it is resumed; status tells by whom, why, until when and how to undo it', async () => {
    const config = dir.config(sandbox.url, { path: 'repo' });
    await cli(['apply', '-c', config]);
    edit('timeouts/genesys.yaml', 'timeoutSeconds: 10', 'timeoutSeconds: 20');
    const args = ['--target', 'test', 'Timeout/genesys', '--reason', 'tests with the vendor', '--until', '2h'];
    const suspended = await cli(['suspend', '-c', config, ...args]);
    expect(suspended.stdout).toMatch(/^suspended Timeout\/genesys of target test until 20.*\(in 2 hours\)/);
    expect(suspended.code).toBe(0);
    expect((await cli(['apply', '-c', config])).code).toBe(3);
    expect(sandbox.state.actionNamed('Get callbacks waiting')!.config.timeoutSeconds).toBe(10);
    const status = await cli(['status', '-c', config]);
    expect(status.stdout).toMatch(
      /‖ suspended Timeout\/genesys by \S+@\S+ since 20\S+ \S+Z, until .*: tests with the vendor/,
    );

    const resumed = await follow(suspended.stdout, /to resume it: (.*)/);
    expect(resumed.stdout).toContain('resumed Timeout/genesys of target test');
    const applied = await follow(resumed.stdout, /to have it now: (.*)/);
    expect(applied.code).toBe(0);
    expect(sandbox.state.actionNamed('Get callbacks waiting')!.config.timeoutSeconds).toBe(20);
    const again = await cli(['resume', '-c', config, 'Timeout/genesys']);
    expect(again.stdout).toContain('was not suspended by hand');
    expect(again.code).toBe(0);
  });

  test("a whole target rests, by hand or by the daemon's file", async () => {
    const config = dir.config(sandbox.url, { path: 'repo' }, { suspend: true, suspendReason: 'frozen' });
    const journal = await openJournal(path.join(dir.path, 'var/journal.db'), { clock: systemClock, log: silent });
    await suspend(journal, 'test', 'Timeout/crm', { until: '2026-01-01T00:00:00Z' });
    await journal.close();
    const json = await cli(['suspend', '-c', config, '--output', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ target: 'test', suspended: true, by: expect.any(String) });
    const status = await cli(['status', '-c', config, '--output', 'json']);
    expect(JSON.parse(status.stdout)).toMatchObject([
      { suspended: [{ where: 'configuration', reason: 'frozen' }, { where: 'journal' }], held: [], stalled: [] },
    ]);
    const resumed = await cli(['resume', '-c', config]);
    expect(resumed.stdout).toContain("still suspended: the whole target, by `suspend: true` in the daemon's file");
    expect(sandbox.requests()).toEqual([]);
  });

  test.each([
    [['DataAcion/x'], 'did you mean "DataAction/x"?'],
    [['Timeout'], 'one is named by kind and handle, as Timeout/get-customer'],
    [['Environment/prod'], 'there is no kind "Environment"'],
    [['--until', '2020-01-01'], 'is past'],
    [['--until', '2026-02-30'], 'is no time'],
    [['--until', 'tomorrow'], 'is no time'],
  ])('%j is refused', async (args, message) => {
    const { code, stderr } = await cli(['suspend', '-c', dir.config(sandbox.url, { path: 'repo' }), ...args]);
    expect(stderr).toContain(message);
    expect(code).toBe(1);
  });
});
