import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { FlowFile } from '../model.ts';
import { parseFlow } from '../yaml/parse.ts';
import { checkFlow } from './check.ts';

function flowOf(text: string): FlowFile {
  const parsed = parseFlow(text);
  if ('flaws' in parsed) throw new Error(parsed.flaws[0]!.message);
  return parsed.flow;
}

/** Each flaw as its code, what stands at its place, and its message. */
function flaws(text: string, of: 'problems' | 'warnings' = 'problems'): string[] {
  return checkFlow(flowOf(text))[of].map(({ code, message, offset }) => {
    return `${code} at ${text.slice(offset).split('\n')[0]}: ${message}`;
  });
}

test('a reference that leads nowhere is a problem, with the nearest right word', () => {
  const text = `inboundCall:
  startUpRef: "/inboundCall/tasks/task[Strat_10]"
  tasks:
    - task:
        name: Start
        refId: Start_10
        actions:
          - jumpToMenu:
              targetMenuRef: ./menus/menu[Main]
          - callTask:
              targetTaskRef: ./tasks/task[Start]
          - jumpToTask:
              targetTask: { name: Stat }
          - changeState:
              targetStateRef: Start_10
          - callTask:
              targetTaskRef: /workflow/tasks/task[Start_10]
          - callTask:
              targetTaskRef: /inboundCall/tasks/task[Start_10]
`;
  expect(flaws(text)).toEqual([
    'flow-reference-not-found at "/inboundCall/tasks/task[Strat_10]": startUpRef refers to the task "Strat_10", which this flow does not have (did you mean "Start_10"?)',
    'flow-reference-not-found at ./menus/menu[Main]: targetMenuRef refers to the menu "Main", which this flow does not have',
    'flow-reference-not-found at ./tasks/task[Start]: targetTaskRef refers to the task "Start", which this flow does not have; the task of that name has the refId "Start_10"',
    'flow-reference-not-found at { name: Stat }: targetTask names the task "Stat", which this flow does not have (did you mean "Start"?)',
    'flow-reference-not-found at Start_10: targetStateRef is "Start_10", but a reference reads like "/inboundCall/tasks/task[refId]"',
    'flow-reference-not-found at /workflow/tasks/task[Start_10]: targetTaskRef refers to a task of a flow of type workflow; this one is inboundCall',
  ]);
});

test('expressions, prompts and names that look like references are none', () => {
  const text = `inboundCall:
  startUpRef: ./tasks/task[a]
  tasks:
    - task:
        name: ./tasks/task[b]
        refId: a
        actions:
          - playAudio: { name: P, audio: { tts: "./tasks/task[c]" } }
          - setLanguage: { language: { exp: "/inboundCall/tasks/task[c]" } }
          - setScreenPop: { inputs: { targetTaskRef: { lit: "./tasks/task[c]" } }, externalRef: x }
`;
  expect(flaws(text)).toEqual([]);
});

test('two parts of one kind with one refId are a problem', () => {
  const text = `inboundCall:
  tasks:
    - task: { name: A, refId: x }
    - task: { name: B, refId: x }
  menus:
    - menu: { name: C, refId: x }
`;
  expect(flaws(text)).toEqual(['flow-ref-id-twice at x }: the task "B" has the refId "x", and so has the task "A"']);
});

test('unknown actions are one warning for each type', () => {
  const text = `inboundCall:
  startUpTaskActions:
    - calData: { name: A }
    - calData: { name: B }
    - disconnect:
  menus:
    - menu:
        name: M
        choices:
          - menuTransferToAdc: { name: C }
`;
  expect(flaws(text, 'warnings')).toEqual([
    'unknown-action at calData: { name: A }: unknown action "calData" (2 times) (did you mean "callData"?)',
    'unknown-action at menuTransferToAdc: { name: C }: unknown action "menuTransferToAdc" (did you mean "menuTransferToAcd"?)',
  ]);
  expect(flaws(text)).toEqual([]);
});

test('a step that is no map with one key is a problem', () => {
  const text = `inboundCall:
  startUpTaskActions:
    - callData:
      name: A
    - disconnect
    - disconnect: now
`;
  const start = 'a step is a map with its action as the one key and its properties, a map, below';
  expect(flaws(text)).toEqual([
    `schema at callData:: ${start}; this has 2: callData, name; are its properties indented too little?`,
    `schema at disconnect: ${start}; this is none`,
    `schema at disconnect: now: ${start}; what stands under disconnect is none`,
  ]);
});

const folder = '/work/shared/samples/flows';
test.runIf(existsSync(folder))('no sample has a problem or an unknown action', () => {
  for (const name of readdirSync(folder)) {
    const text = readFileSync(`${folder}/${name}`, 'utf8').replace(/\{\{\s*(\w+)\s*\}\}/g, 'The $1');
    expect(checkFlow(flowOf(text)), name).toEqual({ problems: [], warnings: [] });
  }
});
