import { devNull } from 'node:os';
import { type SimpleGit, simpleGit } from 'simple-git';
import { Failure } from '../model/failure.ts';
import { hideCredentials } from './git-url.ts';

/** How git reaches one remote: its environment, and what must never be printed. */
export interface GitAccess {
  env: Record<string, string>;
  /** Values taken out of every message. */
  secrets: readonly string[];
  /** A call that has not ended by then is ended. */
  timeoutMs: number;
}

/** Calls are quiet, so this is the time for the whole of one, however slowly the server trickles. */
const defaultTimeoutMs = 120_000;

export interface AccessOptions {
  env: Record<string, string | undefined>;
  token?: string | undefined;
  username?: string | undefined;
  sshKeyFile?: string | undefined;
  knownHostsFile?: string | undefined;
  caFile?: string | undefined;
  timeoutMs?: number | undefined;
}

/** What git may take over from our own environment: how to be found, and how to get out. */
const inherited = ['PATH', 'HOME', 'TMPDIR', 'SYSTEMROOT', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];
const proxies = [
  'HTTPS_PROXY',
  'https_proxy',
  'HTTP_PROXY',
  'http_proxy',
  'NO_PROXY',
  'no_proxy',
  'ALL_PROXY',
  'all_proxy',
];

/**
 * The environment of every git call. Configuration of the machine and of the user is not read; what is set here goes
 * by environment (`GIT_CONFIG_*`), so that a token stands neither on a command line nor in a file.
 */
export function accessTo(options: AccessOptions): GitAccess {
  const env: Record<string, string> = {};
  for (const name of [...inherited, ...proxies]) {
    const value = options.env[name];
    if (value !== undefined) env[name] = value;
  }
  const config: [string, string][] = [
    ['core.hooksPath', devNull],
    ['core.fsmonitor', 'false'],
    ['credential.helper', ''],
    ['protocol.allow', 'never'],
    ...['https', 'http', 'ssh', 'file'].map((name): [string, string] => [`protocol.${name}.allow`, 'always']),
    ['protocol.ext.allow', 'never'],
    ['submodule.recurse', 'false'],
    ['fetch.recurseSubmodules', 'false'],
    ['transfer.fsckObjects', 'false'],
    // A pack that breaks off leaves nothing behind; unpacked, it would leave half of a revision.
    ['fetch.unpackLimit', '1'],
    // Housekeeping belongs to the call that caused it: nothing runs on behind our back.
    ['gc.autoDetach', 'false'],
    ['maintenance.autoDetach', 'false'],
    ['http.lowSpeedLimit', '1000'],
    ['http.lowSpeedTime', '30'],
  ];
  const secrets: string[] = [];
  if (options.token !== undefined) {
    const basic = Buffer.from(`${options.username ?? 'x-access-token'}:${options.token}`).toString('base64');
    secrets.push(options.token, basic);
    config.push(['http.extraHeader', `Authorization: Basic ${basic}`]);
    // A redirect would carry the token to wherever it leads.
    config.push(['http.followRedirects', 'false']);
  }
  if (options.caFile !== undefined) config.push(['http.sslCAInfo', options.caFile]);

  for (const [i, [key, value]] of config.entries()) {
    env[`GIT_CONFIG_KEY_${i}`] = key;
    env[`GIT_CONFIG_VALUE_${i}`] = value;
  }
  Object.assign(env, {
    GIT_CONFIG_COUNT: String(config.length),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_SSH_COMMAND: sshCommand(options),
    LC_ALL: 'C',
  });
  return { env, secrets, timeoutMs: options.timeoutMs ?? defaultTimeoutMs };
}

/** For what must stay on this machine: a missing object is not asked for anywhere. */
export function offline(access: GitAccess): GitAccess {
  return { ...access, env: { ...access.env, GIT_ALLOW_PROTOCOL: 'none' } };
}

/** Only the given key, only known hosts, no question asked, no configuration of the user. */
function sshCommand({ sshKeyFile, knownHostsFile }: AccessOptions): string {
  const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
  const settings = [
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${knownHostsFile ?? devNull}`,
    `GlobalKnownHostsFile=${devNull}`,
    'IdentitiesOnly=yes',
    'IdentityAgent=none',
    'ForwardAgent=no',
    'ConnectTimeout=15',
  ];
  const key = sshKeyFile === undefined ? [] : ['-i', quote(sshKeyFile)];
  return ['ssh', '-F', devNull, ...key, ...settings.flatMap((setting) => ['-o', quote(setting)])].join(' ');
}

/** git in this folder, with nothing of its surroundings but the access. */
export function gitIn(folder: string, { env, timeoutMs }: GitAccess): SimpleGit {
  return simpleGit({
    baseDir: folder,
    allowEnvironment: Object.keys(env).filter((name) => name.startsWith('GIT_')),
    // simple-git refuses these settings whatever their value; all come from `accessTo`, which turns things off.
    unsafe: {
      allowUnsafeConfigEnvCount: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeCredentialHelper: true,
      allowUnsafeFsMonitor: true,
      allowUnsafeHooksPath: true,
      allowUnsafeProtocolOverride: true,
      allowUnsafeSshCommand: true,
      allowUnsafeTemplateDir: true,
    },
    timeout: { block: timeoutMs },
  }).env(env);
}

/** A git failure in words for a person, without the secrets. */
export function unavailable(what: string, error: unknown, secrets: readonly string[]): Failure {
  const said = error instanceof Error ? error.message : String(error);
  const clean = secrets.reduce((text, secret) => text.replaceAll(secret, '(hidden)'), said);
  return new Failure('SourceUnavailable', hideCredentials(`${what}: ${hint(clean)}`));
}

/** True where the server does not give out a commit by its id: it has none, or only gives out branches and tags. */
export function isRefusedId(error: unknown): boolean {
  return error instanceof Failure && refusedId.test(error.message);
}

/** True where the server has no such branch or tag. */
export function isMissingRef(error: unknown): boolean {
  return error instanceof Failure && /couldn't find remote ref refs\//i.test(error.message);
}

const refusedId = /not our ref|unadvertised object|no such remote ref [0-9a-f]{40}/i;

/** What git says, and what a person is told. The first that fits counts. */
const known: [RegExp, string][] = [
  [
    /could not read (Username|Password)|Authentication failed|error: 40[13]/i,
    'the credentials were refused or are missing; see source.auth',
  ],
  [/error: 30\d/i, 'the server redirects; give the URL that it leads to'],
  [/Host key verification failed/i, 'the host is not in the known_hosts file'],
  [/Permission denied \(/i, 'the SSH key was refused'],
  [/certificate|SSL_cert|issuer/i, "the server's certificate is not trusted; a private CA is given with source.caFile"],
  [
    /resolve proxy|response 407|from proxy after CONNECT|CONNECT tunnel failed|proxy CONNECT aborted/i,
    'the proxy does not let git through; see HTTPS_PROXY and NO_PROXY',
  ],
  [/Operation too slow/i, 'the server did not answer in time'],
  [/error: (5\d\d|429)/i, 'the server failed to answer'],
  [
    /early EOF|unexpected disconnect|RPC failed|remote end hung up|invalid index-pack|bad pack header/i,
    'the connection broke off in the middle; nothing of it was kept',
  ],
  [refusedId, 'the server does not give out this commit: it was rewritten (force-push), or never pushed'],
  [/Failed to connect|Couldn't connect|Connection refused|Could not resolve host/i, 'nobody answers there'],
  [
    /not found|does not appear to be a git repository/i,
    'there is no such repository, or the credentials may not see it',
  ],
];

function hint(said: string): string {
  const lines = said.split('\n').map((line) => line.trim());
  const fatal =
    lines.find((line) => /^(fatal|error|ssh):/.test(line)) ?? lines.find((line) => line !== '') ?? 'git failed';
  // simple-git's word for our own time limit says nothing to anybody.
  if (/block timeout reached/.test(said)) return 'the server did not answer in time';
  const words = known.find(([pattern]) => pattern.test(said))?.[1];
  return words === undefined ? fatal.replace(/^(fatal|error): /, '') : `${words} (${fatal})`;
}
