import { describe, expect, test } from 'vitest';
import { kinds } from '../src/objects/index.ts';
import { lines, resolved } from '../src/source/fixture.ts';
import { callFlow, callStep } from './support/flows.ts';

const document = (change = ''): string => `apiVersion: genesys-gitops/v1
kind: Flow
metadata:
  name: main
spec:
  type: inboundCall
  name: Main Line
  file: main.yaml
${change}`;

const timeouts = (timeout: string): string => `apiVersion: genesys-gitops/v1
kind: FlowTimeout
metadata:
  name: waiting
spec:
  flow: { type: inboundCall, name: Main Line }
  steps:
    - step: Look up
      timeout: ${timeout}
`;

const good = callFlow('Main Line', callStep('a'));

/** Problems and warnings of a repository with this flow file, one line each. */
async function found(text: string, change = ''): Promise<{ problems: string[]; warnings: string[] }> {
  const { problems, warnings } = await resolved({ 'flow.yaml': document(change), 'main.yaml': text }, { kinds });
  return { problems: lines(problems), warnings: lines(warnings) };
}

test('a good file has neither problems nor warnings', async () => {
  expect(await found(good)).toEqual({ problems: [], warnings: [] });
});

describe('tokens', () => {
  const tokens = 'inboundCall:\n  name: "{{name}}"\n  defaultLanguage: en-us\n  {{key}}:\n    tts: Hello\n';

  test('one without a value, in key position too, and a value without a token, each at its place', async () => {
    const { problems } = await found(tokens, '  substitutions: { name: Main Line, other: x }\n');
    expect(problems).toEqual([
      expect.stringMatching(/^flow\.yaml:9:\d+: value-without-token: main\.yaml holds no \{\{other\}\}/),
      expect.stringMatching(/^main\.yaml:4:3: token-without-value: \{\{key\}\} has no value/),
    ]);
  });

  test('what does not parse after them is told by the line of the file, not of the rendered text', async () => {
    const values = '  substitutions:\n    name: Main Line\n    key: |-\n      one: 1\n        two: 2\n      three: 3\n';
    const { problems } = await found(`${tokens}  bad: [\n`, values);
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) expect(problem).toMatch(/^main\.yaml:[4-7]:\d+: yaml: /);
  });

  test('a token may stand for itself', async () => {
    const text = good.replace('Welcome', 'Dear {{customer}}');
    expect(await found(text, '  substitutions: { customer: "{{customer}}" }\n')).toEqual({
      problems: [],
      warnings: [],
    });
  });
});

describe('the file and its document', () => {
  test.each([
    ['no YAML', 'inboundCall:\n  name: [\n', /^main\.yaml:\d+:\d+: yaml: /],
    ['empty', '', /^main\.yaml:1:1: yaml: /],
    ['a list', '- inboundCall\n', /^main\.yaml:1:1: yaml: .*one key/],
    ['two top keys', `${good}other: 1\n`, /^main\.yaml:1:1: yaml: .*one key/],
    [
      'a wrong top key',
      good.replace('inboundCall:', 'workflow:'),
      /^main\.yaml:1:1: flow-type-mismatch: .*type workflow.*says inboundCall/,
    ],
    ['another name', good.replace('Main Line', 'Other'), /^main\.yaml:2:9: flow-name-mismatch: .*"Other".*"Main Line"/],
    ['a name with a space behind', good.replace('Main Line', '"Main Line "'), /^main\.yaml:2:9: flow-name-mismatch/],
    ['a key twice', good.replace('  default', '  name: Main Line\n  default'), /^main\.yaml:3:3: duplicate-key/],
    [
      'a start that is not there',
      good.replace('task[main]', 'task[mian]'),
      /^main\.yaml:4:15: flow-reference-not-found: .*did you mean "main"/,
    ],
  ])('%s', async (_what, text, expected) => {
    const { problems } = await found(text);
    expect(problems[0]).toMatch(expected);
  });

  test('names that end in a space or hold a slash are kept', async () => {
    const text = callFlow('"A/B "', callStep('"x/y "', { name: '"Look / up "' }));
    const { problems } = await resolved(
      { 'flow.yaml': document().replace('name: Main Line', 'name: "A/B "'), 'main.yaml': text },
      { kinds },
    );
    expect(problems).toEqual([]);
  });

  test('bare yes and no keys are texts, as YAML 1.2 has it', async () => {
    const decision = [
      '          - decision:',
      '              name: Open?',
      '              condition:',
      '                lit: true',
      '              outputs:',
      '                yes:',
      '                  actions:',
      callStep('a', { indent: 20 }),
      '                no:',
      '                  actions:',
      callStep('b', { indent: 20 }),
    ].join('\n');
    expect(await found(callFlow('Main Line', decision))).toEqual({ problems: [], warnings: [] });
  });

  test('an action that is not known is a warning with its place', async () => {
    const { problems, warnings } = await found(good.replace('- disconnect:', '- disconect:'));
    expect(problems).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(/^main\.yaml:\d+:\d+: unknown-action: .*did you mean "disconnect"/),
    ]);
  });

  test('anchors and aliases are followed; a bomb of them is refused', async () => {
    const shared = good
      .replace('tts: Welcome', '&greeting\n    tts: Welcome')
      .replace('refId: main', 'refId: main\n        audio: *greeting');
    expect(await found(shared)).toEqual({ problems: [], warnings: [] });
    const levels = Array.from(
      { length: 12 },
      (_, i) => `  a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`,
    );
    const { problems } = await found(`inboundCall:\n  name: Main Line\n  a0: &a0 [x]\n${levels.join('\n')}\n`);
    expect(problems[0]).toMatch(/^main\.yaml:\d+:\d+: alias-bomb/);
  });

  test('60,000 lines are read', async () => {
    const steps = Array.from({ length: 7000 }, (_, i) => callStep('a', { name: `Step ${i}` }));
    const text = callFlow('Main Line', ...steps);
    expect(text.split('\n').length).toBeGreaterThan(60_000);
    expect(await found(text)).toEqual({ problems: [], warnings: [] });
  });
});

describe('a timeout', () => {
  test.each([
    ['0s', /no time at all/],
    ['-5s', /negative|above 0/i],
    ['61m', /60 minutes/],
    ['soon', /15s/],
    ['15', /15s|unit/],
  ])('%s is refused, with words', async (timeout, words) => {
    const { problems } = await resolved({ 'timeouts.yaml': timeouts(`"${timeout}"`) }, { kinds });
    expect(lines(problems)).toEqual([expect.stringMatching(/^timeouts\.yaml:9:16: timeout-invalid: /)]);
    expect(lines(problems)[0]).toMatch(words);
  });

  test.each(['15s', '1m', '2500ms', '60m'])('%s is taken', async (timeout) => {
    expect((await resolved({ 'timeouts.yaml': timeouts(timeout) }, { kinds })).problems).toEqual([]);
  });
});
