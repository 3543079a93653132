import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { loadSandbox, runDaemon } from '../app.ts';
import type { Log } from '../model/log.ts';
import { acts, type Sandbox, type Stage, say } from './demo-acts.ts';
import { type DemoRepository, demoRepository } from './demo-repository.ts';
import { type ExitCode, exit } from './exit.ts';
import { openSession, print, stdoutPaint } from './session.ts';
import { stopOnSignals } from './signals.ts';
import { storyLog } from './story-log.ts';

const example = fileURLToPath(new URL('../../config-repo-example', import.meta.url));

/** The whole story on a sandbox and a real git repository, over real HTTP; then the daemon, until Ctrl-C. */
export async function demoCommand({ once = false }: { once?: boolean }): Promise<ExitCode> {
  const stop = stopOnSignals();
  const { demoSeed, startSandbox } = await loadSandbox();
  const opened: { close(): Promise<void> }[] = [];
  const keep = <T extends { close(): Promise<void> }>(one: T): T => {
    opened.unshift(one);
    return one;
  };
  try {
    const sandbox = keep(await startSandbox({ rateLimit: 6000, seed: demoSeed }));
    const repository = keep(await demoRepository(example));
    const config = path.join(repository.folder, 'genesys-gitops.yaml');
    await writeFile(config, configFor(repository, sandbox));
    // The secret of the sandbox is no secret; by the environment, since that is how a real one comes.
    process.env['GENESYS_GITOPS_DEMO_SECRET'] = 'sandbox-secret';
    // The acts show their runs themselves; the log speaks when the daemon runs.
    let daemonRuns = false;
    const log = storyLog((line) => daemonRuns && say(line), stdoutPaint());
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

/** Each act says what it expects, and the story ends where one turns out otherwise. */
async function tell(stage: Stage, signal: AbortSignal): Promise<boolean> {
  const paint = stdoutPaint();
  const { url } = stage.sandbox;
  say(
    `${paint('bold', 'genesys-gitops demo')}\nA small Genesys Cloud listens at ${url}; the config repository is ${stage.repository.repository}`,
  );
  for (const [i, { title, play }] of acts(stage).entries()) {
    if (signal.aborted) return true;
    say(`\n${paint('bold', `${i + 1}. ${title}`)}\n`);
    if (await play()) continue;
    say(paint('red', 'This is not what the story says; something is wrong.'));
    return false;
  }
  say(`\n${paint('green', 'That is the story.')}`);
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
The daemon now runs: it polls every 2 seconds and looks for drift every 10.
In another terminal, here:

  export GENESYS_GITOPS_DEMO_SECRET=sandbox-secret
  npm run -s cli -- status -c ${config}
  npm run -s cli -- plan -c ${config}

  ${paint('dim', '# a person publishes in Architect; with "publish":false they only save')}
  curl -s ${sandbox.url}/__sandbox/flows/edit \\
    -H 'Content-Type: application/json' \\
    -d '{"type":"inboundCall","name":"Customer Lookup",
         "set":{"initialGreeting":{"tts":"Hello!"}}}'

  ${paint('dim', '# edit a file and commit')}
  cd ${repository.repository}

The organisation is at ${sandbox.url}.
Ctrl-C ends it all, and removes the folder.
`);
  await runDaemon(app, [target], log, signal);
}
