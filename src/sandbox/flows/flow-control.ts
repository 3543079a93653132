import type { FastifyInstance } from 'fastify';
import { invalid, notFound } from '../errors.ts';
import { isObject, type JsonObject } from '../json.ts';
import { boolean, json, list, map, readBody, type Shape, string } from '../shapes.ts';
import type { World } from '../world.ts';
import type { FlowEdit } from './edit-flows.ts';
import type { FlowRecord } from './flow-records.ts';
import { flowStateOf } from './flow-state.ts';

const object = (name: string, required: string[], fields: Record<string, Shape>): Shape => ({
  type: 'object',
  name,
  required,
  fields,
});
const text = string();
const seedShape = object('FlowSeed', ['yaml'], { yaml: text, publishedBy: text });
const lockShape = object('FlowLock', [], { user: text, client: text });
const editShape = object('FlowEdit', ['type', 'name'], {
  type: text,
  name: text,
  by: text,
  publish: boolean,
  yaml: text,
  replace: list(object('Replacement', ['find', 'with'], { find: text, with: text })),
  set: map(json),
});

interface EditBody {
  type: string;
  name: string;
  by?: string;
  publish?: boolean;
  /** The whole text anew. */
  yaml?: string;
  /** Changes of the text as it would be exported; each must be found. */
  replace?: { find: string; with: string }[];
  /** Values by the path under the top key, `tasks/0/task/name`. */
  set?: Record<string, unknown>;
}

/** `/__sandbox/flows*`: what a person does to flows in the editor, for the demo. */
export function flowControlRoutes(app: FastifyInstance, world: World): void {
  const state = flowStateOf(world);
  const brief = ({ id, type, name, published, saved, lockedBy }: FlowRecord) => ({
    ...{ id, type, name, published, saved, lockedBy },
  });
  const root = '/__sandbox/flows';
  const idOf = (request: { params: unknown }) => (request.params as { id: string }).id;

  app.get(root, async () => state.flows().map(brief));
  app.post(root, async (request) =>
    brief(state.seedFlow(readBody(seedShape, request.body) as unknown as { yaml: string; publishedBy?: string })),
  );
  app.post(`${root}/edit`, async (request) => {
    const { type, name, by, publish, ...edit } = readBody(editShape, request.body) as unknown as EditBody;
    const flow = state.flowNamed(type, name);
    if (!flow) throw notFound();
    const how = { ...(by !== undefined && { by }), ...(publish !== undefined && { publish }) };
    return brief(state.editFlow(flow.id, editOf(edit), how));
  });
  app.get(`${root}/:id/yaml`, async (request, reply) =>
    reply.type('application/x-yaml').send(state.exportText(idOf(request))),
  );
  app.put(`${root}/:id/lock`, async (request) => {
    const { user, client } = readBody(lockShape, request.body) as { user?: string; client?: string };
    return brief(state.lockFlow(idOf(request), client === undefined ? { user: user ?? 'Sandbox Admin' } : { client }));
  });
  app.delete(`${root}/:id/lock`, async (request) => brief(state.unlockFlow(idOf(request))));
}

function editOf({ yaml, replace, set }: Pick<EditBody, 'yaml' | 'replace' | 'set'>): FlowEdit {
  if (yaml !== undefined) return () => yaml;
  if (replace) return (before) => replace.reduce((now, change) => replaced(now, change), before);
  if (set) return { tree: (tree) => setAll(tree, set) };
  throw invalid('An edit needs one of: yaml, replace, set');
}

function replaced(now: string, { find, with: wanted }: { find: string; with: string }): string {
  if (!now.includes(find)) throw invalid(`The flow does not contain "${find}"`, 'replace');
  return now.replaceAll(find, () => wanted);
}

function setAll(tree: JsonObject, values: Record<string, unknown>): JsonObject {
  for (const [path, value] of Object.entries(values)) {
    const keys = path.split('/').filter((key) => key !== '');
    const last = keys.pop();
    const holder = keys.reduce<unknown>(
      (at, key) => (isObject(at) || Array.isArray(at) ? (at as JsonObject)[key] : undefined),
      tree,
    );
    if (last === undefined || (!isObject(holder) && !Array.isArray(holder)))
      throw invalid(`There is no ${path}`, 'set');
    (holder as JsonObject)[last] = value;
  }
  return tree;
}
