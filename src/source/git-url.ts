import type { SourceConfig } from '../model/daemon-config.ts';
import { Failure } from '../model/failure.ts';

type GitConfig = Extract<SourceConfig, { url: string }>;

/** `https://host/path`; a password may hold a `/`, so an `@` is refused wherever it stands. */
const httpForm = /^https?:\/\/(\[[\da-f:.]+\]|[^\s:@/[\]]+)(:\d*)?(\/[^@]*)?$/i;
const sshForm = /^ssh:\/\/([\w.-]+@)?(\[[\da-f:.]+\]|[^\s:@/[\]]+)(:\d*)?(\/[^@]*)?$/i;

/** True where something stands in the URL that may be a password or a token; a user of ssh is neither. */
export function holdsCredentials(url: string): boolean {
  if (/^https?:/i.test(url)) return !httpForm.test(url);
  return /^ssh:/i.test(url) && !sshForm.test(url);
}

/** A text with what may be credentials in its URLs hidden: all up to the last `@`. */
export function hideCredentials(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)([^\s"'<>]*)@/gi, (whole, scheme: string, user: string) =>
    /^ssh:/i.test(scheme) && /^[\w.-]+$/.test(user) ? whole : `${scheme}(hidden)@`,
  );
}

const scpForm = /^[\w.-]+@[\w.-]+:(?!\/\/)/;
const refForm = /^(?!-)(?!.*(\.\.|@\{|\/\/|[\s~^:?*[\\\u007f]))[^/].*$/;

/** True for what may be the name of a branch or tag, and is no option. */
export const isRefName = (name: string): boolean => refForm.test(name);

/** True for a URL that ssh serves. */
export function isSsh(url: string): boolean {
  return url.startsWith('ssh://') || scpForm.test(url);
}

/** Refuses what git would take for an option or run as a command, and SSH without a known host. */
export function checkUrl(config: GitConfig): void {
  const { url, branch, tag, auth } = config;
  const refuse = (message: string): never => {
    throw new Failure('SourceUnavailable', message);
  };
  if (!/^(https?|ssh|file):\/\/[^-]/.test(url) && !scpForm.test(url)) {
    refuse(
      `the source URL "${url.replace(/^.*@/, '(hidden)@')}" is refused: it must be https, ssh, file, or user@host:path`,
    );
  }
  if (holdsCredentials(url)) refuse('the source URL must not hold credentials: use auth');
  for (const ref of [branch, tag]) {
    if (ref !== undefined && !isRefName(ref)) refuse(`"${ref}" is no name of a branch or tag`);
  }
  if (isSsh(url) && auth?.knownHostsFile === undefined) {
    refuse(`the SSH source ${url} needs auth.knownHostsFile, so that it is the right host`);
  }
  if (auth?.token !== undefined && !isSafeForToken(url)) {
    refuse(`a token is sent over https only, and ${url} is not`);
  }
}

/** Loopback is for tests and for sidecars. */
function isSafeForToken(url: string): boolean {
  return url.startsWith('https://') || /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?\//.test(url);
}
