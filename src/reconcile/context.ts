import { createHash } from 'node:crypto';
import { isRecorded } from '../model/audit.ts';
import type { Clock } from '../model/clock.ts';
import type { Intent, ObjectType, WriteContext } from '../model/contracts.ts';
import { asFailure, Failure } from '../model/failure.ts';
import type { Answer, Reader, RequestReceipt, Writer } from '../model/http.ts';
import type { Journal, Scope, SentWrite } from '../model/journal.ts';
import { isObject, type Json, type JsonObject, stable } from '../model/json.ts';
import type { Change, ObjectRef } from '../model/plan.ts';
import type { ResourceId } from '../model/resource.ts';
import type { Vault } from '../model/seal.ts';
import type { HeldLease } from './lease.ts';
import { setsOf } from './short-values.ts';

export interface WriteDeps {
  writer: Writer;
  journal: Journal;
  scope: Scope;
  runId: string;
  vault: Vault;
  clock: Clock;
  lease: HeldLease;
  /** Told when a write is about to leave. */
  writes?(at: Date): void;
}

/** A write context with what it did: receipts, and intents whose answer never came. */
export interface Recorder {
  ctx: WriteContext;
  receipts: RequestReceipt[];
  unanswered: Intent[];
  /** Why their answers never came, or were none. */
  lost: Failure[];
  /** After a created object is in the inventory and was seen: only then are the intents that made it closed. */
  noteCreated(id?: string): Promise<void>;
  /** After Genesys said that it did nothing of what it had taken, as of a job that failed: nobody waits for its audit record. */
  noteNothingMade(): Promise<void>;
  /** After success: nothing of an interrupted attempt is left to know. */
  forgetCheckpoint(): Promise<void>;
}

/**
 * The only way to write. The intent is on disk before the request leaves and its answer after it came; a write whose
 * answer was lost keeps its intent open, for the next start to settle. The right to write is checked with the intent, and
 * again when the request leaves: it may have waited for its turn, or the whole process may have been paused. Values are sealed on both sides of it.
 */
export async function record(deps: WriteDeps, change: Change, type: ObjectType): Promise<Recorder> {
  const { writer, journal, scope, vault, lease } = deps;
  const receipts: RequestReceipt[] = [];
  const unanswered: Intent[] = [];
  const lost: Failure[] = [];
  let last: Intent | undefined;
  let prepared: RequestReceipt[] = [];
  const created: ((id: string | undefined) => Promise<void>)[] = [];
  const by: ResourceId = `${change.kind}/${change.name}`;
  const story = storyOf(change, by);
  const checkpointKey = checkpointOf(scope, change.object);
  const found = await checkpointsOfObject(journal, scope, change.object);
  // Deletions too: what was begun and not published may be ours, and nothing of it is left after them.
  const kept = found[0]?.kept;
  const used = new Set(found.map(({ at }) => at));

  async function sent(
    step: string,
    noted: Pick<Intent, 'method' | 'path' | 'bodyHash' | 'version'>,
    send: () => Promise<Answer>,
  ): Promise<Json> {
    const at = deps.clock.now();
    deps.writes?.(at);
    const wish = {
      runId: deps.runId,
      ...scope,
      object: change.object,
      by,
      clientId: writer.clientId,
      ...(isRecorded(type) ? {} : { unrecorded: true as const }),
      action: change.action,
      step,
      ...noted,
      ...story,
      ...(prepared.length === 0 ? {} : { prepared }),
      at: at.toISOString(),
    };
    prepared = [];
    const intent = await journal.intend(wish, lease.current());
    last = intent;
    try {
      const answer = await send();
      receipts.push(answer.receipt);
      // Who dies between the two finds its object by the open intent, and does not take it for somebody else's.
      if (change.action === 'create') created.push((id) => journal.answered(intent.id, answer.receipt, undefined, id));
      else await journal.answered(intent.id, answer.receipt);
      return answer.body;
    } catch (error) {
      const failure = asFailure(error);
      const { reason, detail } = failure;
      const message = vault.redact(failure.message);
      if (detail.receipt !== undefined) receipts.push(detail.receipt);
      const told = message === failure.message ? failure : new Failure(reason, message, detail);
      if (reason === 'Unsettled') {
        unanswered.push(intent);
        lost.push(told);
      }
      // Unsettled leaves the intent open: what became of it is for the lookup, or the next start, to find out.
      await journal.answered(intent.id, detail.receipt, { reason, message });
      throw message === failure.message ? error : told;
    }
  }

  const ctx: WriteContext = {
    reader: sealing(writer, vault, type),
    now: () => deps.clock.now().getTime(),
    ...(kept === undefined ? {} : { checkpointed: kept }),
    write: (step, request) => {
      const { method, path, body, ifMatch } = request;
      const version = (isObject(body) ? body['version'] : undefined) ?? ifMatch?.replace(/^(?:W\/)?"(.*)"$/, '$1');
      const noted = {
        method,
        path,
        ...(body === undefined ? {} : { bodyHash: hash(body) }),
        ...(version === undefined || version === null ? {} : { version: String(version) }),
      };
      return sent(step, noted, async () => {
        const open = body === undefined ? {} : { body: vault.open(body) };
        const answer = await writer.send({ ...request, ...open }, lease.check);
        return isObject(answer.body) ? { ...answer, body: vault.seal(answer.body, type.sensitive) } : answer;
      });
    },
    async upload(step, upload) {
      const noted = { method: 'PUT', path: '(presigned)', bodyHash: hash(upload.text) };
      await sent(step, noted, () => writer.upload(upload, lease.check));
    },
    noted(receipt) {
      receipts.push(receipt);
      prepared.push(receipt);
    },
    async checkpoint(data: JsonObject) {
      used.add(checkpointKey);
      await journal.memorise(checkpointKey, data);
    },
  };
  return {
    ctx,
    receipts,
    unanswered,
    lost,
    async noteCreated(id) {
      for (const note of created) await note(id);
    },
    async noteNothingMade() {
      for (const note of created) await note(undefined);
      const id = last?.id ?? (await lastSent(journal, scope, change.object, deps.clock.now()))?.intentId;
      if (id !== undefined) await journal.settleIntent(id, 'not-applied');
    },
    forgetCheckpoint: async () => {
      for (const at of used) await journal.memorise(at, null);
    },
  };
}

/** For so long a job is asked after, in milliseconds. */
const longestJobMs = 7 * 86_400_000;

/** What an earlier attempt sent last for an object, where this one only looked after it, and nothing is known of it yet. */
async function lastSent(
  journal: Journal,
  scope: Scope,
  { type, id }: ObjectRef,
  now: Date,
): Promise<SentWrite | undefined> {
  const since = new Date(now.getTime() - longestJobMs).toISOString();
  const sent = (await journal.writesSince(scope.organization, since)).findLast(
    ({ object, target }) => object.type === type && object.id === id && target === scope.target,
  );
  return sent?.refused === true || sent?.audit !== undefined ? undefined : sent;
}

/** What a later run needs to settle a write of this one, and to tell of it, should this one end before it can. */
function storyOf(
  { fields, base, version, cause }: Change,
  by: ResourceId,
): Pick<Intent, 'base' | 'before' | 'cause' | 'wishers' | 'sets'> {
  const wishers = fields.filter((field) => field.by !== by).map((field) => [field.path, field.by]);
  const sets = setsOf(fields);
  return {
    ...(base === undefined ? {} : { base }),
    ...(version === undefined ? {} : { before: version }),
    cause,
    ...(wishers.length === 0 ? {} : { wishers: Object.fromEntries(wishers) }),
    ...(sets === undefined ? {} : { sets }),
  };
}

/** What the keys of this scope's checkpoints begin with; the object's type and id, or key, follow. */
export function checkpointsOf({ organization, target }: Scope): string {
  return `checkpoint:${organization}:${target}:`;
}

/** Where the checkpoint of one object's change is kept. */
export function checkpointOf(scope: Scope, { type, id, key }: ObjectRef): string {
  return `${checkpointsOf(scope)}${type}:${id ?? key}`;
}

/** Where it may be kept: an attempt that made the object did not know its id yet, and kept it by its key. */
export function checkpointsFor(scope: Scope, { type, id, key }: ObjectRef): string[] {
  return id === undefined
    ? [checkpointOf(scope, { type, key })]
    : [checkpointOf(scope, { type, id, key }), checkpointOf(scope, { type, key })];
}

async function checkpointsOfObject(
  journal: Journal,
  scope: Scope,
  object: ObjectRef,
): Promise<{ at: string; kept: JsonObject }[]> {
  const found: { at: string; kept: JsonObject }[] = [];
  for (const at of checkpointsFor(scope, object)) {
    const kept = await journal.recall(at);
    if (isObject(kept)) found.push({ at, kept });
  }
  return found;
}

/** What an interrupted attempt kept of its steps. */
export async function checkpointed(
  journal: Journal,
  { organization, target, object }: Intent,
): Promise<JsonObject | undefined> {
  const kept = await journal.recall(checkpointOf({ organization, target }, object));
  return isObject(kept) ? kept : undefined;
}

/** Objects see sealed values only, so that nothing that they keep, compare or throw can hold a secret. */
function sealing(reader: Reader, vault: Vault, type: ObjectType): Reader {
  return {
    async get(request) {
      const answer = await reader.get(request);
      return isObject(answer.body) ? { ...answer, body: vault.seal(answer.body, type.sensitive) } : answer;
    },
    // Everything that an object may put into a body has to pass through the vault once: `open` spends what looks sealed.
    async text(request) {
      const text = await reader.text(request);
      return text === undefined ? undefined : String(vault.seal({ text }, [])['text']);
    },
    list: async (request) => (await reader.list(request)).map((item) => vault.seal(item, type.sensitive)),
    ask: (request) => reader.ask(request),
    download: async (url) => String(vault.seal({ text: await reader.download(url) }, [])['text']),
    wait: (ms) => reader.wait(ms),
    clientId: reader.clientId,
  };
}

function hash(body: Json): string {
  return createHash('sha256').update(stable(body)).digest('hex');
}
