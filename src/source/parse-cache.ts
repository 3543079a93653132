import type { ParsedFile } from './parse.ts';

/**
 * Parses by content id. What neither the newest nor the previous snapshot holds is forgotten, so that memory
 * follows the size of the repository and not its history.
 */
export class ParseCache {
  #newest = new Set<string>();
  #previous = new Set<string>();
  readonly #parsed = new Map<string, ParsedFile>();
  /** How many files were parsed so far: an unchanged revision adds none. */
  parsed = 0;

  get(id: string): ParsedFile | undefined {
    return this.#parsed.get(id);
  }

  has(id: string): boolean {
    return this.#parsed.has(id);
  }

  set(id: string, file: ParsedFile): void {
    this.parsed++;
    this.#parsed.set(id, file);
  }

  /** Says which contents the snapshot being handed out holds. */
  retain(ids: Iterable<string>): void {
    this.#previous = this.#newest;
    this.#newest = new Set(ids);
    for (const id of this.#parsed.keys()) {
      const content = id.slice(id.indexOf(':') + 1);
      if (!this.#newest.has(content) && !this.#previous.has(content)) this.#parsed.delete(id);
    }
  }
}
