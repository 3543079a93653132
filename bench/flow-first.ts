import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { applied } from './command.ts';
import { env, setUp } from './config.ts';
import { actionName, flowFiles, flowOfOrganisation } from './flow-files.ts';
import { imageFlags, inTemporaryFolder, main } from './paths.ts';
import { type SandboxProcess, startSandboxProcess } from './sandbox.ts';
import { atMost, exactly, type Row, told } from './table.ts';

const flows = 1000;
const actions = 50;
const jobMs = 1000;
const perMinute = 6000;
/** So many reads are kept at a time, as in `src/reconcile/read.ts`. */
const portion = 25;
/** To go on soon after the kill; longer than planning 1,000 flows that are met for the first time keeps a process busy. */
const leaseSeconds = 20;

/**
 * A first meeting with 1,000 flows that are there and equal to the repository: each is exported once. The first process is
 * killed half way, and the second goes on where it was.
 */
export function flowFirstMeeting(): Promise<Row[]> {
  return inTemporaryFolder(async (folder) => {
    const sandbox = await startSandboxProcess({ rateLimit: perMinute, jobMs, seed: seed() });
    try {
      const config = await setUp(folder, sandbox.url, 0, {
        more: flowFiles(flows, actions),
        top: { waits: { lease: leaseSeconds } },
      });
      const began = performance.now();
      await killed(config, sandbox);
      const firstMs = performance.now() - began;
      const first = await sandbox.served();
      await sleep(leaseSeconds * 1000);
      const resumed = await applied(folder, config, 'unchanged', flows);
      const second = await sandbox.served();
      const left = flows - count(first, download);
      const requests = first.length + second.length;
      return [
        atMost({
          what: 'exports of the second process',
          value: count(second, register),
          most: left + portion,
          counted: true,
          note: `the first had ${count(first, download)} of ${flows} when it was killed (kill -9); ${count(first, register)} it had asked for`,
        }),
        exactly('flows read a second time, but for what was not kept yet', againOver(first, second), 0),
        told('time of both processes, at 6,000 requests a minute', (firstMs + resumed.wallMs) / 1000, {
          unit: ' s',
          note: `exports of ${jobMs / 1000} s; ${(firstMs / 1000).toFixed(0)} s until it was killed, then ${(resumed.wallMs / 1000).toFixed(0)} s`,
        }),
        told('requests of both', requests, { note: 'tokens and both times the lists included' }),
        told('requests for each flow', requests / flows, { digits: 2, note: byPath([...first, ...second]) }),
        told('peak memory of the second process', resumed.peakMb, { unit: ' MB' }),
      ];
    } finally {
      await sandbox.close();
    }
  });
}

const register = /^POST \/api\/v2\/flows\/export\/jobs$/;
const download = /^GET \/architect-files\//;

function count(served: readonly string[], call: RegExp): number {
  return served.filter((one) => call.test(one.split('?')[0]!)).length;
}

/** Downloads beyond one for each flow that are more than a portion may lose. */
function againOver(first: readonly string[], second: readonly string[]): number {
  return Math.max(0, count(first, download) + count(second, download) - flows - portion);
}

function byPath(served: readonly string[]): string {
  const short = (call: string): string => call.split('?')[0]!.replace(/\/(?:[0-9a-f-]{36}|custom_-_[^/]+)\b/g, '/{id}');
  const counts = Map.groupBy(served, short);
  return [...counts]
    .filter(([, { length }]) => length >= flows / 100)
    .map(([call, { length }]) => `${(length / flows).toFixed(2)} ${call}`)
    .join(', ');
}

/** Applies until half of the flows were exported, and is killed then. */
async function killed(config: string, sandbox: SandboxProcess): Promise<void> {
  const child = spawn(process.execPath, [...imageFlags, main, 'apply', '-c', config], { env, stdio: 'ignore' });
  const ended = once(child, 'exit');
  while (child.exitCode === null && (await sandbox.count('GET /architect-files/')) < flows / 2) await sleep(200);
  if (child.exitCode !== null) throw new Error(`apply ended with ${child.exitCode} before it was killed`);
  child.kill('SIGKILL');
  await ended;
}

function seed(): { actions: { name: string; integration: string }[]; flows: { yaml: string }[] } {
  const integration = 'Web Services Data Actions';
  return {
    actions: Array.from({ length: actions }, (_, n) => ({ name: actionName(n), integration })),
    flows: Array.from({ length: flows }, (_, n) => ({ yaml: flowOfOrganisation(n, actions) })),
  };
}
