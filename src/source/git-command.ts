import { devNull } from 'node:os';
import { type SimpleGit, simpleGit } from 'simple-git';

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
