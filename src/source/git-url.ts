import type { SourceConfig } from '../model/daemon-config.ts';
import { Failure } from '../model/failure.ts';

type GitConfig = Extract<SourceConfig, { url: string }>;

const scpForm = /^[\w.-]+@[\w.-]+:(?!\/\/)/;
const refForm = /^(?!-)(?!.*(\.\.|@\{|\/\/|[\s~^:?*[\\\u007f]))[^/].*$/;

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
    refuse(`the source URL "${url}" is refused: it must be https, ssh, file, or user@host:path`);
  }
  if (/^https?:\/\/[^/]*@/.test(url)) refuse('the source URL must not hold credentials: use auth');
  for (const ref of [branch, tag]) {
    if (ref !== undefined && !refForm.test(ref)) refuse(`"${ref}" is no name of a branch or tag`);
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
