interface Revision<T> {
  /** Milliseconds of the sandbox's clock. */
  at: number;
  value: T;
}

/** One life of an object, from its creation to its deletion; a draft of an action may live several. */
interface Life<T> {
  /** The first is the creation; never empty. */
  revisions: Revision<T>[];
  deletedAt?: number;
}

/** For how many milliseconds after a write a read does not show it. */
export interface Lag {
  /** What was created is missing. */
  created?: number;
  /** What was deleted is still there. */
  deleted?: number;
  /** What was changed has its old value. */
  updated?: number;
}

/** How many past states of one life are remembered for reads that lag. */
const remembered = 50;

/**
 * Objects by id that remember their past, so that a read can lag behind (faults `lag` and `stale`).
 * Values are never changed in place: a write puts a new value.
 */
export class Collection<T> {
  readonly #now: () => number;
  readonly #current = new Map<string, T>();
  readonly #lives = new Map<string, Life<T>[]>();

  constructor(now: () => number) {
    this.#now = now;
  }

  get(id: string, lag: Lag = {}): T | undefined {
    return lags(lag) ? this.#asSeen(this.#lives.get(id), lag) : this.#current.get(id);
  }

  /** All objects in the order of their creation. */
  list(lag: Lag = {}): T[] {
    if (!lags(lag)) return [...this.#current.values()];
    const values = [...this.#lives.values()].map((lives) => this.#asSeen(lives, lag));
    return values.filter((value) => value !== undefined);
  }

  /** @param at when it happened; the seed says 0, so that no lag hides it */
  put(id: string, value: T, at: number = this.#now()): T {
    const lives = this.#lives.get(id) ?? [];
    const life = lives.at(-1);
    if (life && this.#current.has(id)) remember(life, { at, value });
    else lives.push({ revisions: [{ at, value }] });
    this.#lives.set(id, lives.slice(-remembered));
    this.#current.set(id, value);
    return value;
  }

  /** Whether there was such an object. */
  delete(id: string): boolean {
    if (!this.#current.delete(id)) return false;
    const life = this.#lives.get(id)?.at(-1);
    if (life) life.deletedAt = this.#now();
    return true;
  }

  #asSeen(lives: Life<T>[] = [], { created = 0, deleted = 0, updated = 0 }: Lag): T | undefined {
    const now = this.#now();
    for (const { revisions, deletedAt } of lives.toReversed()) {
      if (deletedAt !== undefined && deletedAt <= now - deleted) return undefined;
      const [creation] = revisions;
      // A life that has begun too lately hides itself, and not that an earlier one may still be seen.
      if (!creation || creation.at > now - created) continue;
      return (revisions.findLast(({ at }) => at <= now - updated) ?? creation).value;
    }
    return undefined;
  }
}

/** When the oldest state is forgotten, the next takes over the time of creation: the object is no younger than before. */
function remember<T>({ revisions }: Life<T>, revision: Revision<T>): void {
  revisions.push(revision);
  if (revisions.length <= remembered) return;
  const [creation, next] = revisions.splice(0, 2);
  if (creation && next) revisions.unshift({ at: creation.at, value: next.value });
}

const lags = ({ created = 0, deleted = 0, updated = 0 }: Lag): boolean => Math.max(created, deleted, updated) > 0;
