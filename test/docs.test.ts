import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseAllDocuments, parseDocument, stringify } from 'yaml';
import { reference, stale } from '../scripts/generate-docs.ts';
import { checkRepository, formatProblems, loadDaemonConfig, openApp } from '../src/app.ts';
import { reasons } from '../src/model/failure.ts';
import { isObject, type JsonObject } from '../src/model/json.ts';
import { silent } from '../src/model/log.ts';
import { problemCodes } from '../src/model/problem.ts';
import { flowTypes } from '../src/objects/flow/types.ts';
import { kinds } from '../src/objects/index.ts';
import { permissionFor } from '../src/objects/surfaces/platform-permissions.ts';
import { defaults } from '../src/reconcile/policy.ts';
import { driftDefaults } from '../src/reconcile/policy-drift.ts';
import { demoSeed, startSandbox } from '../src/sandbox/index.ts';

const root = path.resolve(import.meta.dirname, '..');
const example = path.join(root, 'config-repo-example');
const text = (page: string): string => readFileSync(path.join(root, page), 'utf8');
const json = (file: string): JsonObject => JSON.parse(text(file)) as JsonObject;

/** What a person reads. The reference is printed, and compared as a whole. */
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'config-repo-example/README.md',
  ...below('docs').filter((page) => !page.startsWith('docs/reference/')),
  ...below('src/objects'),
];

function below(folder: string): string[] {
  const files = readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.md')).map((file) => path.join(folder, file));
}

interface Block {
  language: string;
  text: string;
}

function blocks(page: string): Block[] {
  return [...text(page).matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = '', inside = '']) => ({
    language,
    text: inside,
  }));
}

function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'docs-'));
  return work(folder).finally(() => rmSync(folder, { recursive: true }));
}

function put(folder: string, file: string, content: string): string {
  const full = path.join(folder, file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, content);
  return full;
}

// YAML

const daemon = {
  apiVersion: 'genesys-gitops/v1',
  kind: 'Daemon',
  source: { path: 'config' },
  targets: [
    {
      name: 'prod',
      organization: 'Acme',
      region: 'mypurecloud.ie',
      clientId: 'id',
      clientSecret: { fromEnv: 'SECRET' },
    },
  ],
};

const environment = (name: string): JsonObject =>
  parseDocument(text(`config-repo-example/environments/${name}.yaml`)).toJS() as JsonObject;
const prod = environment('prod');

/** The example's environment in which a document counts: kinds of another surface are excluded there. */
function environmentFor(block: string): string {
  const kind = /^kind: (\w+)$/m.exec(block)?.[1];
  const excludes = (name: string): boolean => (environment(name)['exclude'] as string[]).includes(`${kind}/*`);
  return ['prod', 'orders'].find((name) => !excludes(name))!;
}

/** `# flows/architect/x.yaml`, and then a flow as Architect writes it: the file of a document on the same page. */
function architectFile(block: string): { file: string; block: string } | undefined {
  const [, file, type] = /^# (\S+\.yaml)\n(\w+):\n/.exec(block) ?? [];
  return file !== undefined && flowTypes.includes(type!) ? { file, block } : undefined;
}

/** `# orders/scripts/x.py`: the script of a document on the same page. */
function scriptFile({ language, text: block }: Block): [file: string, block: string][] {
  const file = /^# (\S+\.py)\n/.exec(block)?.[1];
  return language === 'python' && file !== undefined ? [[file, block]] : [];
}

/** Problems of a block: whole documents, or a fragment that is put where its first key belongs. */
async function yamlProblems(block: string, beside: Record<string, string> = {}): Promise<string[]> {
  const parsed = parseAllDocuments(block);
  const errors = Array.isArray(parsed) ? parsed.flatMap(({ errors }) => errors.map(({ message }) => message)) : [];
  if (errors.length > 0) return errors;
  const documents = (Array.isArray(parsed) ? parsed : []).map((one) => one.toJS() as JsonObject);
  const whole = documents.every(({ kind }) => kind !== undefined) ? block : fragment(documents[0] ?? {});
  if (whole === undefined) return [`this fragment fits nowhere: ${Object.keys(documents[0] ?? {}).join(', ')}`];
  return inFolder((folder) => {
    for (const [file, content] of Object.entries(beside)) put(folder, file, content);
    return (/^kind: Daemon$/m.test(whole) ? daemonProblems : repositoryProblems)(folder, whole);
  });
}

function fragment(value: JsonObject): string | undefined {
  const fits = (schema: unknown): boolean =>
    isObject(schema as JsonObject) && Object.keys(value)[0]! in (schema as object);
  const daemonSchema = json('schemas/daemon.schema.json');
  const target = ((daemonSchema['definitions'] as JsonObject)['target'] as JsonObject)['properties'];
  if (fits(daemonSchema['properties'])) return stringify({ ...daemon, ...value });
  if (fits(json('schemas/environment.schema.json')['properties'])) return stringify({ ...prod, ...value });
  if (fits(target)) return stringify({ ...daemon, targets: [{ ...daemon.targets[0], ...value }] });
  return undefined;
}

async function daemonProblems(folder: string, block: string): Promise<string[]> {
  const loaded = await loadDaemonConfig(put(folder, 'genesys-gitops.yaml', block));
  return 'problems' in loaded ? [formatProblems(loaded.problems)] : [];
}

/**
 * A resource stands alone, with the example's variables and files. An environment is laid over the whole example, but for
 * the documents of the other surface where it is not about them.
 */
async function repositoryProblems(folder: string, block: string): Promise<string[]> {
  const isEnvironment = /^kind: Environment$/m.test(block);
  const named = /^# (\S+\.yaml)$/m.exec(block)?.[1];
  const isRules = /^kind: Rules$/m.test(block);
  const file = named ?? (isEnvironment ? 'environments/docs.yaml' : isRules ? 'rules.yaml' : 'document.yaml');
  const alone = environmentFor(block);
  const variables = path.join('environments', `${alone}.yaml`);
  const others = block.includes('orderLineFlow') ? [] : [path.join(example, 'orders')];
  cpSync(example, folder, {
    recursive: true,
    filter: (from) => (isEnvironment ? !others.includes(from) : !from.endsWith('.yaml') || from.endsWith(variables)),
  });
  put(folder, file, block);
  const { problems, warnings } = await checkRepository(folder, isEnvironment ? path.basename(file, '.yaml') : alone);
  return [...problems, ...warnings].map((problem) => formatProblems([problem]));
}

test.each(pages.filter((page) => blocks(page).some(({ language }) => language === 'yaml')))(
  'every YAML block is valid: %s',
  async (page) => {
    const all = blocks(page).filter(({ language }) => language === 'yaml');
    const flows = all.flatMap(({ text: block }) => architectFile(block) ?? []);
    const scripts = Object.fromEntries(blocks(page).flatMap(scriptFile));
    for (const { text: block } of all) {
      if (architectFile(block) !== undefined) continue;
      const named = flows.filter(({ file }) => block.includes(`file: architect/${path.basename(file)}`));
      const beside = named.map(({ file, block: flow }) => [file, flow]);
      expect(await yamlProblems(block, { ...scripts, ...Object.fromEntries(beside) }), block).toEqual([]);
      for (const one of named) flows.splice(flows.indexOf(one), 1);
    }
    expect(flows, 'no document names these').toEqual([]);
  },
);

// Commands

/** Commands that are not ours, or that other tests and `.ci/run` run. */
const known = [
  'npm ci',
  'npm test',
  'npm run check',
  'npm run fix',
  'npm run docs',
  'npm run types',
  'npm run bench',
  'npm run test:long',
  'npm run image:check',
];

/** Those that stay: what they print when they are ready. Then SIGTERM, and they end well. */
const staying: Record<string, string> = { run: 'daemon started', sandbox: 'http://', demo: 'The daemon now runs' };

interface Command {
  line: string;
  /** Arguments of ours. */
  argv: string[];
  exits: number;
}

/** The commands of a page's shell blocks; a line that is neither known nor ours is said. */
function commands(source: readonly Block[]): { ours: Command[]; unknown: string[] } {
  const ours: Command[] = [];
  const unknown: string[] = [];
  const lines = source.filter(({ language }) => language === 'sh').flatMap((block) => block.text.trim().split('\n'));
  for (const whole of lines) {
    const exits = Number(/# exits with (\d)$/.exec(whole)?.[1] ?? 0);
    for (const line of whole.replace(/\s+# .*$/, '').split(' && ')) {
      const argv = /^npm run -s cli -- (.+)$/.exec(line)?.[1] ?? line.replace(/^npm start( --)?/, 'demo');
      if (argv !== line) ours.push({ line, argv: argv.split(/\s+/), exits });
      else if (!known.includes(line) && !/^export \w+=\S+$/.test(line)) unknown.push(line);
    }
  }
  return { ours, unknown };
}

/** An OAuth client as getting-started describes it: before its sixth step, and from there on. */
function documentedClient(writes: boolean): { permissions: string[]; scopes: string[] } {
  const page = text('docs/getting-started.md');
  const rows = [...page.matchAll(/^\| `(\w+:\w+:\w+)` \| step (\d) \|/gm)];
  const families = 'integrations|architect|webdeployments|knowledge|conversations|audits|oauth|users';
  const inCode = page.matchAll(new RegExp(`\`(organization:readonly|(?:${families})(?::readonly)?)\``, 'g'));
  const both = ['integrations', 'webdeployments'];
  const later = writes ? [] : ['audits:readonly', 'oauth:readonly', 'users:readonly'];
  const lesser = ['architect:readonly', ...both.map((scope) => (writes ? `${scope}:readonly` : scope)), ...later];
  return {
    permissions: rows.filter(([, , step]) => writes || step === '3').map(([, permission]) => permission!),
    scopes: [...new Set(Array.from(inCode, ([, word]) => word!))].filter((scope) => !lesser.includes(scope)),
  };
}

/**
 * A folder as the pages assume it: the daemon's file, a config repository, and an organisation where it was applied. The
 * client has the documented permissions, and no other.
 */
async function runAll(all: readonly Command[], client = documentedClient(true)): Promise<string[]> {
  const looksOnly = !client.permissions.includes('integrations:action:add');
  const sandbox = await startSandbox({
    rateLimit: 100_000,
    jobMs: 1,
    activationMs: 1,
    seed: { ...demoSeed, clients: [{ id: 'docs', ...client }] },
  });
  try {
    return await inFolder(async (folder) => {
      const exports = all.some(({ argv }) => argv.includes('acme-config') && argv.includes('--out'));
      for (const name of ['config-repo-example', ...(exports ? [] : ['acme-config'])])
        cpSync(example, path.join(folder, name), { recursive: true });
      const config = (source: string, journal: string, more: object): string =>
        stringify({
          ...daemon,
          source: { path: source },
          targets: [
            {
              ...daemon.targets[0],
              region: undefined,
              organization: 'Sandbox',
              apiUrl: sandbox.url,
              loginUrl: sandbox.url,
              clientId: 'docs',
              ...more,
            },
          ],
          journal,
          listen: '127.0.0.1:0',
        });
      const admin = { environment: 'prod', ...(looksOnly ? { clientId: 'sandbox-admin' } : {}) };
      put(folder, 'seed.yaml', config('config-repo-example', 'seed.db', admin));
      put(folder, 'genesys-gitops.yaml', config('acme-config', 'journal.db', exports ? {} : { environment: 'prod' }));
      await applySeed(path.join(folder, 'seed.yaml'));
      const failures: string[] = [];
      for (const command of all.filter(isNews)) failures.push(...(await runOne(command, folder)));
      return failures;
    });
  } finally {
    await sandbox.close();
  }
}

/** What the organisation has at the start; no process, since no page shows it. */
async function applySeed(file: string): Promise<void> {
  process.env['SECRET'] = 'sandbox-secret';
  const loaded = await loadDaemonConfig(file);
  if ('problems' in loaded) throw new Error(formatProblems(loaded.problems));
  const app = await openApp({ config: loaded.config, file, log: silent });
  try {
    const { status } = await app.reconcile(app.config.targets[0]!, { mode: 'apply' });
    expect(status).toBe('succeeded');
  } finally {
    await app.close();
  }
}

const looking = ['validate', 'plan', 'status', 'history', 'inventory', 'test-script'];
const ran = new Set<string>();
/** `test-script` runs scripts with the machine's own. */
const hasPython = spawnSync('python3', ['--version']).status === 0;

/** A command that only looks leaves nothing for the next one: one of each is run, whichever pages show it. */
function isNews({ line, argv, exits }: Command): boolean {
  if (argv[0] === 'test-script' && !hasPython) return false;
  const key = `${exits} ${line}`;
  const again = looking.includes(argv[0]!) && ran.has(key);
  ran.add(key);
  return !again;
}

/** What the demo printed when the README's first command was run: the story is told once. */
let demoSaid: string | undefined;

async function runOne({ line, argv, exits }: Command, cwd: string): Promise<string[]> {
  const port = argv.indexOf('--port');
  const args = port < 0 ? argv : argv.with(port + 1, '0');
  const ready = argv.includes('--once') ? undefined : staying[argv[0]!];
  const { code, said } = await cli(args, cwd, ready);
  if (argv[0] === 'demo') demoSaid = said;
  return code === exits ? [] : [`${line}: exit ${code} in the place of ${exits}\n${said}`];
}

/** One command as a process. With `ready` it is stopped when it has printed that; one that never does is no success. */
function cli(argv: readonly string[], cwd: string, ready?: string): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, SECRET: 'sandbox-secret' };
    const child = spawn(process.execPath, [path.join(root, 'src/main.ts'), ...argv], { cwd, env, stdio: 'pipe' });
    const patience = setTimeout(() => child.kill('SIGKILL'), 40_000);
    let said = '';
    let stopped = false;
    const listen = (chunk: Buffer): void => {
      said += String(chunk);
      if (ready === undefined || stopped || !said.includes(ready)) return;
      stopped = true;
      child.kill('SIGTERM');
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('close', (code) => {
      clearTimeout(patience);
      resolve({ code: ready === undefined || stopped ? code : null, said });
    });
  });
}

// At once: the story of the README takes its time, in which the other pages' commands run.
test.concurrent.each(pages.filter((page) => blocks(page).some(({ language }) => language === 'sh')))(
  `every command runs${hasPython ? '' : ', but test-script: no python3 is here'}: %s`,
  async (page) => {
    const { ours, unknown } = commands(blocks(page));
    expect(unknown).toEqual([]);
    if (ours.length > 0) expect(await runAll(ours)).toEqual([]);
  },
  120_000,
);

test('the first permissions are enough to look, and for a first apply, which adopts', async () => {
  const command = (line: string, exits: number): Command => ({ line, argv: line.split(' '), exits });
  const looking = ['plan -c genesys-gitops.yaml --validate-flows', 'export -c genesys-gitops.yaml --out exported'];
  const all = [...looking.map((line) => command(line, 0)), command('apply -c genesys-gitops.yaml', 0)];
  expect(await runAll(all, documentedClient(false))).toEqual([]);
  expect(documentedClient(false)).toEqual({
    permissions: [
      ...['integrations:integration:view', 'integrations:action:view', 'architect:flow:view'],
      ...['architect:jobExport:create', 'architect:jobExport:view'],
      ...['architect:jobValidate:create', 'architect:jobValidate:view'],
      ...['webDeployments:configuration:view', 'webDeployments:deployment:view'],
      ...['routing:schedule:view', 'routing:scheduleGroup:view'],
      ...['knowledge:knowledgebase:view', 'messaging:supportedContent:view'],
    ],
    scopes: [
      ...['organization:readonly', 'integrations:readonly', 'webdeployments:readonly'],
      ...['knowledge:readonly', 'conversations:readonly', 'architect'],
    ],
  });
}, 60_000);

test('commands that are listed as known are there', () => {
  const scripts = json('package.json')['scripts'] as JsonObject;
  const named = known.filter((line) => line.startsWith('npm run ')).map((line) => line.slice('npm run '.length));
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
});

// What was captured

/** A line without what differs from run to run: ids, commits, moments, how long things took, what follows from it in a table. */
function still(line: string): string {
  return line
    .replace(/\b\d{4}-\d\d-\d\d[T ][\d:.]+Z/g, '<moment>')
    .replace(/\b(against|run|commit|trace) [0-9a-f]{7,8}\b/g, '$1 <id>')
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<id>')
    .replace(/@sha1:[0-9a-f]+|\b[0-9a-f]{10}\b/, '<commit>')
    .replace(/\b\d+(\.\d)? (s|min)\b/g, '<time>')
    .replace(/(\S) {2,}/g, '$1  ')
    .trimEnd();
}

test('what is shown of the demo is what the demo prints', async () => {
  const said = demoSaid ?? (await inFolder((folder) => cli(['demo', '--once'], folder))).said;
  const printed = new Set(said.split('\n').map(still));
  const shown = ['README.md', 'src/objects/data-action/README.md', 'src/objects/flow/README.md']
    .flatMap(blocks)
    .concat(blocks('docs/tutorials.md').filter((block) => /^orders ·|WebChatConfiguration/.test(block.text)))
    .filter(({ language }) => language === 'text')
    .flatMap((block) => block.text.trimEnd().split('\n'));
  expect(shown.length).toBeGreaterThan(10);
  expect(shown.filter((line) => !printed.has(still(line)))).toEqual([]);
});

// Words

/** Words in the form of an error's that are none. */
const labels = ['MessengerHomeHeaderTitle', 'MessengerHomeHeaderSubTitle', 'MessengerLauncherButtonText'];
const otherWords = ['ObjectType', ...labels, 'PushNotificationTitle', 'PushNotificationBody'];
const names = new Set<string>([...Object.keys(reasons), ...kinds.map(({ name }) => name), ...otherWords]);

/** In code, `PascalCase` words are reasons and kinds, and hyphenated ones with no slash, dot or space are codes or handles. */
function unknownWords(page: string): string[] {
  const prose = page.replace(/^```[\s\S]*?^```$/gm, '');
  const spans = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, inside]) => inside!);
  return spans.filter((word) => {
    if (/^([A-Z][a-z]+){2,}$/.test(word)) return !names.has(word);
    return /^[a-z]+(-[a-z]+)+$/.test(word) && !Object.hasOwn(problemCodes, word) && !handles.has(word);
  });
}

const handles = new Set([
  'get-customer',
  'update-case',
  'get-callbacks-waiting',
  'acme-shop',
  'genesys-gitops',
  'sandbox-admin',
  'sandbox-daemon',
  'ls-remote',
  'ssh-keyscan',
  'test-script',
  // Entries of the journal.
  'run-finished',
  'audit-matched',
  'drift-explained',
  'other-process',
]);

test.each(pages)('every error, kind, option and link is there: %s', (page) => {
  expect(unknownWords(text(page))).toEqual([]);
  expect(unknownOptions(text(page))).toEqual([]);
  expect(deadLinks(page, text(page))).toEqual([]);
});

/** Options in code belong to a command of ours, or to one of npm's and the scripts'. */
function unknownOptions(page: string): string[] {
  const help = text('docs/reference/commands.md');
  const spans = [...page.matchAll(/`([^`\n]+)`/g)].flatMap(
    ([, inside]) => inside!.match(/(?<=^|\s)--[a-z][a-z-]*/g) ?? [],
  );
  return spans.filter((option) => !['--check'].includes(option) && !new RegExp(`${option}(?![a-z-])`).test(help));
}

function deadLinks(page: string, source: string): string[] {
  const links = [...source.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/\]\(([^)\s]+)\)/g)].map(([, to]) => to!);
  return links.filter((link) => {
    if (/^https?:/.test(link)) return false;
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path.join(root, page) : path.join(root, path.dirname(page), file);
    if (!existsSync(target)) return true;
    return anchor !== undefined && !anchors(readFileSync(target, 'utf8')).includes(anchor);
  });
}

/** Headings as GitHub makes anchors of them. */
function anchors(source: string): string[] {
  return [...source.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

// Against the code

test('the reference is what the code says', () => {
  expect(stale(reference())).toEqual([]);
});

test('the tables of errors and the code name the same', () => {
  const page = text('docs/reference/errors.md');
  const listed = (from: string, to: string): string[] =>
    [
      ...page
        .slice(page.indexOf(from), page.indexOf(to) > 0 ? page.indexOf(to) : undefined)
        .matchAll(/^\| `([^`]+)`/gm),
    ].map(([, name]) => name!);
  expect(listed('## Reasons', '## Problems').sort()).toEqual(Object.keys(reasons).sort());
  expect(listed('## Problems', '\u0000').sort()).toEqual(Object.keys(problemCodes).sort());
});

test('every kind and command has its place', () => {
  const help = text('docs/reference/commands.md');
  const all = [...help.matchAll(/^## (.+)$/gm)].map(([, name]) => name!);
  expect(all.length).toBeGreaterThan(5);
  expect(all.filter((name) => !new RegExp(`^\\| \`${name}\\b`, 'm').test(text('README.md')))).toEqual([]);
  expect(
    kinds.filter(({ schema }) => !existsSync(path.join(root, 'docs/reference', schema.replace('.schema.json', '.md')))),
  ).toEqual([]);
});

test('the house is as it is drawn', () => {
  const drawing = blocks('docs/architecture.md').find(({ text: block }) => block.startsWith('src/'))!;
  const drawn = drawing.text
    .trim()
    .split('\n')
    .map((line) => /^( {2})?(\S+)/.exec(line)!);
  const missing = drawn.filter(
    ([, inner, name]) => !existsSync(path.join(root, inner === undefined ? '' : 'src', name!)),
  );
  expect(missing.map(([line]) => line)).toEqual([]);
  const folders = readdirSync(path.join(root, 'src'), { withFileTypes: true }).filter((one) => one.isDirectory());
  const undrawn = folders.filter(({ name }) => !drawn.some(([, , one]) => one === `${name}/`));
  expect(undrawn.map(({ name }) => name)).toEqual([]);
});

test('defaults and permissions are the true ones', () => {
  const page = text('docs/daemon-file.md');
  for (const [name, value] of Object.entries({ ...defaults, ...driftDefaults })) {
    expect(page).toMatch(new RegExp(`^\\| \`${name}\` \\| \`?${value}\`? \\|`, 'm'));
  }
  const needed = ['POST', 'GET']
    .map((method) => permissionFor(method, '/api/v2/integrations/actions'))
    .concat(['PATCH', 'DELETE'].map((method) => permissionFor(method, '/api/v2/integrations/actions/{actionId}')))
    .concat(permissionFor('GET', '/api/v2/integrations'));
  const ofFlows = [
    ...['GET /', 'GET /{flowId}', 'PUT /{flowId}', 'DELETE /{flowId}', 'POST /jobs', 'GET /jobs/{jobId}', 'POST /'],
    ...['POST /export/jobs', 'GET /export/jobs/{jobId}', 'POST /validate/jobs', 'GET /validate/jobs/{jobId}'],
    ...['POST /actions/checkout', 'POST /actions/checkin', 'POST /actions/unlock', 'POST /actions/publish'],
  ].map((route) => route.replace(/\/$/, '').split(' ') as [string, string?]);
  needed.push(...ofFlows.map(([method, path = '']) => permissionFor(method, `/api/v2/flows${path}`)));
  needed.push(permissionFor('GET', '/api/v2/architect/dependencytracking/consumingresources'));
  const [configuration, deployment] = ['configurations/{configurationId}', 'deployments/{deploymentId}'];
  const ofOthers = [
    ...['GET webdeployments/configurations', 'POST webdeployments/configurations'],
    ...['GET webdeployments/deployments', 'POST webdeployments/deployments'],
    ...[
      `PUT webdeployments/${configuration}/versions/draft`,
      `POST webdeployments/${configuration}/versions/draft/publish`,
    ],
    ...[
      `DELETE webdeployments/${configuration}`,
      `PUT webdeployments/${deployment}`,
      `DELETE webdeployments/${deployment}`,
    ],
    ...['schedules', 'schedulegroups'].flatMap((list) => {
      const one = `architect/${list}/{schedule${list === 'schedules' ? '' : 'Group'}Id}`;
      return [`GET architect/${list}`, `POST architect/${list}`, `PUT ${one}`, `DELETE ${one}`];
    }),
    ...['GET knowledge/knowledgebases', 'GET conversations/messaging/supportedcontent'],
    ...['POST audits/query', 'POST audits/query/realtime', 'POST audits/query/realtime/related'],
    ...['GET audits/query/servicemapping', 'GET audits/query/{transactionId}/results'],
    ...['GET oauth/clients/{clientId}', 'GET users/{userId}'],
  ].map((route) => route.split(' ') as [string, string]);
  needed.push(...ofOthers.map(([method, path]) => permissionFor(method, `/api/v2/${path}`)));
  const told = text('docs/getting-started.md');
  for (const permission of needed.flatMap((one) => one!.split(' or ')[0]!.split(' and '))) {
    expect(told).toContain(`\`${permission}\``);
  }
});

test('the scopes of each kind are told, and no others', () => {
  const page = text('docs/tutorials.md');
  const rows = page.slice(page.indexOf('### Scopes')).matchAll(/^\| `(\w+)` \| (.+) \|$/gm);
  const told = [...rows].map(([, kind, scopes]) => [
    kind,
    [...scopes!.matchAll(/`(\w+:[\w:]+)`/g)].map(([, one]) => one),
  ]);
  const needed = kinds.flatMap(({ name, scopes }) => (scopes === undefined ? [] : [[name, [...scopes].sort()]]));
  const sorted = told.map(([kind, scopes]) => [kind, [...(scopes as string[])].sort()]);
  expect(sorted.sort()).toEqual(needed.sort());
});

test('each check fails where it should', async () => {
  const timeout = (seconds: number): string =>
    stringify({
      apiVersion: 'genesys-gitops/v1',
      kind: 'Timeout',
      metadata: { name: 'x' },
      spec: { integration: 'CRM', timeoutSeconds: seconds },
    });
  expect(await yamlProblems(timeout(60))).toEqual([]);
  expect(await yamlProblems(timeout(61))).toHaveLength(1);
  expect(await yamlProblems('policy: { prun: true }')).toHaveLength(1);
  expect(await yamlProblems('targets: []')).toHaveLength(1);
  const flow = stringify({
    apiVersion: 'genesys-gitops/v1',
    kind: 'Flow',
    metadata: { name: 'x' },
    spec: { type: 'workflow', file: 'architect/x.yaml' },
  });
  const ofFlow = (name: string): Promise<string[]> =>
    yamlProblems(flow, { 'architect/x.yaml': `# flows/architect/x.yaml\nworkflow:\n  name: ${name}\n` });
  expect([await ofFlow('x'), (await ofFlow('y')).length, (await yamlProblems(flow)).length]).toEqual([[], 1, 1]);
  expect(architectFile('# a.yaml\nworkflow:\n  name: x\n')?.file).toBe('a.yaml');
  expect(architectFile('# a.yaml\nnonsense:\n  name: x\n')).toBeUndefined();
  expect(await yamlProblems('patches: [{ target: DataAction/nobody, unset: [/spec/name] }]')).toHaveLength(1);
  expect(await yamlProblems('nonsense: 1')).toHaveLength(1);
  const rules = (level: string): string =>
    `apiVersion: genesys-gitops/v1\nkind: Rules\nspec: { contrast: { level: ${level} } }\n`;
  expect([await yamlProblems(rules('AAA')), (await yamlProblems(rules('A'))).length]).toEqual([[], 1]);
  expect(await yamlProblems('rules: optional')).toHaveLength(1);
  const page = [{ language: 'sh', text: 'rm -rf /\nnpm run -s cli -- plan --colour\n' }];
  expect(commands(page).unknown).toEqual(['rm -rf /']);
  expect(await runAll(commands(page).ours)).toHaveLength(1);
  expect(unknownWords('`NoSuchReason` and `no-such-code`, but `NotConverged` and `orphan-file`')).toHaveLength(2);
  expect(unknownOptions('`plan --exit-code`, `plan --exit`')).toEqual(['--exit']);
  expect(
    deadLinks('README.md', '[a](docs/nowhere.md) [b](docs/sandbox.md#nothing) [c](docs/sandbox.md#the-sandbox)'),
  ).toHaveLength(2);
  const pages = reference();
  expect(stale(new Map([...pages, ['errors.md', 'other']]))).toEqual(['errors.md']);
  pages.delete('errors.md');
  expect(stale(pages)).toEqual(['errors.md']);
});
