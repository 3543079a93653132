import { isObject, type Json, type JsonObject } from '../../../model/json.ts';

/** A schedule or schedule group that a flow evaluates, by its name. */
export interface ScheduleUse {
  type: 'schedule' | 'schedule-group';
  name: string;
}

/** Which property of which step names what. */
const evaluations: Readonly<Record<string, { property: string; type: ScheduleUse['type'] }>> = {
  evaluateSchedule: { property: 'schedule', type: 'schedule' },
  evaluateScheduleGroup: { property: 'scheduleGroup', type: 'schedule-group' },
};

/** In expressions: `FindScheduleGroup("Main Hours")`. A name that is put together at run time is not known. */
const lookups = /\bFindSchedule(Group)?\(\s*"((?:[^"\\]|\\.)*)"\s*\)/g;

/** What one map of a flow names, itself and not what is below it; `key` is the one that it stands under. */
export function schedulesIn(map: JsonObject, key: string | number | undefined): ScheduleUse[] {
  const { exp } = map;
  if (typeof exp === 'string') return exp.includes('FindSchedule') ? inExpression(exp) : [];
  const evaluation = typeof key === 'string' && Object.hasOwn(evaluations, key) ? evaluations[key] : undefined;
  if (evaluation === undefined) return [];
  const name = literal(map[evaluation.property]);
  return name === undefined ? [] : [{ type: evaluation.type, name }];
}

function inExpression(text: string): ScheduleUse[] {
  return [...text.matchAll(lookups)].map(([, group, name = '']) => ({
    type: group === undefined ? 'schedule' : 'schedule-group',
    name: name.replaceAll(/\\(.)/g, '$1'),
  }));
}

/** `{ lit: { name: X } }` or `{ lit: X }`. */
function literal(value: Json | undefined): string | undefined {
  const lit = isObject(value) ? value['lit'] : undefined;
  const name = isObject(lit) ? lit['name'] : lit;
  return typeof name === 'string' && name !== '' ? name : undefined;
}
