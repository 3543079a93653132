import { withApp } from './app.ts';
import { applied, type Usage } from './command.ts';
import { setUp } from './config.ts';
import { flowFiles } from './flow-files.ts';
import { cpu, median, wall } from './measure.ts';
import { inTemporaryFolder } from './paths.ts';
import { type SandboxProcess, startSandboxProcess } from './sandbox.ts';
import { atMost, exactly, type Row, told } from './table.ts';

const flows = 1000;
const actions = 1000;

/** A run with nothing to change on 1,000 flows that it published and the 1,000 data actions that they call. */
export function flowQuietRun(): Promise<Row[]> {
  return inTemporaryFolder(async (folder) => {
    const sandbox = await startSandboxProcess();
    try {
      const config = await setUp(folder, sandbox.url, actions, { more: flowFiles(flows, actions) });
      await applied(folder, config, 'create', flows + actions);
      await sandbox.served();
      const used: Usage[] = [];
      for (let i = 0; i < 3; i++) used.push(await applied(folder, config, 'unchanged', flows + actions));
      await sandbox.served();
      await applied(folder, config, 'unchanged', flows + actions);
      const fresh = await sandbox.served();
      return [
        ...requestRows('a new process, warm journal', fresh),
        told('time of that process', median(used.map(({ wallMs }) => wallMs)), {
          unit: ' ms',
          note: `median of three; CPU ${median(used.map(({ cpuMs }) => cpuMs)).toFixed(0)} ms; git fetch, parsing and checking 1,000 flows of 20 KB included`,
        }),
        told('its peak memory, started as the image does', Math.max(...used.map(({ peakMb }) => peakMb)), {
          unit: ' MB',
        }),
        ...(await warmRows(config, sandbox)),
      ];
    } finally {
      await sandbox.close();
    }
  });
}

/** Exports are what a quiet run must not need: they are counted by their path. */
function requestRows(who: string, served: readonly string[]): Row[] {
  const exports = served.filter((call) => call.includes('/flows/export/') || call.includes('/architect-files/'));
  return [
    atMost({
      what: `requests, ${who}`,
      counted: true,
      value: served.length,
      most: 26,
      note: `counted at the sandbox, token included: ${byPath(served)}`,
    }),
    exactly(`exports and downloads, ${who}`, exports.length, 0),
  ];
}

/** `10 GET /api/v2/flows, 1 POST /oauth/token`. */
function byPath(served: readonly string[]): string {
  const counts = Map.groupBy(served, (call) => call.split('?')[0]!);
  return [...counts].map(([call, { length }]) => `${length} ${call}`).join(', ');
}

/** Further runs of one app: the lists are asked for, and the rest is known. */
async function warmRows(config: string, sandbox: SandboxProcess): Promise<Row[]> {
  return withApp(config, async (app, target) => {
    const run = async (): Promise<void> => {
      const { plan } = await app.reconcile(target, { mode: 'apply' });
      if (plan.unchanged.length !== flows + actions) throw new Error('not a quiet run');
    };
    const first = await cpu(run);
    await run();
    await sandbox.served();
    await run();
    const served = await sandbox.served();
    const [times, used]: [number[], number[]] = [[], []];
    for (let i = 0; i < 5; i++) {
      used.push(await cpu(async () => times.push(await wall(run))));
    }
    return [
      ...requestRows('the same process again', served),
      told('time of each further run', median(times), {
        unit: ' ms',
        note: `CPU ${median(used).toFixed(0)} ms; of the first run of an app ${first.toFixed(0)} ms`,
      }),
    ];
  });
}
