import { setTimeout as sleep } from 'node:timers/promises';
import { loadDaemonConfig, openApp } from '../src/app.ts';
import { silent } from '../src/model/log.ts';
import { env, setUp } from './config.ts';
import { heapMb } from './measure.ts';
import { inTemporaryFolder } from './paths.ts';
import { startSandboxProcess } from './sandbox.ts';
import { atMost, exactly, type Row } from './table.ts';

const runs = 1000;
/** Until the engine's compiler has done its work. */
const warm = 500;

/** What a long life does to a daemon: nothing. */
export function manyRuns(): Promise<Row[]> {
  return inTemporaryFolder(async (folder) => {
    const sandbox = await startSandboxProcess();
    try {
      const config = await setUp(folder, sandbox.url, 100);
      const loaded = await loadDaemonConfig(config);
      if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
      const stop = new AbortController();
      const app = await openApp({ config: loaded.config, file: config, log: silent, env, signal: stop.signal });
      const target = loaded.config.targets[0]!;
      const reconcile = async (times: number): Promise<void> => {
        for (let i = 0; i < times; i++) await app.reconcile(target, { mode: 'apply' });
      };
      try {
        await reconcile(warm);
        const before = { heap: heapMb(), handles: await openHandles() };
        await reconcile(runs);
        const after = { heap: heapMb(), handles: await openHandles() };
        const grown = Math.max(0, ((after.heap - before.heap) * 100) / before.heap);
        return [
          atMost({
            what: `heap after ${runs} quiet runs, grown by`,
            value: grown,
            most: 2,
            unit: ' %',
            digits: 1,
            note: `${before.heap.toFixed(1)} MB, then ${after.heap.toFixed(1)} MB, garbage collected`,
          }),
          exactly(`open handles more after ${runs} quiet runs`, Math.max(0, after.handles - before.handles), 0),
        ];
      } finally {
        await app.close();
      }
    } finally {
      await sandbox.close();
    }
  });
}

/** The fewest of a second: a process of git, or a timer of a connection, comes and goes. */
async function openHandles(): Promise<number> {
  let fewest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 10; i++) {
    await sleep(100);
    fewest = Math.min(fewest, process.getActiveResourcesInfo().length);
  }
  return fewest;
}
