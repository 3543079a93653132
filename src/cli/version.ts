import { readFileSync } from 'node:fs';

/** That of the package. */
export function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return String((JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version);
}
