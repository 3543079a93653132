import type { JsonObject } from '../../model/json.ts';

const slow = '8a7c1f52-slow';
const actions = ['5f2c0d11-customer', '5f2c0d11-order'];

const spec = (change: JsonObject = {}): JsonObject => ({ id: slow, timeoutMs: 5000, dataActions: actions, ...change });

/** What the conformance suite needs of the kind of this folder: applications cannot be created, so they are seeded. */
export const fixtures = [
  {
    kind: 'ExternalApplication',
    sandbox: {
      seed: {
        externalApplications: [
          { id: slow, name: 'Slow CRM', timeout: 3000, allowedOrigins: ['https://a.example'], apiVersion: 'v2' },
        ],
        linkedActions: actions.map((id) => ({ id, name: `Action ${id}`, externalApplicationId: slow })),
      },
    },
    example: spec(),
    updates: {
      'the timeout': spec({ timeoutMs: 30_000 }),
      'the timeout, and fewer actions': { id: slow, timeoutMs: 1000, dataActions: [actions[0]!] },
    },
  },
];

export const quirks = ['external-application-', 'linked-action-'];
