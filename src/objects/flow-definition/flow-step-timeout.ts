import type { Allowance, Contributed, Field, Index, Kind } from '../../model/contracts.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import type { Problem } from '../../model/problem.ts';
import { type Resource, resourceId } from '../../model/resource.ts';
import type { Rules } from '../../model/rules.ts';
import { notThere } from '../not-there.ts';
import { acceptTimeouts } from './accept.ts';
import { selectorOf, selectorPath, selectorText } from './selector.ts';

/** The timeouts of data-action steps of one flow definition, and nothing else of it. */
export const flowStepTimeoutKind: Kind = {
  name: 'FlowStepTimeout',
  surface: 'tutorial',
  apiVersion: 'tutorial.genesys-gitops/v1',
  // As tutorial 2 asks for them.
  scopes: ['view:flow', 'admin:flow'],
  schema: 'flow-step-timeout.schema.json',
  object: 'flow-definition',
  owns: false,
  check,
  checksUnfit: true,
  wants: ({ spec }) => [{ type: 'flow-definition', id: String(spec['flowId']) }],
  contribute,
  toDocument: () => undefined,
  accept: acceptTimeouts,
};

/** Steps as they are written, each at its place; what is no map is for the schema to tell. */
export function stepsIn({ spec }: Resource): { step: JsonObject; at: string }[] {
  const steps = Array.isArray(spec['steps']) ? spec['steps'] : [];
  return steps.flatMap((step, i) => (isObject(step) ? [{ step, at: `/spec/steps/${i}` }] : []));
}

/** Where the contract says nothing else: seconds (tutorial 2). */
const usualLimit = 30;

function check(resource: Resource, _rules: Rules, allowed?: Allowance): Problem[] {
  const most = allowed?.stepTimeoutSeconds ?? usualLimit;
  const by = resourceId(resource);
  const steps = stepsIn(resource);
  const texts = steps.map(({ step }) => {
    const selector = selectorOf(step);
    return selector && selectorText(selector);
  });
  return steps.flatMap(({ step, at }, i): Problem[] => {
    const flaw = outOfRange(step['timeoutSeconds'], most);
    const first = texts[i] === undefined ? i : texts.indexOf(texts[i]);
    const said = { resource: by };
    return [
      ...(flaw === undefined
        ? []
        : [{ code: 'timeout-range' as const, message: flaw, pointer: `${at}/timeoutSeconds`, ...said }]),
      ...(first === i ? [] : [{ code: 'field-owned-twice' as const, message: sameStep(first), pointer: at, ...said }]),
    ];
  });
}

function sameStep(first: number): string {
  return `the same steps are meant as by spec.steps.${first}; a step has one timeout`;
}

/** The schema leaves the range to this, since the limit is the target's, and since it can say what to do instead. */
function outOfRange(seconds: unknown, most: number): string | undefined {
  if (!Number.isInteger(seconds)) return undefined;
  const range = `a data-action step waits 1 to ${most} seconds`;
  if (Number(seconds) < 1) return `${range}, and ${String(seconds)} is less; the nearest allowed value is 1`;
  if (Number(seconds) <= most) return undefined;
  return `${range}, and ${String(seconds)} is more; the nearest allowed value is ${most}. Longer work belongs into a Script step, or an External API step; where the contract allows more, \`stepTimeoutSeconds\` of the target says so`;
}

function contribute(resource: Resource, index: Index): Contributed {
  const by = resourceId(resource);
  const flowId = String(resource.spec['flowId']);
  const [flow] = index.find('flow-definition', flowId);
  if (flow === undefined) {
    const problem = notThere({ label: 'flow', id: flowId, where: 'Architect' }, { by, at: '/spec/flowId' });
    return { contributions: [], problems: [problem] };
  }
  const { type, key, name } = flow;
  const fields = stepsIn(resource).flatMap(({ step, at }): Field[] => {
    const selector = selectorOf(step);
    const value = step['timeoutSeconds'];
    if (selector === undefined || value === undefined) return [];
    return [{ path: selectorPath(selector, 'timeout', by), value, at }];
  });
  return { contributions: [{ by, owns: false, target: { type, key, id: flowId, name }, fields }], problems: [] };
}
