import type { GreetingRules } from '../../../model/generated.ts';
import type { JsonObject } from '../../../model/json.ts';
import { type Finding, languagesOf, saidBy, shown, textsOf, valueAt } from './spec.ts';

/** What a visitor reads before the conversation begins. */
export const greetingTexts = ['MessengerHomeHeaderTitle', 'MessengerHomeHeaderSubTitle', 'MessengerLauncherButtonText'];

/**
 * Greeting texts: enough of them in each language that is listed, and none too long. A messenger that is off, or that the
 * page draws itself (headless), greets nobody.
 */
export function* greeting(spec: JsonObject, { minTexts = 1, maxLength = 150 }: GreetingRules): Generator<Finding> {
  if (valueAt(spec, '/messenger/enabled') === false || valueAt(spec, '/headlessMode/enabled') === true) return;
  const texts = textsOf(spec);
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
  for (const { code, at } of languagesOf(spec) ?? []) {
    const own = said.get(code);
    const missing = greetingTexts.filter((key) => own?.keys.has(key) !== true);
    const has = greetingTexts.length - missing.length;
    if (has >= minTexts) continue;
    const needs = minTexts === 1 ? 'one to three' : `at least ${minTexts}`;
    const message =
      has === 0
        ? `${shown(code)} has no greeting text: give it ${needs} of ${missing.join(', ')}`
        : `${shown(code)} has ${has} of the ${minTexts} greeting texts that the rules ask for: add ${missing.join(' or ')}`;
    yield { code: 'greeting', message, at: own?.at ?? at };
  }
}

function codePoints(text: string): number {
  let count = 0;
  for (const _character of text) count++;
  return count;
}
