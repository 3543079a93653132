import { setImmediate } from 'node:timers/promises';
import type { AuditQuestion, AuditRecord, AuditSource } from '../model/audit.ts';
import { isObject } from '../model/json.ts';
import type { AuditDeps } from './deps.ts';
import { remember } from './deps.ts';
import { entityTypesOf } from './expected.ts';
import { sealed } from './sealed.ts';

/** A service that is to be asked, and the entity types for which. */
export interface Place {
  source: AuditSource;
  service: string;
  entityTypes: ReadonlySet<string>;
}

const dayMs = 86_400_000;
/** So long is an entity type that Genesys does not name not asked for again. */
const againMs = 3_600_000;
/** Records that are sealed in one go. */
const atOnce = 200;

/** Where the records of these object types stand, as Genesys says it itself: read once a day, and again where one is missing. */
export async function placesOf(deps: AuditDeps, objectTypes: ReadonlySet<string>): Promise<Place[]> {
  const places: Place[] = [];
  for (const { name, audits: source } of deps.surfaces) {
    const types = deps.types.filter((one) => one.surface === name && objectTypes.has(one.type));
    const wanted = [...new Set(types.flatMap(entityTypesOf))];
    if (source === undefined || wanted.length === 0) continue;
    const mapping = await mappingOf(deps, { surface: name, source, wanted });
    const services = new Set(wanted.flatMap((type) => mapping[type] ?? []));
    for (const service of services) {
      const entityTypes = new Set(wanted.filter((type) => mapping[type]?.includes(service)));
      places.push({ source, service, entityTypes });
    }
  }
  return places;
}

/** Those objects of which this service holds records. */
export function within<T extends { type: string }>(
  { types }: Pick<AuditDeps, 'types'>,
  { entityTypes }: Place,
  objects: readonly T[],
): T[] {
  const held = new Set(
    types.filter((one) => entityTypesOf(one).some((name) => entityTypes.has(name))).map(({ type }) => type),
  );
  return objects.filter(({ type }) => held.has(type));
}

/** Their ids, each once. */
export function idsIn(
  deps: Pick<AuditDeps, 'types'>,
  place: Place,
  objects: readonly { type: string; id?: string }[],
): string[] {
  return [...new Set(within(deps, place, objects).flatMap(({ id }) => id ?? []))];
}

/** What a service has recorded, with sensitive values sealed. */
export async function recordsIn(
  { reader, types, vault }: AuditDeps,
  { source, service }: Place,
  question: Omit<AuditQuestion, 'services'>,
): Promise<AuditRecord[]> {
  const places = types.flatMap(({ sensitive }) => sensitive);
  const found = await source.find(reader, { ...question, services: [service] });
  const kept: AuditRecord[] = [];
  for (const [n, record] of found.entries()) {
    // Others want to work, too.
    if (n > 0 && n % atOnce === 0) await setImmediate();
    kept.push(sealed(record, places, vault));
  }
  return kept;
}

/** Services by entity type; none where Genesys knows no such type. */
async function mappingOf(
  deps: AuditDeps,
  { surface, source, wanted }: { surface: string; source: AuditSource; wanted: readonly string[] },
): Promise<Record<string, readonly string[]>> {
  const { journal, clock, reader } = deps;
  const key = `audit:services:${deps.organization}:${surface}`;
  const kept = await journal.recall(key);
  const known = isObject(kept) && isObject(kept['services']) ? (kept['services'] as Record<string, string[]>) : {};
  const age = isObject(kept) ? clock.now().getTime() - Date.parse(String(kept['at'])) : Number.POSITIVE_INFINITY;
  const lacks = wanted.some((type) => known[type] === undefined || (known[type].length === 0 && age > againMs));
  if (!lacks && age < dayMs) return known;
  const asked = [...new Set([...wanted, ...Object.keys(known)])];
  const told = await source.services(reader, asked);
  const services = Object.fromEntries(asked.map((type) => [type, [...(told.get(type) ?? [])]]));
  await remember(deps, key, { at: clock.now().toISOString(), services });
  return services;
}
