import type { JsonObject } from '../../model/json.ts';
import { getAt } from '../../model/pointer.ts';
import { contrastOf, formatColor, leastContrast, measured, nearestPassing, parseColor, white } from '../color.ts';
import { computedRatio } from './body.ts';
import type { Finding } from './organizations.ts';

/** So far a claim may be from the computed value: people round to one decimal. */
const tolerance = 0.05;

/** The colours that text and its background have, where both are such. */
function colorsOf(spec: JsonObject) {
  const [primary, background] = ['primary', 'background'].map((name) => {
    const said = getAt(spec, `/theme/colors/${name}`);
    return said === undefined && name === 'background' ? white : parseColor(said);
  });
  return primary === undefined || background === undefined ? undefined : { primary, background };
}

/** Contrast below the level that the document itself states (AA where it states none). */
export function* contrast(spec: JsonObject): Generator<Finding> {
  const colors = colorsOf(spec);
  if (colors === undefined) return;
  const level = getAt(spec, '/accessibility/wcagLevel') === 'AAA' ? 'AAA' : 'AA';
  const { primary, background } = colors;
  const least = leastContrast[level];
  if (contrastOf(primary, background) >= least) return;
  const near = nearestPassing(primary, background, least);
  const better = near === undefined ? 'no shade of this colour would do' : `${formatColor(near)} would do`;
  const message = `${measured(primary, background)}; ${level} needs ${least}:1; ${better}`;
  yield { code: 'contrast-too-low', message, at: '/theme/colors/primary' };
}

/** A claim that the colours do not bear out. It is sent all the same: it is the document's, and its author may know better. */
export function* claim(spec: JsonObject): Generator<Finding> {
  const claimed = getAt(spec, '/accessibility/contrastRatio');
  const [computed, colors] = [computedRatio(spec), colorsOf(spec)];
  if (typeof claimed !== 'number' || computed === undefined || colors === undefined) return;
  if (Math.abs(claimed - contrastOf(colors.primary, colors.background)) <= tolerance) return;
  const message = `${measured(colors.primary, colors.background)}, and the document claims ${claimed}:1, which is what is sent; leave contrastRatio out, and ${computed} is`;
  yield { code: 'contrast-claim', message, at: '/accessibility/contrastRatio' };
}
