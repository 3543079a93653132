import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '../model/failure.ts';
import { isObject, type JsonObject } from '../model/json.ts';
import { runner } from './test-script-runner.ts';

/** What came of calling `main` once. */
export interface Ran {
  /** What it returned; absent where it did not come to that. */
  output?: JsonObject;
  /** Why not, in a sentence. */
  why?: string;
  /** What it printed, cut where it is long. */
  printed: string;
  durationMs: number;
}

/** Bytes that are kept of what a script prints, and of what it returns. */
const mostPrinted = 16_000;
const mostReturned = 1_000_000;

/** Milliseconds for what a script has said to arrive, once it has ended. */
const graceMs = 500;

/** @throws Failure `ConfigurationInvalid` where this machine has no python3 */
export function findPython(env: Readonly<Record<string, string | undefined>>): string {
  const folders = (env['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const found = folders.map((folder) => path.join(folder, 'python3')).find(isExecutable);
  if (found !== undefined) return found;
  const message =
    'there is no python3 on the PATH, and the tests of a script are run with it; install Python 3.9 or newer';
  throw new Failure('ConfigurationInvalid', message);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Calls `main` of a script with an input, in a process of its own: in a fresh folder, which is gone afterwards, with nothing of
 * this environment but PATH, and for so long at most. What it started ends with it, unless it gave that a session of its own.
 * This keeps secrets out of what scripts come across; it is no wall around one that looks for them, since it runs as the same
 * user, who may read this process's environment (`/proc`) and every file.
 */
export async function callMain(
  script: string,
  input: JsonObject,
  { python, timeoutMs, signal }: { python: string; timeoutMs: number; signal?: AbortSignal | undefined },
): Promise<Ran> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'genesys-gitops-script-'));
  try {
    await writeFile(path.join(folder, 'script.py'), script);
    await writeFile(path.join(folder, 'run.py'), runner);
    const started = performance.now();
    const child = spawn(python, ['-B', 'run.py'], {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8' },
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      // A group of its own, so that what it starts can be ended as well.
      detached: true,
    });
    const end = await ended(child, input, timeoutMs, signal);
    return { ...end, durationMs: Math.round(performance.now() - started) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function ended(
  child: ChildProcess,
  input: JsonObject,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Omit<Ran, 'durationMs'>> {
  const printed = collect([child.stdout!, child.stderr!], mostPrinted);
  const returned = collect([child.stdio[3] as Readable], mostReturned);
  let stopped: string | undefined;
  const stop = (why: string) => {
    stopped ??= why;
    endGroup(child);
  };
  const asked = (): void => stop('it was asked to stop');
  const timer = setTimeout(() => stop(`it took longer than ${timeoutMs / 1000} seconds, and was ended`), timeoutMs);
  signal?.addEventListener('abort', asked, { once: true });
  if (signal?.aborted) asked();
  // A script that ends without reading leaves a broken pipe.
  child.stdin!.on('error', () => undefined);
  child.stdin!.end(JSON.stringify(input));
  try {
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    });
    endGroup(child);
    // What it started in a session of its own cannot be ended, and may hold its output open for as long as it likes.
    await Promise.race([closed, wait(graceMs, undefined, { ref: false })]);
    for (const stream of child.stdio) stream?.destroy();
    const text = printed.text();
    const answer = returned.isCut() ? undefined : parsed(returned.text());
    if (stopped !== undefined) return { why: stopped, printed: text };
    if (returned.isCut()) return { why: `main returned more than ${mostReturned} bytes`, printed: text };
    return { ...toldBy(answer, code), printed: text };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', asked);
  }
}

function toldBy(answer: JsonObject | undefined, code: number | null): { output?: JsonObject; why?: string } {
  if (answer === undefined) {
    return {
      why: `the script ended by itself (${code === null ? 'killed' : `exit code ${code}`}) before main returned`,
    };
  }
  const { output, missing, raised, line } = answer;
  if (isObject(output)) return { output };
  if (typeof missing === 'string') {
    const how = missing === 'requests' ? '; install it with `pip install requests`, as Genesys has it' : '';
    return { why: `the module ${missing} is not installed for the python3 of this machine${how}` };
  }
  return { why: typeof line === 'number' ? `line ${line}: ${String(raised)}` : String(raised) };
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it has ended already.
  }
}

/** So much of what streams say; the rest is read and dropped, so that nobody waits for a full pipe. */
function collect(streams: readonly Readable[], most: number): { text(): string; isCut(): boolean } {
  const parts: Buffer[] = [];
  let size = 0;
  for (const stream of streams) {
    stream.on('error', () => undefined);
    stream.on('data', (part: Buffer) => {
      if (size < most) parts.push(part.subarray(0, most - size));
      size += part.length;
    });
  }
  return { text: () => Buffer.concat(parts).toString('utf8'), isCut: () => size > most };
}
