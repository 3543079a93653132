import { readFile } from 'node:fs/promises';
import { loadSandbox } from '../app.ts';
import { type ExitCode, exit, Refusal } from './exit.ts';
import { print } from './session.ts';
import { stopOnSignals } from './signals.ts';

export interface SandboxCommandOptions {
  port: number;
  host: string;
  rateLimit: number;
  latency: number;
  seed?: string;
  org?: string;
  surface?: string[];
  quirk?: string[];
}

/**
 * The small Genesys Cloud alone, until SIGTERM or Ctrl-C; without a seed it holds what the example repository finds there.
 * The first line of stdout is its address.
 */
export async function sandboxCommand(options: SandboxCommandOptions): Promise<ExitCode> {
  const { demoSeed, parseSeed, startSandbox } = await loadSandbox();
  const stop = stopOnSignals();
  const seed = options.seed === undefined ? demoSeed : parseSeed(await readFile(options.seed, 'utf8'));
  const sandbox = await startSandbox({
    port: options.port,
    host: options.host,
    rateLimit: options.rateLimit,
    latencyMs: options.latency,
    ...(options.surface === undefined ? {} : { surfaces: options.surface }),
    quirks: options.quirk ?? [],
    ...(options.org === undefined ? {} : { orgName: options.org }),
    seed,
  }).catch((error: unknown) => {
    // A name that is none, a port that is taken: what is wrong is in the sentence, and not in where it was found.
    throw new Refusal(error instanceof Error ? error.message : String(error));
  });
  print(
    `${sandbox.url}\norganisation "${sandbox.org.name}" (${sandbox.org.id}); clients sandbox-daemon and sandbox-admin, secret sandbox-secret`,
  );
  await new Promise<void>((resolve) => {
    if (stop.signal.aborted) resolve();
    else stop.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await sandbox.close();
  return exit.ok;
}
