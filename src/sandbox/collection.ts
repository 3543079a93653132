interface Revision<T> {
  /** Milliseconds of the sandbox's clock. */
  at: number;
  /** Undefined when the object was deleted at that time. */
  value: T | undefined;
}

/** How many past states of one object are remembered for reads that lag. */
const remembered = 50;

/**
 * Objects by id that remember their past, so that a read can lag behind (fault `stale`).
 * Values are never changed in place: a write puts a new value.
 */
export class Collection<T> {
  readonly #now: () => number;
  readonly #current = new Map<string, T>();
  readonly #past = new Map<string, Revision<T>[]>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @param lagMs how far behind the present to look, in milliseconds */
  get(id: string, lagMs = 0): T | undefined {
    return lagMs > 0 ? this.#asOf(this.#past.get(id), this.#now() - lagMs) : this.#current.get(id);
  }

  /** All objects in the order of their creation. */
  list(lagMs = 0): T[] {
    if (lagMs <= 0) return [...this.#current.values()];
    const time = this.#now() - lagMs;
    const values = [...this.#past.values()].map((revisions) => this.#asOf(revisions, time));
    return values.filter((value) => value !== undefined);
  }

  /** @param at when it happened; the seed says 0, so that no lag hides it */
  put(id: string, value: T, at: number = this.#now()): T {
    this.#current.set(id, value);
    this.#remember(id, { at, value });
    return value;
  }

  /** Whether there was such an object. */
  delete(id: string): boolean {
    if (!this.#current.delete(id)) return false;
    this.#remember(id, { at: this.#now(), value: undefined });
    return true;
  }

  #remember(id: string, revision: Revision<T>): void {
    const revisions = this.#past.get(id) ?? [];
    revisions.push(revision);
    if (revisions.length > remembered) revisions.shift();
    this.#past.set(id, revisions);
  }

  #asOf(revisions: Revision<T>[] = [], time: number): T | undefined {
    return revisions.findLast((revision) => revision.at <= time)?.value;
  }
}
