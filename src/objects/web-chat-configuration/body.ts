import { equal, isObject, type Json, type JsonObject, stable } from '../../model/json.ts';
import { getAt, type Pointer, setAt } from '../../model/pointer.ts';
import { contrastOf, flooredRatio, parseColor } from '../color.ts';

/** One field of the body, and where a document says it. */
export interface Place {
  /** Of the body: `/widget/theme/colors/primary`. */
  path: Pointer;
  /** Of the document's `spec`. */
  at: Pointer;
  /** What is sent where the document does not say it; the tutorial's builder does the same. */
  otherwise?: Json;
  /** From the document's form to the body's, and back; undefined where a document cannot say it. */
  toBody?(value: Json): Json;
  toSpec?(value: Json): Json | undefined;
}

export const ratioPath = '/widget/accessibility/contrastRatio';
export const rulesPath = '/availability/rules';
const audiencesPath = '/features/audiences';

/** Every field of the tutorial's body, in its order. */
export const places: readonly Place[] = [
  { path: '/widget/theme/colors/primary', at: '/theme/colors/primary' },
  { path: '/widget/theme/colors/background', at: '/theme/colors/background', otherwise: '#FFFFFF' },
  {
    path: '/widget/theme/typography/fontSize',
    at: '/theme/typography/fontSize',
    otherwise: 16,
    toBody: (px) => `${String(px)}px`,
    toSpec: pixels,
  },
  {
    path: '/widget/theme/typography/fontFamily',
    at: '/theme/typography/fontFamily',
    otherwise: 'Inter, sans-serif',
  },
  { path: '/widget/accessibility/wcagLevel', at: '/accessibility/wcagLevel', otherwise: 'AA' },
  { path: ratioPath, at: '/accessibility/contrastRatio' },
  { path: '/widget/accessibility/ariaLiveRegion', at: '/accessibility/ariaLiveRegion', otherwise: 'polite' },
  { path: '/greetings/enabled', at: '/greetings/enabled', otherwise: true },
  { path: '/greetings/messages', at: '/greetings/messages' },
  { path: '/greetings/delayMs', at: '/greetings/delayMs', otherwise: 2000 },
  { path: '/availability/schedule', at: '/availability/schedule', otherwise: 'custom' },
  { path: rulesPath, at: '/availability/rules', otherwise: [] },
  { path: '/features/flags', at: '/features/flags', otherwise: {} },
  { path: audiencesPath, at: '/features/audiences', otherwise: [] },
  { path: '/features/dynamicRouting', at: '/features/dynamicRouting', otherwise: true },
];

/** The whole body that a document stands for, field by field: what it leaves out has the tutorial's value. */
export function bodyFields(spec: JsonObject): { path: Pointer; at: Pointer; value: Json }[] {
  return places.flatMap(({ path, at, otherwise, toBody }) => {
    const said = getAt(spec, at) ?? (path === ratioPath ? computedRatio(spec) : otherwise);
    return said === undefined ? [] : [{ path, at: `/spec${at}`, value: toBody?.(said) ?? said }];
  });
}

/** The contrast of a document's colours, in two decimals, never rounded up; undefined where one of them is none. */
export function computedRatio(spec: JsonObject): number | undefined {
  const [primary, background] = ['/theme/colors/primary', '/theme/colors/background'].map((at) =>
    parseColor(getAt(spec, at) ?? places.find((place) => place.at === at)?.otherwise),
  );
  return primary === undefined || background === undefined ? undefined : flooredRatio(contrastOf(primary, background));
}

/** What is compared of a configuration: the tutorial's fields, with its organisation and version. */
export function canonical(live: JsonObject): JsonObject {
  const { id, version } = live;
  const head = { ...(id === undefined ? {} : { id }), ...(version === undefined ? {} : { version }) };
  return places.reduce<JsonObject>((object, { path }) => {
    const value = getAt(live, path);
    if (value === undefined) return object;
    return setAt(object, path, path === rulesPath && Array.isArray(value) ? value.map(ruleOf) : value);
  }, head);
}

/** Written by the server alone. Everything else that is not ours goes back as it came. */
const readOnly = new Set(['id', 'version', 'dateModified', 'selfUri']);

/** What is sent: the wishes over what is live, in the tutorial's order where nothing is. A null wish leaves what is there. */
export function bodyOver(raw: JsonObject, wished: readonly { path: Pointer; value: Json }[]): JsonObject {
  const values = new Map(wished.map(({ path, value }) => [path, value]));
  const kept: JsonObject = Object.fromEntries(Object.entries(raw).filter(([name]) => !readOnly.has(name)));
  return places.reduce<JsonObject>((body, { path }) => {
    const value = values.get(path) ?? null;
    if (value === null) return body;
    return setAt(body, path, path === rulesPath ? asLive(value, getAt(raw, path)) : value);
  }, kept);
}

/** A rule that is live already may have more to it than is known here. */
function asLive(rules: Json, live: Json | undefined): Json {
  if (!Array.isArray(rules) || !Array.isArray(live)) return rules;
  return rules.map((rule) => live.find((one) => equal(ruleOf(one), rule)) ?? rule);
}

function ruleOf(rule: Json): Json {
  if (!isObject(rule)) return rule;
  const known = ['dayOfWeek', 'startTime', 'endTime'].filter((name) => rule[name] !== undefined);
  return Object.fromEntries(known.map((name) => [name, rule[name]!]));
}

function pixels(size: Json): number | undefined {
  const [, px] = /^(\d+)px$/.exec(String(size)) ?? [];
  return px === undefined ? undefined : Number(px);
}

/**
 * Whether two values that are not equal say the same: hours and audiences in another order, or a colour in small letters or with
 * six digits for three. They are sent in the document's own order, by which an answer may name one of them.
 */
export function isSame(path: Pointer, wanted: Json, live: Json | undefined): boolean {
  if (path === rulesPath || path === audiencesPath) {
    if (!Array.isArray(wanted) || !Array.isArray(live)) return false;
    const [a, b] = [wanted, live].map((list) => [...new Set(list.map(stable))].sort());
    return equal(a, b);
  }
  if (!path.startsWith('/widget/theme/colors/')) return false;
  const [a, b] = [parseColor(wanted), parseColor(live)];
  return a !== undefined && b !== undefined && equal([...a], [...b]);
}
