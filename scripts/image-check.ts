/**
 * Builds the Dockerfile without a container engine and without a registry, and looks at what came out:
 * `npm run image:check`, or `node scripts/image-check.ts [CONTEXT]` for another checkout. Needs Linux, root, buildah and
 * debootstrap, and reaches Debian's and npm's registries; where something of that is missing it says so and exits with 69.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mirror, standInBase } from './image-check.base.ts';
import { type ImageConfig, type RoomOptions, roomsPossible, runIn, settle } from './image-check.room.ts';
import { ask, must, onPath, type Said } from './image-check.shell.ts';

const skipped = 69; // EX_UNAVAILABLE
const context = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, '..'));
const cache = process.env['GENESYS_GITOPS_IMAGE_CACHE'] ?? path.join(os.homedir(), '.cache/genesys-gitops/image-base');
const anybody = '12345:0';

/** What runs a program in the image: a room, or what buildah can do where the machine allows no more. */
interface Container {
  mount: string;
  image: ImageConfig;
  run(command: readonly string[], user?: string): Said;
  room?: { options: RoomOptions; config: ConfigMap };
}

interface Row {
  what: string;
  ok: boolean;
  said: string;
}

const rows: Row[] = [];
const times: [string, number][] = [];

function row(what: string, ok: boolean, said: string): void {
  rows.push({
    what,
    ok,
    said: said
      .trim()
      .replaceAll(/\s*\n\s*/g, ' | ')
      .slice(0, 300),
  });
  console.log(`${ok ? 'ok    ' : 'FAILED'}  ${what}: ${rows.at(-1)!.said}`);
}

async function timed<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await work();
  times.push([what, (performance.now() - began) / 1000]);
  console.log(`        ${what}: ${times.at(-1)![1].toFixed(1)} s`);
  return result;
}

function missing(): string[] {
  const programs = ['buildah', 'debootstrap', 'wget', 'tar', 'npm', 'git'].filter((name) => !onPath(name));
  return [
    ...(process.platform === 'linux' ? [] : ['Linux']),
    ...(process.getuid?.() === 0 ? [] : ['root (debootstrap and the read-only room need it)']),
    ...programs,
  ];
}

function unreachable(): string[] {
  const debian = ask(['wget', '-q', '--spider', '--timeout=20', '--tries=2', `${mirror}/dists/stable/Release`]);
  const npm = ask(['npm', 'ping', '--fetch-retries=1', '--fetch-timeout=20000']);
  return [...(debian.code === 0 ? [] : [`an answer from ${mirror}`]), ...(npm.code === 0 ? [] : ['one from npm'])];
}

async function main(): Promise<number> {
  const lacking = missing();
  if (lacking.length === 0) lacking.push(...unreachable());
  if (lacking.length > 0) {
    console.log(`skipped: the image was not built, for want of ${lacking.join(', ')}`);
    return skipped;
  }
  const work = mkdtempSync(path.join(os.tmpdir(), 'genesys-gitops-image-'));
  const clean = (): void => rmSync(work, { recursive: true, force: true });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      clean();
      process.exit(1);
    });
  }
  try {
    const buildah = storage(work);
    const { name, bytes, baseBytes } = await build(buildah);
    const container = open(buildah, name);
    configuration(container.image);
    contents(container.mount);
    await timed('look and run', () => behaviour(container));
    summary(bytes, baseBytes);
    return rows.every(({ ok }) => ok) ? 0 : 1;
  } catch (error) {
    console.log(`FAILED  ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    clean();
  }
}

type Buildah = (...args: string[]) => string[];

/** Images and containers live in a folder of their own, which goes away as a whole. */
function storage(work: string): Buildah {
  const folders = ['--root', path.join(work, 'root'), '--runroot', path.join(work, 'run')];
  mkdirSync(path.join(work, 'tmp'));
  process.env['TMPDIR'] = path.join(work, 'tmp');
  return (...args) => ['buildah', ...folders, '--storage-driver', 'vfs', ...args];
}

async function build(buildah: Buildah): Promise<{ name: string; bytes: number; baseBytes: number }> {
  const dockerfile = readFileSync(path.join(context, 'Dockerfile'), 'utf8');
  const official = /^ARG NODE_IMAGE=(\S+)$/m.exec(dockerfile)?.[1] ?? '';
  const [, version = '', suite = ''] = /:([\d.]+)-(\w+)-slim$/.exec(official) ?? [];
  const node = process.execPath;
  row('the base is pinned, and is the Node of package.json', process.version === `v${version}`, official);

  const { tar } = await timed('base (debootstrap, or the cache)', () => standInBase({ cache, suite, node }));
  await timed('base as an image', () => {
    const from = must(buildah('from', 'scratch')).trim();
    must(buildah('add', from, tar, '/'));
    must(buildah('config', '--env', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', from));
    must(buildah('commit', '--rm', '--format', 'docker', from, official));
  });

  const name = 'localhost/genesys-gitops:check';
  const manifest = JSON.parse(readFileSync(path.join(context, 'package.json'), 'utf8')) as { version: string };
  const revision = ask(['git', '-C', import.meta.dirname, 'rev-parse', 'HEAD']).stdout.trim() || 'unknown';
  const given = [`VERSION=${manifest.version}`, `REVISION=${revision}`].flatMap((one) => ['--build-arg', one]);
  // Docker's own format: OCI's knows no HEALTHCHECK.
  const how = ['--isolation', 'chroot', '--pull-never', '--format', 'docker'];
  await timed('build', () => must(buildah('bud', ...how, ...given, '-t', name, '.'), { cwd: context }));
  return { name, bytes: sizeOf(buildah, name), baseBytes: sizeOf(buildah, official) };
}

function sizeOf(buildah: Buildah, name: string): number {
  const from = must(buildah('from', '--pull-never', name)).trim();
  const mount = must(buildah('mount', from)).trim();
  const bytes = Number(must(['du', '-sb', mount]).split('\t')[0]);
  must(buildah('rm', from));
  return bytes;
}

function open(buildah: Buildah, name: string): Container {
  const inspected = JSON.parse(must(buildah('inspect', '--type', 'image', name))) as {
    Docker: { config: ImageConfig };
  };
  const image = inspected.Docker.config;
  const from = must(buildah('from', '--pull-never', name)).trim();
  const mount = must(buildah('mount', from)).trim();
  if (!roomsPossible()) {
    row('read-only root', true, 'not tried: this machine allows no mounts; buildah runs it on a writable root');
    return {
      mount,
      image,
      run: (command, user = anybody) =>
        ask(buildah('run', '--isolation', 'chroot', '--user', user, from, '--', ...command)),
    };
  }
  const config = new ConfigMap();
  const binds = { [config.folder]: '/etc/genesys-gitops', [secretsFolder()]: '/run/secrets' };
  const options = { root: mount, image, user: anybody, binds };
  return {
    mount,
    image,
    room: { options, config },
    run: (command, user = anybody) => runIn({ ...options, user }, command),
  };
}

/** A mounted ConfigMap, as the kubelet keeps it: the file leads through the link `..data`, which is what changes. */
class ConfigMap {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'config-'));
  private generation = 0;

  constructor() {
    chmodSync(this.folder, 0o755);
    this.write(readFileSync(path.join(context, 'deploy/base/genesys-gitops.yaml'), 'utf8'));
    symlinkSync('..data/genesys-gitops.yaml', path.join(this.folder, 'genesys-gitops.yaml'));
  }

  read(): string {
    return readFileSync(path.join(this.folder, 'genesys-gitops.yaml'), 'utf8');
  }

  write(text: string): void {
    const before = `..${this.generation}`;
    const now = `..${++this.generation}`;
    mkdirSync(path.join(this.folder, now), { mode: 0o755 });
    writeFileSync(path.join(this.folder, now, 'genesys-gitops.yaml'), text, { mode: 0o644 });
    symlinkSync(now, path.join(this.folder, '..data_tmp'));
    renameSync(path.join(this.folder, '..data_tmp'), path.join(this.folder, '..data'));
    rmSync(path.join(this.folder, before), { recursive: true, force: true });
  }
}

/** The sandbox's own, where the manifests mount the real ones. */
function secretsFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'secrets-'));
  mkdirSync(path.join(folder, 'genesys'));
  writeFileSync(path.join(folder, 'genesys/client-id'), 'sandbox-daemon');
  writeFileSync(path.join(folder, 'genesys/client-secret'), 'sandbox-secret');
  must(['chmod', '-R', 'u=rwX,go=rX', folder]);
  return folder;
}

/** The configuration of deploy/base, for the sandbox and the example in the image. */
function forSandbox(text: string): string {
  return text
    .replace(/^source:.*$/m, 'source: { path: /app/config-repo-example }')
    .replace(/^( +)region:.*$/m, '$1apiUrl: http://127.0.0.1:8282\n$1loginUrl: http://127.0.0.1:8282')
    .replace(/organization:.*$/m, 'organization: Sandbox');
}

function configuration(image: ImageConfig): void {
  const same = (what: string, is: unknown, wanted: unknown): void =>
    row(what, JSON.stringify(is) === JSON.stringify(wanted), JSON.stringify(is));
  // Between the two stand flags of node only (decision 26).
  const words = image.Entrypoint.filter((word) => !word.startsWith('--'));
  same('starts node, and neither npm nor a shell', words, ['node', '/app/dist/main.js']);
  same('runs the daemon unless told otherwise', image.Cmd, ['run', '-c', '/etc/genesys-gitops/genesys-gitops.yaml']);
  row('does not run as root', /^[1-9]\d*(:\d+)?$/.test(image.User), image.User);
  row('has a health check by node itself', image.Healthcheck?.Test[1] === 'node', String(image.Healthcheck?.Test[0]));
  const labels = Object.entries(image.Labels).filter(([name]) => name.startsWith('org.opencontainers.image.'));
  const said = labels.map(([name, value]) => `${name.split('.').at(-1)}=${value}`).join(', ');
  row('labels', labels.length === 5 && labels.every(([, value]) => !/^(|dev|unknown)$/.test(value)), said);
  const names = image.Env.map((one) => one.split('=')[0]!);
  row('no secret in the environment', !names.some((name) => /secret|token|passw|key/i.test(name)), names.join(', '));
}

/** The files themselves, seen from outside. */
function contents(mount: string): void {
  const lock = JSON.parse(readFileSync(path.join(context, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; optional?: boolean }>;
  };
  const has = (place: string): boolean => existsSync(path.join(mount, 'app', place, 'package.json'));
  const places = Object.entries(lock.packages).filter(([place]) => place !== '');
  const extra = places.filter(([place, { dev }]) => dev === true && has(place)).map(([place]) => place);
  const absent = places
    .filter(([place, { dev, optional }]) => !dev && !optional && !has(place))
    .map(([place]) => place);
  const there = packagesIn(path.join(mount, 'app/node_modules'));
  const unknown = there.filter((place) => !(place in lock.packages));
  row('no development dependency is inside', extra.length + unknown.length === 0, [...extra, ...unknown].join(', '));
  row('every production dependency is inside', absent.length === 0, absent.join(', ') || `${there.length} packages`);

  const app = readdirSync(path.join(mount, 'app'), { recursive: true, encoding: 'utf8' });
  const own = app.filter((file) => !file.startsWith('node_modules/'));
  const tops = [...new Set(own.map((file) => file.split('/')[0]!))].sort();
  const wanted = ['LICENSE', 'config-repo-example', 'dist', 'node_modules', 'package.json', 'schemas'];
  row('nothing else lies beside the program', tops.join() === wanted.join(), tops.join(', '));
  const stray = own.filter((file) => /\.test\.|fixture|(?<!\.d)\.ts$|\.map$|\.npmrc|\.env|\.git|\.db/.test(file));
  row('no sources, tests or private files', stray.length === 0, stray.join(', ') || `${own.length} files`);
  // A read-only root is not everybody's: nothing but the folders for it may be open to group 0 or to all.
  const closed = ['tmp', 'var/tmp', 'run/lock', 'data', 'proc', 'sys', 'dev'];
  const prune = closed.flatMap((folder) => ['-path', path.join(mount, folder), '-prune', '-o']);
  const writers = ['(', '-perm', '-0002', '-o', '-group', '0', '-perm', '-0020', ')'];
  const writable = must(['find', mount, ...prune, '-not', '-type', 'l', ...writers, '-print']);
  row('nobody may write elsewhere than in /data and /tmp', writable === '', writable.replaceAll(mount, ''));
  const data = statSync(path.join(mount, 'data'));
  row('/data is open to group 0', data.gid === 0 && (data.mode & 0o777) === 0o770, (data.mode & 0o777).toString(8));
  const managers = ['npm', 'npx', 'yarn', 'corepack'].filter((name) =>
    existsSync(path.join(mount, 'usr/local/bin', name)),
  );
  const kept = ['var/lib/apt/lists', 'usr/local/lib/node_modules', 'root/.npm'].filter(
    (folder) => existsSync(path.join(mount, folder)) && readdirSync(path.join(mount, folder)).length > 0,
  );
  row('no package manager of Node, no caches', managers.length + kept.length === 0, [...managers, ...kept].join(', '));
  const certificates = path.join(mount, 'etc/ssl/certs/ca-certificates.crt');
  const count = existsSync(certificates) ? readFileSync(certificates, 'utf8').split('BEGIN CERTIFICATE').length - 1 : 0;
  row('certificate authorities', count > 100, String(count));
}

function packagesIn(folder: string, at = 'node_modules'): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    if (name.startsWith('.') || !statSync(path.join(folder, name)).isDirectory()) return [];
    if (name.startsWith('@')) return packagesIn(path.join(folder, name), `${at}/${name}`);
    const place = `${at}/${name}`;
    return [place, ...packagesIn(path.join(folder, name, 'node_modules'), `${place}/node_modules`)];
  });
}

/** What it does, as a uid that nobody has heard of. */
async function behaviour({ image, run, room }: Container): Promise<void> {
  const program = (...args: string[]): string[] => ['node', '/app/dist/main.js', ...args];
  const first = ({ code, stdout, stderr }: Said): string =>
    `exit ${code}: ${`${stdout}${stderr}`.trim().slice(0, 200)}`;
  const version = run(program('--version'));
  row('--version', version.code === 0 && /^\d+\.\d+\.\d+\s*$/.test(version.stdout), first(version));
  const node = run(['node', '--version']);
  row('node', node.stdout.trim() === process.version, first(node));
  const git = run(['sh', '-c', 'git --version && test -x "$(git --exec-path)/git-remote-https" && echo with https']);
  row('git', git.code === 0 && git.stdout.includes('with https'), first(git));
  for (const user of [anybody, '1000660000:0', image.User]) {
    // Nobody listens there: a refused connection means that ssh came as far as the network.
    const ssh = run(['ssh', '-F', '/dev/null', '-o', 'BatchMode=yes', '-p', '1', 'git@127.0.0.1'], user);
    row(`ssh works for ${user}`, ssh.stderr.includes('Connection refused'), first(ssh));
  }
  const example = run(program('validate', 'config-repo-example'));
  row('validate', example.code === 0, first(example));
  const demo = await timed('demo --once', () => run(program('demo', '--once')));
  row('demo --once', demo.code === 0, demo.code === 0 ? demo.stdout.trim().split('\n').at(-1)! : first(demo));

  const tree = 'find / -xdev ( -path /proc -o -path /dev -o -path /tmp -o -path /data ) -prune -o';
  const writable = run([...tree.split(' '), '-writable', '-not', '-type', 'l', '-print']);
  if (room === undefined) return;
  row('the root is read-only in the room', writable.stdout.trim() === '', writable.stdout);
  await daemon(room.options, room.config, image);
}

/**
 * The entry point and the command as they are, on the configuration of deploy/base, which leads nowhere from here. Then
 * the ConfigMap changes, and it leads to a sandbox beside it.
 */
async function daemon(options: RoomOptions, config: ConfigMap, image: ImageConfig): Promise<void> {
  const resident = await settle(options);
  const until = async (what: string, command: readonly string[], wanted: number): Promise<void> => {
    const began = performance.now();
    let code = resident.also(command).code;
    while (code !== wanted && !resident.gone() && performance.now() - began < 20_000) {
      await sleep(250);
      code = resident.also(command).code;
    }
    row(what, code === wanted, `after ${((performance.now() - began) / 1000).toFixed(1)} s`);
  };
  const ready = 'fetch("http://127.0.0.1:9464/readyz").then(({ status }) => process.exit(status === 200 ? 0 : 3))';
  await until('the daemon starts, and the health check says so', image.Healthcheck!.Test.slice(1), 0);
  await until('without a revision it is not ready', ['node', '-e', ready], 3);
  resident.begin(['node', '/app/dist/main.js', 'sandbox', '--port', '8282']);
  config.write(forSandbox(config.read()));
  await until('a changed ConfigMap is taken into use, and it is ready', ['node', '-e', ready], 0);
  const metrics = 'fetch("http://127.0.0.1:9464/metrics").then(async (answer) => console.log(await answer.text()))';
  const metered = resident
    .also(['node', '-e', metrics])
    .stdout.split('\n')
    .filter((line) => /^[a-z]/.test(line));
  row('it has metrics', metered.length > 10, `${metered.length} series`);
  const memory = resident.also(['sh', '-c', 'grep -E "^(Name|VmRSS)" /proc/1/status']).stdout;
  row('process 1 is node', /Name:\s*(node|MainThread|genesys)/.test(memory), memory);
  const { code, signal, seconds: took, log } = await resident.stop();
  const how = `exit ${code ?? signal} after ${took.toFixed(1)} s`;
  row('SIGTERM ends it cleanly', code === 0, code === 0 ? how : `${how}; ${log.slice(-300)}`);
}

function summary(bytes: number, baseBytes: number): void {
  const megabytes = (n: number): string => `${(n / 1e6).toFixed(0)} MB`;
  console.log(`\n${rows.filter(({ ok }) => ok).length} of ${rows.length} checks hold.`);
  for (const { what, said } of rows.filter(({ ok }) => !ok)) console.log(`  FAILED  ${what}: ${said}`);
  console.log(`size, unpacked: ${megabytes(bytes)}, of which the base ${megabytes(baseBytes)}`);
  console.log(times.map(([what, seconds]) => `${what} ${seconds.toFixed(1)} s`).join(', '));
}

process.exitCode = await main();
