import type { Composed } from '../model/compose.ts';
import type { Check, Index, ObjectType } from '../model/contracts.ts';
import { equal } from '../model/json.ts';
import type { Checked } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import type { ObjectState } from './state.ts';

/** The states with what came of their checks, and a warning for each that does not hold. */
export function withChecks(
  states: readonly ObjectState[],
  index: Index,
  types: readonly ObjectType[],
): { objects: ObjectState[]; warnings: Problem[] } {
  const warnings: Problem[] = [];
  const objects = states.map((state) => {
    if (state.wish.checks === undefined) return state;
    const checks = state.wish.checks.map((check) => {
      const { isUnknown = false, ...checked } = checkedOf(check, index, types);
      const { told, by } = checked;
      const code = isUnknown ? check.unknown : check.code;
      if (!checked.holds) warnings.push({ code, message: told, resource: by, pointer: check.at });
      return checked;
    });
    return { ...state, checks };
  });
  return { objects, warnings };
}

/** What cannot be looked at, or is not there, is not as it is expected to be; only the words are others. */
function checkedOf(
  check: NonNullable<Composed['checks']>[number],
  index: Index,
  types: readonly ObjectType[],
): Checked & { isUnknown?: true } {
  const { type, id, by } = check;
  const entry = index.all(type).find((one) => one.id === id);
  const object = { type, key: entry?.key ?? id, id };
  if (entry === undefined) {
    const label = types.find((one) => one.type === type)?.label ?? type;
    return { object, holds: false, told: `there is no ${label} with the id ${id}`, by };
  }
  const blocked = entry.live?.blocked;
  if (blocked !== undefined) return { object, holds: false, told: blocked.message, by, isUnknown: true };
  const holds = isAsExpected(check, entry.attributes);
  return { object, holds, told: holds ? check.holds : check.fails, by };
}

function isAsExpected({ expect }: Check, attributes: Check['expect']): boolean {
  return Object.entries(expect).every(([name, value]) => equal(attributes[name], value));
}
