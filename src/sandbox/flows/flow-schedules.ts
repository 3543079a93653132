import { isObject, type JsonObject } from '../json.ts';
import type { ArchitectRecord } from '../schedules/schedule-records.ts';
import type { World } from '../world.ts';
import type { ScheduleLink } from './flow-records.ts';
import { stepsOf } from './flow-tree.ts';

type Of = ScheduleLink['of'];

/** Which property of which step names what. */
const evaluations: Record<string, { property: string; of: Of }> = {
  evaluateSchedule: { property: 'schedule', of: 'schedule' },
  evaluateScheduleGroup: { property: 'scheduleGroup', of: 'schedule group' },
};

/** The schedules and groups that a tree names outright; what an expression makes up at run time is not looked at. */
export function scheduledIn(tree: JsonObject): { of: Of; name: string; path: string }[] {
  return [...stepsOf(tree)].flatMap(({ step, path }) =>
    Object.entries(isObject(step) ? step : {}).flatMap(([kind, body]) => {
      const evaluation = evaluations[kind];
      const name = evaluation && isObject(body) ? nameIn(body[evaluation.property]) : undefined;
      return evaluation && name !== undefined ? [{ of: evaluation.of, name, path: `${path}.${kind}` }] : [];
    }),
  );
}

/** The schedule or group of a name. */
export function findScheduled(world: World, of: Of, name: string): ArchitectRecord | undefined {
  const all: ArchitectRecord[] = of === 'schedule' ? world.schedules.list() : world.scheduleGroups.list();
  return all.find((one) => one.name === name && one.state === 'active');
}

/** What it is called now. */
export function presentName(world: World, { of, id }: ScheduleLink): string | undefined {
  return (of === 'schedule' ? world.schedules.get(id) : world.scheduleGroups.get(id))?.name;
}

/** The same tree with other names of schedules and groups. */
export function renameScheduled(value: unknown, nameOf: (of: Of, name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => renameScheduled(item, nameOf));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const inside = renameScheduled(item, nameOf);
      const evaluation = evaluations[key];
      const named = evaluation && isObject(inside) ? inside[evaluation.property] : undefined;
      const name = nameIn(named);
      if (!evaluation || name === undefined) return [key, inside];
      const renamed = renamedIn(named as JsonObject, nameOf(evaluation.of, name));
      return [key, { ...(inside as JsonObject), [evaluation.property]: renamed }];
    }),
  );
}

/** `{lit: {name}}`, or `{lit: name}`. */
function nameIn(value: unknown): string | undefined {
  const lit = isObject(value) ? value['lit'] : undefined;
  const name = isObject(lit) ? lit['name'] : lit;
  return typeof name === 'string' ? name : undefined;
}

function renamedIn({ lit }: JsonObject, name: string): JsonObject {
  return { lit: isObject(lit) ? { ...lit, name } : name };
}
