import type { Daemon, FolderSource, GitSource, Policy, SecretSource, Target } from './generated.ts';

/** The daemon's own file (genesys-gitops.yaml), validated and with its secrets still by reference. */
export type DaemonConfig = Omit<Daemon, 'apiVersion' | 'kind' | 'journal'> & {
  /** A file path (relative to the daemon's file) or a `postgres://` URL. */
  journal: string;
};

export type SourceConfig = FolderSource | GitSource;
export type TargetConfig = Target;
export type PolicyConfig = Policy;
export type { SecretSource };

/** The families of endpoints that a target may use, all of them; tokens are asked for as the first one does it. */
export function surfacesOf({ surfaces = ['platform'] }: Pick<TargetConfig, 'surfaces'>): readonly string[] {
  return surfaces;
}
