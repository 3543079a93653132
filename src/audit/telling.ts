import type { AuditRecord } from '../model/audit.ts';
import { dotted, type Pointer } from '../model/pointer.ts';

/**
 * Milliseconds: what was done in one go is one time. A draft is saved and published, each with records of its own, and
 * which of them was logged last is chance.
 */
const atOnceMs = 1_000;

/**
 * Records as people want to hear of them: the newest first, those of one transaction together; of what was done at one time
 * the one that tells the most of these fields.
 */
export function mostTelling<T extends { record: AuditRecord }>(all: readonly T[], fields: readonly Pointer[]): T[] {
  const wanted = fields.map(dotted);
  const byTelling = (a: T, b: T): number =>
    told(b.record, wanted) - told(a.record, wanted) || b.record.changes.length - a.record.changes.length || later(a, b);
  const groups = [...Map.groupBy(all, ({ record: { transaction, id } }) => transaction ?? id).values()]
    .map((group) => group.toSorted(byTelling))
    .sort((a, b) => newestIn(b) - newestIn(a));
  const times: T[][][] = [];
  for (const group of groups) {
    const last = times.at(-1);
    if (last !== undefined && newestIn(last.at(-1)!) - newestIn(group) <= atOnceMs) last.push(group);
    else times.push([group]);
  }
  const score = ([first]: T[]): number => told(first!.record, wanted);
  return times.flatMap((atOnce) => atOnce.toSorted((a, b) => score(b) - score(a) || later(a[0]!, b[0]!)).flat());
}

function newestIn(group: readonly { record: AuditRecord }[]): number {
  return Math.max(...group.map(({ record }) => Date.parse(record.at)));
}

function later({ record: a }: { record: AuditRecord }, { record: b }: { record: AuditRecord }): number {
  return Date.parse(b.at) - Date.parse(a.at) || (a.id < b.id ? -1 : 1);
}

/** Of how many fields it says something, of the field itself, of a part of it or of what it is a part of. */
function told({ changes }: AuditRecord, fields: readonly string[]): number {
  const names = changes.map(({ property }) => property.replace(/\[(\w+)\]/g, '.$1'));
  const isAbout = (name: string, field: string): boolean =>
    name === field || name.startsWith(`${field}.`) || field.startsWith(`${name}.`);
  return fields.filter((field) => names.some((name) => isAbout(name, field))).length;
}
