import type { JsonObject } from '../../model/json.ts';

const integration = 'Web Services Data Actions';

const action = {
  kind: 'DataAction',
  spec: {
    integration,
    contract: {
      input: { inputSchema: { title: 'In', type: 'object', properties: { id: { type: 'string' } } } },
      output: { successSchema: { title: 'Out', type: 'object', properties: { name: { type: 'string' } } } },
    },
    config: {
      timeoutSeconds: 5,
      request: { requestUrlTemplate: 'https://example.com', requestType: 'GET', headers: {} },
      response: { translationMap: {}, translationMapDefaults: {}, successTemplate: '${rawResult}' },
    },
  },
};

/** One step that waits, within a loop, and one in the success path of another; the timeout of the first may be given. */
const text = ({ name = 'Main Line', greeting = 'Welcome', timeout = 'minutes: 1' } = {}): string => `inboundCall:
  name: ${name}
  startUpRef: ./tasks/task[Main_1]
  defaultLanguage: en-us
  initialGreeting:
    tts: ${greeting}
  tasks:
    - task:
        name: Main
        refId: Main_1
        actions:
          - loop:
              name: Again
              loopCount:
                lit: 2
              outputs:
                loop:
                  actions:
                    - callData:
                        name: First
                        timeout:
                          lit:
                            ${timeout}
                        category:
                          ${integration}:
                            dataAction:
                              seed-0:
                                inputs:
                                  id:
                                    lit: a
                        outputs:
                          success:
                            actions:
                              - callData:
                                  name: Second
                                  category:
                                    ${integration}:
                                      dataAction:
                                        seed-0:
                                          inputs:
                                            id:
                                              lit: b
          - disconnect:
              none: true
`;

/** `$text` is the referenced file. */
const flow = (change: Parameters<typeof text>[0] = {}): JsonObject => ({
  type: 'inboundCall',
  name: change?.name ?? 'Main Line',
  file: 'main.yaml',
  $text: text(change),
});

const timeouts = (...steps: JsonObject[]): JsonObject => ({ flow: { type: 'inboundCall', name: 'Main Line' }, steps });

/** Quirks of the sandbox that are about these objects, by how their names begin. */
export const quirks = ['flow-', 'export-', 'job-'];

export const fixtures = [
  {
    kind: 'Flow',
    seed: [action],
    example: flow(),
    updates: {
      name: flow({ name: 'Another Line' }),
      greeting: flow({ greeting: 'Good day' }),
      timeout: flow({ timeout: 'seconds: 17' }),
      'everything at once': flow({ name: 'Another Line', greeting: 'Good day', timeout: 'seconds: 17' }),
    },
  },
  {
    kind: 'FlowTimeout',
    seed: [action, { kind: 'Flow', spec: flow() }],
    example: timeouts({ step: 'First', timeout: '20s' }),
    updates: {
      'the timeout': timeouts({ step: 'First', timeout: '2500ms' }),
      'every step that calls it': timeouts({ dataAction: { category: integration, name: 'seed-0' }, timeout: '2m' }),
      both: timeouts({ step: 'Second', timeout: '30s' }, { step: 'First', timeout: '31s' }),
    },
  },
];
