import type { Contributed, Field, Index } from '../model/contracts.ts';
import { Failure } from '../model/failure.ts';
import type { Reader } from '../model/http.ts';
import { isObject, type Json } from '../model/json.ts';
import { type Resource, resourceId } from '../model/resource.ts';
import { didYouMean } from '../model/suggest.ts';
import { lookUp } from './lookup.ts';

export const divisionsPath = '/api/v2/authorization/divisions';

/** The division that a document wishes, where it names one; a problem where there is none of that name. */
export function divisionWish(resource: Resource, index: Index): { fields: Field[]; problems: Contributed['problems'] } {
  const { division } = resource.spec;
  if (typeof division !== 'string') return { fields: [], problems: [] };
  const found = lookUp(division, index, {
    type: 'division',
    label: 'division',
    resource: resourceId(resource),
    pointer: '/spec/division',
    notFound: 'division-not-found',
    advice: 'make it in the admin pages first',
  });
  return 'problem' in found
    ? { fields: [], problems: [found.problem] }
    : { fields: [{ path: '/division', value: found.entry.name }], problems: [] };
}

/** Divisions are asked for only where one is named. */
export function divisionLookUp({ spec }: Resource): string[] {
  return spec['division'] === undefined ? [] : ['division'];
}

/** As documents call a division: by its name. A server that tells only its id is taken at that. */
export function divisionLabel(division: Json | undefined): string | undefined {
  const label = isObject(division) ? (division['name'] ?? division['id']) : division;
  return typeof label === 'string' && label !== '' ? label : undefined;
}

/** @throws Failure `ReferenceNotFound`; `BadAnswer` where it is listed without an id */
export async function divisionId(reader: Reader, name: string): Promise<string> {
  const divisions = await reader.list({ path: divisionsPath });
  const found = divisions.find((division) => division['name'] === name);
  if (typeof found?.['id'] === 'string') return found['id'];
  if (found !== undefined) throw new Failure('BadAnswer', `Genesys listed the division "${name}" without an id`);
  const names = divisions.map((division) => String(division['name']));
  throw new Failure('ReferenceNotFound', `no division "${name}" is there${didYouMean(name, names)}`);
}
