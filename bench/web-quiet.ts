import { withApp } from './app.ts';
import { applied, type Usage } from './command.ts';
import { setUp } from './config.ts';
import { median } from './measure.ts';
import { inTemporaryFolder } from './paths.ts';
import { startSandboxProcess } from './sandbox.ts';
import { atMost, type Row, told } from './table.ts';
import { webFiles } from './web-files.ts';

const counts = { deployments: 300, schedules: 100, flows: 50 };
const all = 2 * counts.deployments + counts.schedules + counts.flows;

/** A run with nothing to change on 300 configurations, 300 deployments, 100 schedules and 50 flows. */
export function webQuietRun(): Promise<Row[]> {
  return inTemporaryFolder(async (folder) => {
    const sandbox = await startSandboxProcess({ activationMs: 1 });
    try {
      const config = await setUp(folder, sandbox.url, 0, { more: webFiles(counts) });
      const rowOf = (who: string, served: readonly string[]): Row =>
        atMost({ what: `requests, ${who}`, counted: true, value: served.length, most: 12, note: byPath(served) });
      await applied(folder, config, 'create', all);
      const used: Usage[] = [await applied(folder, config, 'unchanged', all)];
      await sandbox.served();
      used.push(await applied(folder, config, 'unchanged', all));
      const fresh = await sandbox.served();
      const again = await withApp(config, async (app, target) => {
        for (let i = 0; i < 2; i++) await app.reconcile(target, { mode: 'apply' });
        await sandbox.served();
        const { plan } = await app.reconcile(target, { mode: 'apply' });
        if (plan.unchanged.length !== all) throw new Error('not a quiet run');
        return sandbox.served();
      });
      return [
        rowOf('a new process, warm journal', fresh),
        rowOf('the same process again', again),
        told('time of that process', median(used.map(({ wallMs }) => wallMs)), { unit: ' ms' }),
      ];
    } finally {
      await sandbox.close();
    }
  });
}

/** `1 GET /api/v2/flows, 1 POST /oauth/token`. */
function byPath(served: readonly string[]): string {
  const paths = Map.groupBy(served, (call) => call.split('?')[0]!);
  return [...paths].map(([call, { length }]) => `${length} ${call}`).join(', ');
}
