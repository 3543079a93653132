import type { Use } from '../model/contracts.ts';
import type { Change, FieldChange, Held } from '../model/plan.ts';
import { dotted } from '../model/pointer.ts';
import type { Problem } from '../model/problem.ts';
import { ignoredDifferences } from './compared.ts';
import { namedFor, promisedTo, withFields } from './policy-suspended.ts';
import { type ObjectState, objectKey, stateKey } from './state.ts';

interface Ordered {
  changes: Change[];
  held: Held[];
  problems: Problem[];
}

/**
 * Puts what is used first. To use an object that this plan makes is a must: who does so in a circle can never be made, and
 * is a problem. To use one that is there already is a wish: it is written first where that leads into no circle; who needs it
 * `asWished` waits where it is among the `unfit`: held, or with a problem.
 */
export function orderUses(
  changes: readonly Change[],
  objects: readonly ObjectState[],
  unfit: readonly ObjectState[] = [],
): Ordered {
  const states = new Map(objects.map((state) => [objectKey(state.wish), state]));
  const byKey = new Map(objects.map((state) => [stateKey(state.wish.type, state.wish.key), state]));
  const planned = new Map(changes.map((change) => [keyOf(change), change]));
  const after = new Map(changes.map((change) => [keyOf(change), new Set(change.after)]));
  const usesOf = (change: Change): string[] => {
    if (change.action === 'delete') return [];
    return keysOf(states.get(objectKey(change.object))?.wish.uses).filter((key) => key !== keyOf(change));
  };
  const needsOf = (change: Change): string[] => {
    const uses = states.get(objectKey(change.object))?.wish.uses;
    return keysOf(uses?.filter(({ asWished }) => asWished === true));
  };
  const isUnfit = new Set(unfit.map(({ wish }) => stateKey(wish.type, wish.key)));
  const lacking = new Map<Change, string>();
  const needs = new Map(changes.map((change) => [change, needsOf(change)]));
  for (const change of changes) {
    for (const key of needs.get(change)!) if (isUnfit.has(key)) lacking.set(change, key);
    for (const key of usesOf(change)) {
      if (planned.get(key)?.action === 'create') after.get(keyOf(change))!.add(key);
      else if (byKey.has(key) && byKey.get(key)!.live === undefined && !planned.has(key)) lacking.set(change, key);
    }
  }
  const circles = new Map(changes.flatMap((change) => circleOf(keyOf(change), after)));
  for (const change of changes) {
    const member = [...reachable(keyOf(change), after)].find((key) => circles.has(key));
    if (member !== undefined && !circles.has(keyOf(change))) lacking.set(change, member);
    for (const key of usesOf(change)) {
      const other = planned.get(key);
      if (other?.action === 'update' && !reachable(key, after).has(keyOf(change))) after.get(keyOf(change))!.add(key);
    }
  }
  const told = (change: Change): Change => {
    const keys = [...after.get(keyOf(change))!];
    const needed = needs.get(change)!;
    return {
      ...change,
      ...(keys.length === 0 ? {} : { after: keys }),
      ...(needed.length === 0 ? {} : { needs: needed }),
    };
  };
  return {
    changes: changes.filter((change) => !circles.has(keyOf(change)) && !lacking.has(change)).map(told),
    held: [...lacking].map(([change, key]) => heldBack(told(change), byKey.get(key)!)),
    problems: changes.flatMap((change) => {
      const members = circles.get(keyOf(change));
      return members === undefined ? [] : [circular(change, members)];
    }),
  };
}

function keysOf(uses: readonly Use[] = []): string[] {
  return [...new Set(uses.map(({ type, key }) => stateKey(type, key)))];
}

function keyOf({ object }: Change): string {
  return stateKey(object.type, object.key);
}

/** The members of the circle that a change stands in, by its key; none where it stands in none. */
function circleOf(start: string, after: ReadonlyMap<string, ReadonlySet<string>>): [string, string[]][] {
  if (after.get(start)!.size === 0) return [];
  const reached = reachable(start, after);
  if (!reached.has(start)) return [];
  return [[start, [...reached].filter((key) => reachable(key, after).has(start)).sort()]];
}

/** All that comes before a change, itself only where it stands in a circle. */
function reachable(start: string, after: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const seen = new Set<string>();
  const next = [...(after.get(start) ?? [])];
  for (let key = next.pop(); key !== undefined; key = next.pop()) {
    if (seen.has(key)) continue;
    seen.add(key);
    next.push(...(after.get(key) ?? []));
  }
  return seen;
}

function circular({ kind, name }: Change, members: readonly string[]): Problem {
  const names = members.map((key) => key.slice(key.indexOf(':') + 1)).join(', ');
  const message = `none of these can be made before the others: ${names}; leave one reference out of the first commit, and add it in the next`;
  return { code: 'reference-cycle', message, resource: `${kind}/${name}`, pointer: '/spec' };
}

function heldBack(change: Change, state: ObjectState): Held {
  const spared = ignoredDifferences(state).map(dotted).join(', ');
  const why =
    state.live === undefined
      ? 'is not there and cannot be made yet'
      : spared === ''
        ? 'is not as it is wished yet'
        : `is not as its document says: ${spared} is left as it is live (genesys-gitops/ignore-fields)`;
  const message = `it uses "${state.wish.name}", which ${why}`;
  return { ...change, reason: 'DependencyNotReady', message };
}

/**
 * What uses an object that is not made or not renamed, since that is held back or not asked for, would only fail; and what
 * needs one as it is wished waits with it, whatever of it is held back.
 */
export function withoutLacking(
  changes: readonly Change[],
  undone: readonly Change[],
): { changes: Change[]; held: Held[] } {
  const missing = new Set(
    undone.flatMap(({ action, renames, object }) =>
      action === 'create' || renames === true ? [stateKey(object.type, object.key)] : [],
    ),
  );
  const unfit = new Set(undone.map(({ object }) => stateKey(object.type, object.key)));
  const lacking = changes.filter(
    ({ after, needs }) =>
      after?.some((key) => missing.has(key)) === true || needs?.some((key) => unfit.has(key)) === true,
  );
  if (lacking.length === 0) return { changes: [...changes], held: [] };
  const parts = lacking.map((change) => apart(change, missing, unfit));
  const message = 'what it uses is held back or not part of this run, and not there, or not as it is wished, yet';
  const waiting = parts.map(({ waits }): Held => ({ ...waits, reason: 'DependencyNotReady', message }));
  const rest = withoutLacking(
    changes.flatMap((change) => {
      const at = lacking.indexOf(change);
      return at === -1 ? [change] : (parts[at]!.goes ?? []);
    }),
    [...undone, ...waiting],
  );
  return { changes: rest.changes, held: [...waiting, ...rest.held] };
}

/**
 * What of a change waits, and what goes on: of an object that several wish something of, those who refer to nothing that is
 * missing need not wait with who does. Half of a resource's wish may be worse than none.
 */
function apart(
  change: Change,
  missing: ReadonlySet<string>,
  unfit: ReadonlySet<string>,
): { waits: Change; goes?: Change } {
  const waiting = new Set(
    change.fields.flatMap((field) => ([...promisedTo([field])].some((key) => missing.has(key)) ? [field.by] : [])),
  );
  const left = change.fields.filter(({ by }) => !waiting.has(by));
  const isWhole = change.action !== 'update' || change.whole === true || left.length === 0;
  if (isWhole || waiting.size === 0) return { waits: change };
  const goes = withFields(change, left);
  const stillWaits = goes.after?.some((key) => missing.has(key)) || goes.needs?.some((key) => unfit.has(key));
  if (stillWaits === true) return { waits: change };
  const resting = change.fields.filter(({ by }) => waiting.has(by));
  const named = (fields: FieldChange[]): object => (change.shared === true ? namedFor(fields) : {});
  return {
    waits: { ...withFields(change, resting), ...namedFor(resting) },
    goes: { ...goes, ...named(left) },
  };
}
