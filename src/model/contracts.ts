import type { Composed } from './compose.ts';
import type { Reason } from './failure.ts';
import type { ApiRequest, Reader, RequestReceipt, Upload } from './http.ts';
import type { AppliedField, AppliedObject } from './journal.ts';
import type { Json, JsonObject } from './json.ts';
import type { Change, Difference, FieldChange, ObjectRef } from './plan.ts';
import type { Pointer } from './pointer.ts';
import type { Problem, ProblemCode } from './problem.ts';
import type { Resource, ResourceId } from './resource.ts';
import type { Rules } from './rules.ts';

/** A live object as its list shows it: cheap, and enough to tell whether it moved. */
export interface Summary {
  id: string;
  /** The natural key, made with `keyOf`. */
  key: string;
  name: string;
  /** Opaque; computed from the list item. Undefined: read on every run. */
  fingerprint?: string;
  /** What kinds look for (`integration`, `integrationId`, ...). */
  attributes: JsonObject;
  /** Why it cannot be written, where that is so (built-in actions). */
  readOnly?: string;
  /** What a person should know of it, where that is so: somebody's unpublished work, a lock. Told as a warning. */
  notice?: string;
  /** The whole object, canonical, or the word that it cannot be read back, where to list it was to read it: it is not read again in this run. */
  live?: LiveObject;
  /** Why it cannot be told what is live, where that is so of this one alone: it is held for it, and the others go on. */
  blocked?: { reason: Reason; message: string };
}

/** A live summary, or an object that the same snapshot is about to create (then without `live`). */
export interface IndexEntry {
  type: string;
  key: string;
  name: string;
  id?: string;
  attributes: JsonObject;
  live?: Summary;
  /** The resource that owns its existence, where one does. */
  owner?: ResourceId;
  /** True for an object of ours that no document wishes any more: policy decides whether it goes. */
  leaving?: boolean;
}

/** What kinds may look at: live summaries and the objects about to be created. */
export interface Index {
  all(type: string): readonly IndexEntry[];
  find(type: string, key: string): readonly IndexEntry[];
}

/**
 * One wished field: a value, or the attribute of another object that is known only once that object exists. `at` is where
 * the wish stands in its document, for problems that only `compose` can find; `title` how people call the place, where its
 * path is only a key.
 */
export type Field = { path: Pointer; at?: Pointer; title?: string } & (
  | { value: Json }
  | { ref: { type: string; key: string }; attribute: string }
);

/** Another object that this one uses by its name. It is written first, where the same plan writes it. */
export interface Use {
  type: string;
  key: string;
  /** True where `review` wants to see it: then it is read, if nobody wishes anything of it. */
  look?: boolean;
  /** True where it has to be as it is wished first, and not only to be there: where that is held or fails, so is this. */
  asWished?: boolean;
}

/** One resource's wish for one object. */
export interface Contribution {
  by: ResourceId;
  /** The object: by id where the kind found it in the index, else by natural key. */
  target: { type: string; key: string; id?: string; name: string };
  /** True where the resource owns the object's existence: it creates, renames and (by policy) deletes it. */
  owns: boolean;
  /** Compared and written. `null` clears. */
  fields: Field[];
  /** Sent on creation where nothing is wished, and never compared. */
  onCreate?: { path: Pointer; value: Json }[];
  /** What kinds that come later may look for in an object that does not exist yet. */
  attributes?: JsonObject;
  uses?: Use[];
  /** How to write, where the document says so (what to do about a lock). Never compared. */
  directives?: JsonObject;
  /** What has to be so of other objects; read by the engine, and never written. */
  checks?: Check[];
  /** Where live can be read and is not what is wished, the object is held for this, and not written. */
  holds?: { reason: Reason; message: string };
  /** True where a write replaces all of it, whatever is live (it is copied from another): no field of it can be left alone. */
  whole?: true;
}

/**
 * What a resource expects of an object that it does not write. What came of it is told in plan and outcome; where it is not so
 * it is a warning at `at`, and stops nothing.
 */
export interface Check {
  type: string;
  id: string;
  /** What its summary's attributes have to be. */
  expect: JsonObject;
  /** The code of the warning where they are not, and sentences: what is so where they are, and what is wrong where they are not. */
  code: ProblemCode;
  /** The code where the object cannot be looked at, so that nobody knows whether it is so. */
  unknown: ProblemCode;
  holds: string;
  fails: string;
  /** Where in the document it is asked for. */
  at: Pointer;
}

/** What a target's own configuration allows its documents, where it says something of it. */
export interface Allowance {
  /** Ids of the organisations that a document may name. */
  organizations?: readonly string[];
  /** The longest timeout of a step, in seconds. */
  stepTimeoutSeconds?: number;
}

export interface Contributed {
  contributions: Contribution[];
  /** With `resource` and `pointer`; the source finds their places. */
  problems: Problem[];
  warnings?: Problem[];
}

/**
 * What a document may be. Pure: it says which fields of which objects it wants, and never reads, writes or logs.
 * Kinds that own objects contribute first, so that the others see what is about to be created.
 */
export interface Kind<Spec extends JsonObject = JsonObject> {
  readonly name: string;
  readonly surface: string;
  /** What its documents say as their `apiVersion`. */
  readonly apiVersion: string;
  /** OAuth scopes that it needs, for surfaces that ask for scopes by name. */
  readonly scopes?: readonly string[];
  /** The file in schemas/. */
  readonly schema: string;
  /** The object type that it is about. */
  readonly object: string;
  readonly owns: boolean;
  /** Loads what `check` and `advise` need, where that is much and few repositories have such documents; awaited before them. */
  prepare?(): Promise<void>;
  /**
   * Problems that need no organisation to be found: an export of the wrong form, a template given twice. `allowed` is what the
   * target allows; undefined where no target is known (`validate` of a folder).
   */
  check(resource: Resource<Spec>, rules: Rules, allowed?: Allowance): Problem[];
  /** Warnings of the same sort. */
  advise?(resource: Resource<Spec>, rules: Rules, allowed?: Allowance): Problem[];
  /** True where `check` and `advise` take a spec that does not fit its schema, too: then all that is wrong is told at once. */
  readonly checksUnfit?: boolean;
  /** Types that this resource names something of, beside those that its object always refers to: they are listed for it. */
  looksUp?(resource: Resource<Spec>): string[];
  /** Ids that it names, of types that have no list (`unlisted`): these are looked at for it. */
  wants?(resource: Resource<Spec>): { type: string; id: string }[];
  contribute(resource: Resource<Spec>, index: Index): Contributed;
  /** The document for one live object, for `export`; why there is none, where that can be said. `index` has all live objects. */
  toDocument(live: JsonObject, summary: Summary, index: Index): ExportedDocument | { why: string } | undefined;
  /**
   * Pure. What would have to be edited in the repository so that this resource wishes what is live: for `drift --as-patch`.
   * `fields` are those of the object's change that this resource wants. Absent: nothing can be accepted.
   */
  accept?(resource: Resource<Spec>, drift: Drifted): Acceptance[];
}

/** One object that moved without a commit, as `Kind.accept` sees it. */
export interface Drifted {
  /** The live object, canonical; sensitive values sealed. */
  live: JsonObject;
  summary?: Summary;
  /** The fields of the change that this resource wants; none where another resource's field of the object moved. */
  fields: readonly FieldChange[];
  index: Index;
  /** What was last wished of the object and what the server made of that, as the plan was made with: tells its defaults. */
  applied?: AppliedObject;
}

/**
 * One edit of the layer that supplied a value. `pointer` is a place of the document (`/spec/config/timeoutSeconds`), or one
 * below a file reference for a place within that file (`/spec/file/...`): the source finds the layer (document, environment,
 * file) and refuses what came from a variable. `value` is new there; without it the place is removed. `add` are items that go to
 * the end of the list there, which need not be there yet: several objects of one resource may each have some. `text` is the
 * new text of the whole file behind the reference at `pointer`. `why`: it cannot be written, in a sentence.
 */
export type Acceptance = { pointer: Pointer } & (
  | { value: Json }
  | { add: readonly Json[] }
  | { remove: true }
  | { text: string }
  | { why: string }
);

export interface ExportedDocument {
  kind: string;
  apiVersion: string;
  spec: JsonObject;
  /** Files beside the document, by the pointer within the spec where their name goes: `/file`. They get the document's handle. */
  files?: Record<Pointer, { suffix: string; text: string }>;
}

/** A live object as it is read whole, or the word that it cannot be read back. */
export type LiveObject = JsonObject | 'unreadable';

/** A type of thing in Genesys: the unit of planning and writing. A record of functions, no base class. */
export interface ObjectType {
  readonly type: string;
  readonly surface: string;
  /** What people call it: `data action`. */
  readonly label: string;
  /** Places (`*` is any part) whose values are shown and stored only as `(sensitive, hmac:...)`. */
  readonly sensitive: readonly Pointer[];
  /** Fields that an object cannot be created without. */
  readonly required: readonly Pointer[];
  /** Fields that the API sets at creation and never changes, with what to do instead. */
  readonly immutable: Readonly<Record<Pointer, string>>;
  /** Types whose lists this one's keys and references are made of: they come first in every order. */
  readonly refersTo: readonly string[];
  /** Types that it may refer to: they come first as well, but are listed only where something of them is wished or named. */
  readonly mayReferTo?: readonly string[];
  /** Attributes that every write of it changes, whatever it writes: a version. Who refers to one learns it after the write. */
  readonly movesOnWrite?: readonly string[];
  /** False for things that are only looked up by name (integrations): they are never planned. */
  readonly managed: boolean;
  /** True where the API has no list of them: `list` then looks at the wanted ids, and at nothing else. */
  readonly unlisted?: boolean;
  /**
   * `wanted`: ids that documents name, or the inventory holds; for types without a list. What is not there is left out. `seen`:
   * whether one of its objects was ever read back in this organisation.
   */
  list(reader: Reader, wanted?: readonly string[], seen?: boolean): Promise<Summary[]>;
  /** The whole object, canonical (normalised); undefined where it is gone. */
  read(reader: Reader, summary: Pick<Summary, 'id'> & Partial<Summary>): Promise<LiveObject | undefined>;
  /** Pure. What was read before, with what the list tells of it now, where a fingerprint does not speak of all of it. */
  refreshed?(live: JsonObject, summary: Summary): JsonObject;
  /** True where a fingerprint names a version that never changes: what was read of it need not be read again. */
  readonly versioned?: boolean;
  /** The version that a fresh `read` found, in the form of `Summary.fingerprint`. */
  fingerprintOf(live: JsonObject): string | undefined;
  /** The version for people, and to know our own write by, where the fingerprint is something else; undefined where it has none. */
  versionOf?(live: JsonObject): string | undefined;
  /** Pure and idempotent: server noise out, canonical form. */
  normalise(live: JsonObject): JsonObject;
  /**
   * Pure. Finishes the composed wishes of one object where a field may be a selector (a step's name) or the object is one
   * text that several resources edit. `live` is undefined where the object is not there or cannot be read back.
   */
  compose?(wish: Composed, view: { live?: JsonObject; index: Index }): Composed;
  /**
   * Pure. For a field that cannot be compared as a value: the places in which live is not what is wished, none where it
   * is; undefined for every other field. `applied` is what was last wished of it, and what the server made of that.
   */
  differences?(
    path: Pointer,
    field: { wanted: Json; live?: Json; applied?: AppliedField; title?: string },
  ): Difference[] | undefined;
  /**
   * Pure. What of an object, and of those that it uses, a person should know: warnings. `applied` is what was last wished of
   * it; `used` answers an object as it will be after this plan.
   */
  review?(
    object: { wish: Composed; live?: JsonObject; applied?: AppliedObject },
    used: (use: Use) => JsonObject | undefined,
  ): Problem[];
  /** What the server is known to make of a wish, where it does not keep it to the letter; asked after our own write only. */
  renders?(path: Pointer, wanted: Json, live: Json | undefined): boolean;
  /** Creates, updates or deletes, only through `ctx.write` and `ctx.upload`. */
  write(ctx: WriteContext, change: WriteOrder): Promise<Written>;
  /**
   * Whether what the object says is what it does by now, or what it still does, in words: asked after a write, until it is.
   * `failed` where it never will without another write. Throws `Gone` or `Conflict` where somebody else changed it since.
   * Only for objects that take effect later than they are written.
   */
  inForce?(reader: Reader, object: { id: string; live: JsonObject }): Promise<Effect>;
  /** What became of a write whose answer is not known; `checkpointed` is what its attempt kept. */
  settle(reader: Reader, intent: Intent, checkpointed?: JsonObject): Promise<Settlement>;
  /** Fields by whose value others in Genesys refer to the object: to change one is held while somebody does. */
  readonly referredBy?: readonly Pointer[];
  /** What Genesys itself finds wrong with a live object, in sentences; asked only where a person wants it, it may take a job. */
  inspect?(reader: Reader, object: { id: string; name: string }): Promise<string[]>;
  /**
   * How Genesys's audit log tells of each step of `write`: `EntityType:Action` (`Action:Publish`), any one of these. A step
   * that is not named expects no record of its own, and without this none is expected at all. Which service holds an entity
   * type is asked, not stated.
   */
  readonly audited?: Readonly<Record<string, readonly string[]>>;
  /**
   * What else in Genesys uses the object, where that can be asked. `known` looks who holds its id among the objects that
   * documents wish something of, or earlier runs did: for an API that has no such question.
   */
  consumers?(
    reader: Reader,
    object: { id: string; live?: JsonObject },
    known?: () => Promise<Consumers>,
  ): Promise<Consumers>;
}

/** True: what an object says is what it does. Else what it still does, or why it never will, as the end of a sentence. */
export type Effect = true | string | { failed: string };

/** Who uses an object. Where Genesys cannot tell for sure, it counts as used. */
export interface Consumers {
  /** `type` is our object type where it is one that is managed here (`flow`), else Genesys's own word. */
  users: { type: string; id: string; name: string }[];
  /** Why the list may lack some, where it may. */
  uncertain?: string;
}

/** A change with its references resolved, ready to be written. */
export interface WriteOrder {
  action: Change['action'];
  object: ObjectRef;
  /** Every field to send, `to` resolved. */
  fields: { path: Pointer; value: Json }[];
  /** Every field that somebody wishes, changed or not: for an API that takes the object whole. */
  wished: { path: Pointer; value: Json }[];
  directives: JsonObject;
  /** On creation: values for what nobody wishes. */
  defaults: { path: Pointer; value: Json }[];
  /** The fingerprint that the plan was made against; another one is `Conflict`. */
  base?: string;
  /** What was live when it was planned. */
  live?: LiveObject;
  /** True where drift is to be left, so that what another version holds may not be overwritten unseen. */
  leavesDrift?: true;
  /** True where a person asked for this run: what waits for a person's word has it. */
  byHand?: true;
}

/** What came of a write. */
export interface Written {
  id: string;
  /** The version that this write made, in the form of `versionOf`, else of `Summary.fingerprint`: what is read back has to be it. */
  version?: string;
  /** What Genesys had to say about it, though it did it. */
  warnings?: string[];
  /** Under what the write can be found again in Genesys, for the record: a job id. */
  trace?: JsonObject;
  /** Where a job does it: milliseconds from the request until it was acknowledged, and until it was active. */
  acknowledgedMs?: number;
  activationMs?: number;
}

export interface WriteContext {
  readonly reader: Reader;
  /** Milliseconds since 1970 by the run's clock, to tell how long something took. */
  now(): number;
  /** The intent goes to disk before the request, the outcome after it. `step` is a constant of the object's code. */
  write(step: string, request: ApiRequest): Promise<Json>;
  /** A PUT to a presigned URL, without a token; otherwise as `write`. */
  upload(step: string, upload: Upload): Promise<void>;
  /** What was asked of Genesys for the sake of the next write, and belongs to the change's story. */
  noted(receipt: RequestReceipt): void;
  /** Keeps what must survive a crash between steps (job ids, draft versions) until the change has succeeded. */
  checkpoint(data: JsonObject): Promise<void>;
  /** What an earlier, interrupted attempt at this object kept. */
  readonly checkpointed?: JsonObject;
}

export interface Intent {
  id: number;
  runId: string;
  organization: string;
  target: string;
  object: ObjectRef;
  /** The resource for whose sake it was written: the change's kind and handle. */
  by: ResourceId;
  action: Change['action'];
  step: string;
  method: string;
  path: string;
  /** SHA-256 of the body with sensitive values sealed. */
  bodyHash?: string;
  /** The version that was sent with it, where the API takes one. */
  version?: string;
  /** The fingerprint of the live object that the change was planned against, and its version where that is something else (null: none). */
  base?: string;
  before?: string | null;
  cause?: Change['cause'];
  /** Who wished each of the change's fields, where that is somebody else than `by`. */
  wishers?: Record<Pointer, ResourceId>;
  /** The values that it was to set, where they are short and not sensitive: what tells two audit records apart. */
  sets?: Record<Pointer, string>;
  /** True where nothing that is done to objects of this type leaves an audit record. */
  unrecorded?: true;
  /** The OAuth client that sent it; absent of what was sent before it was kept. */
  clientId?: string;
  /** What was asked for its sake before. */
  prepared?: RequestReceipt[];
  /** ISO 8601, by this process's clock. */
  at: string;
}

export interface Settlement {
  outcome: 'applied' | 'not-applied' | 'unknown';
  id?: string;
  /** True where `not-applied` needs no further look: Genesys said so itself. */
  certain?: boolean;
}
