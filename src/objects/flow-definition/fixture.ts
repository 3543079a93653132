import type { JsonObject } from '../../model/json.ts';

const flowId = 'c1d9e3a0-main';

const call = (name: string | undefined, actionId: string, settings?: JsonObject): JsonObject => ({
  type: 'data-action',
  ...(name === undefined ? {} : { name }),
  actionId,
  ...(settings === undefined ? {} : { settings }),
});

/** Steps in a loop, in a case and in a sub-flow, one of them without a name and without settings. */
const steps: JsonObject[] = [
  { type: 'message', name: 'Welcome', settings: { text: 'Good day' } },
  call('Lookup', 'da-1', { timeout: 3, inputs: { id: '{{Call.ANI}}' } }),
  {
    ...{ type: 'switch', name: 'Menu' },
    cases: [
      { name: 'Sales', steps: [call('Order', 'da-2', { retries: 1 })] },
      { name: 'Again', steps: [{ type: 'loop', loop: { steps: [call(undefined, 'da-3')] } }] },
    ],
  },
  { type: 'subflow', name: 'Survey', flow: { steps: [call('Score', 'da-4')] } },
];

const spec = (...wanted: JsonObject[]): JsonObject => ({ flowId, steps: wanted });

/** What the conformance suite needs of the kind of this folder: flows cannot be created, so one is seeded. */
export const fixtures = [
  {
    kind: 'FlowStepTimeout',
    sandbox: { seed: { flowDefinitions: [{ id: flowId, name: 'Main', type: 'inboundcall', version: 7, steps }] } },
    example: spec({ name: 'Lookup', timeoutSeconds: 10 }),
    updates: {
      'the timeout': spec({ name: 'Lookup', timeoutSeconds: 30 }),
      'a step without a name': spec({ actionId: 'da-3', timeoutSeconds: 12 }),
      'every depth at once': spec(
        { name: 'Lookup', timeoutSeconds: 11 },
        { name: 'Order', timeoutSeconds: 12 },
        { actionId: 'da-3', timeoutSeconds: 13 },
        { name: 'Score', timeoutSeconds: 14 },
      ),
    },
  },
];

export const quirks = ['flow-definition-'];
