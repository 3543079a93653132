import { flowTypeNames } from './flows/flow-types.ts';
import { boolean, document, integer, json, list, map, oneOf, type Shape, string } from './shapes.ts';

/** The bodies that the API takes, under the names of the published definitions. */

const actionConfig: Shape = {
  type: 'object',
  name: 'ActionConfig',
  fields: {
    timeoutSeconds: integer,
    request: {
      type: 'object',
      name: 'RequestConfig',
      fields: {
        requestUrlTemplate: string(),
        requestTemplate: string(),
        requestTemplateUri: string(),
        requestType: string(),
        headers: map(string()),
      },
    },
    response: {
      type: 'object',
      name: 'ResponseConfig',
      fields: {
        translationMap: map(string()),
        translationMapDefaults: map(string()),
        successTemplate: string(),
        successTemplateUri: string(),
      },
    },
  },
};

const actionContractInput: Shape = {
  type: 'object',
  name: 'ActionContractInput',
  required: ['input', 'output'],
  fields: {
    input: { type: 'object', name: 'PostInputContract', required: ['inputSchema'], fields: { inputSchema: document } },
    output: {
      type: 'object',
      name: 'PostOutputContract',
      required: ['successSchema'],
      fields: { successSchema: document },
    },
  },
};

export const postActionInput: Shape = {
  type: 'object',
  name: 'PostActionInput',
  required: ['category', 'name', 'integrationId', 'config', 'contract'],
  fields: {
    category: string(256),
    name: string(256),
    integrationId: string(),
    config: actionConfig,
    contract: actionContractInput,
    secure: boolean,
  },
};

export const updateActionInput: Shape = {
  type: 'object',
  name: 'UpdateActionInput',
  required: ['version'],
  fields: { category: string(256), name: string(256), config: actionConfig, version: integer },
};

export const updateDraftInput: Shape = {
  type: 'object',
  name: 'UpdateDraftInput',
  required: ['version'],
  fields: {
    category: string(256),
    name: string(256),
    config: actionConfig,
    contract: actionContractInput,
    secure: boolean,
    version: integer,
  },
};

export const publishDraftInput: Shape = {
  type: 'object',
  name: 'PublishDraftInput',
  required: ['version'],
  fields: { version: integer },
};

/** `id` and `name` of a type are writable in the definition; the rest of it is read-only. */
const typeReference = (name: string, ...readOnly: string[]): Shape => ({
  type: 'object',
  name,
  required: ['id'],
  fields: { id: string(), name: string() },
  readOnly,
});

const integrationTypeReadOnly = [
  ...['description', 'provider', 'category', 'images', 'configPropertiesSchemaUri', 'configAdvancedSchemaUri'],
  ...['helpUri', 'termsOfServiceUri', 'vendorName', 'vendorWebsiteUri', 'marketplaceUri', 'faqUri', 'privacyPolicyUri'],
  ...['supportContactUri', 'salesContactUri', 'helpLinks', 'credentials', 'nonInstallable', 'maxInstances'],
  ...['userPermissions', 'vendorOAuthClientIds', 'selfUri'],
];

export const createIntegrationRequest: Shape = {
  type: 'object',
  name: 'CreateIntegrationRequest',
  required: ['integrationType', 'name'],
  fields: { name: string(256), integrationType: typeReference('IntegrationType', ...integrationTypeReadOnly) },
  readOnly: ['id', 'selfUri'],
};

export const integrationPatch: Shape = {
  type: 'object',
  name: 'Integration',
  required: ['intendedState'],
  fields: { intendedState: oneOf('ENABLED', 'DISABLED', 'DELETED', 'RESTORED') },
  readOnly: ['id', 'name', 'integrationType', 'notes', 'config', 'reportedState', 'attributes', 'selfUri'],
};

export const integrationConfiguration: Shape = {
  type: 'object',
  name: 'IntegrationConfiguration',
  required: ['name', 'version', 'properties', 'advanced', 'notes', 'credentials'],
  fields: {
    name: string(256),
    version: integer,
    properties: document,
    advanced: document,
    notes: string(),
    credentials: map({
      type: 'object',
      name: 'CredentialInfo',
      fields: { id: string(), name: string(), type: json },
      readOnly: ['createdDate', 'modifiedDate', 'selfUri'],
    }),
  },
  readOnly: ['id', 'selfUri'],
};

export const credential: Shape = {
  type: 'object',
  name: 'Credential',
  required: ['type'],
  fields: {
    name: string(256),
    type: typeReference('CredentialType', 'id', 'properties', 'displayOrder', 'required'),
    credentialFields: map(string()),
  },
  readOnly: ['id', 'selfUri'],
};

const flowReference: Shape = {
  type: 'object',
  name: 'ArchitectFlowReference',
  fields: { id: string(), name: string(), type: oneOf(...flowTypeNames), version: string() },
};

export const flow: Shape = {
  type: 'object',
  name: 'Flow',
  fields: {
    name: string(),
    description: string(),
    type: oneOf(...flowTypeNames),
    division: {
      type: 'object',
      name: 'WritableDivision',
      fields: { id: string(), name: string() },
      readOnly: ['selfUri'],
    },
  },
  readOnly: [
    ...['id', 'lockedUser', 'lockedClient', 'active', 'system', 'deleted', 'publishedVersion', 'savedVersion'],
    ...[
      'inputSchema',
      'outputSchema',
      'checkedInVersion',
      'debugVersion',
      'publishedBy',
      'currentOperation',
      'nluInfo',
    ],
    ...['supportedLanguages', 'compatibleFlowTypes', 'worktypeId', 'virtualAgentEnabled', 'selfUri'],
  ],
};

export const registerArchitectJobRequest: Shape = {
  type: 'object',
  name: 'RegisterArchitectJobRequest',
  fields: { createStubs: boolean },
};

export const registerArchitectExportJob: Shape = {
  type: 'object',
  name: 'RegisterArchitectExportJob',
  required: ['flows'],
  fields: {
    flows: list({
      type: 'object',
      name: 'ExportDetails',
      required: ['flow'],
      fields: { flow: flowReference, fileName: string(), exportType: oneOf('Architect', 'Yaml') },
    }),
  },
};

export const registerArchitectValidateJob: Shape = {
  type: 'object',
  name: 'RegisterArchitectValidateJob',
  required: ['flows'],
  fields: {
    flows: list({ type: 'object', name: 'ValidateDetails', required: ['flow'], fields: { flow: flowReference } }),
  },
};

const auditFields: Record<string, Shape> = {
  interval: string(),
  serviceName: string(),
  filters: list({
    type: 'object',
    name: 'AuditQueryFilter',
    required: ['property', 'value'],
    fields: {
      property: oneOf('UserId', 'TrusteeOrganizationId', 'ClientId', 'Action', 'EntityType', 'EntityId'),
      value: string(),
    },
  }),
  sort: list({
    type: 'object',
    name: 'AuditQuerySort',
    required: ['name', 'sortOrder'],
    fields: { name: oneOf('Timestamp'), sortOrder: oneOf('ascending', 'descending') },
  }),
};

export const auditQueryRequest: Shape = {
  type: 'object',
  name: 'AuditQueryRequest',
  required: ['interval'],
  fields: auditFields,
};

export const auditRealtimeQueryRequest: Shape = {
  type: 'object',
  name: 'AuditRealtimeQueryRequest',
  required: ['interval'],
  fields: { ...auditFields, pageNumber: integer, pageSize: integer },
};

export const auditRealtimeRelatedRequest: Shape = {
  type: 'object',
  name: 'AuditRealtimeRelatedRequest',
  required: ['auditId'],
  fields: { auditId: string(), trustorOrgId: string(), sort: auditFields['sort'] as Shape },
};
