import { Command, CommanderError } from 'commander';
import { asFailure } from '../model/failure.ts';
import { type ExitCode, exit, exitOf } from './exit.ts';
import { eachTarget, oneTarget, output, revisionHelp, whole, withConfig, withConfigAbove } from './options.ts';
import { PipeClosed } from './session.ts';
import { safeLines } from './text.ts';
import { version } from './version.ts';

/** Runs one command; answers the exit code. Commands are imported only when called, so that `--help` stays fast. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = exit.ok;
  const program = build((result) => {
    code = result;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof PipeClosed) return exit.ok;
    // Commander has said what is wrong with the call itself; `--help` and `--version` end here too.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.ok : exit.failed;
    const failure = asFailure(error);
    const unexpected = failure.reason === 'Unexpected' && error instanceof Error ? `\n${error.stack ?? ''}` : '';
    process.stderr.write(`${failure.reason}: ${safeLines(`${failure.message}${unexpected}`)}\n`);
    return exitOf(error);
  }
}

type Run<Options> = (options: Options) => Promise<ExitCode>;

function build(done: (code: ExitCode) => void): Command {
  const program = new Command('genesys-gitops')
    .description('Keeps Genesys Cloud organisations equal to a git repository of YAML.')
    .version(version())
    .exitOverride()
    // What stands behind a command's name is that command's, and none of the one above it.
    .enablePositionalOptions()
    .configureHelp({ sortSubcommands: false })
    .addHelpText('after', footer);

  /** An action that loads its command when it is called. */
  const lazily =
    <Options>(load: () => Promise<Run<Options>>) =>
    async (options: Options): Promise<void> => {
      const command = await load();
      done(await command(options));
    };

  program
    .command('validate')
    .description('check the documents of a config repository, offline')
    .argument(
      '[path]',
      'folder of the config repository (default: the current one; with -c, its source where that is a folder)',
    )
    .option('-e, --environment <name>', 'read it as this environment does (default: as each of them)')
    .option(
      '-c, --config <file>',
      "read it as the targets of the daemon's file do: their variables, surfaces, grants and allowances",
    )
    .addOption(eachTarget())
    .addOption(output('text', 'json'))
    .action(async (path: string | undefined, options: object) => {
      const { validateCommand } = await import('./validate.ts');
      done(await validateCommand(path, options as never));
    });

  program
    .command('test-script')
    .description('run the tests of a ScriptDataAction with the python3 of this machine')
    .argument('<name>', 'the document: its handle (user-lookup, ScriptDataAction/user-lookup) or its live name')
    .argument('[path]', 'folder of the config repository', '.')
    .option('-e, --environment <name>', 'read it as this environment does (default: as the first in which it is valid)')
    .option('--timeout <seconds>', 'how long each test may take', whole, 30)
    .addOption(output('text', 'json'))
    .addHelpText('after', testScriptFooter)
    .action(async (name: string, path: string, options: object) => {
      const { testScriptCommand } = await import('./test-script.ts');
      done(await testScriptCommand(name, path, options as never));
    });

  withConfig(program.command('plan'))
    .description('show what apply would do; never writes')
    .option('--source <path>', 'read this folder in the place of the configured source')
    .option('--revision <revision>', revisionHelp('read'))
    .option('--only <Kind/handle...>', 'only changes that these resources have a part in')
    .addOption(output('text', 'json', 'markdown'))
    .option('--exit-code', 'exit with 2 if anything changes or is held')
    .option('--validate-flows', 'also ask Genesys to validate the flows as they are live (not the files)')
    .action(lazily(async () => (await import('./plan.ts')).planCommand));

  withConfig(program.command('drift'))
    .description('what was changed without a commit, by whom; never writes')
    .option('--source <path>', 'read this folder in the place of the configured source')
    .option('--revision <revision>', revisionHelp('read'))
    .option('--only <Kind/handle...>', 'only objects that these resources have a part in')
    .addOption(output('text', 'json'))
    .option('--as-patch', 'print the edits of the repository that accept it, for `git apply`; of one target')
    .option(
      '--in-environment',
      'with --as-patch: what a document says for others too goes into the environment of the target',
    )
    .addHelpText('after', driftFooter)
    .action(lazily(async () => (await import('./drift.ts')).driftCommand));

  withConfig(program.command('apply'))
    .description('one run: bring the organisations to the desired state, and verify')
    .option('--only <Kind/handle...>', 'only changes that these resources have a part in')
    .option('--revision <revision>', revisionHelp('apply'))
    .option(
      '--approve <hash>',
      'release what waits for its size or its users, if the plan is still the one that `plan` showed',
    )
    .option('--wait <seconds>', 'while another process writes to the organisation, ask again for so long', whole, 0)
    .addOption(output('text', 'json'))
    .action(lazily(async () => (await import('./apply.ts')).applyCommand));

  withConfig(program.command('run'))
    .description('the daemon: poll the repository, apply each new revision, heal drift on schedule')
    .action(lazily(async () => (await import('./run.ts')).runCommand));

  withConfig(program.command('reconcile'))
    .description('ask the daemon for a run now, and tell what came of it')
    .option('--timeout <seconds>', 'how long to wait for the answer', whole, 120)
    .addOption(output('text', 'json'))
    .action(lazily(async () => (await import('./reconcile.ts')).reconcileCommand));

  withConfig(program.command('suspend'), oneTarget)
    .description('leave a target, or one resource of it, alone; what would change is held')
    .argument('[Kind/handle]', 'the resource (default: the whole target)')
    .option('--reason <text>', 'why, for whoever asks')
    .option('--until <time>', 'when it ends by itself: 2026-12-24, 2026-12-24T18:00:00Z, or a duration such as 2h, 3d')
    .addOption(output('text', 'json'))
    .action(async (resource: string | undefined, options: object) => {
      const { suspendCommand } = await import('./suspend.ts');
      done(await suspendCommand(resource, options as never));
    });

  withConfig(program.command('resume'), oneTarget)
    .description('end what suspend began, and heal again what somebody else changes back')
    .argument('[Kind/handle]', 'the resource (default: the whole target)')
    .addOption(output('text', 'json'))
    .action(async (resource: string | undefined, options: object) => {
      const { resumeCommand } = await import('./resume.ts');
      done(await resumeCommand(resource, options as never));
    });

  withConfig(program.command('export'))
    .description('write what is live as a config repository')
    .requiredOption('--out <folder>', 'folder to write; it must be empty or absent')
    .action(lazily(async () => (await import('./export.ts')).exportCommand));

  withConfig(program.command('snippet'), oneTarget)
    .description('print what to paste into a web page for a web messaging deployment')
    .argument('<name>', 'the deployment: its handle (shop, WebMessagingDeployment/shop), its live name or its id')
    .action(async (name: string, options: object) => {
      const { snippetCommand } = await import('./snippet.ts');
      done(await snippetCommand(name, options as never));
    });

  withConfig(program.command('status'))
    .description('how each target stands, what waits and what comes next; asks only the journal')
    .addOption(output('text', 'json'))
    .action(lazily(async () => (await import('./status.ts')).statusCommand));

  const history = withConfigAbove(program.command('history'))
    .description('what the runs did or refused, why and by whose commit; asks only the journal')
    .option('--limit <number>', 'so many runs that did or refused something', whole, 20)
    .option('--all', 'tell quiet runs one by one, too')
    .option('--resource <Kind/handle>', 'only changes of this resource, or of what it wishes of others')
    .option('--author <name>', "only changes by this author's commits: a part of the name or of the email")
    .option(
      '--revision <revision>',
      "only runs of this revision: main@sha1:<hex>, or 7 digits of the commit's id or more",
    )
    .option('--since <time>', 'not further back than 2026-12-24, 2026-12-24T18:00:00Z, or a duration such as 2h, 3d')
    .option('--until <time>', 'only what was before')
    .option('--before <run>', 'the next page: runs before this one')
    .addOption(output('text', 'json'))
    .action(lazily(async () => (await import('./history.ts')).historyCommand));

  withConfig(history.command('show'), eachTarget)
    .description(
      'one run as a story: commits, changes with their fields, requests and audit records, drift, what was held',
    )
    .argument('<run>', 'its id, or the first 8 characters')
    .addOption(output('text', 'json'))
    .action(async (run: string, options: object) => {
      const { historyShowCommand } = await import('./history-show.ts');
      done(await historyShowCommand(run, options as never));
    });

  const audit = withConfigAbove(program.command('audit'))
    .description('every change and every drift, with commit, author, correlation ids and Genesys audit records')
    .option('--resource <Kind/handle>', 'only of this resource, or of what it wishes of others')
    .option('--since <time>', 'not further back than 2026-12-24, 2026-12-24T18:00:00Z, or a duration such as 1h, 3d')
    .option('--until <time>', 'only what was before')
    .option('--offline', 'do not ask Genesys for audit records that are still waited for')
    .addOption(output('text', 'json', 'csv', 'markdown'))
    .action(lazily(async () => (await import('./audit.ts')).auditCommand));

  withConfig(audit.command('export'))
    .description("the journal's entries as JSON Lines, oldest first; asks only the journal")
    .option('--since <time>', 'not further back than 2026-12-24, 2026-12-24T18:00:00Z, or a duration such as 2h, 3d')
    .action(lazily(async () => (await import('./audit-export.ts')).auditExportCommand));

  withConfig(audit.command('verify'))
    .description('whether the journal is as its runs left it, and as exported logs say; asks only the journal')
    .option('--log <file...>', 'logs of the daemon, as it wrote them (default: only the journal with itself)')
    .addOption(output('text', 'json'))
    .action(lazily(async () => (await import('./audit-verify.ts')).auditVerifyCommand));

  withConfig(program.command('trace'), eachTarget)
    .description('from one id to all the rest: commit, runs, changes, requests, Genesys audit records')
    .argument('<what>', 'a correlation id, an audit id, a commit, Kind/handle, the id of an object or of a run')
    .option('--offline', 'do not ask Genesys')
    .addOption(output('text', 'json'))
    .action(async (what: string, options: object) => {
      const { traceCommand } = await import('./trace.ts');
      done(await traceCommand(what, options as never));
    });

  withConfig(program.command('inventory'))
    .description('which objects each target manages; asks only the journal')
    .option('--take-from <name>', 'give the target what this one managed, which the configuration has no more')
    .addOption(output('text', 'json'))
    .action(lazily(async () => (await import('./inventory.ts')).inventoryCommand));

  program
    .command('sandbox')
    .description('a small Genesys Cloud over real HTTP, for trying things out and for tests')
    .option('--port <number>', 'port; 0 picks one', whole, 8282)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--rate-limit <number>', 'requests a minute and client; 0 for no limit', whole, 300)
    .option('--latency <ms>', 'milliseconds that every answer takes', whole, 0)
    .option('--seed <file>', 'YAML or JSON file with what is there at the start (default: what the example needs)')
    .option('--org <name>', "name of the organisation, from which its id follows (default: the seed's, or Sandbox)")
    .option('--surface <name...>', 'which families of endpoints it serves (src/sandbox/README.md); default: platform')
    .option('--quirk <name...>', 'decide an unconfirmed fact the other way (src/sandbox/README.md)')
    .action(lazily(async () => (await import('./sandbox.ts')).sandboxCommand));

  program
    .command('demo')
    .description(
      'the whole story on two sandbox organisations: create, a change that reaches one after the other, drift in a flow and in a messenger, commits good and bad',
    )
    .option('--once', 'end after the story in the place of staying')
    .action(lazily(async () => (await import('./demo.ts')).demoCommand));

  return program;
}

const driftFooter = `
Exit codes: 0 nothing drifted, 2 something did, 1 problems or failed, 4 Genesys or git cannot be reached.
JSON is an array with an entry for each target; its changes are told as plan tells them, with the fields that drifted.
With --as-patch: 0 the patch accepts everything, 1 something cannot be written; stderr says what, where and why.`;

const testScriptFooter = `
Each test calls main(input) in a process of its own, in an empty folder and without this environment. What the script
requests, it requests. It runs as you, with all your rights: only the variables are kept from what it is given, and one
that looks for them, or for your files, can read them. So run only scripts that you trust. Exit codes: 0 all passed, 1 one did not, or there is no such document or no python3.`;

const footer = `
Exit codes: 0 done, 1 problems or failed, 2 something changes or is held (plan --exit-code) or drifted (drift),
            3 something is held (apply, reconcile), 4 Genesys or git cannot be reached.
Start with: genesys-gitops demo`;
