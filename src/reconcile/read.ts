import { createHash } from 'node:crypto';
import type { IndexEntry, LiveObject, ObjectType, Summary } from '../model/contracts.ts';
import { asFailure } from '../model/failure.ts';
import type { Reader } from '../model/http.ts';
import type { CachedDetail } from '../model/journal.ts';
import { isObject, type JsonObject } from '../model/json.ts';
import { sealedPointers, type Vault } from '../model/seal.ts';
import { Slots } from './slots.ts';
import type { ObjectState } from './state.ts';

export interface ReadInput {
  reader: Reader;
  vault: Vault;
  now: Date;
  memory: { details: ReadonlyMap<string, ReadonlyMap<string, CachedDetail>> };
  /** Called with what was read afresh, for the cache. */
  keep(type: string, details: CachedDetail[]): Promise<void>;
  /** Told how many of the objects that had to be read are read. */
  looked?: ((done: number, of: number) => void) | undefined;
}

/** Reads under way at once: some objects take several requests and a wait each. The rate budget is what really limits them. */
export const concurrency = 24;
/** So many reads are kept at a time: who is interrupted in a first look at a large organisation goes on where he was. */
const portion = 25;

/** The states with what is live: from the cache where the list says that nothing moved, else by one read each. */
export async function readStates(states: readonly ObjectState[], input: ReadInput): Promise<ObjectState[]> {
  const keeper = new Keeper(input);
  const slots = new Slots(concurrency);
  const stale = states.filter((state) => state.blocked === undefined && needsReading(state.type, state.summary, input));
  const counted = counter(stale.length, input.looked);
  const reads = states.map(async (state): Promise<ObjectState> => {
    const { summary, type } = state;
    if (summary === undefined || state.blocked !== undefined) return state;
    const listed = listedLive(type, summary, input.vault);
    if (listed !== undefined) return { ...state, live: alike(state, listed, input.vault) };
    if (!needsReading(type, summary, input)) {
      return { ...state, live: alike(state, cachedLive(type, summary, input), input.vault) };
    }
    try {
      const live = await slots.use(() => readListed(type, summary, input));
      if (live !== undefined) await keeper.add(type, summary, live);
      return live === undefined ? state : { ...state, live: alike(state, live, input.vault) };
    } catch (error) {
      // One object that cannot be read holds itself up and nobody else; a whole organisation that is away ends the run.
      const { reason, message, class: next } = asFailure(error);
      if (next !== 'Retry' && next !== 'NeedsHuman') throw error;
      return { ...state, blocked: { reason, message } };
    } finally {
      counted();
    }
  });
  return ended(reads, keeper);
}

/** Milliseconds before each look at what a list shows and a read does not. */
const patience = [0, 500, 2000];

/** What a list shows is there, or was a moment ago: one read that does not find it is no reason to make it again. */
async function readListed(type: ObjectType, summary: Summary, input: ReadInput): Promise<LiveObject | undefined> {
  for (const pause of patience) {
    if (pause > 0) await input.reader.wait(pause);
    const live = await readSealed(type, summary, input.reader, input.vault);
    if (live !== undefined) return live;
  }
  return undefined;
}

/** What is live of objects that nobody wishes anything of, by `type:id`; what cannot be read is left out. */
export async function readOthers(
  entries: readonly { type: ObjectType; entry: IndexEntry }[],
  input: ReadInput,
): Promise<Map<string, JsonObject>> {
  const keeper = new Keeper(input);
  const slots = new Slots(concurrency);
  const reads = entries.map(async ({ type, entry: { live: summary } }): Promise<[string, JsonObject][]> => {
    if (summary === undefined || summary.blocked !== undefined) return [];
    const at = `${type.type}:${summary.id}`;
    const listed = listedLive(type, summary, input.vault);
    if (listed !== undefined) return isObject(listed) ? [[at, listed]] : [];
    if (!needsReading(type, summary, input)) return [[at, cachedLive(type, summary, input)]];
    try {
      const live = await slots.use(() => readSealed(type, summary, input.reader, input.vault));
      if (live !== undefined) await keeper.add(type, summary, live);
      return isObject(live) ? [[at, live]] : [];
    } catch (error) {
      const { class: next } = asFailure(error);
      if (next !== 'Retry' && next !== 'NeedsHuman') throw error;
      return [];
    }
  });
  return new Map((await ended(reads, keeper)).flat());
}

/** Whatever a read comes to, what the others brought is kept. */
async function ended<T>(reads: readonly Promise<T>[], keeper: Keeper): Promise<T[]> {
  await Promise.allSettled(reads);
  await keeper.flush();
  return Promise.all(reads);
}

function counter(of: number, looked: ReadInput['looked']): () => void {
  let done = 0;
  return () => {
    done++;
    looked?.(done, of);
  };
}

function cachedOf(type: ObjectType, summary: Summary, { memory }: ReadInput): CachedDetail | undefined {
  return memory.details.get(type.type)?.get(summary.id);
}

/** What is live, where the list told all of it. */
export function listedLive(type: ObjectType, { live }: Summary, vault: Vault): LiveObject | undefined {
  return isObject(live) ? vault.seal(live, type.sensitive) : live;
}

function cachedLive(type: ObjectType, summary: Summary, input: ReadInput): JsonObject {
  const { live } = cachedOf(type, summary, input)!;
  return type.refreshed?.(live, summary) ?? live;
}

function needsReading(type: ObjectType, summary: Summary | undefined, input: ReadInput): boolean {
  if (summary === undefined || summary.live !== undefined) return false;
  const cached = cachedOf(type, summary, input);
  if (cached === undefined || cached.fingerprint !== summary.fingerprint) return true;
  return type.versioned !== true && dueAt(cached) < input.now.getTime();
}

/** Keeps what was read in portions. */
class Keeper {
  readonly #input: ReadInput;
  #fresh: CachedDetail[] = [];

  constructor(input: ReadInput) {
    this.#input = input;
  }

  async add(type: ObjectType, summary: Summary, live: LiveObject): Promise<void> {
    if (summary.fingerprint === undefined || live === 'unreadable') return;
    // The read may have seen a newer version than the list did: then it is the read that is true.
    const fingerprint = type.fingerprintOf(live) ?? summary.fingerprint;
    const readAt = this.#input.now.toISOString();
    this.#fresh.push({ type: type.type, id: summary.id, fingerprint, live, readAt });
    if (this.#fresh.length >= portion) await this.flush();
  }

  async flush(): Promise<void> {
    const byType = Map.groupBy(this.#fresh, ({ type }) => type);
    this.#fresh = [];
    for (const [type, details] of byType) await this.#input.keep(type, details);
  }
}

/** Where a wish is a secret, what is live there now is none to be shown either, whatever its name. */
function alike({ wish }: ObjectState, live: LiveObject, vault: Vault): LiveObject {
  if (live === 'unreadable') return live;
  const secret = wish.fields.flatMap((field) => ('value' in field ? sealedPointers(field.value, field.path) : []));
  return secret.length === 0 ? live : vault.sealAt(live, secret);
}

/** The whole object with its sensitive values sealed; undefined where it is gone. */
export async function readSealed(
  type: ObjectType,
  summary: Pick<Summary, 'id'> & Partial<Summary>,
  reader: Reader,
  vault: Vault,
): Promise<LiveObject | undefined> {
  const live = await type.read(reader, summary);
  return live === undefined || live === 'unreadable' ? live : vault.seal(live, type.sensitive);
}

const dayMs = 86_400_000;

/**
 * Every object is read afresh at least daily, against a fingerprint that lies, unless it is `versioned`. It is due half a day to a day after it
 * was read, by its id, so that a large organisation is not read all at once.
 */
export function dueAt({ id, readAt }: CachedDetail): number {
  const spread = createHash('sha256').update(id).digest().readUInt16BE() / 0xffff;
  return new Date(readAt).getTime() + dayMs * (0.5 + spread / 2);
}
