import { expect, test } from 'vitest';
import { renderMarkdown } from '../src/cli/render-markdown.ts';
import { renderOutcomes } from '../src/cli/render-outcomes.ts';
import { renderPlan } from '../src/cli/render-plan.ts';
import { plain } from '../src/cli/text.ts';
import type { Outcome, Plan } from '../src/model/plan.ts';

const object = (name: string, id?: string): { type: string; key: string; id?: string } => ({
  type: 'data-action',
  key: `CRM Web Services/${name}`,
  ...(id === undefined ? {} : { id }),
});

const by = 'DataAction/get-customer';

/** One of everything that a person may meet in a plan, hostile text among it. */
const plan: Plan = {
  target: 'prod',
  organization: { id: '54a3aa6a', name: 'Acme Production' },
  revision: 'main@sha1:8c8dc18b01c83377aa8c8dc18b01c83377aa8c8d',
  changes: [
    {
      action: 'create',
      kind: 'DataAction',
      name: 'get-customer',
      object: object('Get Customer'),
      cause: 'create',
      fields: [
        { path: '/name', to: 'Get Customer', by },
        { path: '/config/request/headers', to: {}, by },
        { path: '/config/request/headers', to: { 'X-Key': '(sensitive, hmac:0123456789abcdef)' }, by },
        { path: '/config/timeoutSeconds', to: 15, by: 'Timeout/crm' },
        { path: '/integrationId', to: { knownAfterApply: { type: 'integration', key: 'CRM', attribute: 'id' } }, by },
      ],
    },
    {
      action: 'update',
      kind: 'DataAction',
      name: 'update-case',
      object: object('Update Case', '1'),
      cause: 'drift',
      fields: [
        { path: '/config/timeoutSeconds', from: 3, to: 30, by: 'Timeout/crm' },
        { path: '/category', from: 'Old', to: null, by: 'DataAction/update-case' },
        {
          path: '/config/request/requestTemplate',
          from: '{\n  "status": "open"\n}\n',
          to: '{\n  "status": "${input.status}",\n  "note": "x"\n}\n',
          by: 'DataAction/update-case',
        },
        {
          path: '/contract/output/successSchema',
          from: { type: 'object', properties: { a: { type: 'string' }, gone: { type: 'string' } } },
          to: { type: 'object', properties: { a: { type: 'integer' }, made: { type: 'string' } } },
          by: 'DataAction/update-case',
        },
      ],
    },
    { action: 'delete', kind: 'DataAction', name: 'old', object: object('Old', '2'), cause: 'commit', fields: [] },
  ],
  held: [
    {
      action: 'update',
      kind: 'DataAction',
      name: 'evil',
      object: object('\u001b[2J<b>`|evil\u202e', '3'),
      cause: 'both',
      adopt: true,
      fields: [{ path: '/name', from: 'a', to: '\u001b]0;title\u0007', by: 'DataAction/evil' }],
      reason: 'AdoptionRequired',
      message: 'the object exists, was not made by this tool, and differs',
    },
  ],
  unchanged: [
    {
      kind: 'DataAction',
      name: 'same',
      object: object('Same', '4'),
      fields: [{ path: '/config/timeoutSeconds', value: 15, by: 'Timeout/crm' }],
    },
    { kind: 'DataAction', name: 'found', object: object('Found', '5'), adopt: true },
  ],
  problems: [],
  warnings: [{ code: 'released', message: 'DataAction/gone is let go' }],
};

const outcomes: Outcome[] = [
  {
    kind: 'DataAction',
    name: 'get-customer',
    action: 'create',
    object: object('Get Customer', '9'),
    status: 'applied',
    receipt: {
      requests: [
        { method: 'POST', pathTemplate: '/x', status: 200, attempts: 1, correlationId: '7acdb737', durationMs: 3 },
      ],
    },
  },
  {
    kind: 'DataAction',
    name: 'update-case',
    action: 'update',
    object: object('Update Case', '1'),
    status: 'failed',
    reason: 'PermissionMissing',
    message: 'the client lacks integrations:action:edit',
    receipt: { requests: [] },
  },
];

test('a plan as text', async () => {
  await expect(`${renderPlan(plan, plain)}\n`).toMatchFileSnapshot('golden/plan.txt');
});

test('a plan as markdown', async () => {
  await expect(`${renderMarkdown(plan)}\n`).toMatchFileSnapshot('golden/plan.md');
});

test('outcomes', async () => {
  await expect(`${renderOutcomes(outcomes, 12, plain)}\n`).toMatchFileSnapshot('golden/outcomes.txt');
});

test('nothing that somebody else wrote reaches the terminal as an escape', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly the characters meant
  expect(renderPlan(plan, plain) + renderMarkdown(plan)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
});
