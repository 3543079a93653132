import { isObject } from '../../model/json.ts';
import type { Refused } from '../../model/surface.ts';

/**
 * The permission that an endpoint needs, by method and path template: `x-inin-requires-permissions` of the published
 * specification (shared/genesys-api/openapi.json). Only consulted where the 403 itself does not name one.
 */
const action = 'integrations:action';
const integration = 'integrations:integration';
const view = `${action}:view or bridge:actions:view`;
const flow = 'architect:flow';
const uses = 'architect:dependencyTracking:view';
const configuration = 'webDeployments:configuration';
const deployment = 'webDeployments:deployment';
const schedule = 'routing:schedule';
const scheduleGroup = 'routing:scheduleGroup';

const table: Record<string, string> = {
  'GET /api/v2/integrations/actions': view,
  'POST /api/v2/integrations/actions': `${action}:add`,
  'GET /api/v2/integrations/actions/categories': view,
  'GET /api/v2/integrations/actions/drafts': view,
  'POST /api/v2/integrations/actions/drafts': `${action}:add`,
  'GET /api/v2/integrations/actions/{actionId}': view,
  'PATCH /api/v2/integrations/actions/{actionId}': `${action}:edit`,
  'DELETE /api/v2/integrations/actions/{actionId}': `${action}:delete`,
  'GET /api/v2/integrations/actions/{actionId}/draft': view,
  'POST /api/v2/integrations/actions/{actionId}/draft': `${action}:edit`,
  'PATCH /api/v2/integrations/actions/{actionId}/draft': `${action}:edit`,
  'DELETE /api/v2/integrations/actions/{actionId}/draft': `${action}:delete`,
  'GET /api/v2/integrations/actions/{actionId}/draft/validation': `${action}:edit`,
  'POST /api/v2/integrations/actions/{actionId}/draft/publish': `${action}:edit`,
  'POST /api/v2/integrations/actions/{actionId}/draft/test': `${action}:execute`,
  'GET /api/v2/integrations/actions/{actionId}/draft/schemas/{fileName}': view,
  'GET /api/v2/integrations/actions/{actionId}/draft/templates/{fileName}': view,
  'GET /api/v2/integrations/actions/{actionId}/schemas/{fileName}': view,
  'GET /api/v2/integrations/actions/{actionId}/templates/{fileName}': view,
  'POST /api/v2/integrations/actions/{actionId}/test': `${action}:execute or bridge:actions:execute`,
  'GET /api/v2/integrations': `${integration}:view`,
  'POST /api/v2/integrations': `${integration}:add`,
  'GET /api/v2/integrations/{integrationId}': `${integration}:view`,
  'PATCH /api/v2/integrations/{integrationId}': `${integration}:edit`,
  'DELETE /api/v2/integrations/{integrationId}': `${integration}:delete`,
  'GET /api/v2/integrations/{integrationId}/config/current': `${integration}:view`,
  'PUT /api/v2/integrations/{integrationId}/config/current': `${integration}:edit`,
  'GET /api/v2/integrations/types': `${integration}:view`,
  'GET /api/v2/integrations/types/{typeId}': `${integration}:view`,
  'GET /api/v2/integrations/credentials': `${integration}:view`,
  'GET /api/v2/integrations/credentials/listing': `${integration}:view`,
  'GET /api/v2/audits/query/servicemapping': 'audits:audit:view',
  'GET /api/v2/audits/query/realtime/servicemapping': 'audits:audit:view',
  'POST /api/v2/audits/query': 'audits:audit:view',
  'POST /api/v2/audits/query/realtime': 'audits:audit:view',
  'POST /api/v2/audits/query/realtime/related': 'audits:audit:view',
  'GET /api/v2/audits/query/{transactionId}': 'audits:audit:view',
  'GET /api/v2/audits/query/{transactionId}/results': 'audits:audit:view',
  'GET /api/v2/flows': `${flow}:view`,
  'POST /api/v2/flows': `${flow}:add`,
  'GET /api/v2/flows/divisionviews': `${flow}:search`,
  'GET /api/v2/flows/{flowId}': `${flow}:view`,
  'PUT /api/v2/flows/{flowId}': `${flow}:edit`,
  'DELETE /api/v2/flows/{flowId}': `${flow}:delete`,
  'GET /api/v2/flows/{flowId}/latestconfiguration': `${flow}:view`,
  'GET /api/v2/flows/{flowId}/versions': `${flow}:view`,
  'GET /api/v2/flows/{flowId}/versions/{versionId}': `${flow}:view`,
  'GET /api/v2/flows/{flowId}/versions/{versionId}/configuration': `${flow}:view`,
  'POST /api/v2/flows/actions/checkin': `${flow}:edit or ${flow}:unlock`,
  'POST /api/v2/flows/actions/checkout': `${flow}:edit`,
  'POST /api/v2/flows/actions/deactivate': `${flow}:publish`,
  'POST /api/v2/flows/actions/publish': `${flow}:publish or ${flow}:unlock`,
  'POST /api/v2/flows/actions/revert': `${flow}:edit`,
  'POST /api/v2/flows/actions/unlock': `${flow}:unlock`,
  'POST /api/v2/flows/jobs': 'architect:job:create',
  'GET /api/v2/flows/jobs/{jobId}': 'architect:job:view',
  'POST /api/v2/flows/export/jobs': 'architect:jobExport:create',
  'GET /api/v2/flows/export/jobs/{jobId}': 'architect:jobExport:view',
  'POST /api/v2/flows/validate/jobs': 'architect:jobValidate:create',
  'GET /api/v2/flows/validate/jobs/{jobId}': 'architect:jobValidate:view',
  'GET /api/v2/architect/schedules': `${schedule}:view`,
  'POST /api/v2/architect/schedules': `${schedule}:add`,
  'GET /api/v2/architect/schedules/{scheduleId}': `${schedule}:view`,
  'PUT /api/v2/architect/schedules/{scheduleId}': `${schedule}:edit`,
  'DELETE /api/v2/architect/schedules/{scheduleId}': `${schedule}:delete`,
  'GET /api/v2/architect/schedulegroups': `${scheduleGroup}:view`,
  'POST /api/v2/architect/schedulegroups': `${scheduleGroup}:add`,
  'GET /api/v2/architect/schedulegroups/{scheduleGroupId}': `${scheduleGroup}:view`,
  'PUT /api/v2/architect/schedulegroups/{scheduleGroupId}': `${scheduleGroup}:edit`,
  'DELETE /api/v2/architect/schedulegroups/{scheduleGroupId}': `${scheduleGroup}:delete`,
  'GET /api/v2/architect/dependencytracking/build': uses,
  'GET /api/v2/architect/dependencytracking/consumedresources': uses,
  'GET /api/v2/architect/dependencytracking/consumingresources': uses,
  'GET /api/v2/architect/dependencytracking/object': uses,
  'GET /api/v2/webdeployments/configurations': `${configuration}:view`,
  'POST /api/v2/webdeployments/configurations': `${configuration}:add`,
  'DELETE /api/v2/webdeployments/configurations/{configurationId}': `${configuration}:delete`,
  'GET /api/v2/webdeployments/configurations/{configurationId}/versions': `${configuration}:view`,
  'GET /api/v2/webdeployments/configurations/{configurationId}/versions/draft': `${configuration}:view`,
  'PUT /api/v2/webdeployments/configurations/{configurationId}/versions/draft': `${configuration}:edit`,
  'POST /api/v2/webdeployments/configurations/{configurationId}/versions/draft/publish': `${configuration}:edit and ${configuration}:add`,
  'GET /api/v2/webdeployments/configurations/{configurationId}/versions/{versionId}': `${configuration}:view`,
  'GET /api/v2/webdeployments/deployments': `${deployment}:view`,
  'POST /api/v2/webdeployments/deployments': `${deployment}:add`,
  'GET /api/v2/webdeployments/deployments/{deploymentId}': `${deployment}:view`,
  'PUT /api/v2/webdeployments/deployments/{deploymentId}': `${deployment}:edit`,
  'DELETE /api/v2/webdeployments/deployments/{deploymentId}': `${deployment}:delete`,
  // Documented in the SDKs; both are missing in the published document as captured.
  'GET /api/v2/oauth/clients/{clientId}': 'oauth:client:view',
  'GET /api/v2/users/{userId}': 'directory:user:view',
  'GET /api/v2/knowledge/knowledgebases': 'knowledge:knowledgebase:view',
  'GET /api/v2/conversations/messaging/supportedcontent': 'messaging:supportedContent:view',
};

/** Endpoints of the platform that need no permission, or of which nothing says which one. */
const others = new Set([
  'GET /api/v2/organizations/me',
  'GET /api/v2/authorization/divisions',
  'GET /api/v2/webdeployments/deployments/{deploymentId}/configurations',
]);

/** Undefined for endpoints that need none (organizations/me, divisions, products) or that are not known here. */
export function permissionFor(method: string, pathTemplate: string): string | undefined {
  return table[`${method} ${pathTemplate}`];
}

/** Of a 403 of the platform: the permission or the scope that is missing, where the answer or the table names it. */
export function missingPermission({ status, method, pathTemplate, body }: Refused): string | undefined {
  const needed = permissionFor(method, pathTemplate);
  if (status !== 403 || (needed === undefined && !others.has(`${method} ${pathTemplate}`))) return undefined;
  const said = isObject(body) ? body : {};
  if (said['code'] === 'app.not.authorized.for.scope')
    return 'The OAuth client needs the scope that the message names; add it to the client, beside its roles.';
  const params = isObject(said['messageParams']) ? Object.values(said['messageParams']) : [];
  const named = [said['message'], ...params].join(' ').match(/\b[a-zA-Z]{1,60}:[a-zA-Z]{1,60}:[a-zA-Z*]{1,60}/g);
  const missing = named === null ? needed : [...new Set(named)].slice(0, most).join(', ');
  return missing === undefined
    ? undefined
    : `The OAuth client needs the permission ${missing} in one of its roles (and in the division).`;
}

/** Permissions that are repeated from one answer. */
const most = 10;
