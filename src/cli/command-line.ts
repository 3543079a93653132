import type { SessionOptions } from './session.ts';

/** One word of a command as a shell needs it, so that what is shown can be pasted. */
export function word(text: string): string {
  // A control character has no place in what somebody is to paste.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly the characters meant
  const printable = text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, '?');
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
