import type { Composed } from '../model/compose.ts';
import type { LiveObject, ObjectType, Summary } from '../model/contracts.ts';
import type { Reason } from '../model/failure.ts';
import type { AppliedObject, InventoryEntry } from '../model/journal.ts';
import type { JsonObject } from '../model/json.ts';
import type { Checked, ObjectRef, Pending } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import type { ResourceId } from '../model/resource.ts';
import type { Ignored } from './ignore.ts';
import type { Left } from './left-fields.ts';

/** One object that somebody wishes something of: the wish, what is live, and what we remember of it. Values are sealed. */
export interface ObjectState {
  wish: Composed;
  type: ObjectType;
  /** Undefined: not there. */
  live?: LiveObject;
  summary?: Summary;
  /** Undefined: not ours. */
  inventory?: InventoryEntry;
  applied?: AppliedObject;
  /** What its owner had, and somebody deleted and made anew by hand: what was applied to that counts. Then not ours itself. */
  replaces?: InventoryEntry;
  /** The wishes before the type's own `compose` finished them, for composing again over another live state. */
  asked?: Composed;
  /** Places that stay as they are live, by who wants that. */
  ignored?: Ignored;
  /** Why it cannot be told what is live; nothing is planned but this word. */
  blocked?: { reason: Reason; message: string };
  /** What its wishes expect of other objects, and whether it is so. */
  checks?: Checked[];
  /** What it still does, where an earlier write of ours has not taken effect yet. */
  pending?: Pending;
}

/** An inventoried object that nobody wishes any more. */
export interface Orphan {
  entry: InventoryEntry;
  /** The key and name under which it is live. */
  summary: Summary;
  /** True where its environment excludes its owner: it is let go, not deleted. */
  released: boolean;
}

/** Everything that planning looks at. */
export interface Observed {
  objects: ObjectState[];
  orphans: Orphan[];
  /** Inventoried, no longer wished and no longer there. */
  vanished: InventoryEntry[];
  problems: Problem[];
  warnings: Problem[];
  /**
   * Live objects that wishes refer to, and of which nobody wishes anything, by their natural key: as read, with `id`;
   * `unclear` where a document of this revision is about it, and has a problem.
   */
  referred?: ReadonlyMap<string, JsonObject | 'unclear'>;
  /** What earlier runs set, and nobody wishes any more. */
  left?: readonly Left[];
  /** What took effect since an earlier run gave up waiting for it, by `type:id`. */
  inForce?: ReadonlySet<string>;
}

/** One object within one plan: by its id, or by its key while it has none. Two objects may have one name. */
export function objectKey({ type, id, key }: ObjectRef): string {
  return id === undefined ? `${type}:new:${key}` : `${type}:id:${id}`;
}

/** What references go by: the natural key. */
export function stateKey(type: string, key: string): string {
  return `${type}:${key}`;
}

/** The object of a document, whatever its name. */
export function ownerKey(type: string, owner: ResourceId): string {
  return `${type} of ${owner}`;
}
