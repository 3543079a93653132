import type { RulesSpec } from '../../../model/generated.ts';
import type { Problem } from '../../../model/problem.ts';
import { type Resource, resourceId } from '../../../model/resource.ts';
import type { Rules } from '../../../model/rules.ts';
import { greeting } from './greeting.ts';
import { labels, languages, push } from './languages.ts';
import { brand, contrast } from './looks.ts';
import { pictures, uploads } from './media.ts';
import { isCountable, type Rule } from './spec.ts';

/** Findings of one rule that are told of one document; a document with more is told so. */
const most = 100;

/** What nobody can want, and what the repository or the target requires. The spec need not fit its schema. */
export function checkConfiguration(resource: Resource, rules: Rules): Problem[] {
  const { always, required } = sorted(rules);
  return broken(resource, [...always, ...required]);
}

/** What a person should look at: contrast and greeting, where nobody requires them. */
export function adviseConfiguration(resource: Resource, rules: Rules): Problem[] {
  return broken(resource, sorted(rules).advised);
}

/** All rules, by how much they count. */
function sorted(rules: Rules): Record<'always' | 'required' | 'advised', Rule[]> {
  // It has gone through schemas/rules.schema.json.
  const demands = rules.spec as RulesSpec;
  const always: Rule[] = [...[languages, labels, push].map(ofTexts), uploads, pictures, (spec) => brand(spec, demands)];
  const [contrasts, greets] = [demands.contrast, demands.greeting].map(
    (one) => rules.required || one?.required === true,
  ) as [boolean, boolean];
  const judged: [Rule, boolean][] = [
    [(spec) => contrast(spec, demands, contrasts), contrasts],
    [ofTexts((spec) => greeting(spec, demands.greeting ?? {}, greets)), greets],
  ];
  return {
    always,
    required: judged.filter(([, isRequired]) => isRequired).map(([rule]) => rule),
    advised: judged.filter(([, isRequired]) => !isRequired).map(([rule]) => rule),
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
