import type { AuditRecord, Deed, DriftStory } from '../model/audit.ts';
import type { Pointer } from '../model/pointer.ts';
import type { AuditDeps } from './deps.ts';
import { match } from './match.ts';
import { actorOf } from './names.ts';
import { type Place, placesOf, recordsIn } from './services.ts';
import { mostTelling } from './telling.ts';
import { clockOffset } from './times.ts';
import { toldOf } from './told.ts';
import { formerClients, ownWrites } from './writes.ts';

/** An object that moved, and between when, by our clock. */
export interface Moved {
  type: string;
  id: string;
  since: string;
  until?: string;
  /** What of it, where that is known. */
  fields?: readonly Pointer[];
}

/** More deeds than these say no more of who it was, and a story stands in many places. */
const mostDeeds = 20;
/** Answers tell to about a second how far the clocks are apart; unknown, it is taken to be this. */
const knownMs = 5_000;
const unknownMs = 300_000;

/** What others did to these objects, by what was given. Throws where the log cannot be asked. */
export async function storiesOf(deps: AuditDeps, moved: readonly Moved[]): Promise<Map<Moved, DriftStory>> {
  const { clock, reader } = deps;
  const since = moved.map((one) => one.since).sort()[0];
  if (since === undefined) return new Map();
  const places = await placesOf(deps, new Set(moved.map(({ type }) => type)));
  const sentBefore = await ownWrites(deps, since);
  const offset = clockOffset(sentBefore);
  const slack = offset === undefined ? unknownMs : knownMs;
  const theirs = (time: string | number): number => new Date(time).getTime() + (offset ?? 0);
  const from = new Date(theirs(since) - slack);
  const to = new Date(theirs(clock.now().getTime()) + slack);
  const found: { record: AuditRecord; place: Place }[] = [];
  for (const place of places) {
    const records = await recordsIn(deps, place, { from, to });
    found.push(...records.map((record) => ({ record, place })));
  }
  // Asked for after the records, so that each write of ours that left one is among them.
  const ours = new Set<string>();
  for (const clientId of [reader.clientId, ...(await formerClients(deps, since))]) {
    const matching = match({
      writes: await ownWrites(deps, since, clientId),
      records: found.map(({ record }) => record),
      clientId,
      expected: new Map(deps.types.map((type) => [type.type, type])),
      told: await toldOf(deps),
    });
    for (const id of matching.ours) ours.add(id);
  }
  const others = found.filter(({ record }) => record.status !== 'FAILURE' && !ours.has(record.id));
  const stories = new Map<Moved, DriftStory>();
  for (const one of moved) {
    const until = one.until === undefined ? Number.POSITIVE_INFINITY : theirs(one.until) + slack;
    const about = others.filter(({ record: { entities, at } }) => {
      const time = Date.parse(at);
      return entities.includes(one.id) && time >= theirs(one.since) - slack && time <= until;
    });
    const known = new Set(about.map(({ record }) => record.id));
    const all = [...new Map(about.map((each) => [each.record.id, each])).values()];
    const saying = all.filter(({ record }) => !repeats(record, known));
    const deeds: Deed[] = [];
    for (const { record, place } of mostTelling(saying, one.fields ?? []).slice(0, mostDeeds))
      deeds.push(await deedOf(deps, place, record));
    stories.set(one, { since: one.since, deeds, ...(deeds.length === 0 ? { unexplained: notYet } : {}) });
  }
  return stories;
}

const notYet = 'the audit log has no record of it, or not yet: records arrive late';

/** Says nothing that the record which began the transaction does not say. */
function repeats({ id, transaction, changes }: AuditRecord, known: ReadonlySet<string>): boolean {
  return changes.length === 0 && transaction !== undefined && transaction !== id && known.has(transaction);
}

export async function deedOf(deps: AuditDeps, { source }: Pick<Place, 'source'>, record: AuditRecord): Promise<Deed> {
  const { id, at, remoteIp, action, entityType, changes, transaction } = record;
  const by = await actorOf(deps, source, record);
  const part = transaction === undefined || transaction === id ? {} : { transaction };
  return { auditId: id, ...part, at, by, remoteIp, action, entityType, changes };
}
