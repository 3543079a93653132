import { expect, test } from 'vitest';
import { compose as put } from '../../model/compose.ts';
import type { Contribution, Field } from '../../model/contracts.ts';
import type { JsonObject } from '../../model/json.ts';
import { compose } from './compose.ts';
import { normalise } from './live.ts';
import { type Selector, selectorPath } from './selector.ts';

const live = normalise({
  name: 'Main',
  version: 7,
  steps: [
    { type: 'data-action', name: 'Lookup', actionId: 'da-1' },
    {
      name: 'Box',
      steps: [
        { type: 'data-action', name: 'Lookup' },
        { type: 'data-action', actionId: 'da-3' },
      ],
    },
  ],
});

const wish = (
  by: string,
  selector: Selector,
  value: number,
  what: 'timeout' | 'actionId' = 'timeout',
): Contribution => {
  const field: Field = { path: selectorPath(selector, what, by), value, at: '/spec/steps/0' };
  return { by, owns: false, target: { type: 'flow-definition', key: 'f', id: 'f', name: 'Main' }, fields: [field] };
};
const composed = (wishes: Contribution[], over: JsonObject = live) => compose(put(wishes), { live: over });
const messages = (wishes: Contribution[], over?: JsonObject) =>
  composed(wishes, over).problems.map(({ message }) => message);

test('a name means every step that has it, and says so; an action means those without a name', () => {
  const { fields, warnings, problems } = composed([
    wish('K/a', { name: 'Lookup' }, 10),
    wish('K/b', { actionId: 'da-3' }, 12),
  ]);
  expect(problems).toEqual([]);
  expect(fields.map(({ path, title }) => [path, title])).toEqual([
    ['/steps/Box › Lookup/timeout', 'Box › Lookup › timeout'],
    ['/steps/Box › action da-3/timeout', 'Box › action da-3 › timeout'],
    ['/steps/Lookup/timeout', 'Lookup › timeout'],
  ]);
  expect(warnings).toEqual([
    {
      code: 'steps-of-one-name',
      message:
        'the flow "Main" has 2 data-action steps called "Lookup", and all of them are set: "Lookup", "Box › Lookup"',
      resource: 'K/a',
      pointer: '/spec/steps/0',
    },
  ]);
});

test('who names no step is told those that are there, and wishes nothing; others go on', () => {
  const it = composed([wish('K/a', { name: 'Lokup' }, 10), wish('K/b', { actionId: 'da-3' }, 12)]);
  expect(it.fields.map(({ by }) => by)).toEqual(['K/b']);
  expect(it.problems).toEqual([
    {
      code: 'step-not-found',
      message:
        'the flow "Main" has no data-action step called "Lokup" (did you mean "Lookup"?); its data-action steps: "Lookup", "Box › Lookup", "Box › action da-3"',
      resource: 'K/a',
      pointer: '/spec/steps/0',
    },
  ]);
  expect(messages([wish('K/a', { actionId: 'da-1' }, 10)])).toEqual([
    'the flow "Main" has no data-action step without a name that calls the action da-1 ("Lookup" does, and is selected by its name); its data-action steps: "Lookup", "Box › Lookup", "Box › action da-3"',
  ]);
  expect(messages([wish('K/a', { name: 'A' }, 10)], normalise({ steps: [] }))).toEqual([
    'the flow "Main" has no data-action step called "A"; it has no data-action step at all',
  ]);
});

test('one step has one timeout; two documents about other things of it get on', () => {
  const { fields, problems } = composed([wish('K/a', { actionId: 'da-3' }, 10), wish('K/b', { actionId: 'da-3' }, 10)]);
  expect(fields).toEqual([]);
  expect(problems.map(({ code, resource, message }) => [code, resource, message])).toEqual([
    ['field-owned-twice', 'K/a', '"Box › action da-3 › timeout" in "Main" is also set by K/b; a field has one owner'],
    ['field-owned-twice', 'K/b', '"Box › action da-3 › timeout" in "Main" is also set by K/a; a field has one owner'],
  ]);
  const both = composed([wish('K/a', { actionId: 'da-3' }, 10), wish('K/b', { actionId: 'da-3' }, 1, 'actionId')]);
  expect([both.problems, both.fields.length]).toEqual([[], 2]);
});

test('a definition without steps is no flow of this sort', () => {
  const { fields, problems } = composed([wish('K/a', { name: 'Lookup' }, 10)], { name: 'Main' });
  expect(fields).toEqual([]);
  expect(problems).toMatchObject([{ code: 'invalid-flow', resource: 'K/a', pointer: '/spec/steps/0' }]);
});
