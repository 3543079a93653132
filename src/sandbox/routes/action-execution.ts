import { randomUUID } from 'node:crypto';
import { findAction, findDraft, validateDraft } from '../actions.ts';
import { sampleOf } from '../contract-schemas.ts';
import type { Endpoint } from '../endpoint.ts';
import { ApiError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { ActionRecord } from '../records.ts';
import { document } from '../shapes.ts';
import type { World } from '../world.ts';
import { actionPermissions, integrationScopes } from './permissions.ts';

const root = '/api/v2/integrations/actions/{actionId}';
const execute = { method: 'POST', body: document, scopes: integrationScopes.write } as const;

/** Tests and executions. The sandbox calls no remote system: the result is a sample that fits the success schema. */
export const actionExecution: Endpoint[] = [
  {
    ...execute,
    path: `${root}/execute`,
    permissions: actionPermissions.execute,
    serve: ({ world, params, body }) => {
      const action = findAction(world, params['actionId']!);
      const fault = inputFault(action, body);
      if (fault) throw fault;
      return sampleOf(action.contract.output.successSchema);
    },
  },
  {
    ...execute,
    path: `${root}/test`,
    permissions: actionPermissions.execute,
    serve: ({ world, params, body }) => test(world, findAction(world, params['actionId']!), body),
  },
  {
    ...execute,
    path: `${root}/draft/test`,
    permissions: actionPermissions.executeDraft,
    serve: ({ world, params, body }) => test(world, findDraft(world, params['actionId']!), body),
  },
];

/** The answer `TestExecutionResult`: the steps up to the first that fails. */
function test(world: World, action: ActionRecord, input: JsonObject): JsonObject {
  const [problem] = validateDraft(world, action);
  const { request = {}, response = {} } = action.config;
  const sample = sampleOf(action.contract.output.successSchema);
  const steps: { name: string; error?: ApiError | undefined; result: unknown }[] = [
    { name: 'Validate configuration', error: problem, result: {} },
    { name: 'Validate request against the input schema', error: inputFault(action, input), result: input },
    {
      name: 'Resolve request templates',
      result: { url: request.requestUrlTemplate, body: request.requestTemplate ?? '' },
    },
    { name: 'Execute request', result: { statusCode: 200, body: sample } },
    { name: 'Apply translation map', result: response.translationMap ?? {} },
    { name: 'Validate response against the success schema', result: sample },
  ];
  const failed = steps.findIndex(({ error }) => error);
  const done = failed < 0 ? steps : steps.slice(0, failed + 1);
  const error = steps[failed]?.error?.toBody(randomUUID());
  return {
    success: failed < 0,
    operations: done.map((step, index) => ({
      step: index + 1,
      name: step.name,
      success: !step.error,
      ...(step.error ? { error } : { result: step.result }),
    })),
    ...(error ? { error } : { finalResult: sample }),
  };
}

function inputFault({ contract }: ActionRecord, input: JsonObject): ApiError | undefined {
  const { required } = contract.input.inputSchema;
  const missing = Array.isArray(required) ? required.filter((name) => !Object.hasOwn(input, name)) : [];
  if (missing.length === 0) return undefined;
  const details = missing.map((fieldName: string) => ({ errorCode: 'invalid.schema', fieldName }));
  return new ApiError('invalid.schema', {}, { details });
}
