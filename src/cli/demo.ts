import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type App, InvalidSnapshot, loadSandbox, runDaemon, type TargetReport } from '../app.ts';
import type { TargetConfig } from '../model/daemon-config.ts';
import type { Log } from '../model/log.ts';
import { type DemoRepository, demoRepository } from './demo-repository.ts';
import { type ExitCode, exit } from './exit.ts';
import { renderError, renderResults } from './report.ts';
import { openSession, print, stdoutPaint } from './session.ts';
import { stopOnSignals } from './signals.ts';
import { storyLog } from './story-log.ts';

const example = fileURLToPath(new URL('../../config-repo-example', import.meta.url));

type Sandbox = Awaited<ReturnType<Awaited<ReturnType<typeof loadSandbox>>['startSandbox']>>;

interface Stage {
  sandbox: Sandbox;
  repository: DemoRepository;
  app: App;
  target: TargetConfig;
}

/** The whole story on a sandbox and a real git repository, over real HTTP; then the daemon, until Ctrl-C. */
export async function demoCommand({ once = false }: { once?: boolean }): Promise<ExitCode> {
  const stop = stopOnSignals();
  const { startSandbox } = await loadSandbox();
  const opened: { close(): Promise<void> }[] = [];
  const keep = <T extends { close(): Promise<void> }>(one: T): T => {
    opened.unshift(one);
    return one;
  };
  try {
    const sandbox = keep(await startSandbox({ rateLimit: 6000 }));
    const repository = keep(await demoRepository(example));
    const config = path.join(repository.folder, 'genesys-gitops.yaml');
    await writeFile(config, configFor(repository, sandbox));
    // The secret of the sandbox is no secret; by the environment, since that is how a real one comes.
    process.env['GENESYS_GITOPS_DEMO_SECRET'] = 'sandbox-secret';
    // The acts show their runs themselves; the log speaks when the daemon runs.
    let daemonRuns = false;
    const log = storyLog((line) => daemonRuns && print(line), stdoutPaint());
    const { app, targets } = await openSession({ config }, { signal: stop.signal, log });
    keep(app);
    const stage = { sandbox, repository, app, target: targets[0]! };
    if (!(await tell(stage, stop.signal))) return exit.failed;
    if (once || stop.signal.aborted) return exit.ok;
    daemonRuns = true;
    await stay(stage, config, log, stop.signal);
    return exit.ok;
  } finally {
    stop.release();
    for (const one of opened) await one.close();
  }
}

function configFor({ repository }: DemoRepository, { url }: Sandbox): string {
  return `apiVersion: genesys-gitops/v1
kind: Daemon
source: { url: "${pathToFileURL(repository).href}", branch: main, poll: "*/2 * * * * *" }
targets:
  - name: demo
    environment: prod
    organization: Sandbox
    apiUrl: ${url}
    loginUrl: ${url}
    clientId: sandbox-daemon
    clientSecret: { fromEnv: GENESYS_GITOPS_DEMO_SECRET }
    schedule: "*/10 * * * * *"
    policy: { prune: true }
journal: ./var/journal.db
listen: 127.0.0.1:0
`;
}

/** Five acts. Each says what it expects, and the story ends where one turns out otherwise. */
async function tell({ sandbox, repository, app, target }: Stage, signal: AbortSignal): Promise<boolean> {
  const paint = stdoutPaint();
  const apply = (): Promise<TargetReport> => app.reconcile(target, { mode: 'apply', byHand: true });
  let act = 0;
  const scene = async (title: string, play: () => Promise<boolean>): Promise<boolean> => {
    if (signal.aborted) return true;
    print(`\n${paint('bold', `${++act}. ${title}`)}\n`);
    const well = await play();
    if (!well) print(paint('red', 'This is not what the story says; something is wrong.'));
    return well;
  };
  const show = (report: TargetReport): void => print(renderResults([{ target: target.name, report }], 'text', paint));

  print(
    `${paint('bold', 'genesys-gitops demo')}\nA small Genesys Cloud listens at ${sandbox.url}; the config repository is ${repository.repository}`,
  );
  const acts: [string, () => Promise<boolean>][] = [
    [
      'The first run brings an empty organisation to what the repository says',
      async () => {
        const report = await apply();
        show(report);
        return report.status === 'succeeded' && report.outcomes.length > 0;
      },
    ],
    [
      'The second run finds nothing to do, and writes nothing',
      async () => {
        const report = await apply();
        show(report);
        return report.status === 'succeeded' && report.outcomes.length === 0;
      },
    ],
    [
      'Somebody changes an action by hand in the admin pages: found as drift, and healed',
      async () => {
        const action = sandbox.state.actionNamed('Get Customer')!;
        sandbox.state.editAction(action.id, { config: { ...action.config, timeoutSeconds: 3 } });
        print(paint('dim', 'sandbox-admin sets the timeout of "Get Customer" to 3 seconds\n'));
        const report = await apply();
        show(report);
        return report.plan.changes.every(({ cause }) => cause === 'drift') && report.outcomes.length === 1;
      },
    ],
    [
      'A commit changes a contract: published through a draft, and the action keeps its id',
      async () => {
        const before = sandbox.state.actionNamed('Get Customer')!.id;
        const file = 'actions/get-customer.yaml';
        const commit = await repository.commit(
          'Tell the segment too',
          file,
          'tier: { type: string }',
          'tier: { type: string }\n          segment: { type: string }',
        );
        print(paint('dim', `commit ${commit} adds "segment" to the answer of "Get Customer"\n`));
        const report = await apply();
        show(report);
        return report.outcomes.length === 1 && sandbox.state.actionNamed('Get Customer')!.id === before;
      },
    ],
    [
      'A bad commit is refused, and the last good revision stays in force',
      async () => {
        const commit = await repository.commit(
          'Wait longer',
          'timeouts/genesys.yaml',
          'timeoutSeconds: 10',
          'timeoutSeconds: 90',
        );
        print(paint('dim', `commit ${commit} sets a timeout of 90 seconds; Genesys allows 60\n`));
        const error: unknown = await apply().catch((reason: unknown) => reason);
        print(renderError(target.name, error, paint));
        const kept = sandbox.state.actionNamed('Get callbacks waiting')!.config.timeoutSeconds === 10;
        await repository.commit(
          'Revert "Wait longer"',
          'timeouts/genesys.yaml',
          'timeoutSeconds: 90',
          'timeoutSeconds: 10',
        );
        return error instanceof InvalidSnapshot && kept;
      },
    ],
  ];
  for (const [title, play] of acts) if (!(await scene(title, play))) return false;
  print(`\n${paint('green', 'That is the story.')}`);
  return true;
}

async function stay(
  { sandbox, repository, app, target }: Stage,
  config: string,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const paint = stdoutPaint();
  print(`
The daemon now runs: it polls every 2 seconds and looks for drift every 10. In another terminal, try

  cd ${repository.repository}      ${paint('dim', '# edit a file, git commit -am "..."')}
  GENESYS_GITOPS_DEMO_SECRET=sandbox-secret npm run -s cli -- plan -c ${config}
  GENESYS_GITOPS_DEMO_SECRET=sandbox-secret npm run -s cli -- status -c ${config}

The organisation is at ${sandbox.url}. Ctrl-C ends it all, and removes the folder.
`);
  await runDaemon(app, [target], log, signal);
}
