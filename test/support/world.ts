import { afterEach } from 'vitest';
import { createClient } from '../../src/genesys/index.ts';
import { openJournal } from '../../src/journal/index.ts';
import { type Clock, systemClock } from '../../src/model/clock.ts';
import type { PolicyConfig } from '../../src/model/daemon-config.ts';
import type { Reader } from '../../src/model/http.ts';
import type { Journal } from '../../src/model/journal.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { type Log, silent } from '../../src/model/log.ts';
import type { Change, Plan } from '../../src/model/plan.ts';
import type { Desired, Resource } from '../../src/model/resource.ts';
import { createVault } from '../../src/model/seal.ts';
import { kinds, objectTypes, surfaces } from '../../src/objects/index.ts';
import { type Engine, type RunOptions, type RunReport, run } from '../../src/reconcile/run.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts';

export interface WorldOptions {
  sandbox?: SandboxOptions;
  policy?: PolicyConfig;
  /** A journal file that outlives this world; default: in memory. */
  journal?: string;
  secrets?: Record<string, string>;
  clock?: Clock;
  log?: Log;
  target?: string;
  waits?: Engine['waits'];
}

/** A sandbox, a journal and an engine on them. Tests state only what differs from this. */
export interface World {
  sandbox: Sandbox;
  journal: Journal;
  engine: Engine;
  /** What the audit log is asked with. */
  background: Reader;
  /** Plans these resources; never writes. */
  plan(resources: Resource[], options?: Partial<RunOptions> & Partial<Desired>): Promise<Plan>;
  /** One run. */
  apply(resources: Resource[], options?: Partial<RunOptions> & Partial<Desired>): Promise<RunReport>;
  /** Writes that the sandbox has served, as `POST /api/v2/integrations/actions`. */
  writes(): string[];
  close(): Promise<void>;
}

/** A world on a sandbox of its own, or on another world's (`on`), as a second daemon has. */
export async function world(options: WorldOptions = {}, on?: Sandbox): Promise<World> {
  const { clock = systemClock, log = silent, secrets = {}, target = 'test' } = options;
  const sandbox =
    on ?? (await startSandbox({ rateLimit: 1_000_000, surfaces: ['platform', 'tutorial'], ...options.sandbox }));
  const journal = await openJournal(options.journal ?? ':memory:', { clock, log });
  const client = createClient({
    surfaces,
    apiUrl: sandbox.url,
    loginUrl: sandbox.url,
    clientId: 'sandbox-daemon',
    clientSecret: async () => 'sandbox-secret',
    clock,
    log,
    env: {},
  });
  const engine: Engine = {
    target,
    organization: sandbox.org,
    kinds,
    types: objectTypes,
    reader: client.reader(),
    writer: client.writer(),
    journal,
    vault: createVault(journal.sealKey, secrets),
    policy: { prune: true, ...options.policy },
    holder: `test ${target}`,
    waits: { movedMs: 1, ...options.waits },
    clock,
    log,
  };
  const runs =
    (mode: 'plan' | 'apply') =>
    (resources: Resource[], more: Partial<RunOptions> & Partial<Desired> = {}) =>
      run(engine, desired(resources, more), { mode, ...more });
  return {
    sandbox,
    journal,
    engine,
    background: client.reader('background'),
    plan: async (resources, more) => (await runs('plan')(resources, more)).plan,
    apply: runs('apply'),
    writes: () =>
      sandbox
        .requests()
        .filter(({ method, path }) => method !== 'GET' && !path.startsWith('/oauth') && !path.startsWith('/__sandbox'))
        // A job that is only registered changes nothing; its upload does.
        .filter(({ path }) => !/\/flows\/(export\/)?jobs$/.test(path))
        .map(({ method, pathTemplate }) => `${method} ${pathTemplate}`),
    async close() {
      client.close();
      await journal.close();
      if (on === undefined) await sandbox.close();
    },
  };
}

/** Opens worlds that are closed after each test, the newest first. */
export function useWorlds(): (options?: WorldOptions, on?: World) => Promise<World> {
  const open: World[] = [];
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
  });
  return async (options = {}, on) => {
    const made = await world(options, on?.sandbox);
    open.unshift(made);
    return made;
  };
}

export function desired(resources: Resource[], more: Partial<Desired> = {}): Desired {
  return {
    revision: 'main@sha1:0000000000000000000000000000000000000001',
    resources,
    problems: [],
    warnings: [],
    ids: {},
    excluded: [],
    empty: resources.length === 0,
    ...more,
  };
}

export function resource(kind: string, name: string, spec: JsonObject, more: Partial<Resource> = {}): Resource {
  const document = { path: `${name}.yaml`, index: 0 };
  return {
    kind,
    name,
    surface: kinds.find((one) => one.name === kind)?.surface ?? 'platform',
    annotations: {},
    spec,
    files: {},
    document,
    from: [document.path],
    ...more,
  };
}

export const webServices = 'Web Services Data Actions';

/** A data action that the sandbox accepts; `change` is laid over its spec, top level only. */
export function dataAction(name: string, change: JsonObject = {}, more: Partial<Resource> = {}): Resource {
  return resource(
    'DataAction',
    name,
    { integration: webServices, contract: contract(), config: config(), ...change },
    more,
  );
}

export function timeout(name: string, timeoutSeconds: number, change: JsonObject = {}): Resource {
  return resource('Timeout', name, { integration: webServices, timeoutSeconds, ...change });
}

export function contract(...outputs: string[]): JsonObject {
  const schema = (names: string[]): JsonObject => ({
    title: 'Schema',
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
    additionalProperties: true,
  });
  return { input: { inputSchema: schema(['id']) }, output: { successSchema: schema(['name', ...outputs]) } };
}

export function config(request: JsonObject = {}): JsonObject {
  return {
    request: { requestUrlTemplate: 'https://example.com/${input.id}', requestType: 'GET', headers: {}, ...request },
    response: { translationMap: {}, translationMapDefaults: {}, successTemplate: '${rawResult}' },
  };
}

/** `update DataAction/a config.timeoutSeconds`: a change in a line. */
export function line({ action, kind, name, fields, cause }: Change): string {
  return [action, `${kind}/${name}`, ...fields.map(({ path }) => path), ...(cause === 'drift' ? ['(drift)'] : [])].join(
    ' ',
  );
}
