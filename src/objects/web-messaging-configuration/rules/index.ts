import type { RulesSpec } from '../../../model/generated.ts';
import type { Pointer } from '../../../model/pointer.ts';
import type { Problem } from '../../../model/problem.ts';
import { type Resource, resourceId } from '../../../model/resource.ts';
import type { Rules } from '../../../model/rules.ts';
import { greeting, greetingPlaces } from './greeting.ts';
import { ignoredAmong } from './ignored.ts';
import { labels, languages, push } from './languages.ts';
import { brand, brandPlaces, contrast, contrastPlaces } from './looks.ts';
import { pictures, uploads } from './media.ts';
import { isCountable, type Rule } from './spec.ts';

/** Findings of one rule that are told of one document; a document with more is told so. */
const most = 100;

/** What nobody can want, and what the repository or the target requires. The spec need not fit its schema. */
export function checkConfiguration(resource: Resource, rules: Rules): Problem[] {
  const { always, required, places } = sorted(rules);
  return [...broken(resource, [...always, ...required]), ...ignoredAmong(places.required, resource)];
}

/** What a person should look at: contrast and greeting, where nobody requires them, and what is ignored of these. */
export function adviseConfiguration(resource: Resource, rules: Rules): Problem[] {
  const { advised, places } = sorted(rules);
  const left = places.advised.filter((place) => !places.required.includes(place));
  return [...broken(resource, advised), ...ignoredAmong(left, resource)];
}

interface Sorted extends Record<'always' | 'required' | 'advised', Rule[]> {
  /** What the rules of brand and accessibility go by. */
  places: Record<'required' | 'advised', Pointer[]>;
}

/** All rules, by how much they count. */
function sorted(rules: Rules): Sorted {
  // It has gone through schemas/rules.schema.json.
  const demands = rules.spec as RulesSpec;
  const always: Rule[] = [...[languages, labels, push].map(ofTexts), uploads, pictures, (spec) => brand(spec, demands)];
  const [contrasts, greets] = [demands.contrast, demands.greeting].map(
    (one) => rules.required || one?.required === true,
  ) as [boolean, boolean];
  const judged: { rule: Rule; isRequired: boolean; places: readonly Pointer[] }[] = [
    { rule: (spec) => contrast(spec, demands, contrasts), isRequired: contrasts, places: contrastPlaces },
    {
      rule: ofTexts((spec) => greeting(spec, demands.greeting ?? {}, greets)),
      isRequired: greets,
      places: greetingPlaces,
    },
  ];
  const [required, advised] = [true, false].map((one) => judged.filter(({ isRequired }) => isRequired === one)) as [
    typeof judged,
    typeof judged,
  ];
  const branded = demands.colors === undefined ? [] : brandPlaces;
  return {
    always,
    required: required.map(({ rule }) => rule),
    advised: advised.map(({ rule }) => rule),
    places: {
      required: [...branded, ...required.flatMap(({ places }) => places)],
      advised: advised.flatMap(({ places }) => places),
    },
  };
}

/** A rule of languages and texts: it may compare each with each. */
function ofTexts(rule: Rule): Rule {
  return (spec) => (isCountable(spec) ? rule(spec) : []);
}

function broken(resource: Resource, rules: readonly Rule[]): Problem[] {
  const problems: Problem[] = [];
  const by = resourceId(resource);
  for (const rule of rules) {
    let count = 0;
    for (const { code, message, at } of rule(resource.spec)) {
      const isLast = ++count > most;
      const text = isLast ? `there are more of these, of which ${most} are told` : message;
      problems.push({ code, message: text, resource: by, pointer: `/spec${at}` });
      if (isLast) break;
    }
  }
  return problems;
}
