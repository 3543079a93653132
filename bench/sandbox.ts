import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { main, root } from './paths.ts';

/** The sandbox as a process of its own, so that its CPU is not taken for ours. */
export interface SandboxProcess {
  url: string;
  /** `METHOD path` of the calls that it served since the last time, the token's included. */
  served(): Promise<string[]>;
  close(): Promise<void>;
}

/** Starts `sandbox` compiled; by default with a rate limit that holds nobody back. */
export async function startSandboxProcess({ rateLimit = 1_000_000 } = {}): Promise<SandboxProcess> {
  const child = spawn(process.execPath, [main, 'sandbox', '--port', '0', '--rate-limit', String(rateLimit)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const url = await Promise.race([
    once(createInterface(child.stdout), 'line').then(([line]) => String(line)),
    exited.then(() => {
      throw new Error('the sandbox ended before it listened');
    }),
  ]);
  return {
    url,
    async served() {
      const requests = (await (await fetch(`${url}/__sandbox/requests`)).json()) as { method: string; path: string }[];
      await fetch(`${url}/__sandbox/requests`, { method: 'DELETE' });
      return requests.map(({ method, path }) => `${method} ${path}`);
    },
    async close() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
