import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import type { Order, Told } from './kill-child.ts';

const program = path.join(import.meta.dirname, 'kill-child.ts');

export interface Child {
  process: ChildProcess;
  /** When it has ended: what it told, or undefined where it was killed. */
  ended: Promise<Told | undefined>;
}

/** Starts a run in a process of its own; `shell` goes before it, as `ulimit -f 100 &&` does. */
export function startRun(order: Order, { uid, shell }: { uid?: number; shell?: string } = {}): Child {
  const args = [program, JSON.stringify(order)];
  const [command, rest] =
    shell === undefined
      ? [process.execPath, args]
      : ['/bin/bash', ['-c', `${shell} exec "$0" "$@"`, process.execPath, ...args]];
  const child = spawn(command, rest, {
    env: {
      PATH: process.env['PATH'] ?? '',
      NODE_COMPILE_CACHE: path.join(os.tmpdir(), 'genesys-gitops-test-compiled'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  let [out, err] = ['', ''];
  child.stdout!.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr!.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const ended = once(child, 'close').then(([, signal]) => {
    if (signal === 'SIGKILL') return undefined;
    if (out === '') throw new Error(`the process told nothing: ${err}`);
    return JSON.parse(out) as Told;
  });
  return { process: child, ended };
}

/** SIGKILL, and the certainty that nothing of it is left. */
export async function kill({ process: child }: Child): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
