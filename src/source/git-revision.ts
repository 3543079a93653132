import { Failure } from '../model/failure.ts';
import { isRefName } from './git-url.ts';

/** A commit as a person or a journal names it: whole, or by its first digits. */
export interface NamedRevision {
  name: string;
  /** 7 to 40 hex digits. */
  digits: string;
}

/** `main@sha1:<hex>`, or what `git log` shows: 40 hex digits, or at least 7 of them. */
export function parseRevision(asked: string, defaultName: string): NamedRevision {
  const [, name = defaultName, digits] = /^(?:(.+)@sha1:)?([0-9a-f]{7,40})$/i.exec(asked) ?? [];
  if (digits === undefined || !isRefName(name)) {
    throw new Failure(
      'ConfigurationInvalid',
      `"${asked}" is no revision; one looks like main@sha1:<40 hex digits>, or is the commit's id alone, or at least its first 7 digits`,
    );
  }
  return { name, digits: digits.toLowerCase() };
}

/** The one commit that was meant, or a sentence that says why there is none. */
export function theOne(found: readonly string[], digits: string, where: string): string {
  const [commit, another] = found;
  if (commit === undefined) {
    throw new Failure(
      'ConfigurationInvalid',
      `no commit of ${where} begins with ${digits}; give all 40 digits of one that lies further back`,
    );
  }
  if (another !== undefined) {
    const all = found.slice(0, 5).map((one) => one.slice(0, 12));
    throw new Failure(
      'ConfigurationInvalid',
      `${digits} is the beginning of several commits (${all.join(', ')}); give more digits`,
    );
  }
  return commit;
}
