import type { JsonObject } from '../json.ts';

/** What becomes of an activation (fault `activation`): it does not end, or ends in `Error`. */
export const activationFates = ['never', 'error'] as const;
export type ActivationFate = (typeof activationFates)[number];

/** The published statuses, of drafts, versions and deployments alike. */
export type WebStatus = 'Pending' | 'Active' | 'Inactive' | 'Error' | 'Deleting';

/** Who wrote it: a person's id, and none for a client that stands for nobody. */
type By = string | undefined;

/** A draft, or a published version. Times in milliseconds of the sandbox's clock. */
export interface WebVersionRecord {
  /** `DRAFT`, `1`, `2`, ... */
  version: string;
  name: string;
  /** The writable part of `WebDeploymentConfigurationVersion` but for the name, with what the server filled in. */
  content: JsonObject;
  status: WebStatus;
  createdAt: number;
  createdBy: By;
  modifiedAt: number;
  modifiedBy: By;
  publishedAt?: number;
  publishedBy?: By;
  /** Counts the writes of a draft, so that an activation that comes late meets only the write that began it. */
  writes: number;
}

/** A configuration: its draft, and what was published of it. Never changed in place. */
export interface WebConfigurationRecord {
  id: string;
  /** Absent after a publish where the quirk `web-draft-gone` says so. */
  draft?: WebVersionRecord;
  /** Oldest first. */
  versions: readonly WebVersionRecord[];
}

/** A version of a configuration, named. */
export interface VersionRef {
  id: string;
  version: string;
}

/** `WebDeployment` as stored. Never changed in place. */
export interface WebDeploymentRecord {
  id: string;
  name: string;
  description?: string;
  allowAllDomains: boolean;
  allowedDomains: readonly string[];
  supportedContentId?: string;
  flowId?: string;
  pushIntegrations: readonly JsonObject[];
  configuration: VersionRef;
  status: WebStatus;
  /** What it will be once it is no longer pending. */
  intended: 'Active' | 'Inactive';
  /** What customers see: behind `configuration` until the activation has ended, absent before the first one has. */
  served?: VersionRef;
  createdAt: number;
  modifiedAt: number;
  modifiedBy: By;
  /** Counts the activations that were begun. */
  activations: number;
}

/** `KnowledgeBase` as stored. */
export interface KnowledgeBaseRecord {
  id: string;
  name: string;
  coreLanguage: string;
  published: boolean;
  createdAt: number;
}

/** `SupportedContent` as stored; media types as `image/*`. */
export interface SupportedContentRecord {
  id: string;
  name: string;
  inbound: readonly string[];
  outbound: readonly string[];
  createdAt: number;
}
