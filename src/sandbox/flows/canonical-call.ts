import { isObject, type JsonObject, objectAt } from '../json.ts';
import type { World } from '../world.ts';
import { actionsCalled } from './check-flow.ts';
import { calledAction } from './flow-tree.ts';

/** The values of a failed call, as every exported flow lists them. */
const failureValues = [
  ...['errorCode', 'status', 'correlationId', 'entityId', 'entityName', 'userMessage', 'userParamsMessage'],
  ...['userParams.key', 'userParams.value', 'details.errorCode', 'details.fieldName', 'details.entityId'],
  'details.entityName',
];
const paths = ['success', 'failure', 'timeout'];

/** A call with everything that it could say: its timeout, each input and output of the contract, each failure value. */
export function fillCall(world: World, call: JsonObject): JsonObject {
  const called = calledAction(call);
  if (!called) return call;
  const contract = actionsCalled(world, called.category, called.name)[0]?.contract;
  const { name, timeout = defaultTimeout(world), category: _category, outputs, ...rest } = call;
  const body = {
    ...called.body,
    inputs: fillValues(called.body['inputs'], valuesOf(contract?.input.inputSchema)),
    successOutputs: fillValues(called.body['successOutputs'], valuesOf(contract?.output.successSchema)),
    failureOutputs: fillValues(called.body['failureOutputs'], failureValues),
  };
  const filledPaths = fillPaths(world, isObject(outputs) ? outputs : {});
  return {
    name,
    ...rest,
    timeout,
    category: { [called.category]: { ...called.of, dataAction: { [called.name]: body } } },
    ...(Object.keys(filledPaths).length > 0 && { outputs: filledPaths }),
  };
}

function defaultTimeout(world: World): JsonObject {
  if (!world.quirks.has('flow-timeout-default')) return { noValue: true };
  return { lit: world.quirks.has('flow-durations-in-seconds') ? { seconds: 60 } : { minutes: 1 } };
}

/** The known values first and in the contract's order, those that are not set with `noValue`. */
function fillValues(given: unknown, names: readonly string[]): JsonObject {
  const values = isObject(given) ? given : {};
  return { ...Object.fromEntries(names.map((name) => [name, values[name] ?? { noValue: true }])), ...values };
}

const valuesOf = (schema: JsonObject | undefined): string[] => Object.keys(objectAt(schema ?? {}, 'properties'));

/** The paths that hold steps, or all three (quirk `flow-outputs-skeleton`). */
function fillPaths(world: World, outputs: JsonObject): JsonObject {
  const all = world.quirks.has('flow-outputs-skeleton');
  return Object.fromEntries(
    [...new Set([...paths, ...Object.keys(outputs)])].flatMap((path) => {
      const given = outputs[path];
      const actions = isObject(given) && Array.isArray(given['actions']) ? given['actions'] : [];
      if (actions.length > 0) return [[path, given]];
      return all && paths.includes(path) ? [[path, { actions: [] }]] : [];
    }),
  );
}
