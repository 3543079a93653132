import { expect, test } from 'vitest';
import type { Json, JsonObject } from '../../model/json.ts';
import { normalise } from './live.ts';
import { changed, stepsOf, withSteps } from './steps.ts';

const call = (name?: string, more: JsonObject = {}): JsonObject => {
  return { type: 'data-action', ...(name === undefined ? {} : { name }), ...more };
};
const keysOf = (...steps: Json[]): string[] => stepsOf({ id: 'f', name: 'Main', steps }).map(({ key }) => key);

test('steps are found wherever a flow may keep them, by the names on the way to them', () => {
  const inner = (name: string): JsonObject[] => [call(name)];
  expect(
    keysOf(
      call('A'),
      { type: 'container', name: 'Box', steps: inner('B') },
      {
        type: 'switch',
        name: 'Menu',
        cases: [
          { name: 'Sales', steps: inner('C') },
          { value: 2, steps: inner('D') },
        ],
      },
      { type: 'loop', loop: { steps: inner('E') } },
      { type: 'subflow', name: 'Survey', flow: { name: 'Stars', steps: inner('F') } },
      { type: 'subflow', subflow: { steps: inner('G') } },
      call('H', { onFailure: { steps: inner('I') }, settings: { timeout: 1, inputs: { fake: call('no step') } } }),
      call(undefined, { actionId: 'da-1' }),
      call(),
    ),
  ).toEqual([
    'A',
    'Box › B',
    'Menu › Sales › C',
    'Menu › D',
    'loop › E',
    'Survey › Stars › F',
    'subflow › G',
    'H',
    'H › I',
    'action da-1',
    'action without an id',
  ]);
});

test('a key stays where others are inserted, moved and removed', () => {
  const [a, b] = [call('A'), { type: 'container', name: 'Box', steps: [call('B')] }];
  expect(keysOf(call('New'), b, call('Newer'), a).filter((key) => !key.startsWith('New'))).toEqual(['Box › B', 'A']);
});

test('steps of one name on one way are told apart by their ids, else by their number, and never meet another name', () => {
  expect(keysOf(call('A', { id: '7' }), call('A', { id: '9' }))).toEqual(['A [7]', 'A [9]']);
  expect(keysOf(call('A', { id: '7' }), call('A'), call('A (2)'), call('A'))).toEqual(['A', 'A (3)', 'A (2)', 'A (4)']);
  expect(new Set(keysOf(call('A', { id: '7' }), call('A', { id: '9' }), call('A [7]'))).size).toBe(3);
});

test('only what is wished is another value afterwards, and the order of keys stays', () => {
  const text =
    '{"z":1,"id":"f","version":7,"steps":[{"name":"Box","steps":[{"x":null,"type":"data-action","name":"B","z":[]}]},{"settings":{"retries":2,"timeout":3},"type":"data-action","name":"A"}],"a":{"__proto__":1,"timeout":3}}';
  const definition = JSON.parse(text) as JsonObject;
  const next = new Map(stepsOf(definition).map(({ step }) => [step, changed(step, 'timeout', 10)]));
  expect(JSON.stringify(withSteps(definition, next))).toBe(
    text
      .replace('"z":[]}', '"z":[],"settings":{"timeout":10}}')
      .replace('"retries":2,"timeout":3', '"retries":2,"timeout":10'),
  );
  expect(JSON.stringify(definition)).toBe(text);
});

test('each of what may be set stands at its place; null takes it out', () => {
  const step = call('A', { actionId: 'x', settings: { timeout: 3, retries: 1 } });
  expect(changed(step, 'actionId', 'y')).toEqual({ ...step, actionId: 'y' });
  expect(changed(step, 'inputs', { a: 'b' })['settings']).toEqual({ timeout: 3, retries: 1, inputs: { a: 'b' } });
  expect(changed(step, 'timeout', null)['settings']).toEqual({ retries: 1 });
  expect(changed(call('A', { settings: null }), 'timeout', 5)['settings']).toEqual({ timeout: 5 });
});

test('the canonical form is one of itself, has the default where nothing is said, and no steps where there are none', () => {
  const live = normalise({ id: 'f', name: 'Main', version: 7, secret: 's', steps: [call('A', { actionId: 'x' })] });
  expect(live).toEqual({ name: 'Main', version: 7, steps: { A: { name: 'A', actionId: 'x', timeout: 3 } } });
  expect(normalise(live)).toEqual(live);
  expect(normalise({ id: 'f', name: 'Main', version: 7 })).toEqual({ name: 'Main', version: 7 });
  expect(normalise({ id: 'f', steps: null })).toEqual({});
});

test('thousands of steps of one name have a key each, soon', () => {
  const steps = Array.from({ length: 20_000 }, () => ({ type: 'data-action', name: 'Lookup' }));
  const began = performance.now();
  expect(new Set(stepsOf({ steps }).map(({ key }) => key)).size).toBe(20_000);
  // Each from the first number on would take most of a minute.
  expect(performance.now() - began).toBeLessThan(5000);
});
