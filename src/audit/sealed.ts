import type { AuditRecord, PropertyChange } from '../model/audit.ts';
import { isObject, type Json, type JsonObject } from '../model/json.ts';
import { formatPointer, getAt, type Pointer, parsePointer, setAt } from '../model/pointer.ts';
import { isCredentialName, type Vault } from '../model/seal.ts';

/** Characters of a property's name and value that are kept: of a text in which nothing is secret any more. */
const longest = 200;
const masked = '(sensitive)';

/**
 * Genesys's audit log quotes values that are sensitive here: what is kept or shown of a record has them sealed. How it
 * names a property is published nowhere (UNCONFIRMED), so what cannot be told for certain under a sensitive map is hidden.
 */
export function sealed(record: AuditRecord, places: readonly Pointer[], vault: Vault): AuditRecord {
  const sensitive = places.map(sensitiveOf);
  const changes = record.changes.map(({ property, from, to }): PropertyChange => {
    const path = property.split(/[\s./[\]:"'=]+/).filter((part) => part !== '');
    const hide = (text: string): string => cut(hidden(text, path, { sensitive, vault }));
    return { property: cut(vault.redact(property)), from: from.map(hide), to: to.map(hide) };
  });
  return { ...record, changes, ...(record.name === undefined ? {} : { name: vault.redact(record.name) }) };
}

/** The last name on the way to a sensitive place, and how many further names (`*`) lead on from there. */
interface Sensitive {
  name: string;
  further: number;
}

interface Within {
  sensitive: readonly Sensitive[];
  vault: Vault;
}

function sensitiveOf(place: Pointer): Sensitive {
  const parts = parsePointer(place);
  const at = parts.findLastIndex((part) => part !== '*');
  return { name: parts[at] ?? '', further: parts.length - 1 - at };
}

function hidden(text: string, path: readonly string[], within: Within): string {
  const { sensitive, vault } = within;
  if (!/^\s*[[{]/.test(text)) return vault.redact(hiddenText(text, path, within));
  const value = parsed(text);
  if (value !== undefined) return vault.redact(JSON.stringify(hiddenIn(value, path, within)));
  // What is only a part cannot be looked into.
  const names = text.match(/(?<![\w-])[\w-]+(?="?\s*[:=])/g) ?? [];
  const isAny = [...path, ...names].some(
    (name) => isCredentialName(name) || sensitive.some((one) => isNamed(name, one)),
  );
  return isAny ? masked : vault.redact(text);
}

function hiddenIn(value: Json, path: readonly string[], within: Within): Json {
  if (typeof value === 'string') return hiddenText(value, path, within);
  if (placeOn(path, within) !== undefined && !(isObject(value) && mayHold(path, within)))
    return value === null || isEmpty(value) ? value : masked;
  if (Array.isArray(value)) return value.map((item, i) => hiddenIn(item, [...path, String(i)], within));
  if (!isObject(value)) return value;
  // `{"key": "Authorization", "value": "…"}` is the same as `{"Authorization": "…"}`.
  const named = ['key', 'name', 'header'].find((name) => typeof value[name] === 'string' && 'value' in value);
  const entries = Object.entries(value).map(([name, child]): [string, Json] => {
    if (name === named) return [name, child];
    const own = name === 'value' && named !== undefined ? String(value[named]) : name;
    return [name, hiddenIn(child, [...path, own], within)];
  });
  return Object.fromEntries(entries);
}

function hiddenText(text: string, path: readonly string[], within: Within): string {
  if (/^\s*(true|false)?\s*$/.test(text)) return text;
  const { vault } = within;
  const place = placeOn(path, within);
  const last = path.at(-1) ?? '';
  if (place === undefined) {
    // In a list of labels, `key` is the name of one.
    const isName = /^key$/i.test(last) && /^\d+$/.test(path.at(-2) ?? '');
    return isCredentialName(last) && !isName ? sealedAt(['headers', last], 1, text, vault) : known(text, vault);
  }
  const { rest, name, further } = place;
  const isAligned = rest.length === further && !rest.some((part) => /^\d+$/.test(part));
  return isAligned ? sealedAt([name, ...rest], further, text, vault) : masked;
}

/** A value that is a granted secret is sealed wherever it stands. */
function known(text: string, vault: Vault): string {
  return String(vault.seal({ text }, [])['text']);
}

/** As the vault seals it at a place that ends so. */
function sealedAt(at: readonly string[], further: number, text: string, vault: Vault): string {
  const pointer = formatPointer(at);
  const place = formatPointer(at.map((part, n) => (n < at.length - further ? part : '*')));
  const told = getAt(vault.seal(setAt({}, pointer, text) as JsonObject, [place]), pointer);
  return typeof told === 'string' ? told : masked;
}

/** On or below which sensitive place a path is, and by which names below it. */
function placeOn(
  path: readonly string[],
  { sensitive }: Within,
): (Sensitive & { rest: readonly string[] }) | undefined {
  for (const one of sensitive) {
    const at = path.findLastIndex((part) => isNamed(part, one));
    if (at >= 0) return { ...one, rest: path.slice(at + 1) };
  }
  return undefined;
}

/** Whether what stands there may be a map on the way to sensitive values. */
function mayHold(path: readonly string[], within: Within): boolean {
  const place = placeOn(path, within);
  return place !== undefined && place.rest.length < place.further;
}

/** `headers`, `Headers`, `header` and `requestHeaders` are one. */
function isNamed(part: string, { name }: Sensitive): boolean {
  const one = name.toLowerCase().replace(/s$/, '');
  return one !== '' && part.toLowerCase().replace(/s$/, '').endsWith(one);
}

const isEmpty = (value: Json): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

function parsed(text: string): Json | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value) || Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const cut = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text);
