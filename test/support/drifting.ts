import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { driftOf, type TargetDrift } from '../../src/app/drift.ts';
import { type DriftPatch, patchOf } from '../../src/app/drift-patch.ts';
import { type App, loadDaemonConfig, openApp } from '../../src/app.ts';
import type { TargetConfig } from '../../src/model/daemon-config.ts';
import type { Json } from '../../src/model/json.ts';
import { silent } from '../../src/model/log.ts';
import { type Pointer, setAt } from '../../src/model/pointer.ts';
import { demoSeed, type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts';
import { type Folder, folder } from './cli.ts';

/** A repository in git, a sandbox that is as it says, and what a person with `drift --as-patch` does. */
export interface Drifting {
  sandbox: Sandbox;
  dir: Folder;
  app: App;
  target: TargetConfig;
  read(file: string): string;
  edit(file: string, from: string | RegExp, to: string): void;
  write(file: string, text: string): void;
  apply(): Promise<void>;
  /** The drift with its patch, and what stands on stderr beside it. */
  patch(inEnvironment?: boolean): Promise<DriftPatch & { drift: TargetDrift; told: string[] }>;
  /** `git apply` in the repository. */
  take(patch: string): void;
  /** Changes a field of a live data action as a person does. */
  editAction(name: string, pointer: Pointer, value: Json): void;
  /** What a plan would change or hold now: `update DataAction/a /config/timeoutSeconds`. */
  plan(): Promise<string[]>;
}

export interface DriftingOptions {
  /** Without flows, schedules and web messaging. */
  actionsOnly?: boolean;
  environment?: string;
  target?: object;
  sandbox?: SandboxOptions;
}

/** Gives `take` a drifting world before each test, made of files (default: the example repository). */
export function useDrifting(
  take: (made: Drifting) => void,
  files?: Record<string, string>,
  options: DriftingOptions = {},
): void {
  let close: () => Promise<void>;
  beforeEach(async () => {
    const made = await drifting(files, options);
    close = made.close;
    take(made);
  });
  afterEach(() => close());
}

export async function drifting(
  files: Record<string, string> | undefined,
  { environment = 'prod', target = {}, actionsOnly = false, sandbox: more = {} }: DriftingOptions = {},
): Promise<Drifting & { close(): Promise<void> }> {
  const sandbox = await startSandbox({ rateLimit: 1_000_000, seed: demoSeed, activationMs: 1, ...more });
  const dir = folder();
  const repo = path.join(dir.path, 'repo');
  if (files === undefined && actionsOnly) dir.actions('repo');
  else if (files === undefined) dir.example('repo');
  for (const [name, text] of Object.entries(files ?? {})) dir.write(`repo/${name}`, text);
  const git = (args: string[], input?: string): string =>
    execFileSync('git', args, { cwd: repo, input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
  git(['init', '-q']);
  const own = { environment, policy: { adopt: 'always', prune: true }, ...target };
  const file = dir.config(sandbox.url, { path: 'repo' }, own);
  const loaded = await loadDaemonConfig(file);
  if (!('config' in loaded)) throw new Error(JSON.stringify(loaded.problems));
  const { config } = loaded;
  const app = await openApp({
    config,
    file,
    log: silent,
    env: { SECRET: 'sandbox-secret', CRM_KEY: 's3cr3t-of-the-crm' },
  });
  const only = config.targets[0]!;
  const read = (name: string): string => readFileSync(path.join(repo, name), 'utf8');
  const made: Drifting = {
    sandbox,
    dir,
    app,
    target: only,
    read,
    write: (name, text) => void dir.write(`repo/${name}`, text),
    edit: (name, from, to) => writeFileSync(path.join(repo, name), read(name).replace(from, to)),
    async apply() {
      const { outcomes, plan } = await app.reconcile(only, { mode: 'apply' });
      const bad = [...outcomes.filter(({ status }) => status !== 'applied'), ...plan.held, ...plan.problems];
      if (bad.length > 0) throw new Error(JSON.stringify(bad, null, 2));
    },
    async patch(inEnvironment = false) {
      const drift = await driftOf(app, only, {});
      const made = await patchOf(app, only, drift, { folder: repo, inEnvironment });
      const told = made.unwritten.map(
        ({ place, resource, why }) =>
          `${place === undefined ? '' : `${place.path}:${place.line}:${place.column}: `}${resource}: ${why}`,
      );
      return { ...made, drift, told };
    },
    take: (patch) => void git(['apply', '--whitespace=nowarn', '-'], patch),
    editAction(name, pointer, value) {
      const { id, config, contract } = sandbox.state.actionNamed(name)!;
      const changed = setAt({ config, contract } as never, pointer, value);
      sandbox.state.editAction(
        id,
        /^\/(config|contract)\//.test(pointer) ? (changed as never) : setAt({}, pointer, value),
      );
    },
    async plan() {
      const { plan } = await app.reconcile(only, { mode: 'plan', byHand: true });
      const told = [...plan.changes, ...plan.held].map(({ action, kind, name, fields }) =>
        [action, `${kind}/${name}`, ...fields.map(({ path: at }) => at)].join(' '),
      );
      return [...told, ...plan.problems.map(({ message }) => message)];
    },
  };
  return {
    ...made,
    async close() {
      await app.close();
      await sandbox.close();
      rmSync(dir.path, { recursive: true, force: true });
    },
  };
}
