import type { Check, Field, Kind, ObjectType, Summary } from '../../src/model/contracts.ts';
import { asFailure, Failure } from '../../src/model/failure.ts';
import type { Reader } from '../../src/model/http.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Resource } from '../../src/model/resource.ts';
import { resource } from './world.ts';

/**
 * A type without a list, whose objects nobody owns: a document names them by id. Of some the server answers 403, and some
 * it takes and never shows (405).
 */
export const gadgetType: ObjectType = {
  type: 'gadget',
  surface: 'platform',
  label: 'gadget',
  managed: true,
  unlisted: true,
  sensitive: [],
  required: [],
  immutable: {},
  refersTo: [],
  list: async (reader, wanted = []) => (await Promise.all(wanted.map((id) => lookAt(reader, id)))).flat(),
  async read(reader, { id }) {
    const [found] = await lookAt(reader, id);
    return found?.live;
  },
  fingerprintOf: (live) => String(live['version']),
  normalise: (live) => live,
  async write(ctx, { object, wished, base, live, leavesDrift }) {
    const id = object.id!;
    const known = ctx.checkpointed?.['version'] ?? base;
    const values = Object.fromEntries(wished.map(({ path, value }) => [path.slice(1), value]));
    const body = { ...values, ...(known === undefined ? {} : { base: Number(known) }) };
    try {
      const made = await ctx.write('update', { method: 'PUT', path: '/gadget/{id}', params: { id }, body });
      const began = ctx.now();
      return {
        id,
        version: String((made as JsonObject)['version']),
        acknowledgedMs: 12,
        activationMs: ctx.now() - began + 34,
      };
    } catch (error) {
      const { reason, detail } = asFailure(error);
      if (reason !== 'Conflict' || detail.version === undefined) throw error;
      if (leavesDrift && live === 'unreadable')
        throw new Failure('Drifted', `it is at version ${detail.version} by now, and cannot be looked at`, detail);
      await ctx.checkpoint({ version: detail.version });
      throw new Failure('Conflict', `it moved from version ${known} to ${detail.version}`, detail);
    }
  },
  settle: async () => ({ outcome: 'unknown' }),
};

async function lookAt(reader: Reader, id: string): Promise<Summary[]> {
  const summary = { id, key: id, name: id, attributes: {} };
  try {
    const live = (await reader.get({ path: '/gadget/{id}', params: { id } })).body as JsonObject;
    return [{ ...summary, attributes: { size: live['size'] ?? null }, fingerprint: String(live['version']), live }];
  } catch (error) {
    const { reason, message, detail } = asFailure(error);
    if (detail.status === 404) return [];
    if (detail.status === 405) return [{ ...summary, live: 'unreadable' }];
    if (reason === 'PermissionMissing') return [{ ...summary, blocked: { reason: 'NotVisible', message } }];
    throw error;
  }
}

/** What a document about a gadget may say: fields to wish, gadgets to expect a size of, gadgets to come after. */
export interface GadgetWish {
  id: string;
  set?: JsonObject;
  expect?: { id: string; size: number }[];
  holds?: string;
  after?: string;
}

/** `Gadget/<name>`, which wishes something of one gadget. */
export const gadget = (name: string, wish: GadgetWish, more: Partial<Resource> = {}): Resource =>
  resource('Gadget', name, wish as unknown as JsonObject, more);

export const gadgetKind: Kind = {
  name: 'Gadget',
  surface: 'platform',
  apiVersion: 'genesys-gitops/v1',
  schema: '',
  object: 'gadget',
  owns: false,
  check: () => [],
  wants: ({ spec }) => {
    const { id, expect = [] } = spec as unknown as GadgetWish;
    return [id, ...expect.map((one) => one.id)].map((one) => ({ type: 'gadget', id: one }));
  },
  contribute({ spec, name }, index) {
    const { id, set = {}, expect = [], holds, after } = spec as unknown as GadgetWish;
    if (index.find('gadget', id).length === 0) {
      const message = `there is no gadget ${id}`;
      return { problems: [{ code: 'reference-not-found', message, resource: `Gadget/${name}` }], contributions: [] };
    }
    const checks = expect.map(
      (one, i): Check => ({
        type: 'gadget',
        id: one.id,
        expect: { size: one.size },
        code: 'linked-elsewhere',
        unknown: 'link-unknown',
        holds: `${one.id} has the size ${one.size}`,
        fails: `${one.id} has another size than ${one.size}`,
        at: `/spec/expect/${i}`,
      }),
    );
    const fields = Object.entries(set).map(
      ([field, value]): Field => ({ path: `/${field}`, at: `/spec/set/${field}`, value: value ?? null }),
    );
    return {
      problems: [],
      contributions: [
        {
          by: `Gadget/${name}`,
          owns: false,
          target: { type: 'gadget', key: id, id, name: id },
          fields,
          checks,
          ...(after === undefined ? {} : { uses: [{ type: 'gadget', key: after, asWished: true }] }),
          ...(holds === undefined ? {} : { holds: { reason: 'Drifted', message: holds } }),
        },
      ],
    };
  },
  toDocument: () => undefined,
};
