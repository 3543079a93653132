import type { AuditRecord, PropertyChange } from '../model/audit.ts';
import { isObject, type Json, type JsonObject } from '../model/json.ts';
import { formatPointer, getAt, type Pointer, parsePointer, setAt } from '../model/pointer.ts';
import type { Vault } from '../model/seal.ts';

/** Genesys's audit log quotes values that are sensitive here: what is kept or shown of a record has them sealed. */
export function sealed(record: AuditRecord, places: readonly Pointer[], vault: Vault): AuditRecord {
  const changes = record.changes.map(({ property, from, to }): PropertyChange => {
    const hide = (text: string): string => hidden({ property, text }, places, vault);
    return { property, from: from.map(hide), to: to.map(hide) };
  });
  return { ...record, changes };
}

const masked = '(sensitive)';

function hidden(
  { property, text }: { property: string; text: string },
  places: readonly Pointer[],
  vault: Vault,
): string {
  const path = property.split(/[./]/).filter((part) => part !== '');
  const aligned = places.map((place) => alignedWith(parsePointer(place), path)).find((at) => at !== undefined) ?? path;
  const isWhole = /^\s*[[{]/.test(text);
  const value = isWhole ? parsed(text) : text;
  // What was cut cannot be looked into.
  if (value === undefined) return places.some((place) => text.includes(nameIn(place))) ? masked : vault.redact(text);
  const at = formatPointer(aligned);
  const holder: JsonObject = at === '' ? { value } : setAt({}, at, value);
  const told = getAt(vault.seal(holder, places), at === '' ? '/value' : at);
  return vault.redact(typeof told === 'string' ? told : JSON.stringify(told ?? null));
}

/** The whole path, where a property's own begins somewhere on the way to a sensitive place: `headers.Authorization`. */
function alignedWith(place: string[], path: string[]): string[] | undefined {
  for (let start = 0; start < place.length; start++) {
    const rest = place.slice(start);
    const isOn =
      path.length > 0 &&
      path.every((part, n) => rest[n] === undefined || rest[n] === '*' || rest[n].toLowerCase() === part.toLowerCase());
    if (isOn && rest[0] !== '*')
      return [
        ...place.slice(0, start),
        ...path.map((part, n) => (rest[n] === undefined || rest[n] === '*' ? part : rest[n])),
      ];
  }
  return undefined;
}

/** The last name on the way to a sensitive place. */
function nameIn(place: Pointer): string {
  return parsePointer(place).findLast((part) => part !== '*') ?? '';
}

function parsed(text: string): Json | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value) || Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
