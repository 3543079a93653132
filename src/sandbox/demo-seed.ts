import { demoOrders } from './demo-orders.ts';
import type { Seed, SeedAction } from './seed.ts';

/** Another team's, so that a timeout for all actions of the repository's integration does not reach it. */
const integration = 'Callbacks';

function action(name: string, url: string, inputs: string[], outputs: string[]): SeedAction {
  const schema = (names: string[]) => ({
    type: 'object',
    properties: Object.fromEntries(names.map((property) => [property, { type: 'string' }])),
  });
  return {
    name,
    integration,
    config: { request: { requestUrlTemplate: url, requestType: 'GET' } },
    contract: { input: { inputSchema: schema(inputs) }, output: { successSchema: schema(outputs) } },
  };
}

/**
 * What the demo finds in its organisations and no repository owns: an inbound call flow that calls three data actions, two
 * with a timeout and one without; and what only an organisation of the other surface serves.
 */
export const demoSeed: Seed = {
  ...demoOrders.seed,
  integrations: [{ name: integration, type: 'custom-rest-actions' }],
  actions: [
    action('Find Caller', 'https://callbacks.example.com/callers/${input.phone}', ['phone'], ['name', 'tier']),
    action('Free Slots', 'https://callbacks.example.com/slots/${input.tier}', ['tier'], ['next']),
    action(
      'Book Callback',
      'https://callbacks.example.com/book/${input.phone}/${input.slot}',
      ['phone', 'slot'],
      ['id'],
    ),
  ],
  flows: [
    {
      yaml: `inboundCall:
  name: Callback Offer
  description: Offers a callback to who waits
  startUpRef: /inboundCall/tasks/task[Offer_10]
  defaultLanguage: en-us
  initialGreeting:
    tts: Welcome.
  tasks:
    - task:
        name: Offer
        refId: Offer_10
        variables:
          - stringVariable: { name: Task.Tier }
          - stringVariable: { name: Task.Slot }
          - stringVariable: { name: Task.Booking }
        actions:
          - callData:
              name: Find Caller
              timeout: { lit: { seconds: 10 } }
              category:
                Callbacks:
                  dataAction:
                    Find Caller:
                      inputs: { phone: { exp: Call.Ani } }
                      successOutputs: { tier: { var: Task.Tier } }
          - callData:
              name: Free Slots
              timeout: { lit: { minutes: 1 } }
              category:
                Callbacks:
                  dataAction:
                    Free Slots:
                      inputs: { tier: { exp: Task.Tier } }
                      successOutputs: { next: { var: Task.Slot } }
              outputs:
                success:
                  actions:
                    - callData:
                        name: Book Callback
                        category:
                          Callbacks:
                            dataAction:
                              Book Callback:
                                inputs: { phone: { exp: Call.Ani }, slot: { exp: Task.Slot } }
                                successOutputs: { id: { var: Task.Booking } }
                timeout:
                  actions:
                    - playAudio: { name: Sorry, audio: { tts: We cannot call back today. } }
          - disconnect: { name: Disconnect }
`,
    },
  ],
};
