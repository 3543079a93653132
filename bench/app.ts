import { type App, loadDaemonConfig, openApp } from '../src/app.ts';
import type { TargetConfig } from '../src/model/daemon-config.ts';
import { silent } from '../src/model/log.ts';
import { env } from './config.ts';

/** An app of this process on a daemon's file, with the first of its targets. */
export async function withApp<T>(config: string, work: (app: App, target: TargetConfig) => Promise<T>): Promise<T> {
  const loaded = await loadDaemonConfig(config);
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
  const app = await openApp({ config: loaded.config, file: config, log: silent, env });
  try {
    return await work(app, loaded.config.targets[0]!);
  } finally {
    await app.close();
  }
}
