import type { AuditRecord, MovedField } from '../model/audit.ts';
import type { Pointer } from '../model/pointer.ts';
import { type Likeness, likenessTo } from './evidence.ts';
import { isToldOf, type Told } from './told.ts';

/** Of one time is what one person did within this: a draft is saved and published. Milliseconds. */
const atOnceMs = 1_000;

export interface Judged<T> {
  /** What tells of the fields that moved, that what is live was set first; else what may have. */
  deeds: T[];
  /** What others did in that time, and what says nothing of what is live. */
  meanwhile: T[];
  /** The fields of which no record tells that should, or none tells the value that is live. */
  open: Pointer[];
}

/**
 * Which of these records of an object tell who moved its fields. How Genesys names a property is published nowhere
 * (UNCONFIRMED), so a record that tells of others only is no answer where Genesys is known to tell of this one by its name;
 * else it may be one, and all are taken for the answer.
 */
export function judged<T extends { record: AuditRecord }>(
  all: readonly T[],
  fields: readonly MovedField[],
  told: Told,
): Judged<T> {
  const groups = [...Map.groupBy(all, ({ record: { transaction, id } }) => transaction ?? id).values()];
  const words = groups.map((group) =>
    fields.map((field) => best(group.map(({ record }) => likenessTo(record, field)))),
  );
  const has = (n: number, ...some: Likeness[]): boolean => words[n]!.some((word) => some.includes(word));
  const open = fields.filter((field, f) => {
    const own = words.map((word) => word[f]!);
    if (own.some((word) => word === 'tells' || word === 'may')) return false;
    return own.includes('other') || all.some(({ record }) => isToldOf(record, field.path, told));
  });
  const explain = groups.map((_, n) => has(n, 'tells', 'may'));
  if (!explain.includes(true) && open.length === 0) return { deeds: [...all], meanwhile: [], open: [] };
  const telling = groups.filter((_, n) => has(n, 'tells'));
  const perhaps = groups.filter((_, n) => explain[n] && !has(n, 'tells'));
  const explaining = [...telling, ...perhaps].flat();
  const others = groups.filter((_, n) => !explain[n]).flat();
  const comesAlong = (one: T): boolean => explaining.some((other) => isOneDeed(one.record, other.record));
  return {
    deeds: [...explaining, ...others.filter(comesAlong)],
    meanwhile: others.filter((one) => !comesAlong(one)),
    open: open.map(({ path }) => path),
  };
}

const order: readonly Likeness[] = ['tells', 'may', 'other', 'none'];

function best(words: readonly Likeness[]): Likeness {
  return order.find((word) => words.includes(word)) ?? 'none';
}

function isOneDeed(one: AuditRecord, other: AuditRecord): boolean {
  const isNear = Math.abs(Date.parse(one.at) - Date.parse(other.at)) <= atOnceMs;
  return isNear && one.clientId === other.clientId && one.user?.id === other.user?.id;
}
