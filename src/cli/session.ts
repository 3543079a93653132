import { type App, formatProblems, loadDaemonConfig, makeLogger, openApp } from '../app.ts';
import type { DaemonConfig, TargetConfig } from '../model/daemon-config.ts';
import type { Log } from '../model/log.ts';
import { didYouMean } from '../model/suggest.ts';
import { Refusal } from './exit.ts';
import { fitted, paintFor, terminalWidth } from './text.ts';

/** Options that every command with a daemon's file has. */
export interface SessionOptions {
  config: string;
  target?: string[];
  logLevel?: string;
  source?: string;
}

export interface Session {
  app: App;
  targets: TargetConfig[];
  log: Log;
}

/** Opens the app that a command works with. Throws a Refusal that says what is wrong with the daemon's file or the call. */
export async function openSession(
  options: SessionOptions,
  more: { readOnly?: boolean; signal?: AbortSignal; log?: Log; role?: string } = {},
): Promise<Session> {
  const config = await loadConfig(options.config);
  const log = more.log ?? (await makeLogger(options.logLevel ?? 'silent'));
  const targets = chooseTargets(config.targets, options.target);
  const { readOnly, signal, role } = more;
  const app = await openApp({
    config,
    file: options.config,
    log,
    ...(readOnly === undefined ? {} : { readOnly }),
    ...(signal === undefined ? {} : { signal }),
    ...(role === undefined ? {} : { role }),
    ...(options.source === undefined ? {} : { sourcePath: options.source }),
  });
  return { app, targets, log };
}

/** The daemon's file. Throws a Refusal with every problem of it. */
export async function loadConfig(file: string): Promise<DaemonConfig> {
  const loaded = await loadDaemonConfig(file);
  if ('config' in loaded) return loaded.config;
  throw new Refusal(`${file} cannot be used:\n${formatProblems(loaded.problems, { color: false })}`);
}

/** Those that are named, each once and in this order; all where none is. Throws a Refusal for a name that is none. */
export function chooseTargets(all: readonly TargetConfig[], named: readonly string[] | undefined): TargetConfig[] {
  if (named === undefined || named.length === 0) return [...all];
  return [...new Set(named)].map((name) => {
    const found = all.find((target) => target.name === name);
    if (found !== undefined) return found;
    const names = all.map((target) => target.name);
    throw new Refusal(
      `no target "${name}" in the configuration${didYouMean(name, names)}; there are: ${names.join(', ')}`,
    );
  });
}

/** The one target that a command is about. */
export function onlyTarget(targets: readonly TargetConfig[], why: string): TargetConfig {
  const [target, ...others] = targets;
  if (target !== undefined && others.length === 0) return target;
  throw new Refusal(`${why}; add --target with one of: ${targets.map(({ name }) => name).join(', ')}`);
}

export const stdoutPaint = (): ReturnType<typeof paintFor> => paintFor(process.stdout);

/** For what colours itself by a flag. */
export const wantsColor = (): boolean => stdoutPaint()('red', 'x') !== 'x';

export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** What a command says of its results: on a terminal, lines for people that are too wide are broken between words. */
export function printReport(lines: Iterable<string>, output: 'text' | 'json' | 'markdown'): void {
  printLines(output === 'text' ? fitted(lines, terminalWidth(process.stdout)) : lines);
}

/** Written as they come, some kilobytes at a time. */
export function printLines(lines: Iterable<string>): void {
  let text = '';
  for (const line of lines) {
    text += `${line}\n`;
    if (text.length < 64_000) continue;
    process.stdout.write(text);
    text = '';
  }
  process.stdout.write(text);
}

/** Whoever read the results has read enough: `| head`. */
export class PipeClosed extends Error {}

/** The same for what is made while it is read: waits where whoever reads is slower. Throws `PipeClosed`. */
export async function write(text: string): Promise<void> {
  if (text === '') return;
  await new Promise<void>((resolve, reject) => {
    const closed = (error: NodeJS.ErrnoException): void => reject(error.code === 'EPIPE' ? new PipeClosed() : error);
    process.stdout.once('error', closed);
    process.stdout.write(text, (error) => {
      if (error) return closed(error);
      process.stdout.off('error', closed);
      resolve();
    });
  });
}

export function complain(text: string): void {
  process.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
}
