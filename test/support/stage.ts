import { afterEach, beforeEach } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { type Folder, folder, type Running, start } from './cli.ts';

/** What each test of a command or a daemon has of its own. */
export interface Stage {
  sandbox: Sandbox;
  dir: Folder;
}

/**
 * Gives `take` a stage before each test, and clears it away after it. Processes that were begun with the `start` that it
 * answers are killed first, so that none of them meets a sandbox or a folder that has gone.
 */
export function useStage(take: (stage: Stage) => void): { start: typeof start } {
  const running: Running[] = [];
  let stage: Stage;
  beforeEach(async () => {
    stage = { sandbox: await startSandbox({ rateLimit: 1_000_000 }), dir: folder() };
    take(stage);
  });
  afterEach(async () => {
    for (const { child, finished } of running.splice(0)) {
      child.kill('SIGKILL');
      await finished;
    }
    await stage.sandbox.close();
    stage.dir.remove();
  });
  return {
    start(args, env) {
      const one = start(args, env);
      running.push(one);
      return one;
    },
  };
}
