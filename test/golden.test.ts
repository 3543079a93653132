import { expect, test } from 'vitest';
import { InvalidSnapshot } from '../src/app.ts';
import { renderMarkdown } from '../src/cli/render-markdown.ts';
import { outcomeLines } from '../src/cli/render-outcomes.ts';
import { planLines } from '../src/cli/render-plan.ts';
import { type Result, renderResults } from '../src/cli/report.ts';
import { fitted, plain } from '../src/cli/text.ts';
import type { Outcome, Plan } from '../src/model/plan.ts';
import type { Problem } from '../src/model/problem.ts';

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
      drift: {
        since: '2026-11-21T08:00:00Z',
        deeds: [
          {
            auditId: 'audit-1',
            at: '2026-11-21T14:02:00.123Z',
            by: { user: { id: 'u', name: 'Ann\u001b[2J\n+ create' }, client: { id: 'c', name: 'sandbox-admin' } },
            remoteIp: ['10.0.0.1'],
            action: 'Update',
            entityType: 'Action',
            changes: [{ property: 'timeoutSeconds', from: ['30'], to: ['3'] }],
          },
        ],
        against: { revision: 'main@sha1:8c8dc18b01c83377aa8c8dc18b01c83377aa8c8d' },
      },
      checks: [
        { object: object('Same', '4'), holds: true, told: 'Same waits for 30 s\u001b[2J', by: 'Timeout/crm' },
        { object: object('x', '0'), holds: false, told: 'no\n- delete all @admins', by: 'DataAction/update-case' },
      ],
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
    {
      action: 'update',
      kind: 'Flow',
      name: 'main',
      object: { type: 'flow', key: 'inboundCall/Main', id: '7' },
      cause: 'drift',
      drift: { since: '2026-11-21T08:00:00Z', deeds: [], unexplained: 'nothing recorded yet' },
      fields: [
        {
          path: '/content',
          from: { digest: 'a', text: 'live' },
          to: { digest: 'b', text: 'wanted' },
          by: 'Flow/main',
          parts: [
            { at: 'Main › Get Customer › inputs.id', from: 'Call.Ani', to: 'Call.CalledAddress' },
            { at: 'Main › Evil\u001b[2J\n+ create', to: { name: 'Say\nHello', audio: { tts: 'Hello' } } },
            { at: 'Main › Gone', from: 5 },
            { at: 'and 3 more' },
          ],
        },
        {
          path: '/timeouts/Main › Get Customer',
          from: '1m',
          to: '15s',
          by: 'FlowTimeout/main',
          parts: [{ at: 'Main › Get Customer › timeout', from: '1m', to: '15s' }],
        },
      ],
    },
    {
      action: 'update',
      kind: 'FlowStepTimeout',
      name: 'order-line',
      object: { type: 'flow-definition', key: '6a1f0c52-9d84', id: '6a1f0c52-9d84', name: 'Order\u001b[2J Line' },
      cause: 'commit',
      version: null,
      fields: [
        { path: '/steps/s1/timeout', title: 'Status › timeout\n', from: 3, to: 12, by: 'FlowStepTimeout/order-line' },
        { path: '/steps/s1/inputs', title: 'Status › inputs', to: { a: 'b' }, by: 'ScriptDataAction/status' },
        {
          path: '/steps/s1/outputs',
          title: 'Status › outputs',
          from: { a: 'b', c: 'd' },
          to: { a: 'b', c: 'e' },
          by: 'ScriptDataAction/status',
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
    {
      action: 'update',
      kind: 'DataAction',
      name: 'forger',
      object: object('x"\n- delete DataAction/all  "everything"\u2028\ufeff\t@admins #1 GH-1', '6'),
      cause: 'commit',
      fields: [
        { path: '/a\nb', from: 'a', to: '(sensitive, not really)\n+ create DataAction/forged', by: 'DataAction/x\ny' },
        { path: '/description', from: 'one ` and ````` of them\n', to: '`\n\tindented\n', by: 'DataAction/forger' },
        { path: '/category', to: '(sensitive\nPlan: 0 to create', by: 'DataAction/forger' },
      ],
      reason: 'AdoptionRequired',
      message: 'a line\n+ create DataAction/forged https://evil.example www.evil.example',
    },
  ],
  unchanged: [
    {
      kind: 'DataAction',
      name: 'same',
      object: object('Same', '4'),
      fields: [{ path: '/config/timeoutSeconds', value: 15, by: 'Timeout/crm' }],
      checks: [{ object: object('Found', '5'), holds: true, told: 'Found waits for 15 s', by: 'DataAction/same' }],
    },
    { kind: 'DataAction', name: 'found', object: object('Found', '5'), adopt: true },
  ],
  problems: [],
  warnings: [
    { code: 'released', message: 'DataAction/gone is let go' },
    { code: 'version-not-published', message: 'no such version', place: { path: 'a\u001b.yaml', line: 7, column: 3 } },
  ],
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
        {
          method: 'POST',
          pathTemplate: '/x',
          status: 200,
          attempts: 1,
          correlationId: '7acdb737\u001b[2J',
          durationMs: 3,
        },
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
    faults: [
      {
        path: 'widget.colour',
        message: 'no colour\u001b[2J\n- delete',
        by,
        place: { path: 'web/a\u001b.yaml', line: 7, column: 12 },
      },
      { path: 'widget.x\ny', message: 'unknown' },
    ],
    receipt: { requests: [] },
  },
  {
    kind: 'Flow',
    name: 'main',
    action: 'update',
    object: { type: 'flow', key: 'inboundCall/Main', id: '7' },
    status: 'applied',
    cause: 'drift',
    drift: plan.changes[1]!.drift!,
    warnings: ['the task "Unused" is never reached\u001b[2J'],
    checks: [{ object: object('Same', '4'), holds: false, told: 'Same waits for 5 s', by: 'Flow/main' }],
    receipt: { requests: [], trace: { job: '6f1c' } },
  },
  {
    kind: 'WebMessagingDeployment',
    name: 'shop',
    action: 'update',
    object: { type: 'web-messaging-deployment', key: 'shop', id: '8' },
    status: 'applied',
    receipt: { requests: [], versionBefore: '3', versionAfter: '4', acknowledgedMs: 120, activationMs: 900 },
  },
  {
    kind: 'WebMessagingDeployment',
    name: 'fingerprint',
    action: 'update',
    object: { type: 'web-messaging-deployment', key: 'fingerprint', id: '9' },
    status: 'applied',
    receipt: { requests: [], versionBefore: '3', versionAfter: '2026-11-21T08:00:00Z v4' },
  },
  {
    kind: 'ExternalApplication',
    name: 'gateway',
    action: 'update',
    object: { type: 'external-application', key: '6a1f0c52-9d85', id: '6a1f0c52-9d85', name: 'Gateway' },
    status: 'applied',
    receipt: { requests: [] },
  },
];

test('a plan as text', async () => {
  await expect(`${[...planLines(plan, plain)].join('\n')}\n`).toMatchFileSnapshot('golden/plan.txt');
});

test('a plan on a narrow terminal: every line fits, and nothing is left out', async () => {
  const lines = [...fitted(planLines(plan, plain), 80)].join('\n');
  await expect(`${lines}\n`).toMatchFileSnapshot('golden/plan-80.txt');
  const words = (text: string): string => text.replace(/\s+/g, ' ').trim();
  expect(words(lines)).toBe(words([...planLines(plan, plain)].join('\n')));
  expect(lines.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test('a plan as markdown', async () => {
  await expect(`${renderMarkdown(plan)}\n`).toMatchFileSnapshot('golden/plan.md');
});

test('outcomes', async () => {
  await expect(`${[...outcomeLines(outcomes, 12, plain)].join('\n')}\n`).toMatchFileSnapshot('golden/outcomes.txt');
});

test('nothing that somebody else wrote reaches the terminal as an escape', () => {
  const all = [...planLines(plan, plain), renderMarkdown(plan)].join('\n');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly the characters meant
  expect(all).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f\u202e]/);
});

test('no text of somebody else makes a line of its own', () => {
  const lines = `${[...planLines(plan, plain)].join('\n')}\n${[...outcomeLines(outcomes, 1, plain)].join('\n')}`.split(
    '\n',
  );
  expect(lines.filter((line) => /^(\+ create|- delete|Plan:)/.test(line))).toHaveLength(3);
  expect(lines.filter((line) => line.includes('\u2028'))).toEqual([]);
});

const hostile: Problem = {
  code: 'unknown-kind',
  message: '@admins <img src=x> [x](https://evil.example)',
  place: { path: 'a.yaml', line: 1, column: 1 },
  excerpt: [{ line: 1, text: '````' }],
};

/** What stands outside of every fence. */
function unfenced(markdown: string): string {
  let fence = '';
  const outside = markdown.split('\n').filter((line) => {
    const mark = /^`{3,}$/.exec(line)?.[0];
    if (fence === '' && mark !== undefined) fence = mark;
    else if (fence !== '') fence = mark !== undefined && mark.length >= fence.length ? '' : fence;
    else return true;
    return false;
  });
  expect(fence).toBe('');
  return outside.join('\n');
}

test.each([
  ['problems', { ...plan, problems: [hostile] }, []],
  ['warnings', plan, [hostile]],
])('%s quote the documents in a fence in markdown', (_what, its, warnings) => {
  const report = { plan: its, desired: { warnings }, outcomes: [], mode: 'plan', locate: (one: Problem) => one };
  const markdown = renderResults([{ target: 'prod', report } as unknown as Result], 'markdown', plain);
  expect(markdown).toContain('a.yaml:1:1: ');
  expect(unfenced(markdown)).not.toMatch(/a\.yaml|@admins|evil\.example\)|https:\/\/|www\.|one `/);
});

test('so does a revision with problems, and an error', () => {
  const invalid = new InvalidSnapshot({ revision: 'main', problems: [hostile] } as never);
  const errors = [invalid, new Error('@admins <img src=x>')].map((error) => ({ target: '@prod', error }));
  expect(unfenced(renderResults(errors, 'markdown', plain)).trim()).toBe('');
});
