import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { yamlTypeOf } from './types.ts';

/** The type as Architect's YAML calls it; a type that is not known here keeps Genesys's word. */
export function typeOf(flow: JsonObject): string {
  const type = String(flow['type'] ?? '');
  return yamlTypeOf(type) ?? type;
}

/** The published version's id: another one for every publish, whoever published. */
export function publishedOf(flow: JsonObject): string | undefined {
  return versionIdOf(flow['publishedVersion']);
}

export function versionIdOf(version: Json | undefined): string | undefined {
  const id = isObject(version) ? version['id'] : undefined;
  return id === undefined || id === null ? undefined : String(id);
}

export function divisionOf(flow: JsonObject): string {
  const division = flow['division'];
  return isObject(division) ? String(division['name'] ?? '') : '';
}
