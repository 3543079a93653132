import type { DriftStory } from './audit.ts';
import type { Reason } from './failure.ts';
import type { RequestReceipt } from './http.ts';
import type { Json, JsonObject } from './json.ts';
import type { Pointer } from './pointer.ts';
import type { Place, Problem } from './problem.ts';
import type { ResourceId } from './resource.ts';

/** One object in Genesys: its type, its natural key (`integration/name`), and its id once it has one. */
export interface ObjectRef {
  type: string;
  key: string;
  id?: string;
  /** What people call it, where its key does not end in that: one that goes by its id. No part of what is approved. */
  name?: string;
}

/** What sentences call an object. */
export function calledOf({ name, key }: Pick<ObjectRef, 'name' | 'key'>): string {
  return name ?? key;
}

/** A value that will be known when another object of this plan has been written. */
export interface KnownAfterApply {
  knownAfterApply: { type: string; key: string; attribute: string };
}

/** One place within a field that differs, where a field is a whole document. Without `from` it is new, without `to` it goes. */
export interface Difference {
  /** How a person finds it: `Main Menu › Get Customer › inputs.id`. */
  at: string;
  from?: Json;
  to?: Json;
}

/** `from` is absent where there was nothing, `to` is null where the field is cleared. `by` is the resource that wants it. */
export interface FieldChange {
  path: Pointer;
  from?: Json;
  to: Json | KnownAfterApply;
  by: ResourceId;
  /** How people call the place, where its path is only a key. */
  title?: string;
  /** Where exactly it differs, for a field that is more than a value. */
  parts?: Difference[];
  /** Who wished it until now, where that is somebody else than both who wishes it now and the object's owner. */
  was?: ResourceId;
  /** True where it is as it was left: what it refers to moved without a commit, and it goes after that. */
  follows?: true;
  /** Why this field changes, where the fields of its change do so for several reasons (then that one's cause is `both`). */
  cause?: Cause;
}

/** create: not there yet. commit: the wish changed. drift: live moved without a commit. both: both. */
export type Cause = 'create' | 'commit' | 'drift' | 'both';

export interface Change {
  action: 'create' | 'update' | 'delete';
  /** The owner's kind and handle; where nobody owns the object, those of the first, by kind and handle, who wishes one of the fields. */
  kind: string;
  name: string;
  object: ObjectRef;
  /** True where nobody owns the object: each field is its wisher's alone. */
  shared?: true;
  cause: Cause;
  fields: FieldChange[];
  /** True where the object is not ours yet and this change (or none) makes it so. */
  adopt?: boolean;
  /** The fingerprint of the live object that the plan was made against. */
  base?: string;
  /** The live object's version for people, where the fingerprint is something else; null where it has none. */
  version?: string | null;
  /** True where it is written as a whole: where one of its fields is to be left alone, all of it is. */
  whole?: true;
  /** Keys of objects (`type:key`) that have to be ready first. */
  after?: string[];
  /** Those that have to be as they are wished, and not only there. */
  needs?: string[];
  /** How to write it, where its documents say so: what to do about a lock. */
  directives?: JsonObject;
  /** True where others that use the object by its name have to be written after it. */
  renames?: boolean;
  /** What an earlier write of the object has not brought about yet. */
  pending?: Pending;
  /** Who moved it, of what is drift; told after planning, and no part of what is approved. */
  drift?: DriftStory;
  /** What was expected of other objects, and whether it is so. */
  checks?: Checked[];
}

/** What came of a check: `told` is the sentence for what was found. */
export interface Checked {
  object: ObjectRef;
  holds: boolean;
  told: string;
  by: ResourceId;
}

/** Why a write is not in force; `told` is the end of a sentence: what the object still does. */
export interface Pending {
  reason: 'ActivationPending' | 'ActivationFailed';
  told: string;
}

export interface Held extends Change {
  reason: Reason;
  message: string;
  /** ISO 8601: when it is released by itself, where that is known. */
  until?: string;
}

/** Why one field of a change does. */
export function causeOfField({ cause }: Pick<Change, 'cause'>, field: Pick<FieldChange, 'cause'>): Cause {
  return field.cause ?? cause;
}

export interface Unchanged {
  kind: string;
  name: string;
  object: ObjectRef;
  /** What resources that do not own the object wish of it, and already have: an effective timeout, for example. */
  fields?: { path: Pointer; title?: string; value: Json; by: ResourceId }[];
  /** True where a run would take an identical object into the inventory. */
  adopt?: boolean;
  checks?: Checked[];
}

export interface Warning {
  code: string;
  message: string;
  object?: ObjectRef;
  place?: Place;
  /** Where in which document it stands, from which the source finds the place. */
  resource?: ResourceId;
  pointer?: Pointer;
}

/** What one run would do to one target. Plain JSON; sensitive values are sealed. */
export interface Plan {
  target: string;
  organization: { id: string; name: string };
  revision: string;
  changes: Change[];
  held: Held[];
  unchanged: Unchanged[];
  /** Resources that cannot be planned (a bad reference, a double wish): they stall, the others go on. */
  problems: Problem[];
  warnings: Warning[];
  /** What `apply --approve` has to be given to release what is held for its size or its users, where something is. */
  approval?: string;
}

export interface Summary {
  create: number;
  update: number;
  delete: number;
  unchanged: number;
  held: number;
}

export function summarise(plan: Plan): Summary {
  const count = (action: Change['action']): number => plan.changes.filter((change) => change.action === action).length;
  return {
    create: count('create'),
    update: count('update'),
    delete: count('delete'),
    unchanged: plan.unchanged.length,
    held: plan.held.length,
  };
}

export interface Receipt {
  requests: RequestReceipt[];
  versionBefore?: string;
  versionAfter?: string;
  /** Under what the write can be found again in Genesys: a job id. */
  trace?: JsonObject;
  /** From the run's first write, or the request for a job, until what was written was seen in force, in milliseconds. */
  activationMs?: number;
  /** From the request for a job until it was acknowledged, in milliseconds. */
  acknowledgedMs?: number;
}

/** A commit of the config repository, as its history tells it. */
export interface Commit {
  /** 40 hex digits. */
  sha: string;
  author: { name: string; email: string };
  committer: { name: string; email: string };
  /** ISO 8601: the committer's date. */
  at: string;
  /** The whole message; its first line is the subject. */
  message: string;
  /** The merge that brought it to the branch, where one did, with the pull request that its message tells of. */
  merge?: { sha: string; pullRequest?: string };
}

/** What Genesys found wrong with one field, and the wish that it came from, where there is one. */
export interface Fault {
  /** As Genesys names it: its path in the body, dotted. */
  path: string;
  message: string;
  by?: ResourceId;
  /** Where in the document of `by` it stands. */
  pointer?: Pointer;
  place?: Place;
}

/** What somebody else changed of an object between the look that it was planned by and its write. */
export interface Meanwhile {
  /** What of all that is wished, from what was planned against; absent where it cannot be read. Long values are left out. */
  fields?: NonNullable<Outcome['fields']>;
  versionBefore?: string;
  versionNow?: string;
  /** True where nothing was written after it: policy leaves it, or it is what is wished. */
  left?: true;
}

/** What became of one change. */
export interface Outcome {
  kind: string;
  name: string;
  action: Change['action'];
  object: ObjectRef;
  status: 'applied' | 'failed' | 'skipped';
  reason?: Reason;
  message?: string;
  /** What Genesys had to say about it, though it did it. */
  warnings?: string[];
  /** Why it was to change. */
  cause?: Cause;
  /** Which fields, and who wished each. Values that are long (texts, whole documents) stay in the plan; sensitive ones are sealed. */
  fields?: { path: Pointer; title?: string; by: ResourceId; from?: Json; to?: Json }[];
  /** Who moved it before, where it was drift. */
  drift?: DriftStory;
  /** What somebody else did to it while this was under way, in that order. */
  meanwhile?: Meanwhile[];
  /** What was expected of other objects, and whether it is so. */
  checks?: Checked[];
  /** What Genesys found wrong with single fields. */
  faults?: Fault[];
  /** The newest commit that touched the files that the change came from, where the source could tell. */
  commit?: Commit;
  receipt: Receipt;
}
