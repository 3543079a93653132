import type { Acceptance, Drifted } from '../../../model/contracts.ts';
import { isObject, type JsonObject } from '../../../model/json.ts';
import { getAt } from '../../../model/pointer.ts';
import type { Resource } from '../../../model/resource.ts';
import { stepOf } from '../compose.ts';
import type { Call } from '../model.ts';
import { outline } from '../prepare.ts';
import { durationFlaw } from '../yaml/duration.ts';

/** The timeouts of a FlowTimeout's steps as they are live, and the flow's name where it has another one now. */
export function acceptTimeouts(resource: Resource, drift: Drifted): Acceptance[] {
  const { spec } = resource;
  const { name } = drift.live;
  const renamed: Acceptance[] =
    typeof name === 'string' && name !== getAt(spec, '/flow/name') ? [{ pointer: '/spec/flow/name', value: name }] : [];
  const moved = drift.fields.map(({ path }) => stepOf(path)).filter((key) => key !== undefined);
  if (moved.length === 0) return renamed;
  const text = getAt(drift.live, '/content/text');
  if (typeof text !== 'string')
    return [{ pointer: '/spec/flow', why: 'the flow is no longer published, so it has no timeouts' }];
  const { calls } = outline(text, `the flow "${String(name)}"`);
  const steps = (Array.isArray(spec['steps']) ? spec['steps'] : []).filter(isObject);
  const known = new Set(calls.map(({ key }) => key));
  const gone = moved
    .filter((key) => !known.has(key))
    .map((key): Acceptance => {
      return {
        pointer: '/spec/steps',
        why: `the flow has no step "${key}" any more; take what names it out of spec.steps`,
      };
    });
  const wishes = calls.filter(({ key }) => moved.includes(key));
  const found = steps.flatMap((step, i) => ofStep(step, i, { steps, calls, wishes }));
  return [...renamed, ...gone, ...together(steps, found)];
}

/** A step that is named from now on is one more in the list: then the list is said as a whole. */
function together(steps: readonly JsonObject[], found: readonly Found[]): Acceptance[] {
  const fresh = found.flatMap((one) => ('fresh' in one ? [one.fresh] : []));
  const rest = found.flatMap((one) => ('fresh' in one ? [] : [one]));
  if (fresh.length === 0) return rest;
  const now = steps.map((step, i) => {
    const own = rest.find(({ pointer }) => pointer === timeoutOf(i));
    return own !== undefined && 'value' in own ? { ...step, timeout: own.value } : step;
  });
  return [{ pointer: '/spec/steps', value: [...now, ...fresh] }, ...rest.filter((one) => 'why' in one)];
}

function timeoutOf(i: number): string {
  return `/spec/steps/${i}/timeout`;
}

type Found = Acceptance | { fresh: JsonObject };

interface Steps {
  steps: readonly JsonObject[];
  calls: readonly Call[];
  /** Those that moved. */
  wishes: readonly Call[];
}

function ofStep(step: JsonObject, i: number, { steps, calls, wishes }: Steps): Found[] {
  const governed = calls.filter((call) => deciding(steps, call) === step);
  const own = governed.filter((call) => wishes.includes(call));
  if (own.length === 0) return [];
  const pointer = timeoutOf(i);
  const flaw = own.map((call) => [call, flawOf(call)] as const).find(([, why]) => why !== undefined);
  if (flaw !== undefined) return [{ pointer, why: `"${flaw[0].title}" ${flaw[1]}, which a FlowTimeout cannot say` }];
  const [first] = own;
  if (governed.every(({ timeout }) => timeout === first!.timeout)) return [{ pointer, value: first!.timeout! }];
  const isByName = typeof step['step'] === 'string';
  const alone = own.filter(
    (call) => call.named && calls.filter(({ named, label }) => named && label === call.label).length === 1,
  );
  if (isByName || alone.length < own.length) {
    const said = own.map((call) => `"${call.title}" ${call.timeout}`).join(', ');
    return [
      { pointer, why: `not all the steps that it names have the same timeout any more: ${said}; name them one by one` },
    ];
  }
  // A step that is named goes before "every step that calls it".
  return alone.map((call) => ({ fresh: { step: call.label, timeout: call.timeout! } }));
}

/** Of the steps of the document the one that counts for a call. */
function deciding(steps: readonly JsonObject[], call: Call): JsonObject | undefined {
  const named = steps.find((step) => call.named && step['step'] === call.label);
  return (
    named ??
    steps.find(({ dataAction }) => {
      return isObject(dataAction) && dataAction['category'] === call.category && dataAction['name'] === call.action;
    })
  );
}

function flawOf({ timeout }: Call): string | undefined {
  if (timeout === undefined) return 'has no timeout any more';
  if (timeout.startsWith('= ')) return `has the expression "${timeout.slice(2)}"`;
  return durationFlaw(timeout) === undefined ? undefined : `has the timeout ${timeout}`;
}
