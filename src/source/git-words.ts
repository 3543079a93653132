import { Failure } from '../model/failure.ts';
import { hideCredentials } from './git-url.ts';

/** A git failure in words for a person, without the secrets. */
export function unavailable(what: string, error: unknown, secrets: readonly string[]): Failure {
  const said = error instanceof Error ? error.message : String(error);
  const clean = secrets.reduce((text, secret) => text.replaceAll(secret, '(hidden)'), said);
  return new Failure('SourceUnavailable', hideCredentials(`${what}: ${hint(clean)}`));
}

/** True where the server does not give out a commit by its id: it has none, or only gives out branches and tags. */
export function isRefusedId(error: unknown): boolean {
  return error instanceof Failure && refusedId.test(error.message);
}

/** True where the server has no such branch or tag. */
export function isMissingRef(error: unknown): boolean {
  return error instanceof Failure && /couldn't find remote ref refs\//i.test(error.message);
}

const refusedId = /not our ref|unadvertised object|no such remote ref [0-9a-f]{40}/i;

/** What git says, and what a person is told. The first that fits counts. */
const known: [RegExp, string][] = [
  [
    /could not read (Username|Password)|Authentication failed|error: 40[13]\b(?! bytes)/i,
    'the credentials were refused or are missing; see source.auth',
  ],
  [/error: 30\d\b(?! bytes)/i, 'the server redirects; give the URL that it leads to'],
  [/Host key verification failed/i, 'the host is not in the known_hosts file'],
  [/Permission denied \(/i, 'the SSH key was refused'],
  [/certificate|SSL_cert|issuer/i, "the server's certificate is not trusted; a private CA is given with source.caFile"],
  [
    /resolve proxy|response 407|from proxy after CONNECT|CONNECT tunnel failed|proxy CONNECT aborted/i,
    'the proxy does not let git through; see HTTPS_PROXY and NO_PROXY',
  ],
  [/Operation too slow/i, 'the server did not answer in time'],
  // Not git's count of bytes that are still to come.
  [/error: (5\d\d|429)\b(?! bytes)/i, 'the server failed to answer'],
  [
    /early EOF|unexpected disconnect|RPC failed|remote end hung up|invalid index-pack|bad pack header/i,
    'the connection broke off in the middle; nothing of it was kept',
  ],
  [refusedId, 'the server does not give out this commit: it was rewritten (force-push), or never pushed'],
  [/Failed to connect|Couldn't connect|Connection refused|Could not resolve host/i, 'nobody answers there'],
  [
    /not found|does not appear to be a git repository/i,
    'there is no such repository, or the credentials may not see it',
  ],
];

function hint(said: string): string {
  const lines = said.split('\n').map((line) => line.trim());
  const fatal =
    lines.find((line) => /^(fatal|error|ssh):/.test(line)) ?? lines.find((line) => line !== '') ?? 'git failed';
  // simple-git's word for our own time limit says nothing to anybody.
  if (/block timeout reached/.test(said)) return 'the server did not answer in time';
  const words = known.find(([pattern]) => pattern.test(said))?.[1];
  return words === undefined ? fatal.replace(/^(fatal|error): /, '') : `${words} (${fatal})`;
}
