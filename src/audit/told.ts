import type { AuditRecord } from '../model/audit.ts';
import type { SentWrite } from '../model/journal.ts';
import { isObject } from '../model/json.ts';
import type { Pointer } from '../model/pointer.ts';
import type { AuditDeps } from './deps.ts';
import { remember } from './deps.ts';
import { fieldsTold, tellsOfOthers } from './evidence.ts';

/**
 * Of which fields Genesys is known to tell, by where it did: a record that tells of others only is not of a write that was to set
 * one of these. What Genesys calls its properties is published nowhere, so it is learnt from records that say what was written.
 */
export type Told = ReadonlySet<string>;

interface Pair {
  write: SentWrite;
  record: AuditRecord;
}

/** Records of these actions tell what of the entity itself is another; a publication may tell of its version only. */
const plain = new Set(['Create', 'Update']);

export function learn(pairs: readonly Pair[]): string[] {
  const plainly = pairs.filter(({ record }) => plain.has(record.action));
  return [
    ...new Set(plainly.flatMap(({ write, record }) => fieldsTold(write, record).map((path) => name(record, path)))),
  ];
}

/** Asked of a write that is all that its change sent: of several, each sets a part of what the change does, not known which. */
export function isOfOtherFields({ write, record }: Pair, told: Told): boolean {
  if (write.action === 'delete' || !plain.has(record.action)) return false;
  if (record.action === 'Create' && write.action !== 'create') return false;
  return Object.keys(write.sets ?? {}).some((path) => told.has(name(record, path))) && tellsOfOthers(write, record);
}

/** Whether Genesys is known to tell of this field of the record's entity by its name. */
export function isToldOf(record: AuditRecord, path: Pointer, told: Told): boolean {
  return told.has(name(record, path));
}

function name({ entityType }: AuditRecord, path: string): string {
  return `${entityType} ${path}`;
}

/** What nothing has confirmed for so long counts no more: Genesys may call it otherwise by now. */
const keptMs = 7 * 86_400_000;
const dayMs = 86_400_000;
const mostKept = 500;

const keyOf = ({ organization }: AuditDeps): string => `audit:told:${organization}`;

export async function toldOf(deps: AuditDeps): Promise<Told> {
  return new Set(Object.keys(await kept(deps)));
}

/** Keeps what a matching has learnt; written once a day, or where something is new. */
export async function keepTold(deps: AuditDeps, learnt: readonly string[]): Promise<void> {
  const before = await kept(deps);
  const now = deps.clock.now();
  const isNews = learnt.some((name) => before[name] === undefined || now.getTime() - Date.parse(before[name]) > dayMs);
  if (!isNews) return;
  const fresh = Object.fromEntries(learnt.map((name) => [name, now.toISOString()]));
  const all = Object.entries({ ...before, ...fresh }).sort(([, one], [, other]) => (one < other ? 1 : -1));
  await remember(deps, keyOf(deps), Object.fromEntries(all.slice(0, mostKept)));
}

async function kept(deps: AuditDeps): Promise<Record<string, string>> {
  const found = await deps.journal.recall(keyOf(deps));
  const oldest = deps.clock.now().getTime() - keptMs;
  const all = isObject(found) ? (Object.entries(found) as [string, string][]) : [];
  return Object.fromEntries(all.filter(([, at]) => Date.parse(at) >= oldest));
}
