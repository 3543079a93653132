import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import { createClient } from '../../src/genesys/index.ts';
import { openJournal } from '../../src/journal/index.ts';
import { type Clock, systemClock } from '../../src/model/clock.ts';
import type { Effect, Field, Kind, ObjectType } from '../../src/model/contracts.ts';
import type { PolicyConfig } from '../../src/model/daemon-config.ts';
import { Failure } from '../../src/model/failure.ts';
import type { Journal } from '../../src/model/journal.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { silent } from '../../src/model/log.ts';
import type { Desired, Resource } from '../../src/model/resource.ts';
import { createVault } from '../../src/model/seal.ts';
import { platform } from '../../src/objects/surfaces/platform.ts';
import { type Engine, type RunOptions, type RunReport, run } from '../../src/reconcile/run.ts';
import { gadgetKind, gadgetType } from './gadgets.ts';
import { type Written, wholeLines } from './log-lines.ts';
import { desired, resource } from './world.ts';

/**
 * Object types that the engine has never heard of, on a server of a few lines: a `part`, a `whole` that holds what
 * it refers to of a part, and a `gadget` (gadgets.ts) that has no list and no owner. What the engine does with references
 * must follow from the contracts alone.
 */
export interface Toys {
  /** By id. */
  store: Map<string, JsonObject>;
  /** Every write, as `PUT name`. */
  order: string[];
  /** Every GET, by its path. */
  asked: string[];
  /** What each write had in it. */
  bodies: JsonObject[];
  /** Lines of the log. */
  said: Written[];
  /** Pauses of the engine, in milliseconds; none is waited for, where the clock is not the test's own. */
  pauses: number[];
  onPause?: () => void;
  /** What the server refuses to write, by name. */
  broken: Set<string>;
  /** What the server finds wrong with single fields, by name. */
  faults: Map<string, JsonObject[]>;
  /** What GETs of a gadget are answered with, by id, where not with the gadget: 403, 405. */
  refused: Map<string, number>;
  /** What a `whole` still does, by name: it is not in force until it is taken out. A failure is thrown. */
  effects: Map<string, Exclude<Effect, true> | Failure>;
  /** Answers to that many of the next writes are lost. */
  lost: number;
  /** Called before each write is served. */
  meanwhile: (method: string, name: string) => void;
  journal: Journal;
  clock: Clock;
  policy: PolicyConfig;
  engine: Engine;
  /** Asks the run in hand to stop. */
  stop(): void;
  /** Always the same engine, as a daemon has. */
  applyTo(wish: Desired): Promise<RunReport>;
  apply(resources: Resource[], more?: Partial<Desired> & Partial<RunOptions>): Promise<RunReport>;
}

/** `ref:p.size` as a value refers to an attribute of the part `p`. */
export const whole = (name: string, spec: JsonObject): Resource => resource('Whole', name, spec);
export const part = (name: string, size: number): Resource => resource('Part', name, { size });

export function useToys(): (clock?: Clock) => Promise<Toys> {
  const close: (() => unknown)[] = [];
  afterEach(async () => {
    for (const one of close.splice(0)) await one();
  });
  return async (own) => {
    const clock = own ?? hurried(() => toys);
    const toys = {
      store: new Map(),
      order: [],
      asked: [],
      bodies: [],
      lost: 0,
      pauses: [],
      refused: new Map(),
      faults: new Map(),
      broken: new Set(),
      effects: new Map(),
      meanwhile: () => undefined,
    } as unknown as Toys;
    const url = await serve(toys, close);
    const journal = await openJournal(':memory:', { clock, log: silent });
    const client = createClient({
      surfaces: [platform],
      apiUrl: url,
      loginUrl: url,
      clientId: 'c',
      clientSecret: async () => 'toy-secret',
      clock: systemClock,
      log: silent,
      env: {},
    });
    close.push(client.close, () => journal.close());
    const policy: PolicyConfig = { prune: true };
    const heard = wholeLines();
    toys.said = heard.lines;
    const engine: Engine = {
      target: 't',
      organization: { id: 'o', name: 'O' },
      // The list names the types in the wrong order on purpose: order comes from the references of the plan.
      types: [wholeType(toys), partType, gadgetType],
      kinds: [kindOf('Whole', 'whole'), kindOf('Part', 'part'), gadgetKind],
      reader: client.reader(),
      writer: client.writer(),
      journal,
      vault: createVault('k', { secret: 'secret-word' }),
      policy,
      holder: 'test',
      clock,
      log: heard.log,
    };
    let running = new AbortController();
    const apply: Toys['apply'] = (resources, more = {}) => {
      running = new AbortController();
      const { signal } = running;
      return run({ ...engine, signal }, desired(resources, more), { mode: 'apply', byHand: true, ...more });
    };
    const applyTo: Toys['applyTo'] = (wish) => run(engine, wish, { mode: 'apply', byHand: true });
    return Object.assign(toys, { journal, clock, policy, engine, apply, applyTo, stop: () => running.abort() });
  };
}

function hurried(toys: () => Toys): Clock {
  return {
    now: systemClock.now,
    sleep(ms, signal) {
      if (![500, 1000, 2000].includes(ms)) return systemClock.sleep(ms, signal);
      toys().pauses.push(ms);
      toys().onPause?.();
      return systemClock.sleep(0, signal);
    },
  };
}

async function serve(toys: Toys, close: (() => unknown)[]): Promise<string> {
  const { store } = toys;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const answer = (status: number, value: unknown): void => {
      response.writeHead(status, {
        'content-type': 'application/json',
        'inin-ratelimit-allowed': '100000',
        'inin-ratelimit-count': '1',
        'inin-ratelimit-reset': '60',
      });
      response.end(status === 204 ? undefined : JSON.stringify(value));
    };
    const path = request.url!.split('?')[0]!;
    if (path === '/oauth/token')
      return answer(200, { access_token: 'toy-token', token_type: 'bearer', expires_in: 3600 });
    const [, kind, id] = path.split('/') as [string, string, string?];
    const live = [...store.values()].filter((thing) => thing['kind'] === kind);
    if (request.method === 'GET') toys.asked.push(path);
    const refusal = toys.refused.get(id ?? '');
    if (request.method === 'GET' && refusal !== undefined)
      return answer(refusal, { message: 'no', code: 'no', status: refusal });
    if (request.method === 'GET' && id === undefined)
      return answer(200, { entities: live, total: live.length, pageCount: 1, pageNumber: 1, pageSize: 100 });
    const missing = { message: 'not found', code: 'not.found', status: 404 };
    if (request.method === 'GET') return store.has(id!) ? answer(200, store.get(id!)) : answer(404, missing);
    const sent = (body === '' ? {} : JSON.parse(body)) as JsonObject;
    const name = String(sent['name'] ?? store.get(id ?? '')?.['name']);
    toys.meanwhile(request.method!, name);
    toys.bodies.push(sent);
    const before = store.get(id ?? '');
    const { base, ...values } = sent;
    if (base !== undefined && base !== before?.['version'])
      return answer(409, { message: 'moved', code: 'version.conflict', status: 409, version: before?.['version'] });
    toys.order.push(`${request.method} ${name}`);
    const errors = toys.faults.get(name);
    if (errors !== undefined) return answer(422, { message: 'no', code: 'validation.failed', status: 422, errors });
    if (toys.broken.has(name)) return answer(400, { message: 'no', code: 'bad.request', status: 400 });
    if (request.method === 'DELETE') return answer(store.delete(id!) ? 204 : 404, {});
    const made = {
      ...before,
      ...values,
      kind,
      id: id ?? `${kind}-${name}-id`,
      version: Number(before?.['version'] ?? 0) + 1,
    };
    store.set(made.id, made);
    if (toys.lost-- > 0) return response.destroy();
    return answer(200, made);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  close.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function typeOf(type: string, refersTo: string[]): ObjectType {
  const path = `/${type}`;
  return {
    type,
    surface: 'platform',
    label: type,
    managed: true,
    sensitive: [],
    required: [],
    immutable: {},
    refersTo,
    list: async (reader) =>
      (await reader.list({ path })).map((item) => ({
        id: String(item['id']),
        key: String(item['name']),
        name: String(item['name']),
        fingerprint: String(item['version']),
        attributes: {},
      })),
    async read(reader, { id }) {
      return reader.get({ path: `${path}/{id}`, params: { id } }).then(
        ({ body }) => body as JsonObject,
        () => undefined,
      );
    },
    fingerprintOf: (live) => String(live['version']),
    normalise: (live) => live,
    async write(ctx, { action, object, fields, base }) {
      const values = Object.fromEntries(fields.map(({ path: at, value }) => [at.slice(1), value]));
      const body = { ...values, ...(base === undefined ? {} : { base: Number(base) }) };
      const id = object.id ?? '';
      if (action === 'delete') await ctx.write('delete', { method: 'DELETE', path: `${path}/{id}`, params: { id } });
      if (action === 'update') await ctx.write('update', { method: 'PUT', path: `${path}/{id}`, params: { id }, body });
      if (action !== 'create') return { id };
      return { id: String(((await ctx.write('create', { method: 'POST', path, body })) as JsonObject)['id']) };
    },
    settle: async () => ({ outcome: 'unknown' }),
  };
}

/** Every write of a part makes another version of it. */
const partType: ObjectType = { ...typeOf('part', []), movesOnWrite: ['version'] };

function wholeType({ effects }: Toys): ObjectType {
  return {
    ...typeOf('whole', ['part']),
    inForce: async (_reader, { live }) => {
      const effect = effects.get(String(live['name'])) ?? true;
      if (effect instanceof Failure) throw effect;
      return effect;
    },
  };
}

function kindOf(name: string, object: string): Kind {
  return {
    name,
    surface: 'platform',
    apiVersion: 'genesys-gitops/v1',
    schema: '',
    object,
    owns: true,
    check: () => [],
    contribute: ({ spec, name: handle }) => ({
      // A size that is no number is a problem that only a kind finds.
      problems: spec['size'] !== 'problem' ? [] : [{ code: 'reference-not-found', message: 'no', resource: handle }],
      contributions: [
        {
          by: `${name}/${handle}`,
          owns: true,
          target: { type: object, key: handle, name: handle },
          fields: Object.entries({ name: handle, ...spec }).map(([field, value]): Field => {
            const [key, attribute] = String(value).startsWith('ref:') ? String(value).slice(4).split('.') : [];
            if (key === undefined) return { path: `/${field}`, value: value ?? null };
            const type = key.startsWith('w') ? 'whole' : 'part';
            return { path: `/${field}`, ref: { type, key }, attribute: attribute! };
          }),
        },
      ],
    }),
    toDocument: () => undefined,
  };
}
