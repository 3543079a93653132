import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { must } from './image-check.shell.ts';

/** Part of the cache's key: raise it where this file makes a different base. */
const recipe = 1;
export const mirror = process.env['DEBIAN_MIRROR'] ?? 'http://deb.debian.org/debian';

/**
 * What stands in for the official Node image where no registry can be reached: Debian's minimal system, trimmed as
 * Debian's own slim image is, with the project's Node and the machine's npm where the official image has them.
 * Answers a tar of its root filesystem, kept in the cache.
 */
export function standInBase({ cache, suite, node }: { cache: string; suite: string; node: string }): {
  tar: string;
  made: boolean;
} {
  const npm = path.join(path.dirname(realpathSync(must(['which', 'npm']).trim())), '..');
  // A machine behind an inspecting proxy has a certificate authority of its own, which npm must trust in the build.
  const ca = process.env['NODE_EXTRA_CA_CERTS'];
  const authority = ca === undefined || !existsSync(ca) ? undefined : readFileSync(ca);
  const key = createHash('sha256')
    .update(JSON.stringify([recipe, suite, mirror, must([node, '--version']), must(['npm', '--version'])]))
    .update(authority ?? '')
    .digest('hex')
    .slice(0, 12);
  const tar = path.join(cache, `${suite}-${process.arch}-${key}.tar`);
  if (existsSync(tar)) return { tar, made: false };

  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(path.join(cache, 'making-'));
  try {
    const root = path.join(work, 'root');
    // What the official image adds to Debian's: Node's binary is linked with it.
    must(['debootstrap', '--variant=minbase', '--include=libatomic1', suite, root, mirror]);
    sources(root, suite);
    for (const folder of ['usr/share/doc', 'usr/share/man', 'usr/share/locale', 'var/cache/apt', 'var/lib/apt/lists']) {
      rmSync(path.join(root, folder), { recursive: true, force: true });
      mkdirSync(path.join(root, folder));
    }
    copyFileSync(node, path.join(root, 'usr/local/bin/node'));
    chmodSync(path.join(root, 'usr/local/bin/node'), 0o755);
    const modules = path.join(root, 'usr/local/lib/node_modules');
    mkdirSync(modules, { recursive: true });
    cpSync(npm, path.join(modules, 'npm'), { recursive: true, dereference: true });
    symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', path.join(root, 'usr/local/bin/npm'));
    symlinkSync('../lib/node_modules/npm/bin/npx-cli.js', path.join(root, 'usr/local/bin/npx'));
    if (authority !== undefined) {
      writeFileSync(path.join(root, 'usr/local/share/stand-in-ca.pem'), authority);
      mkdirSync(path.join(root, 'usr/local/etc'), { recursive: true });
      writeFileSync(path.join(root, 'usr/local/etc/npmrc'), 'cafile=/usr/local/share/stand-in-ca.pem\n');
    }
    must(['tar', '-C', root, '--numeric-owner', '--one-file-system', '-cf', path.join(work, 'base.tar'), '.']);
    renameSync(path.join(work, 'base.tar'), tar);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return { tar, made: true };
}

/** apt as Debian's slim image has it: with updates, without documentation and its own caches. */
function sources(root: string, suite: string): void {
  const security = mirror.replace(/debian\/?$/, 'debian-security');
  const lines = [`${mirror} ${suite} main`, `${mirror} ${suite}-updates main`, `${security} ${suite}-security main`];
  writeFileSync(path.join(root, 'etc/apt/sources.list'), lines.map((line) => `deb ${line}\n`).join(''));
  writeFileSync(
    path.join(root, 'etc/dpkg/dpkg.cfg.d/docker'),
    ['doc', 'man', 'locale', 'info', 'lintian'].map((name) => `path-exclude /usr/share/${name}/*\n`).join(''),
  );
}
