import { randomUUID } from 'node:crypto';
import type { Lag } from '../collection.ts';
import { type Call, type Endpoint, noContent } from '../endpoint.ts';
import { invalid, notFound } from '../errors.ts';
import { isObject, type JsonObject } from '../json.ts';
import { page, sorted } from '../paging.ts';
import { document } from '../shapes.ts';
import type { World } from '../world.ts';
import { objectsAt, optionalText, refuseOtherId, textAt } from './body.ts';
import { dataActionSteps } from './flow-definitions.ts';
import { inUse, stale } from './refusals.ts';
import type { ScriptActionRecord } from './tutorial-records.ts';
import { scopes } from './tutorial-scopes.ts';

const path = '/api/v2/tasks/dataactions';
const onePath = `${path}/{scriptActionId}`;
const datatypes = ['string', 'integer', 'number', 'boolean', 'array', 'object'];

/** Data actions that are a Python script (tutorial 3); the tutorial shows the POST, the rest is ASSUMED. */
export const scriptActions: Endpoint[] = [
  { ...{ method: 'GET', path, scopes: [], needs: scopes.readScripts }, serve: listActions },
  {
    ...{ method: 'POST', path, scopes: [], needs: scopes.writeScripts, body: document },
    serve: ({ world, body }) => view(world, createScriptAction(world, body)),
  },
  {
    ...{ method: 'GET', path: onePath, scopes: [], needs: scopes.readScripts },
    serve: ({ world, params, lag }) => view(world, findAction(world, params, lag)),
  },
  {
    ...{ method: 'PUT', path: onePath, scopes: [], needs: scopes.writeScripts, body: document },
    serve: (call) => {
      const { id, version } = findAction(call.world, call.params);
      const body = checkAction(call.body, id);
      if (!call.world.quirks.has('script-no-version') && body['version'] !== version) throw stale(version);
      return view(call.world, putScriptAction(call.world, id, body));
    },
  },
  {
    ...{ method: 'DELETE', path: onePath, scopes: [], needs: scopes.writeScripts },
    serve: ({ world, params }) => {
      deleteScriptAction(world, findAction(world, params).id);
      return noContent;
    },
  },
];

function listActions(call: Call) {
  const { world, lag } = call;
  const brief = (action: ScriptActionRecord): JsonObject => {
    const { id, name, description, version } = view(world, action);
    return { id, name, description, version };
  };
  const item = world.quirks.has('script-list-whole') ? (action: ScriptActionRecord) => view(world, action) : brief;
  const { entities, ...rest } = page(call, sorted(call, world.tutorial.scriptActions.list(lag), []));
  return { entities: entities.map(item), ...rest };
}

function findAction(world: World, params: Call['params'], lag?: Lag): ScriptActionRecord {
  const found = world.tutorial.scriptActions.get(params['scriptActionId']!, lag);
  if (!found) throw notFound();
  return found;
}

function view({ quirks }: World, action: ScriptActionRecord): JsonObject {
  const { version, ...rest } = action;
  return quirks.has('script-no-version') ? rest : { ...rest, version };
}

/** @throws ApiError 400 */
export function createScriptAction(world: World, body: JsonObject, id: string = randomUUID(), at?: number) {
  if (body['id'] !== undefined) throw invalid('id is given by the server', 'id');
  const action = { id, ...checkAction(body), version: 1 } as ScriptActionRecord;
  return world.tutorial.scriptActions.put(id, action, at);
}

/** Replaces one whole, and counts its version. @throws ApiError 400 */
export function putScriptAction(world: World, id: string, body: JsonObject): ScriptActionRecord {
  const { version } = world.tutorial.scriptActions.get(id)!;
  const action = { id, ...checkAction(body, id), version: version + 1 } as ScriptActionRecord;
  return world.tutorial.scriptActions.put(id, action);
}

/** @throws ApiError 409 while a step of a flow calls it */
export function deleteScriptAction(world: World, id: string): void {
  const flows = world.tutorial.flowDefinitions.list();
  const used = flows.some(({ steps }) => dataActionSteps(steps).some(({ actionId }) => actionId === id));
  if (used && !world.quirks.has('script-delete-unchecked')) throw inUse();
  world.tutorial.scriptActions.delete(id);
}

function checkAction(body: JsonObject, id?: string): JsonObject {
  if (id !== undefined) refuseOtherId(body, id);
  textAt(body, 'name');
  optionalText(body, 'description');
  const { definition } = body;
  if (!isObject(definition)) throw invalid('definition must be an object', 'definition');
  textAt(definition, 'name', 'definition.name');
  optionalText(definition, 'description', 'definition.description');
  if (definition['language'] !== 'python3') throw invalid('definition.language must be python3', 'definition.language');
  const code = textAt(definition, 'code', 'definition.code');
  if (Buffer.from(code, 'base64').toString('base64') !== code) {
    throw invalid('definition.code must be encoded in base64', 'definition.code');
  }
  for (const field of ['inputs', 'outputs']) checkParameters(definition, field);
  return body;
}

function checkParameters(definition: JsonObject, field: string): void {
  const path = `definition.${field}`;
  const names = objectsAt(definition, field, path).map((one, i) => {
    const at = `${path}[${i}]`;
    optionalText(one, 'description', `${at}.description`);
    if (!datatypes.includes(textAt(one, 'datatype', `${at}.datatype`))) {
      throw invalid(`${at}.datatype must be one of ${datatypes.join(', ')}`, `${at}.datatype`);
    }
    if (one['required'] !== undefined && typeof one['required'] !== 'boolean') {
      throw invalid(`${at}.required must be true or false`, `${at}.required`);
    }
    return textAt(one, 'name', `${at}.name`);
  });
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw invalid(`${path} has "${twice}" twice`, path);
}
