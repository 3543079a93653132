import type { JsonObject } from './json.ts';
import type { HiddenActions } from './visibility.ts';

/** `ActionConfig` as stored. */
export interface ActionConfig {
  timeoutSeconds?: number;
  request?: {
    requestUrlTemplate?: string;
    requestTemplate?: string;
    requestType?: string;
    headers?: Record<string, string>;
  };
  response?: {
    translationMap?: Record<string, string>;
    translationMapDefaults?: Record<string, string>;
    successTemplate?: string;
  };
}

/** `ActionContractInput`: the writable part of a contract. */
export interface ActionContractInput {
  input: { inputSchema: JsonObject };
  output: { successSchema: JsonObject };
}

/** A data action, or a draft of one: both have the same fields and count their versions separately. */
export interface ActionRecord {
  id: string;
  name: string;
  integrationId: string;
  category: string;
  version: number;
  secure: boolean;
  config: ActionConfig;
  contract: ActionContractInput;
  /** A custom authentication action: hidden from lists, made by its integration. */
  auth?: boolean;
}

/** `IntegrationConfiguration` as stored; credentials by the type's key, value the credential's id. */
export interface IntegrationConfigRecord {
  version: number;
  properties: JsonObject;
  advanced: JsonObject;
  notes: string;
  credentials: Record<string, string>;
}

export interface IntegrationRecord {
  id: string;
  name: string;
  typeId: string;
  intendedState: 'ENABLED' | 'DISABLED' | 'DELETED' | 'RESTORED';
  /** When the reported state last changed, in milliseconds. */
  stateChangedAt: number;
  config: IntegrationConfigRecord;
}

export interface CredentialRecord {
  id: string;
  name?: string;
  typeId: string;
  /** Never sent to anybody. */
  fields: Record<string, string>;
  createdAt: number;
  modifiedAt: number;
}

export interface DivisionRecord {
  id: string;
  name: string;
  description: string;
  home: boolean;
}

export interface OrganizationRecord {
  id: string;
  name: string;
  shortName: string;
  defaultLanguage: string;
  defaultCountryCode: string;
  domain: string;
  products: string[];
}

/** An OAuth client; without `permissions` it may do everything, without `scopes` scopes are not checked. */
export interface OAuthClientRecord {
  id: string;
  /** Default: the id. */
  name?: string;
  secret: string;
  permissions?: string[];
  scopes?: string[];
  /** Scopes taken at run time, also from a client that has all. */
  withheldScopes?: string[];
  tokenLifeSeconds?: number;
  /** Permissions taken at run time, also from a client that may do everything. */
  withheld?: string[];
  /** What it does not see. */
  hidden?: HiddenActions | undefined;
  /** The person whom the audit log names, for a client that stands for changes by hand. */
  user?: { id: string; name: string };
}

/** A person; one who is deleted is still named by what they did. */
export interface UserRecord {
  id: string;
  name: string;
  deleted?: boolean;
}
