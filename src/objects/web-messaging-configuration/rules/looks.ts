import type { RulesSpec } from '../../../model/generated.ts';
import type { JsonObject } from '../../../model/json.ts';
import type { Pointer } from '../../../model/pointer.ts';
import {
  type Color,
  contrastOf,
  formatColor,
  type Level,
  leastContrast,
  measured,
  nearestOf,
  nearestPassing,
  parseColor,
  parseColors,
  white,
} from '../../color.ts';
import { type Finding, seenPlaces, showsMessenger, valueAt } from './spec.ts';

const theme = '/messenger/styles/primaryColor';
const style = '/supportCenter/styleSetting';

const parts = [
  ['heroStyle', "the support center's hero text"],
  ['globalStyle', "the support center's text"],
] as const;

/** What the rule of the brand's colours goes by. */
export const brandPlaces: readonly Pointer[] = [...seenPlaces, theme];

/** What the rule of contrast goes by. */
export const contrastPlaces: readonly Pointer[] = [
  ...brandPlaces,
  ...parts.flatMap(([part]) => ['textColor', 'backgroundColor'].map((one) => `${style}/${part}/${one}`)),
];

/** The theme colour is one of the brand's, where rules.yaml lists them; leaving it out is no way round them. */
export function* brand(spec: JsonObject, rules: RulesSpec): Generator<Finding> {
  if (rules.colors !== undefined && isUndeclared(spec)) {
    const message = `${undeclared}, and rules.yaml says which colours there are; give it one of them`;
    yield { code: 'brand-color', message, at: theme };
  }
  const color = parseColor(valueAt(spec, theme));
  if (color === undefined || rules.colors === undefined) return;
  const allowed = parseColors(rules.colors);
  const near = nearestOf(color, allowed);
  if (near === undefined || formatColor(near) === formatColor(color)) return;
  const message = `${formatColor(color)} is none of the colours that rules.yaml allows; the nearest is ${formatColor(near)}`;
  yield { code: 'brand-color', message, at: theme };
}

const undeclared = 'messenger.styles.primaryColor is not declared';

/** Whether a messenger has whatever theme colour is there. */
function isUndeclared(spec: JsonObject): boolean {
  return showsMessenger(spec) && valueAt(spec, theme) === undefined;
}

/**
 * Contrast of the theme colour and of the support center's texts, where the document declares both sides. Which colours the
 * messenger puts on and behind the theme colour no document of Genesys says, nor that anybody could choose them: both are
 * taken for white (UNCONFIRMED), and no repository may say otherwise, or it could take back what a target requires. Where
 * it is required, the theme colour has to be declared, or leaving it out would be a way round it.
 */
export function* contrast(spec: JsonObject, rules: RulesSpec, isRequired: boolean): Generator<Finding> {
  // The brand's rule says it already.
  if (isRequired && rules.colors === undefined && isUndeclared(spec)) {
    const message = `${undeclared}, and its contrast is required; give the messenger a colour`;
    yield { code: 'contrast-too-low', message, at: theme };
  }
  const level = rules.contrast?.level ?? 'AA';
  const color = parseColor(valueAt(spec, theme));
  if (color !== undefined && contrastOf(color, white) < leastContrast[level]) {
    const what = `${measured(color, white)} (the text on it and the background behind it)`;
    yield tooLow(what, level, suggestion(color, white, level, rules.colors), theme);
  }
  for (const [part, name] of parts) {
    const at = `${style}/${part}/textColor`;
    const text = parseColor(valueAt(spec, at));
    const background = parseColor(valueAt(spec, `${style}/${part}/backgroundColor`));
    if (text === undefined || background === undefined) continue;
    if (contrastOf(text, background) >= leastContrast[level]) continue;
    yield tooLow(`${name}: ${measured(text, background)}`, level, suggestion(text, background, level), at);
  }
}

function tooLow(what: string, level: Level, better: string, at: string): Finding {
  return { code: 'contrast-too-low', message: `${what}; ${level} needs ${leastContrast[level]}:1; ${better}`, at };
}

/** What would do: one of the brand's colours where there are such, else a shade of the same colour. */
function suggestion(color: Color, other: Color, level: Level, brand?: string[]): string {
  if (brand === undefined) {
    const near = nearestPassing(color, other, leastContrast[level]);
    return near === undefined ? 'no shade of this colour would do' : `${formatColor(near)} would do`;
  }
  const passing = parseColors(brand).filter((one) => contrastOf(one, other) >= leastContrast[level]);
  const near = nearestOf(color, passing);
  return near === undefined
    ? 'none of the colours that rules.yaml allows would do'
    : `of the colours that rules.yaml allows, ${formatColor(near)} would do`;
}
