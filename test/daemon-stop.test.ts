import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openJournal } from '../src/journal/index.ts';
import { systemClock } from '../src/model/clock.ts';
import { silent } from '../src/model/log.ts';
import type { Fault, Sandbox } from '../src/sandbox/index.ts';
import type { Folder, Running } from './support/cli.ts';
import { useSandbox } from './support/sandbox.ts';

const actions = '/api/v2/integrations/actions';
/** Kubernetes kills after thirty seconds, many others after ten. */
const limitMs = 10_000;

let sandbox: Sandbox;
let dir: Folder;
const servers: Server[] = [];
const releases: (() => void)[] = [];
const { start } = useSandbox((made) => {
  ({ sandbox, dir } = made);
});
afterEach(() => {
  for (const release of releases.splice(0)) release();
  for (const server of servers.splice(0)) server.close();
});

const configure = (target: object = {}, source: object = { path: 'repo' }): string =>
  dir.config(sandbox.url, source, target);

function run(fault?: Fault): Running {
  if (fault !== undefined) sandbox.addFault(fault);
  dir.actions('repo');
  return start(['run', '-c', configure(), '--log-level', 'debug']);
}

/** Genesys takes the next writes of actions and does nothing more. Resolves when the first is there. */
function hang(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  sandbox.onRequest(({ phase, method, path }) => {
    if (phase !== 'arrived' || method !== 'POST' || path !== actions) return undefined;
    resolve();
    return new Promise((go) => releases.push(go));
  });
  return promise;
}

async function stop({ child, finished }: Running): Promise<{ ms: number; stderr: string }> {
  const began = Date.now();
  child.kill('SIGTERM');
  const { code, stderr } = await finished;
  expect(stderr).toContain('"msg":"stopped"');
  expect(code).toBe(0);
  return { ms: Date.now() - began, stderr };
}

test('while Genesys hangs in a write: within ten seconds, and the intent stays for the next start', async () => {
  const arrived = hang();
  const running = run();
  await arrived;
  const { ms, stderr } = await stop(running);
  expect(ms).toBeLessThan(limitMs);
  expect(ms).toBeGreaterThan(5_000);
  expect(stderr).toContain('cut off');
  const journal = await openJournal(path.join(dir.path, 'var/journal.db'), { clock: systemClock, log: silent });
  const open = await journal.openIntents(sandbox.org.id);
  await journal.close();
  expect(open.length).toBeGreaterThan(0);
}, 30_000);

test('while it reloads and Genesys hangs', async () => {
  const arrived = hang();
  const running = run();
  await arrived;
  configure({ schedule: '*/7 * * * *' });
  await running.line(/a new loop begins/);
  expect((await stop(running)).ms).toBeLessThan(limitMs);
}, 30_000);

test('in a pause that Genesys asked for', async () => {
  const running = run({ when: { method: 'POST', path: actions }, then: { status: 429, retryAfter: 100 } });
  await running.line(/"rate limited"/);
  const { ms, stderr } = await stop(running);
  expect(ms).toBeLessThan(4_000);
  expect(stderr).not.toContain('cut off');
});

test('while it waits for what became of a write', async () => {
  sandbox.addFault({ when: { method: 'GET', path: actions }, then: { stale: 600 } });
  const running = run({ when: { method: 'POST', path: actions }, then: { lostResponse: true } });
  await running.line(/"answer lost, looking up"/);
  expect((await stop(running)).ms).toBeLessThan(4_000);
});

test('while git hangs', async () => {
  const silence = createServer(() => {});
  servers.push(silence.listen(0, '127.0.0.1'));
  await once(silence, 'listening');
  const met = once(silence, 'connection');
  const url = `http://127.0.0.1:${(silence.address() as AddressInfo).port}/config.git`;
  const daemon = start(['run', '-c', configure({}, { url, branch: 'main' })]);
  const [socket] = (await met) as [{ destroy(): void }];
  expect((await stop(daemon)).ms).toBeLessThan(4_000);
  socket.destroy();
});
