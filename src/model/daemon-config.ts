/** The daemon's own file (genesys-gitops.yaml), validated and with its secrets still by reference. */
export interface DaemonConfig {
  source: SourceConfig;
  targets: TargetConfig[];
  /** A file path (relative to the daemon's file) or a `postgres://` URL. */
  journal: string;
  /** Where `/healthz` listens: `host:port`; absent: 127.0.0.1:9464. */
  listen?: string;
}

/** Where a secret value stands; read when it is needed, so that a rotated file is seen. */
export type SecretSource = { fromEnv: string } | { fromFile: string };

export type SourceConfig =
  | { path: string; directory?: string }
  | {
      url: string;
      branch?: string;
      tag?: string;
      directory?: string;
      /** Cron expression with seconds. */
      poll?: string;
      auth?: {
        token?: SecretSource;
        username?: string;
        sshKeyFile?: string;
        knownHostsFile?: string;
      };
      caFile?: string;
      /** Where the bare repository is kept; default beside the journal. */
      cache?: string;
    };

export interface TargetConfig {
  name: string;
  environment?: string;
  /** Id or name, compared with `organizations/me`. Needed to write. */
  organization?: string;
  region?: string;
  apiUrl?: string;
  loginUrl?: string;
  clientId: string | SecretSource;
  clientSecret: SecretSource;
  surfaces?: string[];
  schedule?: string;
  timeZone?: string;
  policy?: PolicyConfig;
  /** Names that documents may use as `{secret: name}`. */
  secrets?: Record<string, SecretSource>;
  suspend?: boolean;
  suspendReason?: string;
  /** Share of the rate allowance to use, in percent. Default 80. */
  rateBudget?: number;
  caFile?: string;
}

export interface PolicyConfig {
  mode?: 'apply' | 'observe';
  adopt?: 'identical' | 'always' | 'never';
  prune?: boolean | 'all';
  maxChanges?: number;
  maxDeletes?: number;
}
