import type { Acceptance, Drifted } from '../../model/contracts.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import type { Resource } from '../../model/resource.ts';
import { fieldOf } from './live.ts';
import { selectorOf, selects } from './selector.ts';

/** The timeouts of a FlowStepTimeout's steps as they are live: one number for all steps that one of its entries means. */
export function acceptTimeouts(resource: Resource, { live, fields }: Drifted): Acceptance[] {
  const moved = new Set(fields.map(({ path }) => fieldOf(path)?.key));
  const steps = isObject(live['steps']) ? live['steps'] : {};
  const wanted = Array.isArray(resource.spec['steps']) ? resource.spec['steps'] : [];
  return wanted.flatMap((one, i): Acceptance[] => {
    const selector = isObject(one) ? selectorOf(one) : undefined;
    if (selector === undefined) return [];
    const meant = Object.entries(steps).filter((entry): entry is [string, JsonObject] => {
      return isObject(entry[1]) && selects(selector, entry[1]);
    });
    if (!meant.some(([key]) => moved.has(key))) return [];
    return [{ pointer: `/spec/steps/${i}/timeoutSeconds`, ...timeoutOf(meant) }];
  });
}

function timeoutOf(meant: readonly [string, JsonObject][]): { value: number } | { why: string } {
  const [first] = meant;
  const timeout = first?.[1]['timeout'];
  if (meant.some(([, step]) => step['timeout'] !== timeout)) {
    const all = meant.map(([key, step]) => `"${key}" ${JSON.stringify(step['timeout'])}`).join(', ');
    return {
      why: `not all the steps that it names have the same timeout any more: ${all}; give them names of their own`,
    };
  }
  if (Number.isInteger(timeout) && Number(timeout) >= 1) return { value: Number(timeout) };
  return { why: `"${first?.[0]}" has the timeout ${JSON.stringify(timeout)}, which a document cannot say` };
}
