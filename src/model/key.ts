import { formatPointer, parsePointer } from './pointer.ts';

/** A natural key of several parts as one text; a slash within a part is escaped, so that two keys never run together. */
export function keyOf(...parts: string[]): string {
  return formatPointer(parts).slice(1);
}

export function keyParts(key: string): string[] {
  return parsePointer(`/${key}`);
}
