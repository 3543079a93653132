import { readFile } from 'node:fs/promises';
import type { SecretSource } from '../model/daemon-config.ts';
import { Failure } from '../model/failure.ts';

/**
 * The value of a secret, or of what else stands outside the daemon's file, without the newline that files end with. Errors name the
 * variable or file (`what` calls it), never a value.
 */
export async function readSecret(
  source: SecretSource,
  env: Record<string, string | undefined> = process.env,
  what = 'the secret file',
): Promise<string> {
  if ('fromEnv' in source) {
    const value = env[source.fromEnv];
    if (value === undefined || value === '') {
      throw new Failure('ConfigurationInvalid', `the environment variable ${source.fromEnv} is not set`);
    }
    return value.replace(/\r?\n$/, '');
  }
  let text: string;
  try {
    text = await readFile(source.fromFile, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new Failure('ConfigurationInvalid', `${what} ${source.fromFile} cannot be read (${code})`);
  }
  const value = text.replace(/\r?\n$/, '');
  if (value === '') throw new Failure('ConfigurationInvalid', `${what} ${source.fromFile} is empty`);
  return value;
}
