import { expect, test } from 'vitest';
import type { JsonObject } from '../../model/json.ts';
import type { Refused } from '../../model/surface.ts';
import { endpoints } from './tutorial-endpoints.ts';
import { advise } from './tutorial-hints.ts';

function said(status: number, route: string, body?: JsonObject, more: Partial<Refused> = {}): string | undefined {
  const [method = '', pathTemplate = ''] = route.split(' ');
  return advise({
    status,
    method,
    pathTemplate,
    params: { id: 'x-1', orgId: 'org-2', dataActionId: 'x-1', jobId: 'x-1' },
    body,
    ...more,
  });
}

const application = '/api/v2/integrations/externalapplications/{id}';
const publish = 'PUT /api/v2/flows/{id}/publish';
const actions = '/api/v2/tasks/dataactions';
const chat = '/api/v2/webchat/organizations/{orgId}/configurations';
const replicate = '/api/v2/webchat/configurations/replicate';

const cases: [number, string, JsonObject, ...string[]][] = [
  [400, `PUT ${application}`, {}, '1000 to 30000', 'timeoutMs'],
  [400, `GET ${application}`, {}, 'id of the external application', 'x-1'],
  [400, publish, {}, '30 s', 'stepTimeoutSeconds', 'Script step or an External API step'],
  [400, `POST ${actions}`, {}, 'main(input_data)', 'genesys-gitops validate'],
  [400, `POST ${replicate}`, {}, 'replicateTo'],
  [400, 'POST /api/v2/audit/records/query', {}, 'Correct the document'],
  [401, `PUT ${actions}/{dataActionId}`, {}, 'client id', 'client secret', 'scope task:write'],
  [401, 'GET /api/v2/organizations/me', {}, 'client secret'],
  [
    403,
    `GET ${application}`,
    {},
    'integration:externalapplication:read and integration:integrationobject:read',
    'Scopes',
  ],
  [403, `PUT ${application}`, {}, 'integration:externalapplication:write', 'admin pages'],
  [403, 'GET /api/v2/integrations/dataactions/{id}', {}, 'integration:dataaction:read'],
  [403, 'GET /api/v2/flows/{id}', {}, 'view:flow'],
  [403, publish, {}, 'admin:flow or architect:flow:write'],
  [403, `DELETE ${actions}/{dataActionId}`, {}, 'task:write'],
  [403, `GET ${chat}`, {}, 'webchat:configuration:read', 'organisation org-2 is not assigned to the client'],
  [403, `PUT ${chat}`, { code: 'organization.not.assigned' }, 'organisation org-2 is not assigned to the client'],
  [403, 'POST /api/v2/audit/records/query', {}, 'audit:read', 'not assigned to the client'],
  [404, `GET ${application}`, {}, 'no external application with the id x-1'],
  [404, 'GET /api/v2/integrations/dataactions/{id}', {}, 'no data action with the id x-1'],
  [404, publish, {}, 'no flow with the id x-1'],
  [404, `PUT ${actions}/{dataActionId}`, {}, 'no script data action with the id x-1', 'found by its name'],
  [404, `GET ${chat}`, {}, 'no organisation with the id org-2', 'no web chat configuration yet'],
  [404, `GET ${replicate}/{jobId}`, {}, 'no replication job with the id x-1', 'asks for the replication again'],
  [404, `POST ${replicate}`, {}, 'One of the organisations', 'replicateTo'],
  [404, `POST ${actions}`, {}, 'does not have this endpoint'],
  [405, `GET ${chat}`, {}, 'Genesys does not serve'],
  [409, publish, { version: 8 }, 'flow x-1', 'version 8 is there now', 'looked at again'],
  [409, `PUT ${application}`, { version: 8 }, 'application x-1', 'has no version', 'Admin > Integrations'],
  [409, `PUT ${chat}`, { version: '12' }, 'organisation org-2', 'version 12 is there now'],
  [409, `DELETE ${actions}/{dataActionId}`, { code: 'in.use' }, 'step of a published flow'],
  [412, publish, {}, 'changed by somebody else'],
  [422, `PUT ${chat}`, {}, 'colour', 'required field', 'feature flag'],
  [429, `PUT ${chat}`, {}, 'Retry-After', 'rateBudget'],
];

test.each(cases)('%i of %s %j says what was the cause and what helps', (status, route, body, ...words) => {
  for (const word of words) expect(said(status, route, body)).toContain(word);
});

test('every endpoint has words for each of them, in whole sentences', () => {
  for (const route of Object.keys(endpoints))
    for (const status of [400, 401, 403, 404, 409, 422, 429])
      expect(said(status, route), `${status} ${route}`).toMatch(/^[A-Z](?!.*undefined).*\.$/);
});

test('of what is not its own, and of what helps nobody, nothing is said', () => {
  expect(said(403, 'GET /api/v2/flows/{flowId}')).toBeUndefined();
  expect(said(403, `PATCH ${application}`)).toBeUndefined();
  expect(said(500, publish)).toBeUndefined();
});

test('of what no document names no id is to be checked there; what has no version is not told one', () => {
  for (const route of [`PUT ${actions}/{dataActionId}`, `GET ${replicate}/{jobId}`])
    expect(said(404, route)).not.toContain('check the id');
  expect(said(409, `PUT ${application}`, { version: 8 })).not.toMatch(/version 8|with its version/);
});

test('scopes are one or several, and the menu is that of their tutorial', () => {
  expect(said(403, `GET ${application}`)).toMatch(
    /needs the scopes .* and .*\. Add them in the admin pages: under Platform > OAuth > Applications open this client, and tick them/,
  );
  expect(said(403, publish)).toMatch(/needs the scope admin:flow or .* Add it .* under Organization > OAuth Clients/);
  expect(said(403, `POST ${actions}`)).toMatch(/task:write\. Add it .* under Setup > OAuth > Clients open/);
});

test('a scope that is missing is no organisation that is, and the other way round', () => {
  expect(said(403, `PUT ${chat}`, { code: 'missing.scope' })).not.toContain('assigned');
  expect(said(403, `PUT ${chat}`, { code: 'organization.not.assigned' })).not.toContain('scope');
});

test('a scope that was not asked for is named as that', () => {
  const asked = (...scopes: string[]) => said(403, publish, {}, { scopes });
  expect(asked('view:flow')).toContain('not asked for with admin:flow or architect:flow:write: `scopes` of the target');
  expect(asked('architect:flow:write')).not.toContain('not asked for');
  expect(said(403, publish)).not.toContain('not asked for');
});

test('a version is a word, whatever a server sends for one', () => {
  expect(said(409, publish, { version: `8\n${'x'.repeat(999)}` })).toMatch(/version 8x{39} is/);
  expect(said(409, publish, { version: { of: 'it' } })).not.toContain('version [');
});

test('a token that is refused: credentials, or scopes', () => {
  const token = (status: number, body: JsonObject, scopes?: string[]) =>
    said(status, 'POST /oauth/token', body, scopes === undefined ? {} : { scopes });
  for (const status of [400, 401])
    expect(token(status, { error: 'invalid_client' }, ['task:read'])).toMatch(
      /GENESYS_CLIENT_ID.* uses client credentials.* asked for: task:read\.$/,
    );
  expect(token(400, { error: 'invalid_scope' }, ['task:read', 'view:flow'])).toMatch(
    /lacks one of its scopes\. .*admin pages.*`scopes` of the target.* asked for: task:read, view:flow\.$/,
  );
  expect(token(403, {})).toContain('lacks one of its scopes');
  expect(token(429, {})).toBe('Trying again later.');
  expect(token(404, {})).toContain('GENESYS_API_HOST');
  expect(token(503, {})).toBeUndefined();
});
