import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { SandboxOptions } from '../src/sandbox/index.ts';
import { root } from './paths.ts';

/** The sandbox as a process of its own, so that its CPU is not taken for ours. */
export interface SandboxProcess {
  url: string;
  /** `METHOD path` of the calls that it served since the last time, the token's included. */
  served(): Promise<string[]>;
  /** How many calls since then begin so: `GET /api/v2/flows`. */
  count(beginning: string): Promise<number>;
  close(): Promise<void>;
}

/** Starts the sandbox compiled; by default with a rate limit that holds nobody back. */
export async function startSandboxProcess(options: SandboxOptions = {}): Promise<SandboxProcess> {
  const child = spawn(process.execPath, [path.join(root, 'bench/sandbox-process.mjs')], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify({ rateLimit: 1_000_000, ...options }));
  const exited = once(child, 'exit');
  const url = await Promise.race([
    once(createInterface(child.stdout), 'line').then(([line]) => String(line)),
    exited.then(() => {
      throw new Error('the sandbox ended before it listened');
    }),
  ]);
  const calls = async (): Promise<string[]> => {
    const requests = (await (await fetch(`${url}/__sandbox/requests`)).json()) as { method: string; path: string }[];
    return requests.map(({ method, path }) => `${method} ${path}`);
  };
  return {
    url,
    async served() {
      const all = await calls();
      await fetch(`${url}/__sandbox/requests`, { method: 'DELETE' });
      return all;
    },
    count: async (beginning) => (await calls()).filter((call) => call.startsWith(beginning)).length,
    async close() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
