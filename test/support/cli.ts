import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { linesIn, unsaid } from './log-lines.ts';

const root = path.resolve(import.meta.dirname, '../..');

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** One call of the command line as a process of its own, as people and pipelines make it. */
export async function cli(args: readonly string[], env: Record<string, string> = {}): Promise<Finished> {
  const running = start(args, env);
  return running.finished;
}

export interface Running {
  child: ChildProcess;
  finished: Promise<Finished>;
  /** Resolves with the first line of stdout or stderr that matches, past or future; rejects if the process ends before. */
  line(pattern: RegExp): Promise<string>;
}

export function start(args: readonly string[], env: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, [path.join(root, 'src/main.ts'), ...args], {
    cwd: root,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      NO_COLOR: '1',
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '',
      SECRET: 'sandbox-secret',
      ...env,
    },
  });
  let stdout = '';
  let stderr = '';
  const watchers = new Set<() => void>();
  const see = (add: (text: string) => void) => (chunk: Buffer) => {
    add(chunk.toString());
    for (const watch of watchers) watch();
  };
  child.stdout.on(
    'data',
    see((text) => {
      stdout += text;
    }),
  );
  child.stderr.on(
    'data',
    see((text) => {
      stderr += text;
    }),
  );
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('close', (code) => {
      // Whatever a test is about, what its process logs is what the reference says.
      const strange = unsaid(linesIn(stderr));
      if (strange.length > 0) reject(new Error(`not in src/model/log-lines.ts: ${strange.join('; ')}`));
      resolve({ code, stdout, stderr });
      for (const watch of watchers) watch();
    });
  });
  return {
    child,
    finished,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const watch = (): void => {
          const found = `${stdout}\n${stderr}`.split('\n').find((one) => pattern.test(one));
          if (found !== undefined) resolve(found);
          else if (child.exitCode !== null)
            reject(new Error(`ended (${child.exitCode}) before ${pattern}:\n${stdout}\n${stderr}`));
          else return;
          watchers.delete(watch);
        };
        watchers.add(watch);
        watch();
      }),
  };
}

/** A folder of a test's own, gone afterwards. */
export interface Folder {
  path: string;
  /** Writes a file, folders and all; answers its path. */
  write(name: string, text: string): string;
  /** Copies the example repository to this name. */
  example(name: string): string;
  /** The same without flows and web messaging: a daemon's test that is not about them need not wait for them. */
  actions(name: string): string;
  /** A daemon's file for a target `test` on this sandbox; `target` and `top` are laid over it. */
  config(sandboxUrl: string, source: object, target?: object, top?: object): string;
  remove(): void;
}

export function folder(): Folder {
  const base = mkdtempSync(path.join(os.tmpdir(), 'genesys-gitops-test-'));
  const write = (name: string, text: string): string => {
    const file = path.join(base, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  return {
    path: base,
    write,
    example(name) {
      cpSync(path.join(root, 'config-repo-example'), path.join(base, name), { recursive: true });
      return path.join(base, name);
    },
    actions(name) {
      cpSync(path.join(root, 'config-repo-example'), path.join(base, name), {
        recursive: true,
        filter: (file) => !/\/(flows|callback-offer\.yaml|hours|web)$/.test(file),
      });
      return path.join(base, name);
    },
    config(sandboxUrl, source, target = {}, top = {}) {
      const first = {
        name: 'test',
        environment: 'prod',
        organization: 'Sandbox',
        apiUrl: sandboxUrl,
        loginUrl: sandboxUrl,
        clientId: 'sandbox-daemon',
        clientSecret: { fromEnv: 'SECRET' },
        policy: { prune: true },
        ...target,
      };
      const config = {
        apiVersion: 'genesys-gitops/v1',
        kind: 'Daemon',
        source,
        targets: [first],
        journal: './var/journal.db',
        listen: '127.0.0.1:0',
        ...top,
      };
      return write('genesys-gitops.yaml', JSON.stringify(config, null, 2));
    },
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}
