import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { env, setUp } from './config.ts';
import { commitAll } from './documents.ts';
import { median } from './measure.ts';
import { imageFlags, inTemporaryFolder, main } from './paths.ts';
import { type SandboxProcess, startSandboxProcess } from './sandbox.ts';
import { atMost, type Row } from './table.ts';

const pollMs = 2000;
const leaseSeconds = 3;
const heartbeatMs = (leaseSeconds * 1000) / 3;
const commits = 5;

/** The daemon as a process, compiled: what it weighs, how soon it sees a commit, how soon another takes its place. */
export function daemonRows(): Promise<Row[]> {
  return inTemporaryFolder(async (folder) => {
    const sandbox = await startSandboxProcess();
    const repository = path.join(folder, 'repository');
    const config = await setUp(folder, sandbox.url, 100, {
      source: { poll: `*/${pollMs / 1000} * * * * *` },
      top: { listen: '127.0.0.1:0', waits: { lease: leaseSeconds } },
    });
    const running: ChildProcess[] = [];
    try {
      const first = start(config);
      running.push(first);
      await until(async () => (await writes(sandbox)).length >= 100);
      await sleep(5000);
      const idle = await residentMb(first);
      const seen: number[] = [];
      for (let i = 0; i < commits; i++) seen.push(await commitToWrite(repository, sandbox, i));
      const taken = await takeover({ config, repository, sandbox, first, running });
      return [
        atMost({
          what: 'memory of an idle daemon, started as the image does',
          value: idle,
          most: 120,
          unit: ' MB',
        }),
        atMost({
          what: `commit to first write, worst of ${commits}`,
          value: Math.max(...seen),
          most: pollMs + 1000,
          unit: ' ms',
          note: `one poll is ${pollMs} ms; median ${median(seen).toFixed(0)} ms`,
        }),
        atMost({
          what: 'takeover after the lease of a killed process ended',
          value: taken,
          most: heartbeatMs,
          unit: ' ms',
          note: `a lease of ${leaseSeconds} s, so a heartbeat of ${heartbeatMs} ms`,
        }),
      ];
    } finally {
      for (const child of running) child.kill('SIGKILL');
      await sandbox.close();
    }
  });
}

function start(config: string): ChildProcess {
  return spawn(process.execPath, [...imageFlags, main, 'run', '-c', config, '--log-level', 'error'], {
    env,
    stdio: 'ignore',
  });
}

/** What the kernel says that a process has in memory now, everything that it maps included. */
async function residentMb({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

interface Call {
  method: string;
  path: string;
  at: number;
}

async function writes({ url }: SandboxProcess): Promise<Call[]> {
  const all = (await (await fetch(`${url}/__sandbox/requests`)).json()) as Call[];
  return all.filter(({ method, path: called }) => method !== 'GET' && called.startsWith('/api/'));
}

async function until(done: () => Promise<boolean>, everyMs = 50, forMs = 60_000): Promise<void> {
  for (const end = Date.now() + forMs; !(await done()); await sleep(everyMs)) {
    if (Date.now() > end) throw new Error(`waited ${forMs} ms in vain`);
  }
}

/** Milliseconds from a commit to the first write for it, at a moment of the poll's round that differs each time. */
async function commitToWrite(repository: string, sandbox: SandboxProcess, i: number): Promise<number> {
  await sleep(pollMs + (i * pollMs) / commits);
  const before = (await writes(sandbox)).length;
  await change(repository, i);
  const committed = Date.now();
  await until(async () => (await writes(sandbox)).length > before);
  return (await writes(sandbox))[before]!.at - committed;
}

async function change(repository: string, i: number): Promise<void> {
  const file = path.join(repository, 'actions/1.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/customers\/[^/]+\//, `customers/v${i}/`));
  commitAll(repository, `change ${i}`);
}

/** Milliseconds from the end of a killed process's lease to the moment when another one had it. */
async function takeover({
  config,
  repository,
  sandbox,
  first,
  running,
}: {
  config: string;
  repository: string;
  sandbox: SandboxProcess;
  first: ChildProcess;
  running: ChildProcess[];
}): Promise<number> {
  running.push(start(config));
  await sleep(3000);
  const held = { when: { method: 'PATCH', times: 1 }, then: { delayMs: 20_000 } };
  await fetch(`${sandbox.url}/__sandbox/faults`, {
    method: 'POST',
    body: JSON.stringify(held),
    headers: { 'content-type': 'application/json' },
  });
  await change(repository, 99);
  const journal = new DatabaseSync(path.join(path.dirname(config), 'var/journal.db'), { readOnly: true });
  const lease = (): { holder: string; fence: number; since: string; expiresAt: string } =>
    journal.prepare('SELECT holder, fence, since, expiresAt FROM leases').get() as never;
  try {
    // Whichever of the two came first is in the middle of its write now, and dies of it.
    await until(
      async () =>
        (await calls(sandbox)).some(({ method }) => method === 'PATCH') && Date.parse(lease().expiresAt) > Date.now(),
    );
    await sleep(500);
    const pid = Number(/process (\d+)/.exec(lease().holder)?.[1]);
    process.kill(pid, 'SIGKILL');
    await once(running.find((child) => child.pid === pid) ?? first, 'exit');
    const dead = lease();
    await until(async () => lease().fence > dead.fence, 10);
    return Date.parse(lease().since) - Date.parse(dead.expiresAt);
  } finally {
    journal.close();
  }
}

async function calls({ url }: SandboxProcess): Promise<Call[]> {
  const all = (await (await fetch(`${url}/__sandbox/requests`)).json()) as (Call & { fault?: string })[];
  return all.filter(({ fault }) => fault !== undefined);
}
