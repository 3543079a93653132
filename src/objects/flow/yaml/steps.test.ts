import { describe, expect, it } from 'vitest';
import { parseFlow } from './parse.ts';
import { describe as describePlace, findCalls } from './steps.ts';

function flowOf(text: string) {
  const parsed = parseFlow(text);
  if ('flaws' in parsed) throw new Error(parsed.flaws[0]?.message);
  return parsed.flow;
}

const call = (name: string | undefined, action = 'A', more = '') =>
  `{callData: {${name === undefined ? '' : `name: ${name}, `}category: {C: {dataAction: {${action}: {inputs: {id: {lit: 1}}}}}}${more}}}`;

const flow = (...parts: string[]) => flowOf(`inboundCall:\n  name: F\n${parts.map((part) => `  ${part}\n`).join('')}`);
const task = (name: string, ...actions: string[]) => `{task: {name: ${name}, actions: [${actions.join(', ')}]}}`;
const titles = (...parts: string[]) => findCalls(flow(...parts)).map(({ title }) => title);

describe('findCalls', () => {
  it('finds calls at any depth', () => {
    const inner = (name: string) => `outputs: {success: {actions: [${call(name)}]}}`;
    const found = titles(
      `tasks: [${task('T', call('a', 'A', `, ${inner('b')}`), `{decision: {outputs: {yes: {actions: [${call('c')}]}}}}`)}]`,
      `states: [{state: {name: S, actions: [{switch: {evaluate: {firstTrue: {cases: [{case: {actions: [${call('d')}]}}], default: {actions: [${call('e')}]}}}}}, {loop: {name: L, outputs: {loop: {actions: [${call('f')}]}}}}]}}]`,
      `menus: [{menu: {name: M, choices: [{menuTask: {name: Press 1, task: {actions: [${call('g')}]}}}]}}]`,
      `reusableTasks: [${task('R', call('h'))}]`,
      `bots: [{bot: {name: B, actions: [${call('i')}]}}]`,
      `startUpTaskActions: [${call('j')}]`,
    );
    expect(found).toEqual([
      'B › i',
      'Press 1 › g',
      'R › h',
      'startUpTaskActions › j',
      'S › d',
      'S › e',
      'S › f',
      'T › a',
      'T › b',
      'T › c',
    ]);
  });

  it('says what each calls', () => {
    const [first, second] = findCalls(
      flow(
        `tasks: [${task('"T/ "', call('"S "', 'Get x', ', timeout: {lit: {seconds: 90}}'), call(undefined, 'Get y'))}]`,
      ),
    );
    expect(first).toEqual({
      key: 'T/  › S ',
      byAction: 'T/  › [Get x]',
      title: 'T/  › S ',
      label: 'S ',
      named: true,
      container: 'T/ ',
      pointer: '/inboundCall/tasks/0/task/actions/0/callData',
      category: 'C',
      action: 'Get x',
      timeout: '90s',
    });
    expect(second).toMatchObject({ key: 'T/  › [Get y]', title: 'T/  › Get y', label: 'Get y', named: false });
    expect(second).not.toHaveProperty('timeout');
  });

  it('is not taken in by settings and unfinished steps', () => {
    const settings = 'settingsActionDefaults: {callData: {processingPrompt: {noValue: true}}}';
    const bad = [
      '{callData: ~}',
      '{callData: {category: x}}',
      '{callData: {category: {C: {}}}}',
      '{callData: {category: {C: {dataAction: {}}}}}',
    ];
    expect(titles(settings, `tasks: [${task('T', ...bad)}]`)).toEqual([]);
  });

  it('numbers names that are there more than once, around names that look numbered', () => {
    const names = ['S', 'S (2)', 'S', 'S', 'S (2)'];
    expect(titles(`tasks: [${task('T', ...names.map((name) => call(name)))}]`)).toEqual([
      'T › S',
      'T › S (2)',
      'T › S (3)',
      'T › S (4)',
      'T › S (2) (2)',
    ]);
  });

  it('finds a step without a name by its action, whatever Genesys calls it', () => {
    const of = (...names: (string | undefined)[]) =>
      findCalls(flow(`tasks: [${task('T', ...names.map((name) => call(name)))}]`));
    const [, unnamed] = of('S', undefined);
    expect(unnamed).toMatchObject({ key: 'T › [A] (2)', named: false });
    expect(of('S', 'Call Data Action').map(({ key, byAction }) => [key, byAction])).toEqual([
      ['T › S', 'T › [A]'],
      ['T › Call Data Action', 'T › [A] (2)'],
    ]);
  });

  it('gives the same keys when the keys of maps are ordered anew', () => {
    const branches = [`yes: {actions: [${call('S', 'A')}]}`, `no: {actions: [${call('S', 'B')}]}`];
    const of = (order: string[]) =>
      findCalls(flow(`tasks: [${task('T', `{decision: {outputs: {${order.join(', ')}}}}`)}]`));
    expect(of(branches)).toEqual(of(branches.toReversed()));
    expect(of(branches).map(({ key, title }) => [key, title])).toEqual([
      ['T › S', 'T › S'],
      ['T › S (2)', 'T › S (2)'],
    ]);
  });
});

describe('describe', () => {
  const { tree } = flow(
    `menus: [{menu: {name: Main Menu, choices: [{menuTask: {name: Press 1, task: {actions: [${call('Get Customer')}, ${call('Get Customer')}, {decision: {condition: {exp: x}}}]}}}]}}]`,
    `tasks: [${task('"T/ "', `{decision: {name: D, outputs: {yes: {actions: [${call(undefined, 'Get y')}]}}}}`)}]`,
    'settingsMenu: {repeatCount: {lit: 3}}',
  );
  const menu = '/inboundCall/menus/0/menu';
  const actions = `${menu}/choices/0/menuTask/task/actions`;
  const nested = '/inboundCall/tasks/0/task/actions/0/decision/outputs/yes/actions/0/callData';
  it.each([
    ['', ''],
    ['/inboundCall', 'inboundCall'],
    ['/inboundCall/settingsMenu/repeatCount/lit', 'settingsMenu.repeatCount.lit'],
    [menu, 'Main Menu'],
    [`${menu}/audio/tts`, 'Main Menu › audio.tts'],
    [`${actions}/0/callData/category/C/dataAction/A/inputs/id`, 'Main Menu › Press 1 › Get Customer › inputs.id'],
    [`${actions}/1/callData/timeout`, 'Main Menu › Press 1 › Get Customer (2) › timeout'],
    [`${actions}/0/callData/category/C/dataAction/A`, 'Main Menu › Press 1 › Get Customer › category.C.dataAction.A'],
    [`${actions}/2/decision/condition/exp`, 'Main Menu › Press 1 › decision › condition.exp'],
    [`${actions}/7/callData/x`, 'Main Menu › Press 1 › task.actions.7.callData.x'],
    [`${nested}/timeout`, 'T/  › Get y › timeout'],
    ['/inboundCall/tasks/0/task/actions/0/decision/outputs/yes', 'T/  › D › outputs.yes'],
  ])('%s', (pointer, words) => expect(describePlace(tree, pointer)).toBe(words));
});
