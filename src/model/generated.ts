// Made by scripts/generate-types.ts from schemas/*.schema.json. Do not edit.
import type { JsonObject } from './json.ts';

/**
 * HTTP headers, compared and replaced whole.
 */
export type Headers = {
  [k: string]: string | Secret;
} | null;

export type DataActionSpec = {
  /**
   * The live name. Default: the handle. Changing it renames the action, keeping its id.
   */
  name?: string;
  /**
   * The integration, by name. `{id: ...}` only in an environment's patch, since ids differ per organisation.
   */
  integration:
    | string
    | {
        id: string;
      };
  /**
   * The category in Architect. Absent: the integration's name at creation, and not managed after it.
   */
  category?: string;
  /**
   * Whether only secure flows may use the action.
   */
  secure?: boolean;
  contract?: DataActionContract;
  config?: DataActionConfig;
  /**
   * A file with the request template (Velocity), beside the document. Its text is never changed.
   */
  requestTemplateFile?: string;
  /**
   * A file with the success template (Velocity), beside the document. Its text is never changed.
   */
  successTemplateFile?: string;
  /**
   * An export as the admin interface downloads it (`*.custom.json`). Its contract, config and secure count; what the document says itself goes before them.
   */
  file?: string;
};
/**
 * What goes in and what comes out, as JSON Schemas.
 */
export type DataActionContract = {
  input?: {
    /**
     * A JSON Schema, compared and replaced whole.
     */
    inputSchema?: JsonObject;
  };
  output?: {
    /**
     * A JSON Schema, compared and replaced whole.
     */
    successSchema?: JsonObject;
  };
};
/**
 * How the request is made and the response read.
 */
export type DataActionConfig = {
  /**
   * Seconds that Genesys waits for an answer. A Timeout document may wish for it instead.
   */
  timeoutSeconds?: number | null;
  request?: DataActionRequest;
  response?: DataActionResponse;
};
export type DataActionRequest = {
  /**
   * The URL (Velocity).
   */
  requestUrlTemplate?: string;
  /**
   * The body (Velocity).
   */
  requestTemplate?: string | null;
  /**
   * The HTTP method.
   */
  requestType?: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  headers?: Headers;
};
/**
 * A secret by the name under which the target grants it. Documents never hold the value.
 */
export type Secret = {
  /**
   * A name from the target's `secrets`.
   */
  secret: string;
};
export type DataActionResponse = {
  /**
   * JSONPath by name, for the success template.
   */
  translationMap?: {
    [k: string]: string;
  } | null;
  /**
   * What stands in where a JSONPath finds nothing.
   */
  translationMapDefaults?: {
    [k: string]: string;
  } | null;
  /**
   * The answer (Velocity).
   */
  successTemplate?: string | null;
};

export type TimeoutSpec = {
  /**
   * The integration, by name. `{id: ...}` only in an environment's patch, since ids differ per organisation.
   */
  integration:
    | string
    | {
        id: string;
      };
  /**
   * Seconds that Genesys waits for an answer.
   */
  timeoutSeconds: number;
  /**
   * Only these data actions, by name. Absent: all of the integration.
   *
   * @minItems 1
   */
  actions?: string[];
  /**
   * Data actions with a timeout of their own.
   */
  exceptions?: TimeoutException[];
};
export type TimeoutException = {
  /**
   * The data action's name.
   */
  name: string;
  timeoutSeconds: number;
};

export type FlowSpec = {
  /**
   * The type of the flow: the one top key of its Architect YAML. Another type makes another flow.
   */
  type:
    | 'botFlow'
    | 'commonModule'
    | 'digitalBot'
    | 'emailSend'
    | 'inboundCall'
    | 'inboundChat'
    | 'inboundEmail'
    | 'inboundShortMessage'
    | 'inqueueCall'
    | 'inqueueEmail'
    | 'inqueueShortMessage'
    | 'outboundCall'
    | 'secureCall'
    | 'speech'
    | 'surveyInvite'
    | 'voice'
    | 'voicemail'
    | 'voiceSurvey'
    | 'workflow'
    | 'workitem';
  /**
   * The live name, kept exactly as it is written; the file must say the same. Default: the handle. Changing it renames the flow, keeping its id.
   */
  name?: string;
  /**
   * A file with the flow's Architect YAML, beside the document.
   */
  file: string;
  /**
   * What stands in the file in the place of each `{{token}}`, by token. Every token needs a value, and every value a token. Filled in before the file is parsed, in keys too.
   */
  substitutions?: {
    [k: string]: string | number | boolean;
  };
  /**
   * The division, by name. Absent: `Home` at creation, and not managed after it.
   */
  division?: string;
  /**
   * What to do where somebody holds the flow's lock, or saved work that is not published. `wait` (the default): try again in the next run. `fail`: hold the change, for a person to see. `unlock`: where the annotation `genesys-gitops/force-unlock` names that very version, take the lock away and publish over it; else as `wait`.
   */
  onLocked?: 'wait' | 'fail' | 'unlock';
};

export type FlowTimeoutSpec = {
  flow: FlowName;
  /**
   * The steps, each with its timeout. A step is found at any depth of the flow.
   *
   * @minItems 1
   * @maxItems 1000
   */
  steps: FlowTimeoutStep[];
};
/**
 * The flow. It may be one of this repository or one that is managed elsewhere.
 */
export type FlowName = {
  /**
   * The type of the flow, as its Architect YAML says it: `inboundCall`.
   */
  type:
    | 'botFlow'
    | 'commonModule'
    | 'digitalBot'
    | 'emailSend'
    | 'inboundCall'
    | 'inboundChat'
    | 'inboundEmail'
    | 'inboundShortMessage'
    | 'inqueueCall'
    | 'inqueueEmail'
    | 'inqueueShortMessage'
    | 'outboundCall'
    | 'secureCall'
    | 'speech'
    | 'surveyInvite'
    | 'voice'
    | 'voicemail'
    | 'voiceSurvey'
    | 'workflow'
    | 'workitem';
  /**
   * The flow's live name, exactly.
   */
  name: string;
};
export type FlowTimeoutStep = {
  /**
   * The step by its name in Architect. Where several have it, all are meant.
   */
  step?: string;
  dataAction?: CalledDataAction;
  /**
   * How long the step waits for the data action: minutes, seconds and milliseconds in whole numbers (`1m`, `15s`, `2500ms`, `1m30s`), above 0 and at most 60 minutes.
   */
  timeout: string;
};
/**
 * Every step that calls this data action.
 */
export type CalledDataAction = {
  /**
   * The data action's category in Architect: its integration's name, where nobody gave it another.
   */
  category: string;
  /**
   * The data action's name.
   */
  name: string;
};

/**
 * Letters, digits, dots, dashes and underscores; begins and ends with a letter or digit.
 */
export type Handle = string;
/**
 * A resource by kind and handle: `DataAction/get-customer`.
 */
export type KindHandle = string;
/**
 * A resource by kind and handle: `DataAction/get-customer`.
 */
/**
 * How one organisation reads the repository: `environments/<name>.yaml`. Variables first, then patches, then the schemas.
 */
export type Environment = {
  apiVersion: 'genesys-gitops/v1';
  kind: 'Environment';
  /**
   * May be left out. The file's name is the environment's name, and a name given here must be the same.
   */
  metadata?: {
    name: Handle;
    annotations?: {
      [k: string]: string;
    };
  };
  /**
   * What `$(name)` stands for. A text that is exactly one variable takes its type.
   */
  variables?: {
    [k: string]: string | number | boolean | null;
  };
  /**
   * Changes of single resources, in order.
   */
  patches?: Patch[];
  /**
   * Ids of objects in this organisation, where a name does not tell them apart: `DataAction/get-customer: <id>`.
   */
  ids?: {
    [k: string]: string;
  };
  /**
   * Resources that this environment releases: neither managed nor deleted.
   */
  exclude?: KindHandle[];
};
export type Patch = {
  target: KindHandle;
  /**
   * Laid over the document: maps are merged, lists and texts replaced, null clears.
   */
  patch?: {
    metadata?: {
      annotations?: JsonObject;
    };
    spec?: JsonObject;
  };
  /**
   * Fields that are not managed in this environment, as JSON pointers: `/spec/category`.
   */
  unset?: string[];
};

/**
 * Sent as the password over HTTPS.
 */
export type SecretSource =
  | {
      /**
       * An environment variable.
       */
      fromEnv: string;
    }
  | {
      /**
       * A file; its last newline does not count.
       */
      fromFile: string;
    };
/**
 * Where the value stands. It is read when it is needed, so that a rotated file is seen.
 */
/**
 * Where the value stands. It is read when it is needed, so that a rotated file is seen.
 */
/**
 * The daemon's own file (genesys-gitops.yaml): where desired state comes from, and which organisations follow it.
 */
export type Daemon = {
  apiVersion: 'genesys-gitops/v1';
  kind: 'Daemon';
  /**
   * A folder (`path`) or a git repository (`url`).
   */
  source: FolderSource | GitSource;
  /**
   * The organisations.
   *
   * @minItems 1
   */
  targets: Target[];
  /**
   * The durable record: a file, relative to this one. Default: `./var/journal.db`.
   */
  journal?: string;
  waits?: Waits;
  /**
   * Where `/healthz`, `/readyz` and `/metrics` listen. Default: `127.0.0.1:9464`.
   */
  listen?: string;
};
export type FolderSource = {
  /**
   * The folder, relative to this file.
   */
  path: string;
  /**
   * The subfolder whose documents count. File references may still reach the rest of the repository.
   */
  directory?: string;
};
export type GitSource = {
  /**
   * An https, ssh or file URL, without credentials.
   */
  url: string;
  /**
   * Default: the remote's own default branch.
   */
  branch?: string;
  /**
   * A tag in the place of a branch.
   */
  tag?: string;
  /**
   * The subfolder whose documents count. File references may still reach the rest of the repository.
   */
  directory?: string;
  /**
   * How often to look for a new revision: a cron expression, seconds first. Default: every 30 seconds.
   */
  poll?: string;
  auth?: GitAuth;
  /**
   * Further certificate authorities (PEM), relative to this file.
   */
  caFile?: string;
  /**
   * Where the bare repository is kept. Default: beside the journal.
   */
  cache?: string;
};
/**
 * An HTTPS token, or an SSH key with the hosts it may meet.
 */
export type GitAuth = {
  token?: SecretSource;
  /**
   * The user beside the token. Default: `x-access-token`.
   */
  username?: string;
  /**
   * The private key.
   */
  sshKeyFile?: string;
  /**
   * The hosts' public keys (`ssh-keyscan`). Needed for SSH: an unknown host is refused.
   */
  knownHostsFile?: string;
};
export type Target = {
  /**
   * How logs and commands call it.
   */
  name: string;
  /**
   * `environments/<name>.yaml` of the repository.
   */
  environment?: string;
  /**
   * The organisation's id or name. Needed to write: with other credentials nothing is written.
   */
  organization?: string;
  /**
   * The region's domain: `mypurecloud.ie`, `usw2.pure.cloud`.
   */
  region?: string;
  /**
   * In the place of a region: a gateway, or the sandbox.
   */
  apiUrl?: string;
  /**
   * Beside apiUrl.
   */
  loginUrl?: string;
  /**
   * The OAuth client (client credentials).
   */
  clientId:
    | string
    | {
        /**
         * An environment variable.
         */
        fromEnv: string;
      }
    | {
        /**
         * A file; its last newline does not count.
         */
        fromFile: string;
      };
  clientSecret: SecretSource;
  /**
   * Families of endpoints beside the Platform API, for example `tutorial`.
   */
  surfaces?: string[];
  /**
   * When to look for drift: a cron expression. Default: every five minutes.
   */
  schedule?: string;
  /**
   * Of the schedule, for example `Europe/Dublin`.
   */
  timeZone?: string;
  policy?: Policy;
  /**
   * Names that documents may use as `{secret: name}`.
   */
  secrets?: {
    [k: string]: SecretSource;
  };
  /**
   * Leaves the whole target alone.
   */
  suspend?: boolean;
  suspendReason?: string;
  /**
   * When the suspension ends by itself, for example `2026-12-01T08:00:00Z`.
   */
  suspendUntil?: string;
  /**
   * The share of the rate allowance to use, in percent. Default: 80.
   */
  rateBudget?: number;
  /**
   * Further certificate authorities (PEM), relative to this file.
   */
  caFile?: string;
};
/**
 * What may be done to an organisation. No document and no environment can weaken it.
 */
export type Policy = {
  /**
   * `observe` never writes. Default: `apply`.
   */
  mode?: 'apply' | 'observe';
  /**
   * What becomes of an object that exists already and matches a resource. Default: `identical`.
   */
  adopt?: 'identical' | 'always' | 'never';
  /**
   * Whether objects whose documents left the repository are deleted. `all`: adopted ones, too. Default: false.
   */
  prune?: true | false | 'all';
  /**
   * More changes than this are held.
   */
  maxChanges?: number;
  /**
   * More deletions than this are held.
   */
  maxDeletes?: number;
  /**
   * Deletions of more than this share of the target's objects are held, where it has 10 or more. Default: 30.
   */
  maxDeletesPercent?: number;
};
/**
 * How long to wait for what cannot be known sooner, in seconds. The defaults suit Genesys; shorten them for tests.
 */
export type Waits = {
  /**
   * How long a process that fell silent keeps the right to write. A third of it is the heartbeat. Default: 30.
   */
  lease?: number;
  /**
   * How long an object whose creation got no answer may stay out of its list before it is made again. Default: 60.
   */
  settle?: number;
};
