import type { JsonObject } from '../../model/json.ts';

const flow = (name: string): { kind: string; spec: JsonObject } => ({
  kind: 'Flow',
  spec: {
    type: 'inboundShortMessage',
    name,
    file: 'messages.yaml',
    $text: `inboundShortMessage:
  name: ${name}
  startUpRef: ./states/state[Begin_1]
  defaultLanguage: en-us
  states:
    - state:
        name: Begin
        refId: Begin_1
        actions:
          - disconnect:
              none: true
`,
  },
});

const configuration = (name: string): { kind: string; spec: JsonObject } => ({
  kind: 'WebMessagingConfiguration',
  spec: { name, languages: ['en-us'], defaultLanguage: 'en-us', messenger: { enabled: true } },
});

const example: JsonObject = {
  description: 'The shop',
  configuration: 'Shop messenger',
  flow: 'Shop messages',
  allowAllDomains: false,
  allowedDomains: ['www.example.com', 'shop.example.com'],
  supportedContent: 'Images',
};

/** Quirks of the sandbox that are about these objects, by how their names begin. */
export const quirks = ['web-'];

export const fixtures = [
  {
    kind: 'WebMessagingDeployment',
    seed: [flow('Shop messages'), configuration('Shop messenger'), configuration('Night messenger')],
    example,
    updates: {
      name: { ...example, name: 'Another shop' },
      'everything at once': {
        ...example,
        name: 'Another shop',
        description: 'Changed',
        configuration: 'Night messenger',
        version: 1,
        allowAllDomains: true,
        allowedDomains: [],
        supportedContent: 'Images and Documents',
      },
    },
    whereNot: ['web-put-merged'],
    clears: {
      'a flow, a profile and a text': { ...example, description: null, flow: null, supportedContent: null },
    },
  },
];
