import { isEmpty, isObject, type Json, type JsonObject, stable } from '../../model/json.ts';
import { matches, type Pointer } from '../../model/pointer.ts';

/** Lists whose order means nothing (`x-set` in the schema). */
export const sets: readonly Pointer[] = [
  '/languages',
  '/messenger/fileUpload/modes/*/fileTypes',
  '/cobrowse/maskSelectors',
  '/cobrowse/channels',
  '/cobrowse/readonlySelectors',
  '/journeyEvents/excludedQueryParameters',
  '/journeyEvents/searchQueryParameters',
  '/journeyEvents/trackingSettings/excludedQueryParameters',
  '/journeyEvents/trackingSettings/searchQueryParameters',
  '/video/channels',
];

/** Lists whose items go by one of their fields (`x-merge-key` in the schema). */
export const keyed: Readonly<Record<Pointer, string>> = {
  '/customI18nLabels': 'language',
  '/customI18nLabels/*/localizedLabels': 'key',
  '/supportCenter/labelFilter/labels': 'id',
};

/** Texts in which capitals mean nothing: language codes, and colours in hexadecimal. */
export const caseless: readonly Pointer[] = [
  '/defaultLanguage',
  '/languages/*',
  '/customI18nLabels/*/language',
  '/messenger/styles/primaryColor',
  '/supportCenter/styleSetting/heroStyle/backgroundColor',
  '/supportCenter/styleSetting/heroStyle/textColor',
  '/supportCenter/styleSetting/globalStyle/backgroundColor',
  '/supportCenter/styleSetting/globalStyle/primaryColor',
  '/supportCenter/styleSetting/globalStyle/primaryColorDark',
  '/supportCenter/styleSetting/globalStyle/primaryColorLight',
  '/supportCenter/styleSetting/globalStyle/textColor',
];

/** Fields of a list's items with a published default (spec `FileUploadMode`): absent is the same as that. */
const defaults: Readonly<Record<Pointer, JsonObject>> = {
  '/messenger/fileUpload/modes/*': { maxFileSizeKB: 10_240 },
};

/**
 * The one form in which wishes and live objects are compared: lists that are sets or go by a key are in order, codes and
 * colours in small letters, and published defaults within lists are spelt out. Idempotent.
 */
export function canonical(value: JsonObject): JsonObject {
  return formed(value, []) as JsonObject;
}

/** The same for a part of a content that stands at this place; `*` is any item of a list. */
export function canonicalAt(value: Json, at: readonly string[]): Json {
  return formed(value, at);
}

/** Whether the order of a list at this place means nothing. */
export function isSetAt(at: readonly string[]): boolean {
  return isAt(sets, at);
}

/** The field by which the items of a list at this place go, where they go by one. */
export function keyAt(at: readonly string[]): string | undefined {
  return Object.entries(keyed).find(([pattern]) => matches(pattern, at))?.[1];
}

function formed(value: Json, at: readonly string[]): Json {
  if (typeof value === 'string') return isAt(caseless, at) ? value.toLowerCase() : value;
  if (isObject(value)) {
    const children = Object.entries(value).map(([name, child]) => [name, formed(child, [...at, name])]);
    return { ...defaultsAt(at), ...Object.fromEntries(children) };
  }
  if (!Array.isArray(value)) return value;
  const items = value.map((item) => formed(item, [...at, '*']));
  if (isAt(sets, at)) return [...new Set(items)].sort(ascending);
  const key = keyAt(at);
  if (key === undefined) return items;
  return items.sort((a, b) => ascending(keyIn(a, key), keyIn(b, key)));
}

function defaultsAt(at: readonly string[]): JsonObject {
  return Object.entries(defaults).find(([pattern]) => matches(pattern, at))?.[1] ?? {};
}

function isAt(patterns: readonly Pointer[], at: readonly string[]): boolean {
  return patterns.some((pattern) => matches(pattern, at));
}

function keyIn(item: Json, key: string): Json {
  return isObject(item) ? (item[key] ?? null) : null;
}

/** By text; an object by its JSON, since it may have a `toString` of its own. */
function ascending(a: Json, b: Json): number {
  const [left, right] = [a, b].map((value) => (typeof value === 'object' ? stable(value) : String(value))) as [
    string,
    string,
  ];
  return left < right ? -1 : Number(left > right);
}

/** Without what is nothing, at any depth: two contents that differ only there are the same to Genesys. */
export function withoutNothing(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNothing);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).map(([name, child]) => [name, withoutNothing(child)] as const);
  return Object.fromEntries(kept.filter(([, child]) => !isEmpty(child)));
}
