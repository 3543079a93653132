import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isObject, type Json, type JsonObject } from '../../../model/json.ts';
import type { FlowFile } from '../model.ts';
import { parseFlow } from '../yaml/parse.ts';
import { canonical } from './canonical.ts';

function flowOf(text: string): FlowFile {
  const parsed = parseFlow(text);
  if ('flaws' in parsed) throw new Error(parsed.flaws[0]!.message);
  return parsed.flow;
}

function from(tree: JsonObject): FlowFile {
  const type = Object.keys(tree)[0]!;
  return { type, tree, body: tree[type] as JsonObject, offsetOf: () => 0 };
}

const digest = (text: string): string => canonical(flowOf(text)).digest;

const folder = '/work/shared/samples/flows';
const samples = existsSync(folder)
  ? readdirSync(folder).map((name) => {
      const text = readFileSync(`${folder}/${name}`, 'utf8');
      return [name, flowOf(text.replace(/\{\{\s*(\w+)\s*\}\}/g, 'The $1'))] as const;
    })
  : [];

const menus = `
inboundCall:
  name: Main
  division: Home
  startUpRef: "/inboundCall/menus/menu[Main Menu_10]"
  tasks:
    - task:
        name: Open
        refId: Open_12
        actions:
          - jumpToMenu:
              name: Back
              targetMenuRef: /inboundCall/menus/menu[Main Menu_10]
          - callTask:
              targetTaskRef: ./tasks/task[Other]
    - task:
        name: Open
        refId: Other
        actions:
          - playAudio:
              name: Main Menu_10
              audio:
                tts: ./menus/menu[Main Menu_10]
          - callData:
              name: Get
              timeout: { lit: { minutes: 1 } }
              category: { c: { dataAction: { a: { inputs: { refId: { lit: Main Menu_10 } } } } } }
          - disconnect:
              none: true
          - disconnect:
  menus:
    - menu:
        name: Main Menu
        refId: Main Menu_10
`;

test('references name what they mean, and refIds are gone', () => {
  const { tree, digest } = canonical(flowOf(menus));
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(tree).toEqual({
    inboundCall: {
      startUpRef: './menu[Main Menu]',
      tasks: [
        {
          task: {
            name: 'Open',
            actions: [
              { jumpToMenu: { name: 'Back', targetMenuRef: './menu[Main Menu]' } },
              { callTask: { targetTaskRef: './task[Open]#2' } },
            ],
          },
        },
        {
          task: {
            name: 'Open',
            actions: [
              { playAudio: { name: 'Main Menu_10', audio: { tts: './menus/menu[Main Menu_10]' } } },
              {
                callData: {
                  name: 'Get',
                  category: { c: { dataAction: { a: { inputs: { refId: { lit: 'Main Menu_10' } } } } } },
                },
              },
              { disconnect: {} },
              { disconnect: {} },
            ],
          },
        },
      ],
      menus: [{ menu: { name: 'Main Menu' } }],
    },
  });
});

test('the spelling of refIds, their absence where nothing refers, tracking ids, name, division and timeouts are no matter', () => {
  const other = menus
    .replace('name: Main\n', 'name: Other\n')
    .replace('division: Home', 'division: Sales')
    .replaceAll('menu[Main Menu_10]"', 'menu[m]"')
    .replaceAll('targetMenuRef: /inboundCall/menus/menu[Main Menu_10]', 'targetMenuRef: ./menus/menu[m]')
    .replace('refId: Main Menu_10\n', 'refId: m\n')
    .replace('        refId: Open_12\n', '        trackingId: 7\n')
    .replace('minutes: 1', 'seconds: 2');
  expect(other).not.toContain('Open_12');
  expect(digest(other)).toBe(digest(menus));
});

test('what a reference means is a matter, also where names are the same', () => {
  expect(digest(menus.replace('./tasks/task[Other]', './tasks/task[Open_12]'))).not.toBe(digest(menus));
});

test('a name that is the refId of another changes nothing', () => {
  const crossed = `
inboundCall:
  startUpRef: ./tasks/task[B]
  tasks:
    - task: { name: B, refId: A }
    - task: { name: A, refId: B }
`;
  const tree = canonical(flowOf(crossed)).tree as { inboundCall: JsonObject };
  expect(tree.inboundCall['startUpRef']).toBe('./task[A]');
});

test('a refId may hold brackets and slashes, and be a number', () => {
  const odd = (refId: string): string => `
inboundCall:
  startUpRef: "./tasks/task[${refId}]"
  tasks: [{ task: { name: T, refId: ${JSON.stringify(refId)} } }]
`;
  expect(digest(odd('a]/menus/menu[b'))).toBe(digest(odd('x')));
  expect(digest(odd('7').replace('"7"', '7'))).toBe(digest(odd('x')));
});

test('a reference that leads nowhere stays, and both ways to begin it are one', () => {
  const lost = (start: string): string => digest(`inboundCall: { startUpRef: "${start}/tasks/task[a]" }`);
  expect(lost('.')).toBe(lost('/inboundCall'));
  expect(lost('.')).not.toBe(lost('/workflow'));
});

test('a deep reference means its last part', () => {
  const { tree } = canonical(
    flowOf(`
inboundCall:
  startUpRef: ./menus/menu[m]
  menus:
    - menu:
        name: M
        refId: m
        choices:
          - menuSubMenu: { name: Sub, refId: s }
          - menuJumpToMenu: { name: J, targetMenuRef: "/inboundCall/menus/menu[m]/choices/menuSubMenu[s]" }
`),
  );
  expect(JSON.stringify(tree)).toContain('"targetMenuRef":"./menuSubMenu[Sub]"');
});

test('the task of a choice may be referred to', () => {
  const flow = (refId: string): string => `
inboundCall:
  startUpRef: ./menus/menu[m]/choices/menuTask[c]/task[${refId}]
  menus: [{ menu: { refId: m, choices: [{ menuTask: { refId: c, task: { name: T, refId: ${refId} } } }] } }]
`;
  expect(digest(flow('a'))).toBe(digest(flow('b')));
});

/** All keys of all maps in another order. */
function shuffled(value: Json, order: (keys: string[]) => string[]): Json {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, order));
  if (!isObject(value)) return value;
  return Object.fromEntries(order(Object.keys(value)).map((key) => [key, shuffled(value[key]!, order)]));
}

/** Every refId another, together with the references. */
function renamed(value: Json, rename: (refId: string) => string): Json {
  if (typeof value === 'string') {
    return /^(\.|\/\w+)\/\w+\/\w+\[.*\]$/.test(value)
      ? value.replace(/\[(.*)\]$/, (_, refId: string) => `[${rename(refId)}]`)
      : value;
  }
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [
      key,
      key === 'refId' && typeof child === 'string' ? rename(child) : renamed(child, rename),
    ]),
  );
}

test.runIf(samples.length > 0)(
  'on every sample: canonical is idempotent, whatever the order of keys and the refIds',
  () => {
    for (const [name, flow] of samples) {
      const { tree, digest } = canonical(flow);
      expect(canonical(from(tree)), name).toEqual({ tree, digest });
      fc.assert(
        fc.property(fc.infiniteStream(fc.nat()), fc.string({ minLength: 1, unit: 'grapheme' }), (numbers, prefix) => {
          const sorts = (keys: string[]): string[] =>
            keys
              .map((key) => [numbers.next().value, key] as const)
              .sort(([a], [b]) => a - b)
              .map(([, key]) => key);
          const changed = shuffled(
            renamed(flow.tree, (refId) => `${prefix}${refId}`),
            sorts,
          ) as JsonObject;
          expect(canonical(from(changed)).digest, name).toBe(digest);
        }),
        { numRuns: 5 },
      );
    }
  },
);
