import type { ComposedField } from '../model/compose.ts';
import type { Reason } from '../model/failure.ts';
import {
  type Change,
  calledOf,
  type Held,
  type ObjectRef,
  type Pending,
  type Plan,
  type Warning,
} from '../model/plan.ts';
import { dotted, type Pointer } from '../model/pointer.ts';
import type { Problem } from '../model/problem.ts';
import type { ResourceId } from '../model/resource.ts';
import type { Resolved } from './resolve.ts';
import { type ObjectState, type Orphan, stateKey } from './state.ts';

/** Two owners that want one name for two objects: whichever is written last would be found under it. */
export function duplicateNames(objects: readonly ObjectState[]): Map<ObjectState, Problem> {
  const owned = objects.filter(({ wish }) => wish.owner !== undefined);
  const byName = Map.groupBy(owned, ({ wish }) => stateKey(wish.type, wish.key));
  const twice = [...byName.values()].filter((states) => states.length > 1).flat();
  return new Map(
    twice.map((state) => {
      const { type, key, name, owner } = state.wish;
      const others = byName.get(stateKey(type, key))!.filter((other) => other !== state);
      return [
        state,
        nameTwice(
          name,
          owner!,
          others.map(({ wish }) => wish.owner!),
        ),
      ];
    }),
  );
}

export function nameTwice(name: string, resource: ResourceId, others: readonly ResourceId[]): Problem {
  const message = `"${name}" is also the name that ${others.join(', ')} wants; a name has one owner`;
  return { code: 'duplicate-name', message, resource, pointer: '/spec' };
}

/** Why what is written whole is not written: its document wants some of it left as it is live. */
export function overwrites(spared: readonly Pointer[]): { reason: Reason; message: string } {
  const names = spared.map(dotted).join(', ');
  const message = `it is written only as a whole, which would overwrite ${names}; its document says to leave that as it is live (genesys-gitops/ignore-fields): take it out of there, or leave the object out`;
  return { reason: 'OverwriteRefused', message };
}

export function incomplete({ wish, type }: ObjectState): Problem | undefined {
  const missing = type.required.filter(
    (path) => !wish.fields.some((field) => field.path === path || field.path.startsWith(`${path}/`)),
  );
  if (missing.length === 0) return undefined;
  const message = `no ${type.label} "${wish.name}" is there, and to make one the document must also declare ${missing.map(dotted).join(' and ')}`;
  return { code: 'incomplete-for-creation', message, resource: wish.owner!, pointer: '/spec' };
}

export function immutable(field: ComposedField, { type, wish }: ObjectState): Problem {
  const message = `${dotted(field.path)} of "${wish.name}" cannot change: ${type.immutable[field.path]}`;
  return { code: 'immutable-field', message, resource: field.by, pointer: '/spec' };
}

export function readOnlyProblem({ wish, type }: ObjectState, why: string): Problem {
  const message = `the ${type.label} "${wish.name}" cannot be changed: ${why}`;
  return { code: 'read-only-object', message, resource: wish.by[0]!, pointer: '/spec' };
}

export function lostReference({ field, lost, circle }: Resolved & { field: ComposedField }): Problem {
  const to = 'ref' in field ? `${field.ref.type} "${field.ref.key}"` : 'something';
  const message = `${dotted(field.path)} refers to ${to}, which ${lost}`;
  return { code: circle ? 'reference-cycle' : 'reference-not-found', message, resource: field.by, pointer: '/spec' };
}

/** `isFirst`: nothing was ever applied to it. */
export function unreadable(object: ObjectRef, isFirst: boolean): Warning {
  const what = isFirst
    ? 'there is nothing to compare with, so all of it is written'
    : 'what was last applied counts as live';
  const message = `${calledOf(object)} cannot be read back; ${what}`;
  return { code: 'unreadable', message, object };
}

export function releasedWarning({ entry, summary }: Orphan): Warning {
  const object = { type: entry.type, key: summary.key, id: entry.id };
  return { code: 'released', message: `${entry.owner} is let go: its object stays, and is no longer managed`, object };
}

export function asWarning({ code, message, place, resource, pointer }: Problem): Warning {
  const where = resource === undefined || pointer === undefined ? {} : { resource, pointer };
  return { code, message, ...(place === undefined ? where : { place }) };
}

/** An object that is as it is wished, and does not do it yet. */
export function notInForce({ pending, ...one }: Pick<Change, 'kind' | 'name' | 'object'> & { pending: Pending }): Held {
  const { reason, told } = pending;
  const next =
    reason === 'ActivationPending' ? 'it is looked at again until it is in force' : 'nothing is written again';
  const message = `"${calledOf(one.object)}" was written, but ${told}; ${next}`;
  return { ...one, action: 'update', cause: 'commit', fields: [], reason, message };
}

/** A plan of somebody who has no journal. */
export function withoutInventory(judged: Plan): Plan {
  const message = 'no journal is there yet, so nothing is known of what this tool made, and deletions are unknown';
  // Sensitive values are told by a key of the journal's: without it a hash would fit no later plan.
  const { approval: _approval, ...rest } = judged;
  return { ...rest, warnings: [...judged.warnings, { code: 'deletions-unknown', message }] };
}
