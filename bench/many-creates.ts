import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { env, setUp } from './config.ts';
import { imageFlags, inTemporaryFolder, main } from './paths.ts';
import { type SandboxProcess, startSandboxProcess } from './sandbox.ts';
import { atLeast, atMost, exactly, type Row } from './table.ts';

const actions = 6000;
const perMinute = 6000;
const minute = 60_000;

interface Usage {
  inSqliteMs: number;
  cpuMs: number;
  wallMs: number;
  peakMb: number;
}

/** A first apply of 6,000 documents, as a process of its own, where the rate limit is what holds it back. Once. */
export function manyCreates(): Promise<Row[]> {
  return inTemporaryFolder(async (folder) => {
    const sandbox = await startSandboxProcess({ rateLimit: perMinute });
    try {
      const config = await setUp(folder, sandbox.url, actions, { target: { rateBudget: 100 } });
      const usage = await applied(config, path.join(folder, 'usage.json'));
      return rows(usage, await times(sandbox));
    } finally {
      await sandbox.close();
    }
  });
}

function rows(usage: Usage, { at, refused }: { at: number[]; refused: number }): Row[] {
  const windows = fullWindows(at);
  const seconds = (at.at(-1)! - at[0]!) / 1000;
  return [
    exactly(`answers with 429, ${actions.toLocaleString('en')} creates`, refused, 0),
    atLeast({
      what: 'share of the permitted requests used, worst full window',
      value: (Math.min(...windows) * 100) / perMinute,
      least: 90,
      unit: ' %',
      note: `${at.length} requests in ${seconds.toFixed(0)} s; ${perMinute} a minute permitted; full windows: ${windows.join(', ')}`,
    }),
    atMost({
      what: 'peak memory of that process, started as the image does',
      value: usage.peakMb,
      most: 250,
      unit: ' MB',
    }),
    atMost({
      what: 'time in SQLite / time of the run',
      value: (usage.inSqliteMs * 100) / usage.wallMs,
      most: 10,
      unit: ' %',
      digits: 1,
      note: `${(usage.inSqliteMs / 1000).toFixed(1)} s, every wait for the disk included, of ${(usage.wallMs / 1000).toFixed(0)} s; CPU of all ${(usage.cpuMs / 1000).toFixed(1)} s`,
    }),
  ];
}

/** Requests in each whole minute from the first one on: the sandbox counts in windows that begin so. */
function fullWindows(at: readonly number[]): number[] {
  const first = at[0]!;
  const whole = Math.floor((at.at(-1)! - first) / minute);
  return Array.from({ length: whole }, (_, n) => at.filter((time) => Math.floor((time - first) / minute) === n).length);
}

async function times(sandbox: SandboxProcess): Promise<{ at: number[]; refused: number }> {
  const all = (await (await fetch(`${sandbox.url}/__sandbox/requests`)).json()) as {
    path: string;
    at: number;
    status: number;
  }[];
  const api = all.filter(({ path: called }) => called.startsWith('/api/'));
  return { at: api.map(({ at }) => at), refused: api.filter(({ status }) => status === 429).length };
}

async function applied(config: string, usageFile: string): Promise<Usage> {
  const preload = new URL('./sqlite-time.mjs', import.meta.url).href;
  const words = [...imageFlags, '--import', preload, main, 'apply', '-c', config];
  const { stdout } = await promisify(execFile)(process.execPath, words, {
    env: { ...env, BENCH_USAGE: usageFile },
    maxBuffer: 1_000_000_000,
  });
  if (!stdout.includes(`Applied: ${actions} changes`)) throw new Error(stdout.slice(-500));
  return JSON.parse(await readFile(usageFile, 'utf8')) as Usage;
}
