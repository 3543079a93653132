import type { TutorialSeed } from './tutorial-seed.ts';

/** Ids of what every world of this surface begins with, for tests. */
export const ids = {
  application: '11111111-0000-4000-8000-000000000001',
  /** Of no application that is there. */
  otherApplication: '11111111-0000-4000-8000-000000000002',
  /** Two of the application, and one that is linked to the other. */
  linkedActions: ['22222222-0000-4000-8000-000000000001', '22222222-0000-4000-8000-000000000002'],
  linkedElsewhere: '22222222-0000-4000-8000-000000000003',
  nestedFlow: '33333333-0000-4000-8000-000000000001',
  flatFlow: '33333333-0000-4000-8000-000000000002',
  /** The first has a configuration. */
  webChats: [
    '44444444-0000-4000-8000-000000000001',
    '44444444-0000-4000-8000-000000000002',
    '44444444-0000-4000-8000-000000000003',
  ],
  unassignedWebChat: '44444444-0000-4000-8000-000000000004',
  /** What the steps of the flows call. */
  actions: {
    slow: '55555555-0000-4000-8000-000000000001',
    customer: '55555555-0000-4000-8000-000000000002',
    nameless: '55555555-0000-4000-8000-000000000003',
    orders: '55555555-0000-4000-8000-000000000004',
  },
} as const;

const { actions } = ids;
const [mainChat, secondChat, thirdChat] = ids.webChats;

export const baseSeed: TutorialSeed = {
  externalApplications: [
    {
      id: ids.application,
      name: 'CRM Gateway',
      description: 'Everything that asks the CRM goes through here',
      allowedOrigins: ['https://crm.example.com', 'https://agents.example.com'],
      allowedHeaders: ['Authorization', 'X-Team'],
      timeout: 3000,
      apiVersion: 'v2',
      // Fields of which nobody knows anything: they have to survive.
      authentication: { type: 'oauth2', tokenUrl: 'https://crm.example.com/token', scopes: ['read'] },
      retryPolicy: { attempts: 2, backoffMs: 250 },
      tags: ['crm', 'production'],
    },
  ],
  linkedActions: [
    { id: ids.linkedActions[0], name: 'Get Customer', externalApplicationId: ids.application },
    { id: ids.linkedActions[1], name: 'Get Orders', externalApplicationId: ids.application },
    { id: ids.linkedElsewhere, name: 'Get Weather', externalApplicationId: ids.otherApplication },
  ],
  flowDefinitions: [
    {
      id: ids.nestedFlow,
      name: 'Order Support',
      type: 'inboundCall',
      version: 7,
      description: 'Nested as deep as flows are',
      division: { id: 'home', name: 'Home' },
      variables: [{ name: 'User.ID', type: 'integer' }],
      steps: [
        { id: 'greet', type: 'play-audio', name: 'Greet', settings: { text: 'Hello' } },
        {
          id: 'customer-1',
          type: 'data-action',
          name: 'Fetch User Info',
          actionId: actions.customer,
          settings: { timeout: 5, inputs: { user_id: '{{User.ID}}' }, outputs: { user_name: '{{User.Name}}' } },
        },
        {
          id: 'hours',
          type: 'container',
          name: 'Opening Hours',
          steps: [
            {
              id: 'which',
              type: 'switch',
              name: 'Which',
              cases: [
                {
                  name: 'open',
                  steps: [
                    // The second of this name, and without settings: it waits for the default of 3 seconds.
                    { id: 'customer-2', type: 'data-action', name: 'Fetch User Info', actionId: actions.customer },
                    {
                      id: 'retry',
                      type: 'loop',
                      name: 'Retry',
                      loop: {
                        maximum: 3,
                        steps: [
                          {
                            id: 'orders',
                            type: 'data-action',
                            name: 'Fetch Orders',
                            actionId: actions.orders,
                            settings: { retries: 1 },
                          },
                        ],
                      },
                    },
                  ],
                },
                { name: 'closed', steps: [{ id: 'bye', type: 'disconnect', name: 'Bye' }] },
              ],
            },
          ],
        },
        {
          id: 'after',
          type: 'sub-flow',
          name: 'Afterwards',
          flow: {
            name: 'Survey',
            steps: [{ id: 'nameless', type: 'data-action', actionId: actions.nameless, settings: { timeout: 3 } }],
          },
        },
        {
          id: 'handover',
          type: 'sub-flow',
          name: 'Handover',
          subflow: {
            steps: [{ id: 'slow-2', type: 'data-action', name: 'Warm Transfer', actionId: actions.slow }],
          },
        },
      ],
      layout: { zoom: 1.5, positions: [{ step: 'greet', x: 10, y: 20 }] },
    },
    {
      id: ids.flatFlow,
      name: 'Slow Lookup',
      type: 'inboundCall',
      version: 3,
      steps: [
        { id: 'hello', type: 'play-audio', name: 'Hello' },
        { id: 'slow', type: 'data-action', name: 'MySlowDataAction', actionId: actions.slow },
      ],
    },
  ],
  webChatOrganizations: [
    {
      id: mainChat,
      name: 'Acme Shop',
      version: 4,
      configuration: {
        widget: {
          theme: {
            colors: { primary: '#004488', background: '#FFFFFF' },
            typography: { fontSize: '18px', fontFamily: 'Inter, sans-serif' },
          },
          accessibility: { wcagLevel: 'AA', contrastRatio: 9.73, ariaLiveRegion: 'polite' },
          position: 'bottom-right',
        },
        greetings: { enabled: true, messages: ['Welcome'], delayMs: 1000 },
        availability: {
          schedule: 'custom',
          rules: [{ dayOfWeek: 'FRIDAY', startTime: '10:00', endTime: '16:00' }],
        },
        features: { flags: { enableFileUpload: false }, audiences: [], dynamicRouting: true },
        region: 'eu-central-1',
      },
    },
    { id: secondChat, name: 'Acme Service' },
    { id: thirdChat, name: 'Acme Press' },
    { id: ids.unassignedWebChat, name: 'Somebody Else', clients: [] },
  ],
};
