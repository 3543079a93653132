import { rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pictureOf } from '../src/app/daemon-files.ts';
import { type Reloader, watchConfiguration } from '../src/app/daemon-reload.ts';
import { loadDaemonConfig } from '../src/app.ts';
import { createMetrics } from '../src/daemon/metrics.ts';
import { systemClock } from '../src/model/clock.ts';
import type { DaemonConfig } from '../src/model/daemon-config.ts';
import { Failure } from '../src/model/failure.ts';
import { type Log, silent } from '../src/model/log.ts';
import { type Folder, folder } from './support/cli.ts';

let dir: Folder;
let file: string;
let adopted: DaemonConfig[];
let told: object[];
let reloader: Reloader;
let refuse: Failure | undefined;

const secret = (text: string): string => dir.write('secret', text);
const write = (target: object = {}): string =>
  dir.config('http://127.0.0.1:1', { path: '.' }, { clientSecret: { fromFile: './secret' }, ...target });

beforeEach(async () => {
  dir = folder();
  adopted = [];
  told = [];
  refuse = undefined;
  secret('one');
  file = write();
  const log: Log = { ...silent, error: (fields) => told.push(fields) };
  reloader = await watchConfiguration({
    file,
    config: await load(),
    load: () => loadDaemonConfig(file),
    adopt: async (config) => {
      if (refuse !== undefined) throw refuse;
      adopted.push(config);
    },
    metrics: createMetrics({ version: '0', node: '0' }, systemClock),
    log,
  });
  await reloader.check();
});
afterEach(async () => {
  await reloader.close();
  dir.remove();
});

async function load(): Promise<DaemonConfig> {
  const loaded = await loadDaemonConfig(file);
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

test('the same in other words does nothing; another value, or another secret, does', async () => {
  writeFileSync(file, `# the same\n${JSON.stringify(JSON.parse(await text()))}`);
  secret('one');
  await reloader.check();
  expect(adopted).toEqual([]);
  secret('two');
  await reloader.check();
  await reloader.check();
  expect(adopted).toHaveLength(1);
  write({ schedule: '0 * * * *' });
  await reloader.check();
  expect(adopted[1]?.targets[0]?.schedule).toBe('0 * * * *');
});

test('what cannot be used is told once, and can be mended', async () => {
  refuse = new Failure('ConfigurationInvalid', 'no');
  write({ schedule: 'never' });
  await reloader.check();
  await reloader.check();
  expect([adopted.length, told.length]).toEqual([0, 1]);
  refuse = undefined;
  write({ schedule: '0 * * * *' });
  await reloader.check();
  expect(adopted).toHaveLength(1);
});

test('a file that vanished keeps what is in force; one that was never there hinders nothing', async () => {
  rmSync(`${dir.path}/secret`);
  await reloader.check();
  expect([adopted.length, told.length]).toEqual([0, 1]);
  write({ caFile: './ca.pem' });
  await reloader.check();
  expect(adopted).toEqual([]);
  secret('one');
  await reloader.check();
  expect(adopted).toEqual([]);
  dir.write('ca.pem', '');
  await expect.poll(() => adopted).toHaveLength(1);
});

test('nothing of a secret is in what is compared', async () => {
  expect(JSON.stringify(await pictureOf(await load(), file))).not.toContain('one');
});

async function text(): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(file, 'utf8');
}
