import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { DaemonConfig, SecretSource } from '../model/daemon-config.ts';

/** The files that a configuration names, secrets, variables and certificates, besides the daemon's file itself. */
export function filesOf(config: DaemonConfig, file: string): string[] {
  const beside = (name: string | undefined): string[] =>
    name === undefined ? [] : [path.resolve(path.dirname(path.resolve(file)), name)];
  const secret = (source: SecretSource | string | number | boolean | undefined): string[] =>
    typeof source === 'object' && 'fromFile' in source ? beside(source.fromFile) : [];
  const { source } = config;
  const ofSource =
    'url' in source
      ? [
          ...secret(source.auth?.token),
          ...beside(source.auth?.sshKeyFile),
          ...beside(source.auth?.knownHostsFile),
          ...beside(source.caFile),
        ]
      : [];
  const ofTargets = config.targets.flatMap(({ clientId, clientSecret, caFile, secrets = {}, variables = {} }) => [
    ...secret(clientId),
    ...secret(clientSecret),
    ...beside(caFile),
    ...Object.values(secrets).flatMap(secret),
    ...Object.values(variables).flatMap(secret),
  ]);
  return [...new Set([...ofSource, ...ofTargets])];
}

/** A configuration and all that it names, as it stands on disk; equal digests mean that nothing changed. */
export interface Picture {
  digest: string;
  /** Files that it names and that cannot be read. */
  missing: string[];
}

export async function pictureOf(config: DaemonConfig, file: string): Promise<Picture> {
  const hash = createHash('sha256').update(JSON.stringify(config));
  const missing: string[] = [];
  for (const name of filesOf(config, file)) {
    const content = await readFile(name).catch(() => undefined);
    if (content === undefined) missing.push(name);
    hash.update(`\0${name}\0${content === undefined ? 'missing' : content.length}\0`).update(content ?? '');
  }
  return { digest: hash.digest('hex'), missing };
}
