import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { candidatesOf } from '../src/app/daemon-follow.ts';
import { createPins } from '../src/app/daemon-pins.ts';
import { runner } from '../src/app/daemon-run.ts';
import { loadDaemonConfig, openApp } from '../src/app.ts';
import { createMetrics } from '../src/daemon/metrics.ts';
import { Revisions } from '../src/daemon/revisions.ts';
import { createVitals } from '../src/daemon/vitals.ts';
import { systemClock } from '../src/model/clock.ts';
import { silent } from '../src/model/log.ts';
import type { Sandbox } from '../src/sandbox/index.ts';
import type { Folder } from './support/cli.ts';
import { useSandbox } from './support/sandbox.ts';

let sandbox: Sandbox;
let dir: Folder;
useSandbox((made) => {
  ({ sandbox, dir } = made);
});

test('quiet runs leave nothing behind: no listener, and no series of metrics', async () => {
  const file = dir.config(sandbox.url, { path: dir.actions('repo') });
  const loaded = await loadDaemonConfig(file);
  if ('problems' in loaded) throw new Error('bad config');
  const { signal } = new AbortController();
  const app = await openApp({ config: loaded.config, file, log: silent, signal, env: { SECRET: 'sandbox-secret' } });
  const metrics = createMetrics({ version: '0', node: '0' }, systemClock);
  const vitals = createVitals(() => performance.now());
  const target = app.config.targets[0]!;
  const revisions = new Revisions();
  const run = runner(target, {
    app,
    metrics,
    vitals,
    clock: systemClock,
    revisions,
    candidates: candidatesOf(target, { app, revisions, clock: systemClock }),
    pins: createPins(app.source, silent),
    log: silent,
    known() {},
    waits() {},
  });
  const left = async (): Promise<number[]> => [
    getEventListeners(signal, 'abort').length,
    (await metrics.read()).text.split('\n').filter((line) => line.startsWith('genesys_gitops')).length,
  ];
  expect((await run({ trigger: 'started' })).status).toBe('succeeded');
  expect((await run({ trigger: 'schedule' })).status).toBe('succeeded');
  const before = await left();
  for (let i = 0; i < 30; i++) await run({ trigger: 'schedule' });
  expect(await left()).toEqual(before);
  await app.close();
});
