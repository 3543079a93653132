import type { Seed } from './seed.ts';

/** The ids of `config-repo-example/environments/orders.yaml`. */
const ids = {
  gateway: '6a1f0c52-9d84-4c1e-8a77-2f3b5d9e0c11',
  stock: '6a1f0c52-9d84-4c1e-8a77-2f3b5d9e0c12',
  flow: '6a1f0c52-9d84-4c1e-8a77-2f3b5d9e0c13',
  shop: '6a1f0c52-9d84-4c1e-8a77-2f3b5d9e0c14',
  outlet: '6a1f0c52-9d84-4c1e-8a77-2f3b5d9e0c15',
  /** What the steps of the flow call before anybody manages them. */
  placeholder: '6a1f0c52-9d84-4c1e-8a77-2f3b5d9e0c16',
  reserve: '6a1f0c52-9d84-4c1e-8a77-2f3b5d9e0c17',
} as const;

/** What is there before the repository: a gateway, a call flow whose steps wait for the default, two web chats without a configuration. */
const seed = {
  externalApplications: [
    {
      id: ids.gateway,
      name: 'Warehouse Gateway',
      description: 'Everything that asks the warehouse goes through here',
      allowedOrigins: ['https://warehouse.example.com'],
      allowedHeaders: ['Authorization', 'X-Request-Id'],
      timeout: 3000,
      apiVersion: 'v2',
    },
  ],
  linkedActions: [{ id: ids.stock, name: 'Find Stock', externalApplicationId: ids.gateway }],
  flowDefinitions: [
    {
      id: ids.flow,
      name: 'Order Line',
      type: 'inboundCall',
      version: 7,
      variables: ['Call.OrderNumber', 'Order.Found', 'Order.State', 'Order.Spoken', 'Order.Error'],
      steps: [
        { id: 'greet', type: 'play-audio', name: 'Greet', settings: { text: 'Welcome to Acme Orders.' } },
        { id: 'number', type: 'collect-input', name: 'Ask for the number', settings: { digits: 9 } },
        { id: 'status', type: 'data-action', name: 'Order Status', actionId: ids.placeholder },
        {
          id: 'what',
          type: 'switch',
          name: 'What Next',
          cases: [
            {
              name: 'order again',
              steps: [
                {
                  id: 'reserve',
                  type: 'data-action',
                  name: 'Reserve Stock',
                  actionId: ids.reserve,
                  settings: { timeout: 5, inputs: { article: '{{Order.Article}}' } },
                },
              ],
            },
            { name: 'otherwise', steps: [{ id: 'transfer', type: 'transfer', name: 'To a Colleague' }] },
          ],
        },
      ],
    },
  ],
  webChatOrganizations: [
    { id: ids.shop, name: 'Acme Shop' },
    { id: ids.outlet, name: 'Acme Outlet' },
  ],
} satisfies Seed;

/** The demo's third organisation: it serves another surface than the published one. */
export const demoOrders = { surfaces: ['tutorial'], ids, seed };
