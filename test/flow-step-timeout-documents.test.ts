import { expect, test } from 'vitest';
import type { Allowance } from '../src/model/contracts.ts';
import { kinds } from '../src/objects/kinds.ts';
import { lines, resolved } from '../src/source/fixture.ts';

const head =
  'apiVersion: tutorial.genesys-gitops/v1\nkind: FlowStepTimeout\nmetadata: { name: slow }\nspec:\n  flowId: f\n';
const told = async (steps: string[], allowed?: Allowance): Promise<string[]> => {
  const text = `${head}  steps:\n${steps.map((step) => `    - ${step}\n`).join('')}`;
  return lines((await resolved({ 'flow.yaml': text }, { kinds, allowed })).problems);
};

test('a timeout is 1 to 30 seconds, or what the target allows; above it the message says what else there is', async () => {
  expect(await told(['{ name: A, timeoutSeconds: 0 }', '{ name: B, timeoutSeconds: 31 }'])).toEqual([
    'flow.yaml:7:34: timeout-range: a data-action step waits 1 to 30 seconds, and 0 is less; the nearest allowed value is 1',
    'flow.yaml:8:34: timeout-range: a data-action step waits 1 to 30 seconds, and 31 is more; the nearest allowed value is 30. Longer work belongs into a Script step, or an External API step; where the contract allows more, `stepTimeoutSeconds` of the target says so',
  ]);
  const both = ['{ name: A, timeoutSeconds: 1 }', '{ actionId: B, timeoutSeconds: 45 }'];
  expect(await told(both, { stepTimeoutSeconds: 45 })).toEqual([]);
  expect(await told(both, { stepTimeoutSeconds: 20 })).toEqual([expect.stringMatching(/1 to 20 seconds, and 45 is/)]);
});

test('a step is named once, by its name or by its action', async () => {
  expect(
    await told([
      '{ name: A, timeoutSeconds: 5 }',
      '{ name: A, timeoutSeconds: 6 }',
      '{ actionId: A, timeoutSeconds: 6 }',
      '{ name: A, actionId: B, timeoutSeconds: 6 }',
      '{ timeoutSeconds: 99 }',
    ]),
  ).toEqual([
    'flow.yaml:8:7: field-owned-twice: the same steps are meant as by spec.steps.0; a step has one timeout',
    'flow.yaml:10:7: schema: spec.steps.3 has "name" and also "actionId": it may have one of them only, so leave the other out',
    'flow.yaml:11:7: schema: spec.steps.4 needs "name" or "actionId"',
    expect.stringMatching(/^flow.yaml:11:25: timeout-range: .*99 is more/),
  ]);
  expect(await told(['{ name: A, timeoutSeconds: 10s }'])).toEqual([
    'flow.yaml:7:34: schema: spec.steps.0.timeoutSeconds must be a whole number of seconds, such as 10, but is "10s"',
  ]);
});
