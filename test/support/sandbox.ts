import { afterEach, beforeEach } from 'vitest';
import { demoSeed, type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { type Folder, folder, type Running, start } from './cli.ts';

/**
 * Gives `take` a sandbox and a folder of its own before each test, and clears both away after it. Processes that were
 * begun with the `start` that it answers are killed first, so that none of them meets what has gone already.
 */
export function useSandbox(take: (made: { sandbox: Sandbox; dir: Folder }) => void): { start: typeof start } {
  const running: Running[] = [];
  let made: { sandbox: Sandbox; dir: Folder };
  beforeEach(async () => {
    made = { sandbox: await startSandbox({ rateLimit: 1_000_000, seed: demoSeed, activationMs: 1 }), dir: folder() };
    take(made);
  });
  afterEach(async () => {
    for (const { child, finished } of running.splice(0)) {
      child.kill('SIGKILL');
      await finished;
    }
    await made.sandbox.close();
    made.dir.remove();
  });
  return {
    start(args, env) {
      const one = start(args, env);
      running.push(one);
      return one;
    },
  };
}
