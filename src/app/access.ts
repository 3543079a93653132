import { type SecretSource, surfacesOf, type TargetConfig } from '../model/daemon-config.ts';
import { Failure } from '../model/failure.ts';
import type { TargetDefaults } from '../model/surface.ts';
import { surfaces } from '../objects/surfaces/index.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Where the organisation of a target lives, and as whom it is spoken to. */
export interface Access extends Pick<TargetConfig, 'region' | 'apiUrl' | 'loginUrl' | 'orgDomain'> {
  clientId: string | SecretSource;
  clientSecret: SecretSource;
}

/** What a target need not say, since its only surface says in which environment variables it stands. */
export function defaultsOf(target: TargetConfig): TargetDefaults | undefined {
  const [first, ...others] = surfacesOf(target);
  return others.length > 0 ? undefined : surfaces.find(({ name }) => name === first)?.defaults;
}

/**
 * What a target says itself, and for the rest what its only surface knows.
 *
 * @throws Failure `ConfigurationInvalid` with everything that stands nowhere
 */
export function accessOf(target: TargetConfig, env: Env): Access {
  const { name, region, apiUrl, loginUrl, orgDomain } = target;
  const defaults = defaultsOf(target);
  const clientId = target.clientId ?? defaults?.clientId;
  const clientSecret = target.clientSecret ?? defaults?.clientSecret;
  if (clientId === undefined || clientSecret === undefined) {
    throw new Failure('ConfigurationInvalid', `target "${name}" needs "clientId" and "clientSecret"`);
  }
  const missing = [
    ...(target.clientId === undefined ? unset('clientId', defaults?.clientId, env) : []),
    ...(target.clientSecret === undefined ? unset('clientSecret', defaults?.clientSecret, env) : []),
  ];
  if (missing.length > 0) throw new Failure('ConfigurationInvalid', `target "${name}" has ${missing.join(', and ')}`);
  const isNowhere = region === undefined && apiUrl === undefined && orgDomain === undefined;
  const found = isNowhere && defaults !== undefined ? hostIn(defaults.apiHost, env) : apiUrl;
  return { clientId, clientSecret, region, apiUrl: found, loginUrl, orgDomain } as Access;
}

function unset(field: string, source: { fromEnv: string } | undefined, env: Env): string[] {
  if (source === undefined || (env[source.fromEnv] ?? '') !== '') return [];
  return [`no ${field}, and the environment variable ${source.fromEnv}, where it then stands, is not set`];
}

function hostIn({ fromEnv, otherwise }: TargetDefaults['apiHost'], env: Env): string {
  const host = env[fromEnv] || otherwise;
  if (!/^[A-Za-z0-9.-]+(:[0-9]{1,5})?$/.test(host)) {
    const message = `the environment variable ${fromEnv} must be the name of a host such as ${otherwise}, but is "${host}"; for another URL say "apiUrl" in the target`;
    throw new Failure('ConfigurationInvalid', message);
  }
  return `https://${host}`;
}
