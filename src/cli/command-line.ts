import { unprintable } from '../model/unprintable.ts';
import type { SessionOptions } from './session.ts';

/** One word of a command as a shell needs it, so that what is shown can be pasted. */
export function word(text: string): string {
  // A control character, or one that nobody sees, has no place in what somebody is to paste.
  const printable = text.replace(unprintable, '?');
  return /^[\w@%+=:,./-]+$/.test(printable) ? printable : `'${printable.replaceAll("'", "'\\''")}'`;
}

/** `genesys-gitops resume -c genesys-gitops.yaml --target prod`: a command for the same configuration as this one. */
export function commandFor(
  name: string,
  { config }: Pick<SessionOptions, 'config'>,
  target?: string,
  ...rest: readonly string[]
): string {
  const named = target === undefined ? [] : ['--target', target];
  return ['genesys-gitops', name, '-c', config, ...named, ...rest].map(word).join(' ');
}
