import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument, type YAMLMap } from 'yaml';
import type { Json } from '../../../model/json.ts';
import { getAt } from '../../../model/pointer.ts';
import type { Call } from '../model.ts';
import { durationOf, formatDuration } from './duration.ts';
import { setTimeouts } from './edit.ts';
import { parseFlow } from './parse.ts';
import { findCalls } from './steps.ts';
import { substitute } from './substitutions.ts';

const folder = '/work/shared/samples/flows';
const category = 'category: {C: {dataAction: {A: {inputs: {}}}}}';

function flowOf(text: string) {
  const parsed = parseFlow(text);
  if ('flaws' in parsed) throw new Error(parsed.flaws[0]?.message);
  return parsed.flow;
}

function edited(text: string, edits: Record<string, number>): string {
  const result = setTimeouts(text, new Map(Object.entries(edits)));
  if ('flaws' in result) throw new Error(result.flaws.map(({ message }) => message).join('; '));
  return result.text;
}

/** A task with one step, of which the lines around `category` are given. */
function step(...lines: string[]): string {
  const head = ['inboundCall:', '  name: F', '  tasks:', '    - task:', '        name: T', '        actions:'];
  const inner = lines.map((line) => `              ${line}`);
  return [...head, '          - callData:', '              name: S', ...inner, ''].join('\n');
}

/** The leaves of two trees that differ. */
function differences(a: Json | undefined, b: Json | undefined, path = ''): string[] {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b ? [] : [path];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap((key) =>
    differences((a as Record<string, Json>)[key], (b as Record<string, Json>)[key], `${path}/${key}`),
  );
}

describe('setTimeouts', () => {
  const forms: [what: string, before: string[], ms: number, after: string[]][] = [
    ['another amount', ['timeout:', '  lit:', '    seconds: 5'], 15_000, ['timeout:', '  lit:', '    seconds: 15']],
    ['another unit', ['timeout:', '  lit:', '    minutes: 1'], 15_000, ['timeout:', '  lit:', '    seconds: 15']],
    ['whole minutes', ['timeout:', '  lit:', '    seconds: 5'], 120_000, ['timeout:', '  lit:', '    minutes: 2']],
    ['milliseconds', ['timeout:', '  lit:', '    seconds: 5'], 2500, ['timeout:', '  lit:', '    ms: 2500']],
    [
      'the long unit',
      ['timeout:', '  lit:', '    milliseconds: 5'],
      2500,
      ['timeout:', '  lit:', '    milliseconds: 2500'],
    ],
    [
      'several units',
      ['timeout:', '  lit:', '    minutes: 1', '    seconds: 30'],
      15_000,
      ['timeout:', '  lit:', '    seconds: 15'],
    ],
    [
      'comments at units',
      ['timeout: # a', '  # b', '  lit: # c', '    minutes: 1 # d', '    seconds: 30 # e'],
      120_000,
      ['timeout: # a', '  # b', '  lit: # c', '    minutes: 2 # d', '    # e'],
    ],
    ['a unit without amount', ['timeout:', '  lit:', '    minutes:'], 60_000, ['timeout:', '  lit:', '    minutes: 1']],
    ['noValue', ['timeout:', '  noValue: true # n'], 15_000, ['timeout:', '  lit: # n', '    seconds: 15']],
    ['exp', ['timeout:', '  exp: MakeDuration(0,0,0,15)'], 15_000, ['timeout:', '  lit:', '    seconds: 15']],
    [
      'a block scalar as exp',
      ['timeout:', '  exp: |- # why', '    MakeDuration(0,', '      0,0,15)', '', '# below'],
      15_000,
      ['timeout:', '  lit: # why', '    seconds: 15', '', '# below'],
    ],
    ['exp over lines', ['timeout:', '  exp: "a', '    b" # c'], 15_000, ['timeout:', '  lit: # c', '    seconds: 15']],
    ['exp on its own line', ['timeout:', '  exp:', '    x # c'], 15_000, ['timeout:', '  lit:', '    seconds: 15 # c']],
    ['flow style', ['timeout: {lit: {minutes: 1}} # c'], 15_000, ['timeout: {lit: {seconds: 15}} # c']],
    ['flow style, spaced', ['timeout: { noValue: true }'], 15_000, ['timeout: { lit: { seconds: 15 } }']],
    [
      'flow style, units',
      ['timeout: {lit: {hours: 1, seconds: 30, ms: 5}}'],
      15_000,
      ['timeout: {lit: {seconds: 15}}'],
    ],
    [
      'flow style in block',
      ['timeout:', '  lit: {minutes: 1, seconds: 30}'],
      60_000,
      ['timeout:', '  lit: {minutes: 1}'],
    ],
    [
      'flow style over lines',
      ['timeout: {', '  lit: {minutes: 1, # a', '    seconds: 3}', '  }'],
      60_000,
      ['timeout: {', '  lit: {minutes: 1}', '  }'],
    ],
    ['nothing', ['timeout: # c'], 15_000, ['timeout: # c', '  lit:', '    seconds: 15']],
    ['null', ['timeout: ~ # c'], 15_000, ['timeout: # c', '  lit:', '    seconds: 15']],
    ['a text', ['timeout: PT15S'], 15_000, ['timeout:', '  lit:', '    seconds: 15']],
    ['an empty map', ['timeout: {}'], 15_000, ['timeout: {lit: {seconds: 15}}']],
    ['a list', ['timeout:', '- 1', '- 2'], 15_000, ['timeout:', '  lit:', '    seconds: 15']],
    ['empty lit', ['timeout:', '  lit:'], 15_000, ['timeout:', '  lit:', '    seconds: 15']],
    ['two keys', ['timeout:', '  lit:', '    seconds: 1', '  x: 1'], 15_000, ['timeout:', '  lit:', '    seconds: 15']],
    [
      'absent',
      ['# the action', '# it calls'],
      15_000,
      ['timeout:', '  lit:', '    seconds: 15', '# the action', '# it calls'],
    ],
    ['an explicit key', ['? timeout', ': noValue: true'], 15_000, ['? timeout', ': lit:', '    seconds: 15']],
    ['an explicit key alone', ['? timeout'], 15_000, ['? timeout', ': lit:', '    seconds: 15']],
    ['a tag alone', ['timeout: !!null # c'], 15_000, ['timeout: # c', '  lit:', '    seconds: 15']],
    [
      'a tag at a unit',
      ['timeout:', '  lit: {ms: !!str , seconds: 1}'],
      15_000,
      ['timeout:', '  lit:', '    seconds: 15'],
    ],
    ['an anchor of no use', ['timeout: &t', '  noValue: true'], 15_000, ['timeout: &t', '  lit:', '    seconds: 15']],
    ['a tag', ['timeout: !!null ~'], 15_000, ['timeout:', '  lit:', '    seconds: 15']],
  ];
  it.each(forms)('%s', (_, before, ms, after) => {
    for (const tail of [[category], []]) {
      const wrap = (lines: string[]) =>
        tail.length > 0 ? step(...lines, category) : step(category, ...lines).replace(/\n$/, '');
      if (tail.length === 0 && after.length === before.length + 3) continue;
      for (const style of [(text: string) => text, (text: string) => `\uFEFF${text.replaceAll('\n', '\r\n')}`]) {
        const result = edited(style(wrap(before)), { 'T › S': ms });
        expect(result).toBe(style(wrap(after)));
        expect(edited(result, { 'T › S': ms })).toBe(result);
      }
    }
  });

  it('writes into flow maps in their own style', () => {
    const flow = (inner: string) => `w: {tasks: [{task: {name: T, actions: [{callData: {${inner}}}]}}]}\n`;
    const action = 'name: S, category: {C: {dataAction: {A: {}}}}';
    const to = (inner: string) => edited(flow(inner), { 'T › S': 15_000 });
    expect(to(action)).toBe(flow('name: S, timeout: {lit: {seconds: 15}}, category: {C: {dataAction: {A: {}}}}'));
    expect(to(`timeout: , ${action}`)).toBe(flow(`timeout: {lit: {seconds: 15}} , ${action}`));
    expect(to(`timeout, ${action}`)).toBe(flow(`timeout: {lit: {seconds: 15}}, ${action}`));
    expect(to(`timeout: ~, ${action}`)).toBe(flow(`timeout: {lit: {seconds: 15}}, ${action}`));
    const json =
      '{"w":{"tasks":[{"task":{"name":"T","actions":[{"callData":{"category":{"C":{"dataAction":{"A":{}}}}}}]}}]}}';
    expect(edited(json, { 'T › [A]': 60_000 })).toBe(
      json.replace('"category"', '"timeout": {"lit": {"minutes": 1}}, "category"'),
    );
  });

  it('keeps the indentation of the file', () => {
    const text =
      'w:\n    tasks:\n    -   task:\n            name: T\n            actions:\n            -   callData:\n                    category:\n                        C:\n                            dataAction:\n                                A:';
    const timeout =
      'timeout:\n                        lit:\n                            minutes: 1\n                    category';
    expect(edited(text, { 'T › [A]': 60_000 })).toBe(text.replace('category', timeout));
  });

  it('leaves a text as it is whose timeouts are so already', () => {
    const text = step('timeout:', '  lit: {minutes: 1, seconds: 30}', category);
    expect(edited(text, { 'T › S': 90_000 })).toBe(text);
  });

  it('never touches other settings and branches named timeout', () => {
    const around = ['noEntryTimeout:', '  lit: {seconds: 5}', category, 'outputs:', '  timeout: {actions: []}'];
    expect(edited(step(...around), { 'T › S': 15_000 })).toBe(
      step('noEntryTimeout:', '  lit: {seconds: 5}', 'timeout:', '  lit:', '    seconds: 15', ...around.slice(2)),
    );
  });

  it('names steps that are not there, and timeouts that are none', () => {
    const flaws = (edits: [string, number][]) => setTimeouts(step(category), new Map(edits));
    expect(flaws([['T › X', 1000]])).toMatchObject({ flaws: [{ code: 'step-not-found' }] });
    expect(flaws([['T › S', 0]])).toMatchObject({ flaws: [{ code: 'timeout-invalid' }] });
    expect(setTimeouts('w: [', new Map())).toMatchObject({ flaws: [{ code: 'yaml' }] });
  });

  describe('with aliases', () => {
    const two = (first: string, second: string) =>
      `w:\n  tasks:\n    - task:\n        name: T\n        actions:\n          - callData:${first}\n          - callData:${second}\n`;
    const own = (name: string, timeout: string) =>
      `\n              name: ${name}\n              timeout: ${timeout}\n              ${category}`;
    const whole = two(` &s\n              name: S\n              ${category}`, ' *s');
    it('changes a step that is shared only when all of its places change alike', () => {
      const alike = edited(whole, { 'T › S': 15_000, 'T › S (2)': 15_000 });
      expect(findCalls(flowOf(alike)).map(({ timeout }) => timeout)).toEqual(['15s', '15s']);
      const flaws = { flaws: [{ code: 'step-shared', offset: expect.any(Number) }] };
      expect(setTimeouts(whole, new Map([['T › S', 15_000]]))).toMatchObject(flaws);
      const elsewhere = whole.replace('callData: &s', 'other: &s');
      expect(setTimeouts(elsewhere, new Map([['T › S', 15_000]]))).toMatchObject(flaws);
      const differently = new Map([
        ['T › S', 15_000],
        ['T › S (2)', 16_000],
      ]);
      expect(setTimeouts(whole, differently)).toMatchObject(flaws);
    });
    it('writes out a timeout that is an alias', () => {
      const text = two(own('A', '&t {lit: {minutes: 1}}'), own('B', '*t # b'));
      const result = edited(text, { 'T › B': 15_000 });
      expect(result).toBe(
        text.replace('timeout: *t # b', 'timeout: # b\n                lit:\n                  seconds: 15'),
      );
    });
    it('changes an anchored timeout only with all that refer to it', () => {
      const text = two(own('A', '&t {noValue: true}'), own('B', '*t'));
      expect(setTimeouts(text, new Map([['T › A', 15_000]]))).toMatchObject({ flaws: [{ code: 'step-shared' }] });
      expect(edited(text, { 'T › A': 15_000, 'T › B': 15_000 })).toBe(
        text.replace('{noValue: true}', '{lit: {seconds: 15}}'),
      );
      const empty = two(own('A', '&t'), own('B', '*t'));
      expect(edited(empty, { 'T › A': 15_000, 'T › B': 15_000 })).toBe(empty.replace('&t', '&t {lit: {seconds: 15}}'));
      const scalar = two(own('A', '&t ~'), own('B', '*t'));
      expect(edited(scalar, { 'T › A': 15_000, 'T › B': 15_000 })).toBe(scalar.replace('~', '{lit: {seconds: 15}}'));
    });
  });

  describe.skipIf(!existsSync(folder))('real flows', () => {
    const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.yaml')) : [];
    it.each(files)('%s: each step by itself, and all', (file) => {
      const source = readFileSync(`${folder}/${file}`, 'utf8');
      const tokens = substitute(source, {}).missing.map(({ token }) => [token, `Value of ${token}`]);
      const text = substitute(source, Object.fromEntries(tokens)).text;
      const before = flowOf(text);
      const calls = findCalls(before);
      for (const ms of [15_000, 2500, 180_000]) {
        for (const call of calls) changesOnly(text, [call], ms);
        if (calls.length > 0) changesOnly(text, calls, ms);
      }
    });
  });

  it('changes 50 steps of a flow of 60,000 lines', () => {
    const filler = Array.from(
      { length: 40 },
      (_, i) => `                  out${i}: { noValue: true } # ${'x'.repeat(15)}\n`,
    ).join('');
    const one = (i: number) =>
      `      - callData:\n          name: N${i}\n          timeout:\n            lit:\n              minutes: 1\n          category:\n            C:\n              dataAction:\n                A:\n${filler}`;
    const text = `w:\n  startUpTaskActions:\n${Array.from({ length: 1250 }, (_, i) => one(i)).join('')}`;
    const edits = Array.from({ length: 50 }, (_, i) => [`startUpTaskActions › N${i * 20}`, 61_000 + i] as const);
    const result = edited(text, Object.fromEntries(edits)).split('\n');
    const lines = text.split('\n');
    expect(lines.length).toBeGreaterThan(60_000);
    const changed = result.filter((line, i) => line !== lines[i]);
    expect(changed).toEqual(edits.map(([, ms]) => `              ${ms === 61_000 ? 'seconds: 61' : `ms: ${ms}`}`));
  });

  it('changes any subset of the steps of any flow', () => {
    const literal = fc.constantFrom(
      '{lit: {minutes: 1}}',
      '{noValue: true}',
      '{exp: f(1)}',
      '',
      '~',
      'x',
      undefined,
      '\n    lit:\n      minutes: 1\n      seconds: 2',
      '\n    exp: >-\n      a\n      b',
      '\n    noValue: true # c',
    );
    const steps = fc.array(fc.tuple(literal, fc.boolean(), fc.nat(3)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(steps, fc.array(fc.nat(7)), fc.integer({ min: 1, max: 3_600_000 }), (parts, picked, ms) => {
        const lines = parts.map(([timeout, first, name]) => {
          const t = timeout === undefined ? [] : [`  timeout: ${timeout}`];
          const c = [`  category:`, `    C: {dataAction: {A: ~}}`];
          return ['- callData:', `  name: N${name}`, ...(first ? [...c, ...t] : [...t, ...c])]
            .join('\n')
            .replace(/\n {2}/g, '\n    ');
        });
        const text = `w:\n  startUpTaskActions:\n${lines.join('\n').replaceAll(/^/gm, '    ')}`;
        const calls = findCalls(flowOf(text));
        const chosen = [...new Set(picked)].flatMap((i) => calls[i] ?? []);
        changesOnly(text, chosen, ms);
      }),
      { numRuns: 200 },
    );
  });
});

/** Edits these steps and compares: trees path by path, and the text line by line outside of the steps' timeouts. */
function changesOnly(text: string, calls: readonly Call[], ms: number): void {
  const result = edited(text, Object.fromEntries(calls.map(({ key }) => [key, ms])));
  const [before, after] = [flowOf(text), flowOf(result)];
  for (const path of differences(before.tree, after.tree)) {
    expect(calls.some(({ pointer }) => path.startsWith(`${pointer}/timeout`))).toBe(true);
  }
  for (const { pointer } of calls) {
    expect(durationOf(getAt(after.tree, `${pointer}/timeout`))).toBe(formatDuration(ms));
  }
  expect(outside(result, calls)).toBe(outside(text, calls));
}

/** The text without the timeouts of these steps, each from its key to the next one, as the yaml package finds them. */
function outside(text: string, calls: readonly Call[]): string {
  const document = parseDocument(text, { logLevel: 'error' });
  const cuts = calls.flatMap(({ pointer }) => {
    const { items } = document.getIn(pointer.slice(1).split('/').map(unescaped)) as YAMLMap.Parsed;
    const starts = items.map(({ key }) => key.range![0]);
    const at = items.findIndex(({ key }) => String(key) === 'timeout');
    if (at === -1) return [];
    const last = text.slice(0, items[at]!.value!.range![1]).trimEnd().length;
    const lineEnd = text.indexOf('\n', last);
    return [{ start: starts[at]!, end: starts[at + 1] ?? (lineEnd === -1 ? text.length : lineEnd) }];
  });
  const ordered = cuts.sort((a, b) => b.start - a.start);
  return ordered.reduce((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text).trimEnd();
}

function unescaped(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}
