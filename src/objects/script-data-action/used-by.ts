import type { Acceptance, Contribution, Drifted, Field, Index } from '../../model/contracts.ts';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { keyOf } from '../../model/key.ts';
import { formatPointer, type Pointer, parsePointer } from '../../model/pointer.ts';
import type { Problem, ProblemCode } from '../../model/problem.ts';
import { type Resource, resourceId } from '../../model/resource.ts';
import { didYouMean } from '../../model/suggest.ts';
import { notThere } from '../not-there.ts';
import { namesOf, type SlotList, slotLists, slotsOf } from './spec.ts';

/** The type of the objects in which steps call an action; of another folder, so known here by its name alone. */
export const flowType = 'flow-definition';

interface Use {
  flowId: string;
  step: string;
  mapped: { which: SlotList; map: JsonObject }[];
  at: Pointer;
}

export function usesOf({ spec }: Resource): Use[] {
  const written = Array.isArray(spec['usedBy']) ? spec['usedBy'] : [];
  return written.filter(isObject).map((use, i) => ({
    flowId: String(use['flowId']),
    step: String(use['step']),
    mapped: slotLists.flatMap((which) => {
      const map = use[which];
      return isObject(map) ? [{ which, map }] : [];
    }),
    at: `/spec/usedBy/${i}`,
  }));
}

/** What the steps are wished to call, and with what: one contribution for each flow. */
export function contributeUses(
  resource: Resource,
  name: string,
  index: Index,
): { contributions: Contribution[]; problems: Problem[] } {
  const by = resourceId(resource);
  const uses = usesOf(resource);
  const problems: Problem[] = [];
  const contributions = [...Map.groupBy(uses, ({ flowId }) => flowId)].flatMap(([flowId, ofFlow]): Contribution[] => {
    const found = index.find(flowType, flowId)[0];
    if (found === undefined) {
      const at = `${ofFlow[0]!.at}/flowId`;
      problems.push(notThere({ label: 'flow', id: flowId, where: 'Architect' }, { by, at }));
      return [];
    }
    const target = { type: flowType, key: flowId, id: flowId, name: found.name };
    return [{ by, owns: false, target, fields: ofFlow.flatMap((use) => fieldsOf(use, name, by)) }];
  });
  return { contributions, problems };
}

/** The resource stands in the path, since two may meet at one selector: the step tells them then. */
function fieldsOf({ step, mapped, at }: Use, name: string, by: string): Field[] {
  const selector = `name:${step}`;
  const path = (what: string): Pointer => formatPointer(['select', selector, what, by]);
  return [
    {
      path: path('actionId'),
      at: `${at}/step`,
      ref: { type: 'script-data-action', key: keyOf(name) },
      attribute: 'id',
    },
    ...mapped.map(({ which, map }): Field => ({ path: path(which), at: `${at}/step`, value: map })),
  ];
}

/** `{{User.ID}}`: a variable of a flow, in its group. */
const flowVariable = /^\{\{\s*[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+\s*\}\}$/;

/** What can be told of the maps without an organisation, both ways. */
export function checkUses(resource: Resource): Problem[] {
  const by = resourceId(resource);
  const names = Object.fromEntries(slotLists.map((which) => [which, namesOf(resource.spec[which], which)]));
  const needed = (slotsOf(resource.spec['inputs'], 'inputs') ?? []).filter(({ required }) => required === true);
  const uses = usesOf(resource);
  const problem = (pointer: Pointer, message: string, code: ProblemCode = 'step-mapping'): Problem => ({
    code,
    message,
    resource: by,
    pointer,
  });
  return uses.flatMap(({ flowId, step, mapped, at }, i): Problem[] => {
    const isTwice = uses.slice(0, i).some((other) => other.flowId === flowId && other.step === step);
    const twice = `the step "${step}" of the flow ${flowId} is there twice`;
    const inputs = mapped.find(({ which }) => which === 'inputs')?.map ?? {};
    const missing = needed.filter(({ name }) => !Object.hasOwn(inputs, name));
    return [
      ...(isTwice ? [problem(`${at}/step`, twice, 'field-owned-twice')] : []),
      ...mapped.flatMap(({ which, map }) =>
        Object.entries(map).flatMap(([name, value]): Problem[] => {
          const pointer = at + formatPointer([which, name]);
          const other = unknown(name, names[which]!, which);
          return [
            ...(other === undefined ? [] : [problem(pointer, other)]),
            ...(isVariable(value) ? [] : [problem(pointer, noVariable(value))]),
          ];
        }),
      ),
      ...missing.map(({ name }) =>
        problem(
          mapped.some(({ which }) => which === 'inputs') ? `${at}/inputs` : at,
          `the step "${step}" gives nothing to the input "${name}", which is required`,
        ),
      ),
    ];
  });
}

function isVariable(value: Json): boolean {
  return typeof value === 'string' && flowVariable.test(value);
}

function noVariable(value: Json): string {
  const name =
    typeof value === 'string' ? /^\{*\s*([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+)\s*\}*$/.exec(value)?.[1] : undefined;
  const hint = name === undefined ? '' : ` (did you mean "{{${name}}}"?)`;
  return `${JSON.stringify(value)} is no flow variable such as "{{User.ID}}"${hint}`;
}

/** Why there is no input or output of that name, letter case included; undefined where there is. */
export function unknown(name: string, names: readonly string[], which: SlotList): string | undefined {
  if (names.includes(name)) return undefined;
  const other = names.find((one) => one.toLowerCase() === name.toLowerCase());
  if (other !== undefined) return `"${name}" is not among the ${which}, "${other}" is: letter case counts`;
  return `"${name}" is not among the ${which}${didYouMean(name, names)}`;
}

/** What steps of a flow are set to by now, as `usedBy` says it; that they call another action is no wish of this one. */
export function acceptUses(resource: Resource, { live, summary, fields }: Drifted): Acceptance[] {
  const steps = isObject(live['steps']) ? live['steps'] : {};
  const uses = usesOf(resource);
  return fields.flatMap(({ path }): Acceptance[] => {
    const [, key = '', what = ''] = parsePointer(path);
    const step = steps[key];
    const i = uses.findIndex(
      (use) => use.step === (isObject(step) ? step['name'] : undefined) && use.flowId === summary?.id,
    );
    if (i === -1) return [];
    if (what === 'actionId') {
      const why = `the step "${key}" calls another data action by now; to leave it so, take it out of usedBy`;
      return [{ pointer: `/spec/usedBy/${i}/step`, why }];
    }
    const now = isObject(step) ? step[what] : undefined;
    const pointer = `/spec/usedBy/${i}/${what}`;
    return [isObject(now) ? { pointer, value: now } : { pointer, remove: true }];
  });
}
