import { isObject, type Json, type JsonObject } from '../../../model/json.ts';
import { getAt, type Pointer } from '../../../model/pointer.ts';
import type { ProblemCode } from '../../../model/problem.ts';

/** Something that breaks a rule, at a place within the `spec`. */
export interface Finding {
  code: ProblemCode;
  message: string;
  at: Pointer;
}

/** A rule: what of a `spec` breaks it, one after the other. The spec need not fit its schema. */
export type Rule = (spec: JsonObject) => Iterable<Finding>;

/** The value at a place; a cleared one (null) counts as absent. */
export function valueAt(spec: JsonObject, pointer: Pointer): Json | undefined {
  return getAt(spec, pointer) ?? undefined;
}

/** Where it stands whether visitors see a messenger at all. */
export const seenPlaces: readonly Pointer[] = ['/messenger/enabled', '/headlessMode/enabled'];

/** False for a messenger that is off, or that the page draws itself (headless): visitors see nothing of it. */
export function isSeen(spec: JsonObject): boolean {
  return valueAt(spec, '/messenger/enabled') !== false && valueAt(spec, '/headlessMode/enabled') !== true;
}

/** Whether the document manages a messenger that visitors see. */
export function showsMessenger(spec: JsonObject): boolean {
  return isObject(spec['messenger']) && isSeen(spec);
}

export interface Language {
  code: string;
  at: Pointer;
}

/** The languages that a document lists, none where it clears them; undefined where it does not manage them. */
export function languagesOf({ languages }: JsonObject): Language[] | undefined {
  if (languages === null) return [];
  if (!Array.isArray(languages)) return undefined;
  return languages.flatMap((code, i) => (typeof code === 'string' ? [{ code, at: `/languages/${i}` }] : []));
}

/** The schema takes no longer list of languages or texts. */
const mostListed = 100;

/** False where the languages or texts are too many to be judged one by one, of which the schema tells. */
export function isCountable({ languages, customI18nLabels: all }: JsonObject): boolean {
  const isShort = (list: Json | undefined): boolean => !Array.isArray(list) || list.length <= mostListed;
  if (!isShort(languages) || !isShort(all)) return false;
  return !Array.isArray(all) || all.every((texts) => !isObject(texts) || isShort(texts['localizedLabels']));
}

/** The texts of one language. */
export interface Texts {
  language: string;
  labels: { key: string; value: string; at: Pointer }[];
  at: Pointer;
}

/** The texts that a document gives, none where it clears them; undefined where it does not manage them. */
export function textsOf({ customI18nLabels: all }: JsonObject): Texts[] | undefined {
  if (all === null) return [];
  if (!Array.isArray(all)) return undefined;
  return all.flatMap((texts, i) => {
    const language = isObject(texts) ? texts['language'] : undefined;
    const list = isObject(texts) ? texts['localizedLabels'] : undefined;
    if (typeof language !== 'string') return [];
    const at = `/customI18nLabels/${i}`;
    const labels = (Array.isArray(list) ? list : []).flatMap((label, j) => {
      const { key, value } = isObject(label) ? label : {};
      if (typeof key !== 'string' || typeof value !== 'string') return [];
      return [{ key, value, at: `${at}/localizedLabels/${j}` }];
    });
    return [{ language, labels, at }];
  });
}

/** What one language has, from all its texts together; texts of which nothing is seen do not count. */
export interface Said {
  keys: Set<string>;
  at: Pointer;
}

/** A character that is seen; braille's empty cell (U+2800) counts as a symbol to Unicode. */
const visible = /[^\s\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/u;

export function saidBy(texts: readonly Texts[]): Map<string, Said> {
  const said = new Map<string, Said>();
  for (const { language, labels, at } of texts) {
    const one = said.get(language) ?? { keys: new Set(), at: `${at}/language` };
    for (const { key, value } of labels) if (visible.test(value)) one.keys.add(key);
    said.set(language, one);
  }
  return said;
}

/** A text of a document as a message shows it. */
export function shown(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
