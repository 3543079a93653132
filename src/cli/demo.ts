import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { loadSandbox, runDaemon } from '../app.ts';
import type { TargetConfig } from '../model/daemon-config.ts';
import type { Log } from '../model/log.ts';
import { acts } from './demo-acts.ts';
import { type DemoRepository, demoRepository } from './demo-repository.ts';
import { type DemoOrders, type Sandbox, type SandboxOptions, type Stage, say, widget } from './demo-stage.ts';
import { type ExitCode, exit } from './exit.ts';
import { openSession, print, stdoutPaint } from './session.ts';
import { stopOnSignals } from './signals.ts';
import { storyLog } from './story-log.ts';

const example = fileURLToPath(new URL('../../config-repo-example', import.meta.url));

/** The whole story on three sandboxes and a real git repository, over real HTTP; then the daemon, until Ctrl-C. */
export async function demoCommand({ once = false }: { once?: boolean }): Promise<ExitCode> {
  const stop = stopOnSignals();
  const { demoOrders, demoSeed, startSandbox } = await loadSandbox();
  const opened: { close(): Promise<void> }[] = [];
  const keep = <T extends { close(): Promise<void> }>(one: T): T => {
    opened.unshift(one);
    return one;
  };
  try {
    const common = { rateLimit: 6000, audits: { delayMs: 50 } };
    const organisation = async (name: string, more: SandboxOptions): Promise<Sandbox> =>
      keep(await startSandbox({ ...common, seed: { ...demoSeed, organization: { name } }, ...more }));
    const sandboxes = {
      staging: await organisation('Acme Staging', { activationMs: 80 }),
      prod: await organisation('Acme', { activationMs: 300 }),
      orders: await organisation('Acme Orders', { surfaces: demoOrders.surfaces }),
    };
    const repository = keep(await demoRepository(example));
    const config = path.join(repository.folder, 'genesys-gitops.yaml');
    await writeFile(config, configFor(repository, sandboxes, demoOrders));
    // The secret of the sandboxes is no secret; by the environment, since that is how a real one comes.
    process.env['GENESYS_GITOPS_DEMO_SECRET'] = 'sandbox-secret';
    // The acts show their runs themselves; the log speaks when the daemon runs.
    let daemonRuns = false;
    const log = storyLog((line) => daemonRuns && say(line), stdoutPaint());
    const { app, targets } = await openSession({ config }, { signal: stop.signal, log });
    keep(app);
    const [staging, prod, orders] = targets as [TargetConfig, TargetConfig, TargetConfig];
    const stage: Stage = {
      staging: { sandbox: sandboxes.staging, target: staging },
      prod: { sandbox: sandboxes.prod, target: prod },
      orders: { sandbox: sandboxes.orders, target: orders },
      ...{ repository, app, config },
    };
    if (!(await tell(stage, stop.signal))) return exit.failed;
    if (once || stop.signal.aborted) return exit.ok;
    // What the story wrote is matched before the log speaks of what comes.
    await Promise.all(targets.map((target) => app.matchAudits(target)));
    daemonRuns = true;
    await stay(stage, log, stop.signal);
    return exit.ok;
  } finally {
    stop.release();
    for (const one of opened) await one.close();
  }
}

/** Prod takes what has been well in staging for a second; orders speaks another surface, by its own rules. */
function configFor(
  { repository }: DemoRepository,
  { staging, prod, orders }: Record<'staging' | 'prod' | 'orders', Sandbox>,
  { surfaces, ids }: DemoOrders,
): string {
  const target = (name: string, { org, url }: Sandbox): string => `  - name: ${name}
    environment: ${name}
    organization: ${org.name}
    apiUrl: ${url}
    clientId: sandbox-daemon
    clientSecret: { fromEnv: GENESYS_GITOPS_DEMO_SECRET }
    schedule: "*/10 * * * * *"
    policy: { prune: true }`;
  return `apiVersion: genesys-gitops/v1
kind: Daemon
source: { url: "${pathToFileURL(repository).href}", branch: main, poll: "*/2 * * * * *" }
targets:
${target('staging', staging)}
    loginUrl: ${staging.url}
${target('prod', prod)}
    loginUrl: ${prod.url}
    after: { target: staging, soak: 1s }
${target('orders', orders)}
    surfaces: [${surfaces.join(', ')}]
    organizations: [${ids.shop}, ${ids.outlet}]
journal: ./var/journal.db
listen: 127.0.0.1:0
`;
}

/** Each act says what it expects, and the story ends where one turns out otherwise. */
async function tell(stage: Stage, signal: AbortSignal): Promise<boolean> {
  const paint = stdoutPaint();
  const { staging, prod, orders, repository } = stage;
  say(`${paint('bold', 'genesys-gitops demo')}
Three small Genesys Cloud organisations of its own, and a git repository:

  staging  ${staging.sandbox.url}
  prod     ${prod.sandbox.url}
  orders   ${orders.sandbox.url}
  config   ${repository.repository}`);
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

async function stay(stage: Stage, log: Log, signal: AbortSignal): Promise<void> {
  const paint = stdoutPaint();
  const { staging, prod, orders, repository, app, config } = stage;
  print(`
The daemon now runs: it polls every 2 seconds and looks for drift every 10.
In a browser:

  staging  ${widget(staging)}
  prod     ${widget(prod)}

In another terminal, here:

  export GENESYS_GITOPS_DEMO_SECRET=sandbox-secret
  export CONFIG=${config}
  npm run -s cli -- status -c $CONFIG
  npm run -s cli -- drift -c $CONFIG
  npm run -s cli -- audit -c $CONFIG --since 10m

  ${paint('dim', '# a person publishes a messenger by hand')}
  curl -s ${prod.sandbox.url}/__sandbox/webconfigurations/edit \\
    -H 'Content-Type: application/json' \\
    -d '{"name":"Acme Messenger","change":{"messenger":
         {"styles":{"primaryColor":"#FFD400"}}}}'

  ${paint('dim', '# and slows the web chat of orders down')}
  curl -s ${orders.sandbox.url}/__sandbox/webchats/edit \\
    -H 'Content-Type: application/json' \\
    -d '{"id":"${orders.target.organizations?.[0]}",
         "change":{"greetings":{"delayMs":10000}}}'

  ${paint('dim', '# change a colour or a text, and commit: watch the pages')}
  cd ${repository.repository}

Ctrl-C ends it all, and removes the folder.
`);
  await runDaemon(app, [staging.target, prod.target, orders.target], log, signal);
}
