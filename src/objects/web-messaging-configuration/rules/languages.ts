import type { JsonObject } from '../../../model/json.ts';
import { didYouMean } from '../../../model/suggest.ts';
import { type Finding, type Language, languagesOf, saidBy, shown, textsOf, valueAt } from './spec.ts';

const notifications = '/messenger/apps/conversations/notifications/enabled';
const pushTexts = ['PushNotificationTitle', 'PushNotificationBody'];

/**
 * Languages and their default. That both are "required if the messenger is enabled" is in the API's description of
 * `languages` and `defaultLanguage`.
 */
export function* languages(spec: JsonObject): Generator<Finding> {
  const listed = languagesOf(spec);
  const { defaultLanguage } = spec;
  if (valueAt(spec, '/messenger/enabled') === true) {
    const needs = (field: string, what: string): Finding => ({
      code: 'language-missing',
      message: `the messenger is enabled, so ${field} has to name ${what}`,
      at: spec[field] === undefined ? '/messenger/enabled' : `/${field}`,
    });
    if (spec['languages'] === undefined || listed?.length === 0) yield needs('languages', 'at least one language');
    if (defaultLanguage === undefined || defaultLanguage === null)
      yield needs('defaultLanguage', 'one of the languages');
  }
  if (typeof defaultLanguage !== 'string' || listed === undefined || listed.length === 0) return;
  if (listed.some(({ code }) => code === defaultLanguage)) return;
  const message = `the default language ${shown(defaultLanguage)} is ${noneOf(listed, defaultLanguage)}`;
  yield { code: 'default-language', message, at: '/defaultLanguage' };
}

/** Texts for languages that are not listed, and texts that are given twice. */
export function* labels(spec: JsonObject): Generator<Finding> {
  const listed = languagesOf(spec) ?? [];
  // Where none are listed, they are not managed, or their list is what has to be mended.
  const known = listed.length === 0 ? undefined : new Set(listed.map(({ code }) => code));
  const languagesSeen = new Set<string>();
  for (const { language, labels: texts, at } of textsOf(spec) ?? []) {
    if (languagesSeen.has(language)) {
      const message = `the texts of ${shown(language)} are given twice; put them together`;
      yield { code: 'label-twice', message, at: `${at}/language` };
    }
    languagesSeen.add(language);
    if (known?.has(language) === false) {
      const message = `${shown(language)} has texts, but is ${noneOf(listed, language)}`;
      yield { code: 'language-unknown', message, at: `${at}/language` };
    }
    const keys = new Set<string>();
    for (const { key, at: place } of texts) {
      if (keys.has(key)) {
        const message = `${shown(key)} is given twice for ${shown(language)}`;
        yield { code: 'label-twice', message, at: `${place}/key` };
      }
      keys.add(key);
    }
  }
}

/**
 * "When enabled, PushNotificationTitle and PushNotificationBody localization keys are required" (the API's description of
 * `notifications.enabled`). Of which languages it does not say; nobody wants a notification that is empty in one.
 */
export function* push(spec: JsonObject): Generator<Finding> {
  if (valueAt(spec, notifications) !== true) return;
  const texts = textsOf(spec) ?? [];
  const said = saidBy(texts);
  const listed = languagesOf(spec);
  const needed: Language[] =
    listed === undefined || listed.length === 0
      ? texts.map(({ language, at }) => ({ code: language, at: `${at}/language` }))
      : listed;
  const because = 'notifications are enabled, so';
  if (texts.length === 0 || needed.length === 0) {
    const message = `${because} every language needs the texts ${pushTexts.join(' and ')} in customI18nLabels`;
    yield { code: 'label-missing', message, at: notifications };
    return;
  }
  for (const { code, at } of needed) {
    const own = said.get(code);
    const missing = pushTexts.filter((key) => own?.keys.has(key) !== true);
    if (missing.length === 0) continue;
    const message = `${because} ${shown(code)} needs the text${missing.length > 1 ? 's' : ''} ${missing.join(' and ')}`;
    yield { code: 'label-missing', message, at: own?.at ?? at };
  }
}

/** The first of the languages are enough to see what was meant, and to look for the nearest word. */
function noneOf(listed: readonly Language[], word: string): string {
  const some = listed.slice(0, 20).map(({ code }) => shown(code));
  const more = listed.length > some.length ? ' and more' : '';
  return `none of the languages: ${some.join(', ')}${more}${didYouMean(word, some)}`;
}
