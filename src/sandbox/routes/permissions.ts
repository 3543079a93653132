import type { Endpoint } from '../endpoint.ts';

/** Permissions and scopes of the published operations, named once. */
const any = (...names: string[]): NonNullable<Endpoint['permissions']> => ({ type: 'ANY', names });
const all = (...names: string[]): NonNullable<Endpoint['permissions']> => ({ type: 'ALL', names });

export const integrationScopes = {
  read: ['integrations', 'integrations:readonly'],
  write: ['integrations'],
} as const;

export const actionPermissions = {
  view: any('integrations:action:view', 'bridge:actions:view'),
  add: any('integrations:action:add'),
  edit: any('integrations:action:edit'),
  delete: any('integrations:action:delete'),
  /** Executing a published action; a draft needs the first of the two. */
  execute: any('integrations:action:execute', 'bridge:actions:execute'),
  executeDraft: any('integrations:action:execute'),
  viewFunction: any('integrations:actionFunction:view'),
} as const;

export const integrationPermissions = {
  view: any('integrations:integration:view'),
  add: any('integrations:integration:add'),
  edit: any('integrations:integration:edit'),
  delete: any('integrations:integration:delete'),
} as const;

export const architectScopes = { read: ['architect', 'architect:readonly'], write: ['architect'] } as const;

export const flowPermissions = {
  view: any('architect:flow:view'),
  search: all('architect:flow:search'),
  add: any('architect:flow:add'),
  edit: any('architect:flow:edit'),
  delete: any('architect:flow:delete'),
  checkin: any('architect:flow:edit', 'architect:flow:unlock'),
  publish: any('architect:flow:unlock', 'architect:flow:publish'),
  unlock: any('architect:flow:unlock'),
  deactivate: any('architect:flow:publish'),
} as const;

export const jobPermissions = {
  create: all('architect:job:create'),
  view: all('architect:job:view'),
  createExport: all('architect:jobExport:create'),
  viewExport: all('architect:jobExport:view'),
  createValidate: all('architect:jobValidate:create'),
  viewValidate: all('architect:jobValidate:view'),
} as const;

export const schedulePermissions = {
  view: all('routing:schedule:view'),
  add: all('routing:schedule:add'),
  edit: all('routing:schedule:edit'),
  delete: all('routing:schedule:delete'),
} as const;

export const scheduleGroupPermissions = {
  view: all('routing:scheduleGroup:view'),
  add: all('routing:scheduleGroup:add'),
  edit: all('routing:scheduleGroup:edit'),
  delete: all('routing:scheduleGroup:delete'),
} as const;

export const dependencyAccess = {
  permissions: all('architect:dependencyTracking:view'),
  scopes: ['architect', 'architect:readonly'],
} as const;

export const webScopes = { read: ['webdeployments', 'webdeployments:readonly'], write: ['webdeployments'] } as const;

export const webConfigurationPermissions = {
  view: all('webDeployments:configuration:view'),
  add: all('webDeployments:configuration:add'),
  edit: all('webDeployments:configuration:edit'),
  delete: all('webDeployments:configuration:delete'),
  publish: all('webDeployments:configuration:edit', 'webDeployments:configuration:add'),
} as const;

export const webDeploymentPermissions = {
  view: all('webDeployments:deployment:view'),
  add: all('webDeployments:deployment:add'),
  edit: all('webDeployments:deployment:edit'),
  delete: all('webDeployments:deployment:delete'),
} as const;

/** As the SDKs document it; the scopes are the family's, UNCONFIRMED. */
export const knowledgeAccess = {
  permissions: all('knowledge:knowledgebase:view'),
  scopes: ['knowledge', 'knowledge:readonly'],
} as const;

/** As the SDKs document it for the older path of the same list; the scopes are UNCONFIRMED. */
export const supportedContentAccess = {
  permissions: all('messaging:supportedContent:view'),
  scopes: ['conversations', 'conversations:readonly'],
} as const;

export const auditAccess = { permissions: all('audits:audit:view'), scopes: ['audits:readonly'] } as const;

/** As the SDKs document them (their documentation of `getOauthClient`); scopes by the name of the family, UNCONFIRMED. */
export const clientNameAccess = { permissions: any('oauth:client:view'), scopes: ['oauth', 'oauth:readonly'] } as const;
/** The SDKs' documentation of `getUser` says that no permission is needed; see quirk `audit-users-open`. */
export const userNameAccess = { scopes: ['users', 'users:readonly'] } as const;
export const userPermission = 'directory:user:view';
