import type { Look } from './look.ts';
import type { ParsedFile } from './parse.ts';

/** What is known of a content: what it looks like, and its parse where one was needed. */
export interface Known {
  look: Look;
  parsed?: ParsedFile;
}

/**
 * Looks and parses by content id. What neither the newest nor the previous snapshot holds is forgotten, so that memory
 * follows the size of the repository and not its history.
 */
export class ParseCache {
  #newest = new Set<string>();
  #previous = new Set<string>();
  readonly #known = new Map<string, Known>();
  /** How many files were parsed so far: an unchanged revision adds none. */
  parsed = 0;

  get(id: string): Known | undefined {
    return this.#known.get(id);
  }

  set(id: string, known: Known): void {
    if (known.parsed !== undefined) this.parsed++;
    this.#known.set(id, known);
  }

  /** Says which contents the snapshot being handed out holds. */
  retain(ids: Iterable<string>): void {
    this.#previous = this.#newest;
    this.#newest = new Set(ids);
    for (const id of this.#known.keys()) {
      const content = id.slice(id.indexOf(':') + 1);
      if (!this.#newest.has(content) && !this.#previous.has(content)) this.#known.delete(id);
    }
  }
}
