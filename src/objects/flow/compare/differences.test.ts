import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isObject, type Json, type JsonObject } from '../../../model/json.ts';
import type { Difference } from '../../../model/plan.ts';
import type { FlowFile } from '../model.ts';
import { parseFlow } from '../yaml/parse.ts';
import { declared, drift, unmanaged } from './differences.ts';

function flowOf(text: string): FlowFile {
  const parsed = parseFlow(text);
  if ('flaws' in parsed) throw new Error(parsed.flaws[0]!.message);
  return parsed.flow;
}

function from(tree: Json): FlowFile {
  const type = Object.keys(tree as JsonObject)[0]!;
  return { type, tree: tree as JsonObject, body: (tree as JsonObject)[type] as JsonObject, offsetOf: () => 0 };
}

const folder = '/work/shared/samples/flows';
const samples = existsSync(folder)
  ? readdirSync(folder).map((name) => {
      const text = readFileSync(`${folder}/${name}`, 'utf8');
      return [name, flowOf(text.replace(/\{\{\s*(\w+)\s*\}\}/g, 'The $1'))] as const;
    })
  : [];

/** A flow with one task, by its steps; `rest` stands beside `tasks`. */
function task(steps: string[], rest = ''): FlowFile {
  return flowOf(`inboundCall:
  name: F
${rest}  tasks:
    - task:
        name: Main
        actions:
${steps.map((step) => `          - ${step}\n`).join('')}`);
}

const say = (text: string, name = 'Say'): string => `playAudio: { name: ${name}, audio: { tts: ${text} } }`;
const get = (name: string, id = 'Flow.Id'): string =>
  `callData: { name: ${name}, category: { CRM: { dataAction: { Find: { inputs: { id: { exp: ${id} } } } } } } }`;
const bye = 'disconnect: { name: Bye }';

const both = (wanted: FlowFile, live: FlowFile): Difference[] => {
  const found = drift(live, wanted);
  expect(declared(wanted, live)).toEqual(found);
  return found;
};

test('a value that changed is found by its task and step', () => {
  expect(
    both(task([say('a'), get('Get Customer'), bye]), task([say('a'), get('Get Customer', 'Flow.No'), bye])),
  ).toEqual([{ at: 'Main › Get Customer › inputs.id', from: 'Flow.No', to: 'Flow.Id' }]);
});

test('a step that was put in or taken out is one difference', () => {
  const [few, many] = [task([say('a'), say('b'), bye]), task([say('a'), get('Get Customer'), say('b'), bye])];
  expect(both(many, few)).toEqual([{ at: 'Main › Get Customer', to: 'callData "Get Customer"' }]);
  expect(both(few, many)).toEqual([{ at: 'Main › Get Customer', from: 'callData "Get Customer"' }]);
});

test('a step among others of its name is told by its number', () => {
  expect(both(task([say('a'), say('b'), say('c')]), task([say('a'), say('c')]))).toEqual([
    { at: 'Main › Say (2)', to: 'playAudio "Say"' },
  ]);
});

test('a step that moved is said to have moved, and what changed in it besides', () => {
  expect(
    both(task([get('Get'), say('a', 'A'), say('b', 'B')]), task([say('a', 'A'), say('b', 'B'), get('Get')])),
  ).toEqual([{ at: 'Main › Get', from: 'place 3', to: 'place 1' }]);
  expect(
    both(task([get('Get', 'X'), say('a', 'A'), say('b', 'B')]), task([say('a', 'A'), say('b', 'B'), get('Get')])),
  ).toEqual([
    { at: 'Main › Get', from: 'place 3', to: 'place 1' },
    { at: 'Main › Get › inputs.id', from: 'Flow.Id', to: 'X' },
  ]);
});

test('a step that was renamed is no other step; one of another kind in its place is', () => {
  expect(both(task([get('New'), bye]), task([get('Old'), bye]))).toEqual([
    { at: 'Main › New › name', from: 'Old', to: 'New' },
  ]);
  expect(both(task([get('Get'), bye]), task([say('a'), bye]))).toEqual([
    { at: 'Main › Say', from: 'playAudio "Say"' },
    { at: 'Main › Get', to: 'callData "Get"' },
  ]);
});

test('a step within the branch of another is called by its own name', () => {
  const branch = (text: string): string =>
    `decision: { name: Ask, outputs: { "yes": { actions: [{ ${say(text)} }] } } }`;
  expect(both(task([branch('b')]), task([branch('a')]))).toEqual([{ at: 'Main › Say › audio', from: 'a', to: 'b' }]);
});

test('a branch is told by its steps, and one beside another is no other', () => {
  const call = (outputs: string): FlowFile => task([`callData: { name: Get, outputs: { ${outputs} } }`]);
  const [failure, success] = [
    `failure: { actions: [{ ${say('a')} }, { ${bye} }] }`,
    `success: { actions: [{ ${bye} }] }`,
  ];
  expect(declared(call(failure), call(success))).toEqual([
    { at: 'Main › Get › outputs.failure', to: 'playAudio "Say", disconnect "Bye"' },
  ]);
  expect(drift(call(`${failure}, ${success}`), call(success))).toEqual([
    { at: 'Main › Get › outputs.failure', from: 'playAudio "Say", disconnect "Bye"' },
  ]);
});

test('a choice stands in its menu; a variable in its list', () => {
  const menu = (key: string): FlowFile =>
    flowOf(`inboundCall:
  variables: [{ stringVariable: { name: Flow.x, initialValue: { lit: "${key}" } } }]
  menus: [{ menu: { name: Main Menu, choices: [{ menuTask: { name: Sales, dtmf: digit_${key}, task: { actions: [{ ${say(`"${key}"`)} }] } } }] } }]
`);
  expect(both(menu('2'), menu('1'))).toEqual([
    { at: 'variables[Flow.x].initialValue', from: '1', to: '2' },
    { at: 'Main Menu › Sales › dtmf', from: 'digit_1', to: 'digit_2' },
    { at: 'Main Menu › Sales › Say › audio', from: '1', to: '2' },
  ]);
});

test('the form of a value is shown where it is what changed', () => {
  const wait = (value: string): FlowFile => task([`wait: { name: W, duration: ${value} }`]);
  expect(both(wait('{ lit: { seconds: 1 } }'), wait('{ exp: Flow.Time }'))).toEqual([
    { at: 'Main › W › duration', from: { exp: 'Flow.Time' }, to: { lit: { seconds: 1 } } },
  ]);
  expect(declared(wait('{ noValue: true }'), wait('{ exp: Flow.Time }'))).toHaveLength(1);
  expect(declared(wait('{ exp: Flow.Time }'), wait('{ noValue: true }'))).toHaveLength(1);
});

test('of long texts the part is shown where they differ', () => {
  const long = 'x'.repeat(300);
  const [found] = drift(task([say(`${long}a`)]), task([say(`${long}b`)]));
  expect(found).toEqual({ at: 'Main › Say › audio', from: `…${'x'.repeat(30)}a`, to: `…${'x'.repeat(30)}b` });
});

test('what only live has is an extra and no difference, save for items of lists', () => {
  const [wanted, live] = [
    task(['playAudio: { name: Say }', 'disconnect:']),
    task([say('a'), bye], '  defaultLanguage: en-us\n  initialGreeting: { noValue: true }\n'),
  ];
  expect(declared(wanted, live)).toEqual([]);
  expect(unmanaged(wanted, live)).toEqual(['Main › Say › audio', 'Main › disconnect › name', 'defaultLanguage']);
  expect(drift(wanted, live)).toHaveLength(4);
});

test('what was declared before and is no more goes, also where a step was put in before it', () => {
  const [before, live] = [task([say('a')], '  description: D\n'), task([say('a')], '  description: D\n')];
  const wanted = task([bye, 'playAudio: { name: Say }']);
  expect(declared(wanted, live, before)).toEqual([
    { at: 'Main › Bye', to: 'disconnect "Bye"' },
    { at: 'Main › Say › audio', from: { tts: 'a' } },
    { at: 'description', from: 'D' },
  ]);
  expect(declared(wanted, task([bye, 'playAudio: { name: Say }']), before)).toEqual([]);
});

test('nothing equals nothing, in each of its forms', () => {
  const none = task(
    [
      'callData: { name: G, processingPrompt: { noValue: true }, failureOutputs: { errorCode: { noValue: true } } }',
      'disconnect: { none: true }',
    ],
    '  description: ""\n  settingsKnowledge: { none: true }\n  initialGreeting:\n',
  );
  expect(declared(none, task(['callData: { name: G }', bye]))).toEqual([]);
});

test('what means something by being there is not nothing', () => {
  const rest = (text: string): FlowFile => task([bye], text);
  const disconnect = rest('  settingsErrorHandling: { errorHandling: { disconnect: { none: true } } }\n');
  const end = rest('  settingsErrorHandling: { errorHandling: { endWorkflow: { none: true } } }\n');
  expect(declared(disconnect, end)).toEqual([
    {
      at: 'settingsErrorHandling.errorHandling',
      from: { endWorkflow: { none: true } },
      to: { disconnect: { none: true } },
    },
  ]);
  const two = rest('  supportedLanguages: { en-us: { none: true }, de-de: { none: true } }\n');
  const one = rest('  supportedLanguages: { en-us: { none: true } }\n');
  expect(declared(two, one)).toEqual([{ at: 'supportedLanguages.de-de', to: { none: true } }]);
});

test('quotes are no matter, save in JSON', () => {
  const variables = (kind: string, lit: string): FlowFile =>
    task([bye], `  variables: [{ ${kind}: { name: Flow.x, initialValue: { lit: ${lit} } } }]\n`);
  expect(declared(variables('stringVariable', '5'), variables('stringVariable', '"5"'))).toEqual([]);
  expect(declared(variables('booleanVariable', '"true"'), variables('booleanVariable', 'true'))).toEqual([]);
  expect(declared(variables('stringVariable', '"05"'), variables('stringVariable', '5'))).toHaveLength(1);
  expect(declared(variables('jsonVariable', '5'), variables('jsonVariable', '"5"'))).toHaveLength(1);
});

test('a version by the mere key is the same in each form', () => {
  const bot = (version: string): FlowFile => task([`callBotFlow: { name: B, botFlow: { Bot: ${version} } }`]);
  expect(drift(bot('{ ver_latestPublished: }'), bot('{ ver_latestPublished: {} }'))).toEqual([]);
  expect(declared(bot('{ ver_latestPublished: }'), bot('{ ver_12: {} }'))).toHaveLength(1);
});

test('another type of flow is one difference', () => {
  expect(drift(flowOf('workflow: { name: A }'), flowOf('inboundCall: { name: A }'))).toHaveLength(1);
});

test('two hundred differences are shown, and how many more there are', () => {
  const many = (text: string): FlowFile => task(Array.from({ length: 300 }, (_, i) => say(`${text}${i}`, `S${i}`)));
  const found = drift(many('b'), many('a'));
  expect(found).toHaveLength(200);
  expect(found.at(-1)).toEqual({ at: 'and 101 more differences' });
});

/** Each list of steps of a tree. */
function stepLists(value: Json, key = ''): Json[][] {
  if (Array.isArray(value))
    return [...(/[aA]ctions$/.test(key) ? [value] : []), ...value.flatMap((one) => stepLists(one))];
  return isObject(value) ? Object.entries(value).flatMap(([name, one]) => stepLists(one, name)) : [];
}

test.runIf(samples.length > 0)(
  'a sample does not differ from itself; one step more, less or other in it is just that',
  () => {
    for (const [name, flow] of samples) {
      expect(drift(flow, from(structuredClone(flow.tree))), name).toEqual([]);
      expect(declared(flow, from(structuredClone(flow.tree))), name).toEqual([]);
      const count = stepLists(flow.tree).length;
      for (let i = 0; i < count; i++) {
        const length = stepLists(flow.tree)[i]!.length;
        for (let j = 0; j < length; j++) {
          const [less, more, other] = [flow, flow, flow].map(({ tree }) => structuredClone(tree));
          stepLists(less!)[i]!.splice(j, 1);
          stepLists(more!)[i]!.splice(j, 0, { updateData: { name: 'Put in' } });
          (Object.values(stepLists(other!)[i]![j] as JsonObject)[0] as JsonObject)['extra'] = 1;
          const lost = both(flow, from(less!));
          expect(lost, name).toHaveLength(1);
          expect(lost[0], name).toEqual({ at: expect.any(String), to: expect.any(String) });
          expect(both(flow, from(more!)), name).toEqual([
            { at: expect.stringMatching(/Put in$/), from: 'updateData "Put in"' },
          ]);
          expect(drift(from(other!), flow), name).toEqual([{ at: expect.stringMatching(/ › extra$/), from: 1 }]);
          expect(declared(flow, from(other!)), name).toEqual([]);
          expect(unmanaged(flow, from(other!)), name).toEqual([drift(from(other!), flow)[0]!.at]);
        }
      }
    }
  },
);

/** What the server makes of a file: keys in another order, refIds for all, defaults, numbers as text. */
function touched(value: Json, refIds: Map<string, string>, within = ''): Json {
  if (Array.isArray(value)) return value.map((one) => touched(one, refIds, '[]'));
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') {
    return value.replace(/^(?:\.|\/\w+)\/(\w+\/\w+)\[(.*)\]$/, (_, path, id) => `./${path}[${refIds.get(id) ?? id}]`);
  }
  if (!isObject(value)) return value;
  const map: JsonObject = {};
  for (const key of Object.keys(value).reverse()) {
    const child = touched(value[key]!, refIds, within === '[]' ? 'part' : '');
    map[key] = key === 'refId' && typeof child === 'string' ? (refIds.get(child) ?? child) : child;
  }
  if (within !== 'part') return map;
  return { zDefault: { lit: 1 }, trackingId: 7, ...map, refId: map['refId'] ?? `new ${Math.random()}` };
}

test.runIf(samples.length > 0)('what the server makes of a sample is as declared; its additions are extras', () => {
  for (const [name, flow] of samples) {
    const refIds = new Map<string, string>();
    JSON.stringify(flow.tree, (key, value) => {
      if (key === 'refId') refIds.set(value, `${value} anew`);
      return value;
    });
    const live = from(touched(flow.tree, refIds));
    expect(declared(flow, live), name).toEqual([]);
    expect(declared(flow, live, flow), name).toEqual([]);
    expect(unmanaged(flow, live).length, name).toBeGreaterThan(0);
    expect(unmanaged(flow, live).length, name).toBeLessThanOrEqual(51);
  }
});

test('two megabytes of steps take a second of the processor, whatever else goes on', () => {
  const steps = (first: string, odd = ''): Json[] =>
    Array.from({ length: 9000 }, (_, i) => ({
      callData: {
        name: `Get ${i % 500}`,
        category: {
          CRM: { dataAction: { Find: { inputs: { id: { exp: `Flow.Identifier${i === 4000 ? odd : ''}` } } } } },
        },
        failureOutputs: { errorCode: { noValue: true }, status: { noValue: true }, note: { lit: `${first} ${i}` } },
      },
    }));
  const flow = (odd: string, gone: number): FlowFile => {
    const actions = steps('text', odd);
    actions.splice(100, gone);
    return from({ inboundCall: { tasks: [{ task: { name: 'Main', actions } }] } });
  };
  const [wanted, live] = [flow('', 0), flow('x', 1)];
  expect(JSON.stringify(wanted.tree).length).toBeGreaterThan(1_900_000);
  const start = process.cpuUsage();
  expect(drift(wanted, live)).toHaveLength(2);
  expect(declared(wanted, live)).toHaveLength(2);
  expect(process.cpuUsage(start).user / 1000).toBeLessThan(2000);
});
