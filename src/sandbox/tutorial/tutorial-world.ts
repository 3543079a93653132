import { Collection } from '../collection.ts';
import type {
  ExternalApplicationRecord,
  FlowDefinitionRecord,
  LinkedActionRecord,
  ReplicationRecord,
  ScriptActionRecord,
  WebChatOrganizationRecord,
} from './tutorial-records.ts';

/** Limits that vary by contract. */
export interface TutorialOptions {
  /** The longest timeout of a step of a flow, in seconds; default 30. */
  stepTimeoutSeconds?: number;
  /** The feature flags of a web chat that are supported; default: any. */
  featureFlags?: readonly string[];
}

/** What an organisation holds on this surface. */
export interface TutorialWorld {
  externalApplications: Collection<ExternalApplicationRecord>;
  linkedActions: Collection<LinkedActionRecord>;
  flowDefinitions: Collection<FlowDefinitionRecord>;
  scriptActions: Collection<ScriptActionRecord>;
  webChats: Collection<WebChatOrganizationRecord>;
  replications: Map<string, ReplicationRecord>;
  /** Organisations for which the next replication fails, and what it says then. */
  failing: Map<string, string>;
  stepTimeoutSeconds: number;
  featureFlags: readonly string[] | undefined;
}

/** Without any content. */
export function tutorialWorld(now: () => number, options: TutorialOptions = {}): TutorialWorld {
  return {
    externalApplications: new Collection(now),
    linkedActions: new Collection(now),
    flowDefinitions: new Collection(now),
    scriptActions: new Collection(now),
    webChats: new Collection(now),
    replications: new Map(),
    failing: new Map(),
    stepTimeoutSeconds: options.stepTimeoutSeconds ?? 30,
    featureFlags: options.featureFlags,
  };
}
