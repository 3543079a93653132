import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, type Said } from './image-check.shell.ts';

/** The part of an image's configuration that a container engine goes by. */
export interface ImageConfig {
  Entrypoint: string[];
  Cmd: string[];
  Env: string[];
  User: string;
  WorkingDir: string;
  Labels: Record<string, string>;
  Volumes?: Record<string, object>;
  StopSignal?: string;
  Healthcheck?: { Test: string[] };
}

export interface RoomOptions {
  root: string;
  image: ImageConfig;
  user: string;
  /** Folders to bind, read-only. */
  binds?: Record<string, string>;
}

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** In the image: as this user, with its environment and its folder, and no way to more rights. */
function inside({ root, image, user }: RoomOptions, command: readonly string[]): string[] {
  const env = ['env', '-i', '-C', image.WorkingDir || '/', ...image.Env, ...command];
  return ['setpriv', '--no-new-privs', 'chroot', `--userspec=${user}`, '--groups=', root, ...env];
}

/**
 * What a cluster makes of the image, as far as it matters here: the root filesystem is read-only, only /data and /tmp
 * can be written, the process is number 1 of its own process namespace, and its network has a loopback and nothing else.
 */
function room(options: RoomOptions, command: readonly string[]): string[] {
  const { root, binds = {} } = options;
  const at = (folder: string): string => quote(`${root}${folder}`);
  const script = [
    'set -e',
    'ip link set lo up',
    `mount --bind ${at('')} ${at('')}`,
    `mount -t proc proc ${at('/proc')}`,
    `mount -t tmpfs -o mode=0755 tmpfs ${at('/dev')}`,
    ...['null', 'zero', 'random', 'urandom'].flatMap((name) => [
      `touch ${at(`/dev/${name}`)}`,
      `mount --bind /dev/${name} ${at(`/dev/${name}`)}`,
    ]),
    `mount -t tmpfs -o mode=0770 tmpfs ${at('/data')}`,
    `mount -t tmpfs -o mode=1777 tmpfs ${at('/tmp')}`,
    ...Object.entries(binds).map(([from, to]) => `mount --bind -o ro ${quote(from)} ${at(to)}`),
    `mount -o remount,bind,ro ${at('')}`,
    `exec ${inside(options, command).map(quote).join(' ')}`,
  ].join('\n');
  return ['unshare', '--kill-child', '--mount', '--pid', '--fork', '--net', 'sh', '-c', script];
}

/** Whether this machine lets us make one: it takes more rights than building does. */
export function roomsPossible(): boolean {
  const tried = 'ip link set lo up && mount -t tmpfs tmpfs /mnt';
  return ask(['unshare', '--mount', '--pid', '--fork', '--net', 'sh', '-c', tried]).code === 0;
}

/** One command in a room, to its end. */
export function runIn(options: RoomOptions, command: readonly string[]): Said {
  return ask(room(options, command), { timeout: 120_000, killSignal: 'SIGKILL' });
}

export interface Resident {
  /** Another command in the same room, as the same user. */
  also(command: readonly string[]): Said;
  /** The same, left running for as long as the room is there. */
  begin(command: readonly string[]): void;
  /** It ended by itself. */
  gone(): boolean;
  stop(): Promise<{ code: number | null; signal: string | null; seconds: number; log: string }>;
}

/** The image's own entry point and command, left running. */
export async function settle(options: RoomOptions): Promise<Resident> {
  const [program = '', ...args] = room(options, [...options.image.Entrypoint, ...options.image.Cmd]);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text: Buffer) => {
      log += text.toString();
    });
  }
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal })),
  );
  const pid = await firstProcess(child.pid!);
  const enter = (command: readonly string[]): string[] => {
    return ['nsenter', '-t', String(pid), '-m', '-p', '-n', '--', ...inside(options, command)];
  };
  return {
    also: (command) => ask(enter(command)),
    begin(command) {
      const [enterer = '', ...how] = enter(command);
      spawn(enterer, how, { stdio: 'ignore' });
    },
    gone: () => child.exitCode !== null || child.signalCode !== null,
    async stop() {
      const began = performance.now();
      // Only process 1 is told, as a container engine does.
      if (child.exitCode === null) process.kill(pid, 'SIGTERM');
      const late = setTimeout(() => process.kill(pid, 'SIGKILL'), 60_000);
      const { code, signal } = await ended;
      clearTimeout(late);
      return { code, signal, seconds: (performance.now() - began) / 1000, log };
    },
  };
}

async function firstProcess(unshare: number): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const [pid] = readFileSync(`/proc/${unshare}/task/${unshare}/children`, 'utf8').trim().split(' ');
    if (pid !== undefined && pid !== '') return Number(pid);
    await sleep(50);
  }
  throw new Error('the room did not open');
}
