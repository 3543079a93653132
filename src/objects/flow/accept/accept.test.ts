import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { JsonObject } from '../../../model/json.ts';
import { accepted, commented, driftOf, flowResource, liveOf, remaining, rendition } from './fixture.ts';

// biome-ignore lint/suspicious/noExplicitAny: a flow as plain objects, of which each test knows the form
type Body = Record<string, any>;

const head = ['inboundCall:', '  name: Line', '  tasks:', '    - task:', '        name: Main', '        refId: Main_1'];
const file = (...lines: string[]): string => [...head, ...lines.map((line) => `        ${line}`), ''].join('\n');

/** The file after somebody has changed what was published of it; with what cannot be written. */
function edit(text: string, change: (body: Body) => void, spec: JsonObject = {}) {
  const resource = flowResource(text, spec);
  const filled = spec['substitutions'] === undefined ? text : withValues(text, spec['substitutions'] as Body);
  const left = rendition(filled);
  const live = structuredClone(left);
  change(live['inboundCall'] as Body);
  const drift = driftOf(resource, liveOf(live), left);
  const result = accepted(resource, drift);
  return { ...result, drift, resource, left: () => remaining(resource, drift, result.text) };
}

function withValues(text: string, values: Body): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (_, token) => values[token]);
}

const main = (body: Body): Body => body['tasks'][0].task;

describe('what differs is edited, and nothing else', () => {
  const steps = [
    'actions: # all',
    '  # the call',
    '  - callData: # c',
    '      name: First',
    '      timeout: # t',
    '        lit:',
    '          minutes: 1 # m',
    '      category: {C: {dataAction: {A: {inputs: {id: {lit: a}}}}}} # k',
    '  # the loop',
    '  - loop:',
    '      name: Again',
    '      loopCount: { lit: 2 } # n',
    '      outputs:',
    '        loop:',
    '          actions:',
    '            # inside',
    '            - playAudio: # p',
    '                name: Say',
    "                audio: { tts: 'Hi' } # h",
    '  # the end',
    '  - disconnect: # d',
  ];
  const text = file(...steps);
  const edited = (change: (body: Body) => void): string[] => {
    const { text: put, rest, left } = edit(text, change);
    expect(rest).toEqual([]);
    expect(left()).toEqual([]);
    return put
      .split('\n')
      .slice(head.length, -1)
      .map((line) => line.slice(8));
  };
  const replaced = (from: string, ...to: string[]): string[] => steps.flatMap((line) => (line === from ? to : [line]));

  test('a value keeps its quotes and its comment', () => {
    const now = edited((body) => {
      main(body)['actions'][1].loop.outputs.loop.actions[0].playAudio.audio.tts = "It's me";
      main(body)['actions'][1].loop.loopCount.lit = 3;
    });
    const found = replaced(
      "                audio: { tts: 'Hi' } # h",
      "                audio: { tts: 'It''s me' } # h",
    );
    expect(now).toEqual(found.map((line) => line.replace('{ lit: 2 }', '{ lit: 3 }')));
  });
  test('another way to give it', () => {
    const now = edited((body) => {
      main(body)['actions'][1].loop.loopCount = { exp: 'Flow.Count' };
    });
    expect(now).toEqual(replaced('      loopCount: { lit: 2 } # n', '      loopCount: { exp: Flow.Count } # n'));
  });
  test('a timeout in another unit', () => {
    const now = edited((body) => {
      main(body)['actions'][0].callData.timeout = { lit: { seconds: 45 } };
    });
    expect(now).toEqual(replaced('          minutes: 1 # m', '          seconds: 45 # m'));
  });
  test('a step that came, in the indentation of the file, without the ids that nothing refers to', () => {
    const now = edited((body) => {
      const more = { name: 'More', refId: 'More_9', trackingId: 9, audio: { tts: 'a: b' } };
      main(body)['actions'].splice(2, 0, { playAudio: more });
    });
    const put = ['  - playAudio:', '      audio:', '        tts: "a: b"', '      name: More'];
    expect(now).toEqual([...steps.slice(0, 19).filter((line) => line !== '  # the end'), ...put, ...steps.slice(-2)]);
  });
  test('a step that went takes its own comments along, and no other', () => {
    expect(edited((body) => main(body)['actions'].splice(1, 1))).toEqual([...steps.slice(0, 8), ...steps.slice(-2)]);
    expect(edited((body) => main(body)['actions'].splice(2, 1))).toEqual(steps.slice(0, -2));
    expect(edited((body) => main(body)['actions'].splice(0, 1))).toEqual([steps[0], ...steps.slice(8)]);
  });
  test('a step in another place of its list', () => {
    const now = edited((body) => main(body)['actions'].reverse());
    expect(now).toEqual([steps[0], ...steps.slice(-2), ...steps.slice(8, -2), ...steps.slice(1, 8)]);
  });
  test('a step that went into another list, and one that a loop was put around', () => {
    const inner = steps.slice(15, 19);
    const moved = edited((body) => {
      const { actions } = main(body)['actions'][1].loop.outputs.loop;
      main(body)['actions'].push(actions[0]);
      actions[0] = { wait: { name: 'Other' } };
    });
    expect(moved.slice(-4)).toEqual(inner.map((line) => line.slice(10)));
    const wrapped = edited((body) => {
      const { actions } = main(body)['actions'][1].loop.outputs.loop;
      actions[0] = { decision: { name: 'If', outputs: { yes: { actions: [actions[0]] } } } };
    });
    const around = ['- decision:', '    name: If', '    outputs:', '      yes:', '        actions:'];
    const deeper = inner.map((line) => `          ${line}`);
    expect(wrapped.slice(15, 24)).toEqual([...around.map((line) => `            ${line}`), ...deeper]);
  });
  test('a step without properties gets one', () => {
    const now = edited((body) => {
      main(body)['actions'][2].disconnect = { name: 'Bye' };
    });
    expect(now).toEqual(replaced('  - disconnect: # d', '  - disconnect: # d', '      name: Bye'));
  });
});

test('parts are known to the file under its own ids: of what it has, and of what came', () => {
  const text = file('actions:', '  - jumpToTask: { name: Again, targetTaskRef: "./tasks/task[Main_1]" }');
  const {
    text: put,
    rest,
    left,
  } = edit(text, (body) => {
    const jump = { name: 'Back', targetTaskRef: main(body)['actions'][0].jumpToTask.targetTaskRef };
    const refId = 'Main_1';
    body['tasks'].push({ task: { name: 'Other', refId, actions: [{ jumpToTask: jump }] } });
    main(body)['actions'][0].jumpToTask.targetTaskRef = `./tasks/task[${refId}]`;
    main(body)['name'] = 'First';
  });
  expect(rest).toEqual([]);
  expect(left()).toEqual([]);
  const tasks = parse(put).inboundCall.tasks;
  expect(tasks[0].task).toMatchObject({ name: 'First', refId: 'Main_1' });
  expect(tasks[0].task.actions[0].jumpToTask.targetTaskRef).toBe('./tasks/task[Main_1_]');
  expect(tasks[1].task.refId).toBe('Main_1_');
  expect(tasks[1].task.actions[0].jumpToTask.targetTaskRef).toBe('/inboundCall/tasks/task[Main_1]');
});

describe('what Genesys fills in by itself', () => {
  const text = file('actions:', '  - playAudio: { name: Say, audio: { tts: Hi } }');
  const step = (body: Body): Body => main(body)['actions'][0].playAudio;
  test('is not written; what somebody changed of it is', () => {
    const { text: put, left } = edit(text, (body) => {
      step(body)['madeUp'] = { lit: false };
      step(body)['audio'].tts = 'Ho';
    });
    expect(left()).toEqual([]);
    expect(put).toBe(text.replace('{ tts: Hi }', '{ tts: Ho }, madeUp: { lit: false }'));
  });
  test('cannot be said to be gone', () => {
    const { text: put, rest } = edit(text, (body) => delete step(body)['madeUp']);
    expect(put).toBe(text);
    expect(rest).toEqual([{ pointer: '/spec/file', why: expect.stringContaining('Say › madeUp') }]);
  });
});

describe('tokens', () => {
  const text = file(
    'actions:',
    '  - playAudio: { name: Say, audio: { tts: "Good {{daytime}}" } } # a',
    '  - disconnect:',
  );
  const spec = { substitutions: { daytime: 'day' } };
  test('a value that comes from one is told with its place, and the rest is written', () => {
    const { text: put, rest } = edit(
      text,
      (body) => {
        main(body)['actions'][0].playAudio.audio.tts = 'Good evening';
        main(body)['actions'].push({ updateData: { name: 'Last' } });
      },
      spec,
    );
    expect(put).toBe(`${text}          - updateData:\n              name: Last\n`);
    const why = 'Main › Say › audio.tts is "Good evening" in Genesys; in line.yaml it comes from {{daytime}}';
    expect(rest).toEqual([{ pointer: '/spec/substitutions/daytime', why: expect.stringContaining(why) }]);
  });
  test('stay where their step is changed in another place of it, and where it moves', () => {
    const { text: put, rest } = edit(text, (body) => main(body)['actions'].reverse(), spec);
    expect(rest).toEqual([]);
    const [first, second] = text.split('\n').slice(-3);
    expect(put.split('\n').slice(-3)).toEqual([second, first, '']);
  });
  test('a value that no token has any more goes with its step', () => {
    const { rest } = edit(text, (body) => main(body)['actions'].shift(), spec);
    expect(rest).toEqual([{ pointer: '/spec/substitutions/daytime', remove: true }]);
  });
  test('what Genesys has is not taken for one', () => {
    const { text: put, rest } = edit(
      text,
      (body) => {
        body['description'] = '{{daytime}}';
      },
      spec,
    );
    expect(put).toBe(text);
    expect(rest).toEqual([{ pointer: '/spec/file', why: expect.stringContaining('holds {{...}}') }]);
  });
  test('a step that may be somewhere else now is not written out without its tokens', () => {
    const { text: put, rest } = edit(
      text,
      (body) => {
        const [say] = main(body)['actions'].splice(0, 1);
        body['tasks'].push({ task: { name: 'Other', actions: [{ playAudio: { ...say.playAudio, name: 'Hello' } }] } });
      },
      spec,
    );
    expect(put).toBe(text);
    expect(rest).toEqual([{ pointer: '/spec/file', why: expect.stringContaining('Main › Say may stand elsewhere') }]);
  });
});

describe('what cannot be edited for sure is told, and the file left alone there', () => {
  test('comments within what another form would replace', () => {
    const text = file(
      'actions:',
      '  - a:',
      '      name: A',
      '      x:',
      '        y: # why',
      '          z: 1',
      '        v: 1',
    );
    const { text: put, rest } = edit(text, (body) => {
      main(body)['actions'][0].a.x = ['other'];
    });
    expect(put).toBe(text);
    expect(rest).toEqual([{ pointer: '/spec/file', why: expect.stringContaining('there are comments within') }]);
  });
  test.each([
    ['a: &a { name: A, x: 1 }', 'of: *a'],
    ['a: { name: A, x: &x 1 }', 'of: *x'],
  ])('anchors: %s', (step, alias) => {
    const text = file('actions:', `  - ${step}`, `  - b: { name: B, ${alias} }`);
    const { text: put, rest } = edit(text, (body) => {
      main(body)['actions'][0].a.x = 2;
    });
    expect(put).toBe(text);
    expect(rest).toEqual([{ pointer: '/spec/file', why: expect.stringContaining('anchor') }]);
  });
});

describe('name and division', () => {
  const text = file('actions:', '  - disconnect:').replace('name: Line', 'name: Line # n\n  division: Home # d');
  const moved = (resource = flowResource(text)) => {
    const left = rendition(text);
    return accepted(resource, driftOf(resource, liveOf(left, { name: 'New: line', division: 'Sales' }), left));
  };
  test('stand in the file and in the document', () => {
    const { text: put, rest } = moved();
    expect(put).toBe(text.replace('name: Line', 'name: "New: line"').replace('Home', 'Sales'));
    expect(rest).toEqual([{ pointer: '/spec/name', value: 'New: line' }]);
    const { rest: both } = moved(flowResource(text, { division: 'Home' }));
    expect(both).toContainEqual({ pointer: '/spec/division', value: 'Sales' });
  });
});

test('only timeouts moved: the rest of the file is not looked at', () => {
  const call = (ms: string): string =>
    `  - callData: { name: First, timeout: { lit: { ${ms} } }, category: {C: {dataAction: {A: {}}}} }`;
  const text = file('actions:', call('minutes: 1'), '  - playAudio: { name: Say, loops: 1 }');
  const { text: put, left } = edit(text, (body) => {
    main(body)['actions'][0].callData.timeout = { lit: { ms: 2500 } };
  });
  expect(put).toBe(text.replace('minutes: 1', 'ms: 2500'));
  expect(left()).toEqual([]);
});

test('a file of another system keeps its line ends', () => {
  const text = file('actions: # a', '  - disconnect: # b').replaceAll('\n', '\r\n');
  const { text: put, left } = edit(text, (body) => main(body)['actions'].unshift({ wait: { name: 'W', x: 'a\nb\n' } }));
  expect(left()).toEqual([]);
  expect(put.split('\r\n').length).toBe(text.split('\r\n').length + 5);
  expect(put.replaceAll('\r\n', '')).not.toContain('\n');
});

test('a flow that is no longer published', () => {
  const resource = flowResource(commented.replaceAll(/\{\{\w+\}\}/g, 'x'));
  const drift = driftOf(resource, liveOf(rendition(resource.files['/spec/file']!.text), { name: 'B' }), undefined);
  expect(accepted(resource, { ...drift, live: { name: 'Line' } }).rest).toEqual([
    { pointer: '/spec/file', why: expect.stringContaining('no longer published') },
  ]);
});
