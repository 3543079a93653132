import type { AuditRecord } from '../model/audit.ts';
import type { SentWrite } from '../model/journal.ts';
import { evidenceOf } from './evidence.ts';
import { actionsOf, type Expected } from './expected.ts';
import { windowOf, within } from './times.ts';
import { isOfOtherFields, learn, type Told } from './told.ts';
import { changeOf } from './words.ts';

/** A record that may be of a write. */
export interface Candidate {
  write: SentWrite;
  record: AuditRecord;
  /** True where values in the record are those that the write was to set. */
  supported: boolean;
}

export type { Expected } from './expected.ts';

interface Given {
  writes: readonly SentWrite[];
  /** Our client's; none tells of a failure. */
  records: readonly AuditRecord[];
  expected: Expected;
  offset: number | undefined;
  /** What earlier matchings have learnt. */
  told: Told;
}

/** Every record that may be of a write, with that write; and of which fields the records have told (`Told`). */
export function candidatesOf(given: Given): { candidates: Candidate[]; learnt: string[] } {
  const about = byEntity(given.records);
  const alike = given.writes.map((write) => ({ write, found: alikeOf(write, about, given) }));
  const learnt = learn(alike.flatMap(({ found }) => found.filter(({ supported }) => supported)));
  const told = new Set([...given.told, ...learnt]);
  const inChange = Map.groupBy(given.writes, changeOf);
  const possible = alike.flatMap(({ write, found }) => {
    const isWhole = inChange.get(changeOf(write))!.length === 1;
    const fit = found.filter((one) => one.supported || !isWhole || !isOfOtherFields(one, told));
    const actions = actionsOf(write, given.expected);
    return fit.filter((one) => !fit.some((other) => tellsMore(other.record, one.record, actions)));
  });
  return { candidates: withoutParts(possible), learnt };
}

/** The records of what this write should leave, from its time, in which nothing contradicts. */
function alikeOf(
  write: SentWrite,
  about: ReadonlyMap<string, readonly AuditRecord[]>,
  { expected, offset }: Given,
): Candidate[] {
  const actions = actionsOf(write, expected);
  const { id, type } = write.object;
  if (actions.length === 0 || id === undefined) return [];
  const span = windowOf(write, offset);
  const found: Candidate[] = [];
  for (const record of about.get(id) ?? []) {
    if (!actions.includes(kindOf(record)) || !within(record, span)) continue;
    const evidence = evidenceOf(write, record, expected.get(type)?.renders);
    if (evidence !== 'contradicts') found.push({ write, record, supported: evidence === 'supports' });
  }
  return found;
}

function withoutParts(possible: readonly Candidate[]): Candidate[] {
  // What follows from a record that tells of a write is of that same request, and no other write's.
  const telling = new Set(possible.map(({ record }) => record.id));
  return possible.filter(({ record: { id, transaction } }) => {
    return transaction === undefined || transaction === id || !telling.has(transaction);
  });
}

/** One request may leave several records, of which the action that is named first tells of it. */
function tellsMore(one: AuditRecord, other: AuditRecord, actions: readonly string[]): boolean {
  const isOfOne = one.transaction !== undefined && one.transaction === other.transaction;
  return isOfOne && actions.indexOf(kindOf(one)) < actions.indexOf(kindOf(other));
}

/** As `ObjectType.audited` names it. */
export function kindOf({ entityType, action }: AuditRecord): string {
  return `${entityType}:${action}`;
}

export function byEntity(records: readonly AuditRecord[]): Map<string, AuditRecord[]> {
  const about = new Map<string, AuditRecord[]>();
  for (const record of records) {
    for (const id of new Set(record.entities)) {
      const found = about.get(id);
      if (found === undefined) about.set(id, [record]);
      else found.push(record);
    }
  }
  return about;
}

/** What hangs together: no write and no record is in two groups. */
export function groupsOf(candidates: readonly Candidate[]): Candidate[][] {
  const parents = new Map<SentWrite | AuditRecord, SentWrite | AuditRecord>();
  const rootOf = (one: SentWrite | AuditRecord): SentWrite | AuditRecord => {
    let root = one;
    for (let up = parents.get(root); up !== undefined; up = parents.get(root)) root = up;
    if (root !== one) parents.set(one, root);
    return root;
  };
  for (const { write, record } of candidates) {
    const [one, other] = [rootOf(write), rootOf(record)];
    if (one !== other) parents.set(one, other);
  }
  const groups = Map.groupBy(candidates, ({ write }) => rootOf(write));
  return [...groups.values()];
}
