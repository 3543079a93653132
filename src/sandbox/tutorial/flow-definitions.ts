import type { Lag } from '../collection.ts';
import { Answer, type Call, type Endpoint } from '../endpoint.ts';
import { invalid, notFound } from '../errors.ts';
import { isObject, type JsonObject, objectAt } from '../json.ts';
import { document } from '../shapes.ts';
import type { World } from '../world.ts';
import { objectsAt, refuseOtherId, textAt } from './body.ts';
import { preconditionFailed, stale } from './refusals.ts';
import type { FlowDefinitionRecord } from './tutorial-records.ts';
import { scopes } from './tutorial-scopes.ts';

const path = '/api/v2/flows/{flowId}';

/** Flows as JSON, read and published whole (tutorial 2). The path of the read is the Platform API's as well. */
export const flowDefinitions: Endpoint[] = [
  {
    ...{ method: 'GET', path, scopes: [], needs: scopes.readFlow },
    knows: (world, params) => world.tutorial.flowDefinitions.get(params['flowId']!) !== undefined,
    serve: ({ world, params, lag }) => answered(world, findDefinition(world, params, lag)),
  },
  {
    ...{ method: 'PUT', path: `${path}/publish`, scopes: [], needs: scopes.publishFlow, body: document },
    serve: (call) => {
      const before = findDefinition(call.world, call.params);
      const body = checkDefinition(call.world, before.id, call.body);
      refuseStale(call, before, body);
      return answered(call.world, putDefinition(call.world, before.id, body));
    },
  },
];

function findDefinition(world: World, params: Call['params'], lag?: Lag): FlowDefinitionRecord {
  const found = world.tutorial.flowDefinitions.get(params['flowId']!, lag);
  if (!found) throw notFound();
  return found;
}

/** Tutorial 2: "Some API versions require sending the ETag header instead". */
function answered({ quirks }: World, definition: FlowDefinitionRecord): Answer {
  const headers = { ...(!quirks.has('flow-definition-no-etag') && { etag: etagOf(definition) }) };
  return new Answer(200, JSON.stringify(definition), 'application/json', headers);
}

const etagOf = ({ version }: FlowDefinitionRecord): string => `"${version}"`;

function refuseStale({ world, ifMatch }: Call, before: FlowDefinitionRecord, body: JsonObject): void {
  const { version } = body;
  if (!Number.isInteger(version)) throw invalid('version must be an integer', 'version');
  const matches = ifMatch === undefined || ifMatch === etagOf(before);
  if (!matches && world.quirks.has('flow-definition-412')) throw preconditionFailed();
  if (!matches || version !== before.version) throw stale(before.version);
}

/** The body as it may be published. @throws ApiError 400 */
export function checkDefinition(world: World, id: string, body: JsonObject): JsonObject {
  refuseOtherId(body, id);
  textAt(body, 'name');
  const limit = world.tutorial.stepTimeoutSeconds;
  for (const step of dataActionSteps(objectsAt(body, 'steps'))) {
    const { timeout } = objectAt(step, 'settings');
    if (timeout === undefined) continue;
    if (Number.isInteger(timeout) && (timeout as number) >= 1 && (timeout as number) <= limit) continue;
    throw invalid(
      `Timeout value ${JSON.stringify(timeout)} rejected: must be between 1 and ${limit} seconds`,
      'settings.timeout',
    );
  }
  return body;
}

/** Replaces a definition whole, and counts its version. */
export function putDefinition(world: World, id: string, body: JsonObject): FlowDefinitionRecord {
  const { version } = world.tutorial.flowDefinitions.get(id)!;
  return world.tutorial.flowDefinitions.put(id, { id, ...body, version: version + 1 } as FlowDefinitionRecord);
}

/** Wherever they stand: in containers, cases, loops, flows within flows. */
export function dataActionSteps(value: unknown): JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(dataActionSteps);
  if (!isObject(value)) return [];
  const own = value['type'] === 'data-action' ? [value] : [];
  return [...own, ...Object.values(value).flatMap(dataActionSteps)];
}
