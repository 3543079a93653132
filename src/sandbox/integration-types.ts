import type { JsonObject } from './json.ts';

/** An integration type, as far as the sandbox needs it. */
export interface IntegrationTypeRecord {
  id: string;
  name: string;
  description: string;
  category: string;
  maxInstances?: number;
  /** Credential slots: name of the slot to the credential types it takes. */
  credentials: Record<string, { required: boolean; title: string; credentialTypes: string[] }>;
  properties: JsonObject;
  advanced: JsonObject;
}

const empty: JsonObject = { $schema: 'http://json-schema.org/draft-04/schema#', type: 'object', properties: {} };
const basicAuth = (required: boolean, ...credentialTypes: string[]) => ({
  basicAuth: { required, title: 'Credentials', credentialTypes },
});

const type = (
  id: string,
  name: string,
  credentials: IntegrationTypeRecord['credentials'] = {},
  properties = empty,
) => ({
  id,
  name,
  description: `Data actions of the type ${name}.`,
  category: 'Data Actions',
  credentials,
  properties,
  advanced: empty,
});

/** The integration types that hold data actions. Types that the sandbox does not know cannot be installed. */
export const integrationTypes: readonly IntegrationTypeRecord[] = [
  type(
    'custom-rest-actions',
    'Web Services Data Actions',
    basicAuth(false, 'basicAuth', 'userDefined', 'userDefinedOAuth'),
  ),
  type('purecloud-data-actions', 'Genesys Cloud Data Actions', {
    pureCloudOAuthClient: {
      required: true,
      title: 'Genesys Cloud OAuth Client',
      credentialTypes: ['pureCloudOAuthClient'],
    },
  }),
  type('function-data-actions', 'Function Data Actions', basicAuth(false, 'userDefined')),
  type('aws-lambda-data-actions', 'AWS Lambda Data Actions', basicAuth(true, 'amazonWebServices')),
  type('salesforce-datadip', 'Salesforce Data Actions', basicAuth(true, 'salesforceOAuthClient')),
  type('zendesk-data-actions', 'Zendesk Data Actions', basicAuth(true, 'basicAuth')),
  type(
    'microsoft-dynamics-data-actions',
    'Microsoft Dynamics 365 Data Actions',
    basicAuth(true, 'microsoftDynamics365'),
  ),
];

/** Undefined for a type that is not known. */
export const findType = (id: string): IntegrationTypeRecord | undefined =>
  integrationTypes.find((known) => known.id === id);

/** The types of credentials: their fields, and which of them are required. */
export const credentialTypes: Record<string, { name: string; fields: string[]; required: string[] }> = {
  basicAuth: { name: 'Basic Auth', fields: ['userName', 'password'], required: ['userName', 'password'] },
  userDefined: { name: 'User Defined', fields: [], required: [] },
  userDefinedOAuth: {
    name: 'User Defined (OAuth)',
    fields: ['loginUrl', 'clientId', 'clientSecret'],
    required: [],
  },
  pureCloudOAuthClient: {
    name: 'Genesys Cloud OAuth Client',
    fields: ['clientId', 'clientSecret'],
    required: ['clientId', 'clientSecret'],
  },
  amazonWebServices: { name: 'Amazon Web Services', fields: ['roleArn'], required: ['roleArn'] },
  salesforceOAuthClient: {
    name: 'Salesforce OAuth Client',
    fields: ['clientId', 'clientSecret', 'userName', 'password'],
    required: ['clientId', 'clientSecret'],
  },
  microsoftDynamics365: {
    name: 'Microsoft Dynamics 365',
    fields: ['clientId', 'clientSecret', 'tenant'],
    required: ['clientId', 'clientSecret'],
  },
};
