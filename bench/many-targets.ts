import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type App, loadDaemonConfig, openApp } from '../src/app.ts';
import { silent } from '../src/model/log.ts';
import { env, setUp } from './config.ts';
import { commitAll } from './documents.ts';
import { cpu, median, wall } from './measure.ts';
import { inTemporaryFolder, root } from './paths.ts';
import { atMost, type Row, told } from './table.ts';
import { configuration, webFiles } from './web-files.ts';

const targets = 50;
/** Fewer than elsewhere: one takes as long as all of these organisations need. */
const rounds = 3;
/** Beside what changes, so that there is something to look through. */
const actions = 20;

/** One commit that changes a messenger's colour, in so many organisations at once: until each deployment serves it. */
export function manyTargets(): Promise<Row[]> {
  return inTemporaryFolder(async (folder) => {
    const { urls, close } = await sandboxes({ count: targets, rateLimit: 0, latencyMs: 100, activationMs: 2000 });
    try {
      const all = urls.map((url, i) => targetOf(url, i));
      const more = webFiles({ deployments: 1, schedules: 0, flows: 0 });
      const config = await setUp(folder, urls[0]!, actions, { more, top: { targets: all } });
      return await withTargets(config, async (app) => {
        let commits = 0;
        /** Milliseconds from the commit until these targets have it in force. */
        const change = async (count: number): Promise<number> => {
          const colour = `#0B5F${(++commits).toString(16).padStart(2, '0').toUpperCase()}`;
          await writeFile(path.join(folder, 'repository/web/configuration-0.yaml'), configuration(0, colour));
          commitAll(path.join(folder, 'repository'), colour);
          return wall(() => converge(app, count));
        };
        await converge(app, targets);
        await change(targets);
        const one: number[] = [];
        const many: number[] = [];
        const work: number[] = [];
        for (let round = 0; round < rounds; round++) {
          one.push(await change(1));
          work.push(await cpu(async () => many.push(await change(targets))));
        }
        const [alone, together] = [median(one), median(many)];
        return [
          atMost({
            what: `${targets} targets changed by one commit / one target`,
            value: together / alone,
            most: 1.5,
            digits: 2,
            note: `${(together / 1000).toFixed(2)} s / ${(alone / 1000).toFixed(2)} s; latency 100 ms, activation 2 s; medians of three`,
          }),
          told(`CPU of the ${targets} runs`, median(work), { unit: ' ms' }),
        ];
      });
    } finally {
      await close();
    }
  });
}

function targetOf(url: string, i: number): object {
  return {
    name: `org-${i}`,
    environment: 'prod',
    organization: `Org ${i}`,
    apiUrl: url,
    loginUrl: url,
    clientId: 'sandbox-daemon',
    clientSecret: { fromEnv: 'BENCH_SECRET' },
    policy: { maxChanges: 1000 },
  };
}

async function withTargets<T>(file: string, work: (app: App) => Promise<T>): Promise<T> {
  const loaded = await loadDaemonConfig(file);
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
  const app = await openApp({ config: loaded.config, file, log: silent, env });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

/** As the daemon does: the newest revision is asked for once, and each target has its own run. */
async function converge(app: App, count: number): Promise<void> {
  const revision = await app.source.head();
  const runs = await Promise.all(
    app.config.targets.slice(0, count).map((target) => app.reconcile(target, { mode: 'apply', revision })),
  );
  const bad = runs.find(({ status }) => status !== 'succeeded');
  if (bad !== undefined) throw new Error(JSON.stringify([bad.reason, bad.outcomes, bad.plan.problems]).slice(0, 2000));
}

async function sandboxes(options: object): Promise<{ urls: string[]; close(): Promise<void> }> {
  const child: ChildProcess = spawn(process.execPath, [path.join(root, 'bench/many-sandboxes.mjs')], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin!.end(JSON.stringify(options));
  const exited = once(child, 'exit');
  const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
  return {
    urls: JSON.parse(line) as string[],
    async close() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
