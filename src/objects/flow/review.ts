import type { Composed } from '../../model/compose.ts';
import type { Use } from '../../model/contracts.ts';
import type { JsonObject } from '../../model/json.ts';
import { keyParts } from '../../model/key.ts';
import { getAt } from '../../model/pointer.ts';
import type { Problem } from '../../model/problem.ts';
import { stepOf } from './compose.ts';
import { formatDuration, parseDuration } from './duration.ts';
import type { Call } from './model.ts';
import { outline } from './prepare.ts';

/**
 * A step of the flow gives up after its own timeout, whatever the data action's is: a shorter one means that a late answer
 * is never heard. Both are compared as they will be after this plan.
 */
export function review(
  wish: Composed,
  live: JsonObject | undefined,
  used: (use: Use) => JsonObject | undefined,
): Problem[] {
  const actions = wish.uses.filter(({ type }) => type === 'data-action');
  const secondsOf = ({ category, action }: Call): unknown => {
    const named = actions.filter(({ key }) => keyParts(key).at(-1) === action);
    // Its category is its integration's name unless somebody changed it.
    const use = named.find(({ key }) => keyParts(key)[0] === category) ?? named[0];
    return use === undefined ? undefined : getAt(used(use), '/config/timeoutSeconds');
  };
  const wished = new Map(
    wish.fields.flatMap((field) => {
      const step = stepOf(field.path);
      return step === undefined || !('value' in field) ? [] : [[step, { value: field.value, by: field.by }] as const];
    }),
  );
  const content = wish.fields.find(({ path }) => path === '/content');
  const text = getAt(content !== undefined && 'value' in content ? content.value : live?.['content'], '/text');
  if (typeof text !== 'string') return [];
  return outline(text, `the flow "${wish.name}"`).calls.flatMap((call): Problem[] => {
    const own = wished.get(call.key);
    // Of a flow that is somebody else's, only what we set is ours to judge.
    if (own === undefined) return [];
    const step = typeof own.value === 'string' ? parseDuration(own.value) : undefined;
    const action = secondsOf(call);
    if (step === undefined || typeof action !== 'number' || step >= action * 1000) return [];
    const message = `"${call.key}" of "${wish.name}" gives up after ${formatDuration(step)}, but the data action "${call.action}" may take ${action}s: a late answer is never heard`;
    return [{ code: 'timeout-shadowed', message, resource: own.by }];
  });
}
