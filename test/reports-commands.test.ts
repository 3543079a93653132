import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Audited, AuditedChange } from '../src/cli/audited.ts';
import { main } from '../src/cli/index.ts';
import type { Sandbox } from '../src/sandbox/index.ts';
import type { Folder } from './support/cli.ts';
import { useSandbox } from './support/sandbox.ts';

let sandbox: Sandbox;
let dir: Folder;
let config: string;
useSandbox((made) => {
  ({ sandbox, dir } = made);
});

beforeEach(() => {
  vi.stubEnv('SECRET', 'sandbox-secret');
  dir.actions('work');
  commit('Ann Lee', 'The example');
  config = dir.config(sandbox.url, { url: `file://${path.join(dir.path, 'work')}`, branch: 'main' });
});
afterEach(() => {
  vi.unstubAllEnvs();
});

function commit(author: string, message: string): string {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', `user.name=${author}`, '-c', 'user.email=a@example.com', ...args], {
      cwd: path.join(dir.path, 'work'),
      encoding: 'utf8',
    }).trim();
  if (!existsSync(path.join(dir.path, 'work/.git'))) git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', `--message=${message}`);
  return git('rev-parse', 'HEAD');
}

/** A command in this process: what it prints, and its exit code. */
async function cli(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const told = { stdout: '', stderr: '' };
  const taken = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation(((text: string, done?: () => void) => {
      told[name] += text;
      done?.();
      return true;
    }) as never),
  );
  try {
    return { code: await main([...args, '-c', config]), ...told };
  } finally {
    for (const one of taken) one.mockRestore();
  }
}

async function report(...args: string[]): Promise<Audited[]> {
  const { stdout } = await cli('audit', '--output', 'json', ...args);
  return JSON.parse(stdout) as Audited[];
}

/** The example, a commit, what `sandbox-admin` does to it, and the run that heals that. */
async function story(): Promise<string> {
  await cli('apply');
  const file = path.join(dir.path, 'work/environments/prod.yaml');
  dir.write('work/environments/prod.yaml', readFileSync(file, 'utf8').replace('crmTimeout: 15', 'crmTimeout: 25'));
  const sha = commit('Bob Ray', 'Wait longer (#12)');
  await cli('apply');
  const action = sandbox.state.actionNamed('Get Customer')!;
  sandbox.state.editAction(action.id, { config: { ...action.config, timeoutSeconds: 3 } });
  sandbox.state.releaseAudits();
  await cli('apply');
  sandbox.state.releaseAudits();
  return sha;
}

test('audit asks for what waits and tells each change and drift once; trace finds all from the commit', async () => {
  const sha = await story();
  const all = await report('--since', '1h');
  const changes = all.filter((one): one is AuditedChange => one.type === 'change');
  const drifts = all.filter((one) => one.type !== 'change');
  const updates = sandbox
    .requests()
    .filter(({ method, path: to }) => /^P(OST|ATCH)/.test(method) && /actions/.test(to));
  expect(changes.map(({ match }) => match)).toEqual(changes.map(() => 'matched'));
  expect(changes).toHaveLength(updates.length);
  const ids = changes.flatMap(({ requests }) => requests.map(({ correlationId }) => correlationId));
  expect(new Set(ids).size).toBe(updates.length);
  const records = sandbox.state.audits().filter(({ actor }) => actor.clientId === 'sandbox-daemon');
  expect(changes.flatMap(({ auditIds }) => auditIds).sort()).toEqual(records.map(({ id }) => id).sort());
  expect(changes.find(({ commit: of }) => of?.sha === sha)).toMatchObject({
    commit: { author: { name: 'Bob Ray' }, pullRequest: '#12' },
    fields: [{ path: '/config/timeoutSeconds', from: 15, to: 25, by: 'Timeout/crm' }],
    versions: { before: '1', after: '2' },
  });
  expect(drifts).toMatchObject([{ type: 'drift', resource: 'DataAction/get-customer', ended: { how: 'healed' } }]);

  const { stdout, code } = await cli('trace', sha.slice(0, 7), '--output', 'json', '--offline');
  const trace = JSON.parse(stdout) as { runs: { changes: AuditedChange[] }[]; drifts: unknown[] };
  expect(code).toBe(0);
  expect(trace.runs.flatMap((run) => run.changes.map(({ cause, match }) => [cause, match]))).toEqual([
    ['drift', 'matched'],
    ['commit', 'matched'],
  ]);
  expect(trace.drifts).toHaveLength(1);
  for (const output of ['csv', 'markdown', 'text']) {
    const { stdout: text } = await cli('audit', '--output', output, '--offline');
    for (const { auditIds } of all) for (const id of auditIds) expect(text.split(id)).toHaveLength(2);
  }
});

test('where Genesys cannot be asked it is said, and what is known is reported; offline nothing is asked', async () => {
  await cli('apply');
  sandbox.clearRequests();
  const offline = await report('--offline');
  expect(offline.map(({ match, why }) => [match, why])).toEqual(
    offline.map(() => ['unmatched', 'its audit record is still waited for']),
  );
  expect(offline).toHaveLength(3);
  expect(sandbox.requests()).toEqual([]);
  sandbox.addFault({ when: { method: 'GET', path: '/api/v2/audits/**' }, then: { status: 403 } });
  const refused = await cli('audit', '--output', 'json');
  expect(refused.stderr).toMatch(/^test: Genesys's audit log cannot be asked, so what is known is reported \(\w+: /);
  expect(JSON.parse(refused.stdout)).toEqual(offline);
  expect(refused.code).toBe(0);
  vi.stubEnv('SECRET', 'wrong');
  const unreachable = await cli('audit');
  expect(unreachable.stderr).toMatch(/audit log cannot be asked, .* \(AuthenticationFailed: /);
  expect(unreachable.stdout).toContain('\n3 changes: 3 unmatched; 0 drifts\n');
  expect(unreachable.code).toBe(0);
});

test('before there is a journal the report is empty, and none is made', async () => {
  expect(await cli('audit', '--output', 'json')).toEqual({ code: 0, stdout: '[\n]\n', stderr: '' });
  expect(await cli('audit')).toMatchObject({ code: 0, stdout: '0 changes; 0 drifts\n' });
  expect((await cli('audit', '--output', 'csv')).stdout.split('\r\n')).toHaveLength(2);
  expect(existsSync(path.join(dir.path, 'var'))).toBe(false);
});

test('trace asks for an audit record that the journal does not know, and says where it looked for what is nowhere', async () => {
  await cli('apply');
  const action = sandbox.state.actionNamed('Get Customer')!;
  sandbox.state.editAction(action.id, { config: { ...action.config, timeoutSeconds: 3 } });
  sandbox.state.releaseAudits();
  const admins = sandbox.state.audits().find(({ actor }) => actor.clientId !== 'sandbox-daemon')!;
  const known = await cli('trace', admins.id);
  expect(known.stdout).toMatch(/the journal does not know it; Genesys tells of these audit records:\n.*Action Update/);
  expect(known.code).toBe(0);
  const nowhere = await cli('trace', '00000000-0000-4000-8000-000000000000');
  expect(nowhere).toMatchObject({ code: 1, stdout: '' });
  expect(nowhere.stderr).toMatch(
    /is nowhere: looked in the journal for a run, .*, and asked Genesys for such an audit/,
  );
  const offline = await cli('trace', '00000000-0000-4000-8000-000000000000', '--offline');
  expect(offline.stderr).toContain('; Genesys was not asked');
});

test('history by author and resource, page by page, and one run as a story', async () => {
  await story();
  const told = async (...args: string[]): Promise<{ run: string; names: string[]; others?: object }[]> => {
    const { stdout } = await cli('history', '--output', 'json', ...args);
    const [{ entries }] = JSON.parse(stdout) as [
      { entries: { run: { id: string }; outcomes: { name: string }[]; others?: object }[] },
    ];
    return entries.map(({ run, outcomes, ...rest }) => ({
      run: run.id,
      names: outcomes.map(({ name }) => name),
      ...(rest.others === undefined ? {} : { others: rest.others }),
    }));
  };
  const all = await told();
  expect(all.map(({ names }) => names.length)).toEqual([1, 1, 3]);
  expect(await told('--author', 'bob ray')).toEqual([all[1]]);
  const crm = await told('--resource', 'Timeout/crm');
  expect(crm.map(({ names, others }) => [names.length, others])).toEqual([
    [1, undefined],
    [1, undefined],
    [2, { applied: 1, notApplied: 0 }],
  ]);
  const { stdout: page } = await cli('history', '--limit', '1');
  const [, before] = /older: genesys-gitops history .* --before (\w{8})/.exec(page)!;
  expect(await told('--before', before!)).toEqual(all.slice(1));
  expect(await told('--until', '1h')).toEqual([]);
  for (const [args, said] of [
    [['--revision', 'main'], /a revision looks like/],
    [['--resource', 'Timeouts/crm'], /no kind "Timeouts"/],
    [['--before', 'x'], /no such run/],
  ] as const) {
    expect(await cli('history', ...args)).toMatchObject({ code: 1, stderr: expect.stringMatching(said) });
  }
  const shown = await cli('history', 'show', all[0]!.run.slice(0, 8));
  expect(shown.stdout).toMatch(/^test {2}run [0-9a-f-]{36}\n[\s\S]*came to {7}✓ 1 change\n[\s\S]*\n {2}1 drift\n/);
  expect(await cli('history', 'show', 'nobody00')).toMatchObject({ code: 1, stdout: '' });
});

test('the journal is exported line by line, and is as its runs left it', async () => {
  await story();
  await report();
  const { stdout } = await cli('audit', 'export');
  const entries = stdout
    .trimEnd()
    .split('\n')
    .map((one) => JSON.parse(one) as { seq: number; type: string });
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, i) => i + 1));
  expect(new Set(entries.map(({ type }) => type))).toEqual(
    new Set([
      ...['run-started', 'change-intended', 'change-applied', 'run-finished'],
      ...['drift-found', 'drift-ended', 'audit-matched'],
    ]),
  );
  expect((await cli('audit', 'export', '--since', '2099-01-01')).stdout).toBe('');
  expect((await cli('audit', 'export', '--target', 'test')).stdout).toBe(stdout);
  expect(await cli('audit', 'verify')).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing differs') });
  const missing = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(await main(['audit'])).toBe(1);
  expect(await main(['audit', 'verify'])).toBe(1);
  expect(missing.mock.calls.flat().join('')).toMatch(/(required option '-c, --config <file>' not specified[\s\S]*){2}/);
  missing.mockRestore();
});

test('history by a part of an author, a run after -t, and what is nowhere', async () => {
  await story();
  const bob = await cli('history', '--author', 'BOB');
  expect(bob.stdout).toContain('Bob Ray: Wait longer (#12)');
  expect(bob.stdout).not.toContain('+ created');
  expect((await cli('history', '--author', 'carol')).stdout).toMatch(/no run fits these filters$/m);
  // Who moved what the last run healed.
  const all = (await cli('history')).stdout;
  expect(all).toMatch(/drift: changed by Sandbox Admin .* at \d{4}-.*Z/);

  const id = /run ([0-9a-f]{8})/.exec(bob.stdout)![1]!;
  const shown = await cli('history', 'show', '-t', 'test', id);
  expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining(`run ${id}`) });
  expect(await cli('trace', '--offline', '-t', 'test', id)).toMatchObject({ code: 0 });
  const none = await cli('trace', '--offline', 'deadbeef00');
  expect(none).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^"deadbeef00" is nowhere: looked in the journal/),
  });
  expect((await cli('history', 'show', 'deadbeef00')).stderr).toMatch(/^the journal has no run/);
});
