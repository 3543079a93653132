import type { Scope } from './journal.ts';
import type { Json } from './json.ts';
import { isObject } from './json.ts';
import type { Pointer } from './pointer.ts';
import type { ResourceId } from './resource.ts';

/** Two masters: somebody changed the same field of an object back again and again, so its healing stopped. */
export interface Conflict {
  /** ISO 8601: when healing stopped. */
  at: string;
  /** The fields that both want. */
  fields: Pointer[];
  /** True where it is deleted again and again. */
  deleted?: true;
  /** Who else wants them, for people. */
  party: string;
  /** Who wishes something of the object: by any of these it is resumed. */
  resources: ResourceId[];
  /** Of what was wished then, the annotations of who wished it included: another wish ends it. */
  wish: string;
}

/** What the facts of all conflicts begin with. */
export const allConflicts = 'conflict:';

/** What the facts of a target's conflicts begin with; the object's type and id follow (`data-action:<id>`). */
export const conflictsOf = ({ organization, target }: Scope): string => `${allConflicts}${organization}:${target}:`;

/** The target in the name of such a fact. */
export function targetOfConflict(key: string): string | undefined {
  return key.split(':')[2];
}

export function asConflict(fact: Json | undefined): Conflict | undefined {
  return isObject(fact) && typeof fact['party'] === 'string' ? (fact as unknown as Conflict) : undefined;
}

export function resumedAt(fact: Json | undefined): string | undefined {
  const at = isObject(fact) ? fact['resumedAt'] : undefined;
  return typeof at === 'string' ? at : undefined;
}
