import type { JsonObject } from '../json.ts';

/** Whatever is known of it and whatever is not: `PUT` replaces it whole. */
export interface ExternalApplicationRecord extends JsonObject {
  id: string;
  name: string;
  /** Milliseconds; absent is 3,000. */
  timeout?: number;
}

/** A data action that inherits the timeout of its application. */
export interface LinkedActionRecord {
  id: string;
  name: string;
  externalApplicationId: string;
}

/** A published flow as JSON, every step of it, whatever it holds. */
export interface FlowDefinitionRecord extends JsonObject {
  id: string;
  name: string;
  version: number;
  steps: unknown[];
}

/** A Python script that flows call. */
export interface ScriptActionRecord extends JsonObject {
  id: string;
  name: string;
  version: number;
  definition: JsonObject;
}

/** A configuration of a web chat, as it was written, and what the server adds to it. */
export interface WebChatConfigurationRecord {
  content: JsonObject;
  version: number;
  /** Milliseconds of the sandbox's clock. */
  modifiedAt: number;
}

/** An organisation that may have a web chat. */
export interface WebChatOrganizationRecord {
  id: string;
  name: string;
  /** Ids of the OAuth clients that it is assigned to; all when absent. */
  clients?: string[];
  configuration?: WebChatConfigurationRecord;
}

export type ReplicationStatus = 'QUEUED' | 'RUNNING' | 'ACTIVE' | 'FAILED' | 'SKIPPED';

/** What became of one organisation. */
export interface ReplicationResult {
  organizationId: string;
  status: ReplicationStatus;
  message?: string;
  version?: number;
}

/** A copy of one organisation's configuration to others, at work or done. */
export interface ReplicationRecord {
  id: string;
  status: 'QUEUED' | 'RUNNING' | 'COMPLETED' | 'FAILED';
  sourceOrganizationId: string;
  results: ReplicationResult[];
}
