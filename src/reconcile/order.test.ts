import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { desired, resource } from '../../test/support/world.ts';
import { createClient } from '../genesys/index.ts';
import { openJournal } from '../journal/index.ts';
import { systemClock } from '../model/clock.ts';
import type { Field, Kind, ObjectType } from '../model/contracts.ts';
import type { JsonObject } from '../model/json.ts';
import { silent } from '../model/log.ts';
import type { Resource } from '../model/resource.ts';
import { createVault } from '../model/seal.ts';
import { type RunReport, run } from './run.ts';

/**
 * Two object types that the engine has never heard of, on a server of a few lines: a `part`, and a `whole` that holds the
 * id and the size of a part. What the engine does with references must follow from the contracts alone.
 */
let server: Server;
let url: string;
let store: Map<string, JsonObject>;
let order: string[];
let broken: string | undefined;

beforeEach(async () => {
  store = new Map();
  order = [];
  broken = undefined;
  server = createServer(async (request, response) => {
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
    if (path === '/oauth/token') return answer(200, { access_token: 't', token_type: 'bearer', expires_in: 3600 });
    const [, kind, id] = path.split('/') as [string, string, string?];
    const live = [...store.values()].filter((thing) => thing['kind'] === kind);
    if (request.method === 'GET' && id === undefined)
      return answer(200, { entities: live, total: live.length, pageCount: 1, pageNumber: 1, pageSize: 100 });
    if (request.method === 'GET')
      return store.has(id!)
        ? answer(200, store.get(id!))
        : answer(404, { message: 'not found', code: 'not.found', status: 404 });
    const sent = (body === '' ? {} : JSON.parse(body)) as JsonObject;
    const name = String(sent['name'] ?? store.get(id ?? '')?.['name']);
    order.push(`${request.method} ${name}`);
    if (name === broken) return answer(400, { message: 'no', code: 'bad.request', status: 400 });
    if (request.method === 'DELETE') return answer(store.delete(id!) ? 204 : 404, {});
    const made = {
      ...store.get(id ?? ''),
      ...sent,
      kind,
      id: id ?? `${kind}-${name}-id`,
      version: Number(store.get(id ?? '')?.['version'] ?? 0) + 1,
    };
    store.set(made.id, made);
    return answer(200, made);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

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
    async write(ctx, { action, object, fields }) {
      const body = Object.fromEntries(fields.map(({ path: at, value }) => [at.slice(1), value]));
      const id = object.id ?? '';
      if (action === 'delete') await ctx.write('delete', { method: 'DELETE', path: `${path}/{id}`, params: { id } });
      if (action === 'update') await ctx.write('update', { method: 'PUT', path: `${path}/{id}`, params: { id }, body });
      if (action !== 'create') return { id };
      return { id: String(((await ctx.write('create', { method: 'POST', path, body })) as JsonObject)['id']) };
    },
    settle: async () => ({ outcome: 'unknown' }),
  };
}

function kindOf(name: string, object: string): Kind {
  return {
    name,
    surface: 'platform',
    schema: '',
    object,
    owns: true,
    check: () => [],
    contribute: ({ spec, name: handle }) => ({
      problems: [],
      contributions: [
        {
          by: `${name}/${handle}`,
          owns: true,
          target: { type: object, key: handle, name: handle },
          fields: Object.entries({ name: handle, ...spec }).map(([field, value]): Field => {
            const [part, attribute] = String(value).startsWith('ref:') ? String(value).slice(4).split('.') : [];
            if (part === undefined) return { path: `/${field}`, value: value ?? null };
            return {
              path: `/${field}`,
              ref: { type: part.startsWith('w') ? 'whole' : 'part', key: part },
              attribute: attribute!,
            };
          }),
        },
      ],
    }),
    toDocument: () => undefined,
  };
}

async function engine(): Promise<(resources: Resource[]) => Promise<RunReport>> {
  const journal = await openJournal(':memory:', { clock: systemClock, log: silent });
  const client = createClient({
    apiUrl: url,
    loginUrl: url,
    clientId: 'c',
    clientSecret: async () => 's',
    clock: systemClock,
    log: silent,
    env: {},
  });
  // The list names the types in the wrong order on purpose: order comes from the references of the plan.
  const types = [typeOf('whole', ['part']), typeOf('part', [])];
  const kinds = [kindOf('Whole', 'whole'), kindOf('Part', 'part')];
  const parts = {
    target: 't',
    organization: { id: 'o', name: 'O' },
    kinds,
    types,
    reader: client.reader(),
    writer: client.writer(),
    journal,
  };
  return (resources) =>
    run(
      {
        ...parts,
        vault: createVault('k', {}),
        policy: { prune: true },
        holder: 'test',
        clock: systemClock,
        log: silent,
      },
      desired(resources),
      { mode: 'apply', byHand: true },
    );
}

const whole = (name: string, part: string): Resource =>
  resource('Whole', name, { partId: `ref:${part}.id`, size: `ref:${part}.size` });
const part = (name: string, size: number): Resource => resource('Part', name, { size });

test('what is referred to is made first, and what follows from it is in the plan', async () => {
  const apply = await engine();
  const { plan, outcomes } = await apply([whole('w', 'p'), part('p', 1)]);
  expect(plan.changes.find(({ name }) => name === 'w')!.fields.find(({ path }) => path === '/partId')!.to).toEqual({
    knownAfterApply: { type: 'part', key: 'p', attribute: 'id' },
  });
  expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'applied']);
  expect(order).toEqual(['POST p', 'POST w']);
  expect([...store.values()].find(({ name }) => name === 'w')).toMatchObject({ partId: 'part-p-id', size: 1 });
  expect((await apply([whole('w', 'p'), part('p', 1)])).plan.changes).toEqual([]);

  order = [];
  const grown = await apply([whole('w', 'p'), part('p', 2)]);
  expect(grown.plan.changes.map(({ name, fields }) => [name, fields.map(({ to }) => to)])).toEqual([
    ['p', [2]],
    ['w', [{ knownAfterApply: { type: 'part', key: 'p', attribute: 'size' } }]],
  ]);
  expect(order).toEqual(['PUT p', 'PUT w']);
  expect([...store.values()].find(({ name }) => name === 'w')).toMatchObject({ size: 2 });
});

test('what depends on a failed object is skipped; its siblings are not', async () => {
  const apply = await engine();
  broken = 'p';
  const { outcomes } = await apply([whole('w', 'p'), part('p', 1), whole('w2', 'q'), part('q', 1)]);
  expect(
    Object.fromEntries(outcomes.map(({ name, status, reason = '' }) => [name, `${status} ${reason}`.trim()])),
  ).toEqual({
    w: 'skipped DependencyNotReady',
    p: 'failed BadRequest',
    w2: 'applied',
    q: 'applied',
  });
});

test('deletions come last, and what refers goes before what it refers to', async () => {
  const apply = await engine();
  await apply([whole('w', 'p'), part('p', 1), part('q', 1)]);
  order = [];
  await apply([part('q', 2)]);
  expect(order).toEqual(['PUT q', 'DELETE w', 'DELETE p']);
});

test('a circle, and a reference to nothing, are problems of those in it', async () => {
  const apply = await engine();
  const { plan } = await apply([
    resource('Whole', 'w1', { partId: 'ref:w2.id' }),
    resource('Whole', 'w2', { partId: 'ref:w1.id' }),
    whole('w3', 'nothing'),
    part('p', 1),
  ]);
  expect(plan.problems.map(({ code, resource: by }) => `${code} ${by}`).sort()).toEqual([
    'reference-cycle Whole/w2',
    'reference-not-found Whole/w1',
    'reference-not-found Whole/w3',
    'reference-not-found Whole/w3',
  ]);
  expect(plan.changes.map(({ name }) => name)).toEqual(['p']);
});
