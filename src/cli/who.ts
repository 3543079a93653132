import os from 'node:os';

/** `ann@laptop`: for the record. A container may run as a user that no file knows. */
export function whoAsks(): string {
  return `${userName()}@${os.hostname()}`;
}

function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    return process.env['USER'] ?? process.env['LOGNAME'] ?? `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
