import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { env } from './config.ts';
import { imageFlags, main } from './paths.ts';

/** What a process used, as `sqlite-time.mjs` tells it. */
export interface Usage {
  inSqliteMs: number;
  cpuMs: number;
  wallMs: number;
  peakMb: number;
}

/** A command as a process of its own, compiled and started as the image does; what it wrote to stdout, and what it used. */
export async function command(folder: string, ...words: string[]): Promise<{ stdout: string; usage: Usage }> {
  const usageFile = path.join(folder, 'usage.json');
  const preload = new URL('./sqlite-time.mjs', import.meta.url).href;
  const { stdout } = await promisify(execFile)(process.execPath, [...imageFlags, '--import', preload, main, ...words], {
    env: { ...env, BENCH_USAGE: usageFile },
    maxBuffer: 1_000_000_000,
  }).catch(({ code, stderr, stdout }: { code: unknown; stderr: string; stdout: string }) => {
    throw new Error(`${words[0]} ended with ${code}: ${stderr.slice(-2000)} ${stdout.slice(-500)}`);
  });
  return { stdout, usage: JSON.parse(await readFile(usageFile, 'utf8')) as Usage };
}

/** `apply` in that way; so many objects must all come to the same. */
export async function applied(
  folder: string,
  config: string,
  expected: 'create' | 'unchanged',
  objects: number,
): Promise<Usage> {
  const { stdout, usage } = await command(folder, 'apply', '-c', config, '--output', 'json');
  const [report] = JSON.parse(stdout) as [{ summary: Record<string, number> }];
  if (report.summary[expected] !== objects) throw new Error(`apply came to ${JSON.stringify(report.summary)}`);
  return usage;
}
