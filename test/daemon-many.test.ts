import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { daemonsAlive, requestReconcile, resultOf } from '../src/app/control.ts';
import { openJournal } from '../src/journal/index.ts';
import { systemClock } from '../src/model/clock.ts';
import type { Journal } from '../src/model/journal.ts';
import { silent } from '../src/model/log.ts';
import { demoSeed, type Sandbox, startSandbox } from '../src/sandbox/index.ts';
import type { Folder } from './support/cli.ts';
import { useSandbox } from './support/sandbox.ts';

const actions = '/api/v2/integrations/actions';

let sandbox: Sandbox;
let dir: Folder;
const closing: (() => Promise<void>)[] = [];
const { start } = useSandbox((made) => {
  ({ sandbox, dir } = made);
  dir.actions('repo');
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const daemon = (config: string): ReturnType<typeof start> => start(['run', '-c', config, '--log-level', 'debug']);

async function journal(): Promise<Journal> {
  const opened = await openJournal(path.join(dir.path, 'var/journal.db'), { clock: systemClock, log: silent });
  closing.push(() => opened.close());
  return opened;
}

const madeTwice = ({ state }: Sandbox): string[] => {
  const names = state.actions().map(({ name }) => name);
  return names.filter((name, i) => names.indexOf(name) !== i);
};

test('no target waits for one whose organisation hangs', async () => {
  const [hanging, well] = [sandbox, await startSandbox({ rateLimit: 100_000, seed: demoSeed })];
  closing.push(well.close);
  hanging.addFault({ when: { path: '/oauth/token' }, then: { delayMs: 50_000 } });
  const target = (name: string, { url }: Sandbox): object => ({
    name,
    environment: 'prod',
    organization: 'Sandbox',
    apiUrl: url,
    loginUrl: url,
    clientId: 'sandbox-daemon',
    clientSecret: { fromEnv: 'SECRET' },
    schedule: '* * * * * *',
  });
  const one = daemon(
    dir.config('', { path: 'repo' }, {}, { targets: [target('hanging', hanging), target('well', well)] }),
  );
  await one.line(/"target":"well".*"run finished"/);
  const action = well.state.actionNamed('Get Customer')!;
  well.state.editAction(action.id, { config: { ...action.config, timeoutSeconds: 2 } });
  await expect.poll(() => well.state.action(action.id)!.config.timeoutSeconds, { timeout: 5_000 }).toBe(15);
});

test('two daemons on one journal: the second waits, and takes over when the first is killed', async () => {
  sandbox.addFault({ when: { method: 'POST', path: actions, nth: 2 }, then: { delayMs: 4_000 } });
  const config = dir.config(sandbox.url, { path: 'repo' }, {}, { waits: { lease: 1, settle: 1 } });
  const first = daemon(config);
  await first.line(/"change applied"/);
  const second = daemon(config);
  await second.line(/"another process writes, waiting for it"/);
  first.child.kill('SIGKILL');
  const killed = Date.now();
  await second.line(/"planned"/);
  // A lease of a second, a heartbeat of a third of it, and what starting to look takes.
  expect(Date.now() - killed).toBeLessThan(2_500);
  await second.line(/"run finished"/);
  await expect.poll(async () => (await daemonsAlive(await journal(), new Date())).length).toBe(2);
  expect(madeTwice(sandbox)).toEqual([]);
  second.child.kill('SIGTERM');
  expect((await second.finished).code).toBe(0);
  expect((await daemonsAlive(await journal(), new Date())).map(({ holder }) => holder)).not.toContain(
    `process ${second.child.pid}`,
  );
}, 30_000);

test('a run that is asked for through the journal', async () => {
  const one = daemon(dir.config(sandbox.url, { path: 'repo' }));
  await one.line(/"run finished"/);
  const notes = await journal();
  const action = sandbox.state.actionNamed('Get Customer')!;
  sandbox.state.editAction(action.id, { config: { ...action.config, timeoutSeconds: 2 } });
  const request = await requestReconcile(notes, 'test', new Date());
  await expect
    .poll(() => resultOf(notes, request), { timeout: 5_000 })
    .toMatchObject({ status: 'succeeded', reason: 'ReconciliationSucceeded', runId: expect.any(String) });
  expect(sandbox.state.action(action.id)!.config.timeoutSeconds).toBe(15);
  const [last] = await notes.runs('test', 1);
  expect(last?.trigger).toBe('request');
  const [alive] = await daemonsAlive(notes, new Date());
  expect(alive?.targets[0]).toMatchObject({ name: 'test', nextRunAt: expect.any(String) });
});
