import { type SpawnSyncOptions, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

export interface Said {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end; what it says is kept. */
export function ask(command: readonly string[], options: SpawnSyncOptions = {}): Said {
  const [program = '', ...args] = command;
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    maxBuffer: 1 << 28,
    ...options,
    encoding: 'utf8',
  });
  return { code: status ?? 128, stdout: String(stdout ?? ''), stderr: `${stderr ?? ''}${error?.message ?? ''}` };
}

/** The same for what must succeed. */
export function must(command: readonly string[], options: SpawnSyncOptions = {}): string {
  const { code, stdout, stderr } = ask(command, options);
  if (code === 0) return stdout;
  const last = `${stdout}\n${stderr}`.trim().split('\n').slice(-25).join('\n');
  throw new Error(`${command.join(' ')}\nended with ${code}:\n${last}`);
}

export function onPath(program: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin'];
  return folders.some((folder) => folder !== '' && existsSync(path.join(folder, program)));
}
