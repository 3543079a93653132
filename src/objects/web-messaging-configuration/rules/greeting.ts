import type { GreetingRules } from '../../../model/generated.ts';
import type { JsonObject } from '../../../model/json.ts';
import type { Pointer } from '../../../model/pointer.ts';
import {
  type Finding,
  isSeen,
  languagesOf,
  saidBy,
  seenPlaces,
  shown,
  showsMessenger,
  textsOf,
  valueAt,
} from './spec.ts';

/** What a visitor reads before the conversation begins. */
export const greetingTexts = ['MessengerHomeHeaderTitle', 'MessengerHomeHeaderSubTitle', 'MessengerLauncherButtonText'];

/** What the rule of greetings goes by. */
export const greetingPlaces: readonly Pointer[] = [...seenPlaces, '/languages', '/customI18nLabels'];

/**
 * Greeting texts: enough of them in each language that is listed, and none too long. A messenger that is off, or that the
 * page draws itself (headless), greets nobody. Where it is required, texts and languages have to be declared, or leaving
 * them out would be a way round it.
 */
export function* greeting(spec: JsonObject, rules: GreetingRules, isRequired: boolean): Generator<Finding> {
  if (!isSeen(spec)) return;
  const { minTexts = 1, maxLength = 150 } = rules;
  const texts = textsOf(spec);
  if (isRequired) yield* undeclared(spec, minTexts);
  if (texts === undefined) return;
  for (const { language, labels } of texts) {
    for (const { key, value, at } of labels) {
      // Code points are never more than code units, and nearly every text is far below.
      if (value.length <= maxLength || !greetingTexts.includes(key)) continue;
      const length = codePoints(value);
      if (length <= maxLength) continue;
      const message = `${key} of ${shown(language)} has ${length} characters (code points); at most ${maxLength} are allowed`;
      yield { code: 'greeting', message, at: `${at}/value` };
    }
  }
  const said = saidBy(texts);
  // Without a list, those that have texts are known to be there.
  const known = isRequired ? [...said].map(([code, { at }]) => ({ code, at })) : [];
  for (const { code, at } of languagesOf(spec) ?? known) {
    const own = said.get(code);
    const missing = greetingTexts.filter((key) => own?.keys.has(key) !== true);
    const has = greetingTexts.length - missing.length;
    if (has >= minTexts) continue;
    const message =
      has === 0
        ? `${shown(code)} has no greeting text: give it ${needed(minTexts)} of ${missing.join(', ')}`
        : `${shown(code)} has ${has} of the ${minTexts} greeting texts that the rules ask for: add ${missing.join(' or ')}`;
    yield { code: 'greeting', message, at: own?.at ?? at };
  }
}

/** What a greeting is judged by, and the document does not say. */
function* undeclared(spec: JsonObject, minTexts: number): Generator<Finding> {
  const languages = languagesOf(spec);
  const shows = showsMessenger(spec);
  // Of one that is enabled, another rule says it.
  if (shows && languages === undefined && valueAt(spec, '/messenger/enabled') !== true) {
    const message = 'languages are not declared, and a greeting in each is required; list them';
    yield { code: 'greeting', message, at: '/languages' };
  }
  if (textsOf(spec) !== undefined || !(shows || (languages ?? []).length > 0)) return;
  const message = `customI18nLabels are not declared, and greetings are required; give each language ${needed(minTexts)} of ${greetingTexts.join(', ')}`;
  yield { code: 'greeting', message, at: '/customI18nLabels' };
}

function needed(minTexts: number): string {
  return minTexts === 1 ? 'one to three' : `at least ${minTexts}`;
}

function codePoints(text: string): number {
  let count = 0;
  for (const _character of text) count++;
  return count;
}
