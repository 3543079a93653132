import type { AuditRecord, Deed, DriftStory, MovedField } from '../model/audit.ts';
import { dotted } from '../model/pointer.ts';
import type { AuditDeps } from './deps.ts';
import { type Judged, judged } from './judged.ts';
import { match } from './match.ts';
import { actorOf } from './names.ts';
import { idsIn, placesOf, recordsIn } from './services.ts';
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
  fields?: readonly MovedField[];
}

/** So many deeds are told, and so many of what was done meanwhile: how many more there are is said. */
const mostDeeds = 200;
const mostMeanwhile = 20;
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
  const found: Found[] = [];
  const ids = new Set(moved.map(({ id }) => id));
  const clients = [reader.clientId, ...(await formerClients(deps, since))];
  const concerns = ({ clientId = '', entities }: AuditRecord): boolean =>
    clients.includes(clientId) || entities.some((id) => ids.has(id));
  for (const place of places) {
    const records = await recordsIn(deps, place, { from, to, concerns, entities: idsIn(deps, place, moved) });
    found.push(...records.map((record) => ({ record })));
  }
  // Asked for after the records, so that each write of ours that left one is among them.
  const told = new Set(await toldOf(deps));
  const ours = new Set<string>();
  for (const clientId of clients) {
    const matching = match({
      writes: await ownWrites(deps, since, clientId),
      records: found.map(({ record }) => record),
      clientId,
      expected: new Map(deps.types.map((type) => [type.type, type])),
      told,
    });
    for (const id of matching.ours) ours.add(id);
    for (const name of matching.learnt) told.add(name);
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
    const fields = one.fields ?? [];
    const telling = mostTelling(
      saying,
      fields.map(({ path }) => path),
    );
    stories.set(one, await storyOf(deps, one.since, judged(telling, fields, told)));
  }
  return stories;
}

type Found = { record: AuditRecord };

async function storyOf(deps: AuditDeps, since: string, found: Judged<Found>): Promise<DriftStory> {
  const tell = async (some: readonly Found[], most: number): Promise<Deed[]> => {
    const deeds: Deed[] = [];
    for (const { record } of some.slice(0, most)) deeds.push(await deedOf(deps, record));
    return deeds;
  };
  const deeds = await tell(found.deeds, mostDeeds);
  const meanwhile = await tell(found.meanwhile, mostMeanwhile);
  const more = found.deeds.length + found.meanwhile.length - deeds.length - meanwhile.length;
  const unexplained =
    deeds.length === 0
      ? notYet
      : found.open.length === 0
        ? undefined
        : `of ${found.open.map(dotted).join(', ')} the audit log has no record, or not yet: records arrive late`;
  return {
    since,
    deeds,
    ...(meanwhile.length === 0 ? {} : { meanwhile }),
    ...(more === 0 ? {} : { more }),
    ...(unexplained === undefined ? {} : { unexplained }),
  };
}

const notYet = 'the audit log has no record of it, or not yet: records arrive late';

/** Says nothing that the record which began the transaction does not say. */
function repeats({ id, transaction, changes }: AuditRecord, known: ReadonlySet<string>): boolean {
  return changes.length === 0 && transaction !== undefined && transaction !== id && known.has(transaction);
}

export async function deedOf(deps: AuditDeps, record: AuditRecord): Promise<Deed> {
  const { id, at, remoteIp, action, entityType, changes, transaction } = record;
  const by = await actorOf(deps, record);
  const part = transaction === undefined || transaction === id ? {} : { transaction };
  return { auditId: id, ...part, at, by, remoteIp, action, entityType, changes };
}
