import { files } from '../action-view.ts';
import { findAction, findDraft } from '../actions.ts';
import { errorSchema, flatten } from '../contract-schemas.ts';
import { Answer, type Call, type Endpoint } from '../endpoint.ts';
import { notFound } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { ActionRecord } from '../records.ts';
import { actionPermissions, integrationScopes } from './permissions.ts';

const root = '/api/v2/integrations/actions/{actionId}';
const read = { method: 'GET', permissions: actionPermissions.view, scopes: integrationScopes.read } as const;
const runtimes = [
  { name: 'nodejs22.x', description: 'Node.js 22', status: 'Available' },
  { name: 'nodejs20.x', description: 'Node.js 20', status: 'Deprecated', dateEndOfLife: '2026-04-30' },
];

const published = ({ world, params, lag }: Call): ActionRecord => findAction(world, params['actionId']!, lag);
const draft = ({ world, params, lag }: Call): ActionRecord => findDraft(world, params['actionId']!, lag);

/** Schemas and templates of actions and drafts as files, and the runtimes of functions. */
export const actionFiles: Endpoint[] = [
  { ...read, path: `${root}/schemas/{fileName}`, serve: (call) => schema(call, published(call)) },
  { ...read, path: `${root}/draft/schemas/{fileName}`, serve: (call) => schema(call, draft(call)) },
  { ...read, path: `${root}/templates/{fileName}`, serve: (call) => template(call, published(call)) },
  { ...read, path: `${root}/draft/templates/{fileName}`, serve: (call) => template(call, draft(call)) },
  {
    ...read,
    path: '/api/v2/integrations/actions/functions/runtimes',
    permissions: actionPermissions.viewFunction,
    serve: () => runtimes,
  },
];

function schema({ params, query }: Call, { contract }: ActionRecord): JsonObject {
  const schemas: Record<string, JsonObject> = {
    [files.inputSchema]: contract.input.inputSchema,
    [files.successSchema]: contract.output.successSchema,
    [files.errorSchema]: errorSchema,
  };
  const found = schemas[params['fileName']!];
  if (!found) throw notFound();
  return query.flag('flatten') ? flatten(found).schema : found;
}

/** The raw text, as no JSON: clients that ask with `Accept: application/json` get it all the same. */
function template({ params }: Call, { config }: ActionRecord): Answer {
  const templates: Record<string, string | undefined> = {
    [files.requestTemplate]: config.request?.requestTemplate,
    [files.successTemplate]: config.response?.successTemplate,
  };
  const text = templates[params['fileName']!];
  if (text === undefined) throw notFound();
  return new Answer(200, text);
}
