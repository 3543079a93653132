import { expect, test } from 'vitest';
import { resource } from '../../../test/support/world.ts';
import type { Drifted } from '../../model/contracts.ts';
import type { JsonObject } from '../../model/json.ts';
import { setAt } from '../../model/pointer.ts';
import { accept } from './accept.ts';
import { bodyFields, canonical } from './body.ts';

const chat = resource('WebChatConfiguration', 'chat', {
  organizations: ['a', 'b'],
  theme: { colors: { primary: '#0052CC' }, typography: { fontSize: 16 } },
  greetings: { messages: ['Hello'] },
  replicateTo: { organizations: ['c'] },
});

/** What is live after somebody set these places, as `accept` sees it. */
function drifted(id: string, changes: Record<string, JsonObject[string]>): Drifted {
  const wished = bodyFields(chat.spec).reduce<JsonObject>((body, { path, value }) => setAt(body, path, value), {});
  const live = Object.entries(changes).reduce((body, [path, value]) => setAt(body, path, value), wished);
  const index = { all: () => [], find: () => [] };
  const fields = Object.keys(changes).map((path) => ({ path, to: null, by: 'WebChatConfiguration/chat' }));
  return { live: canonical({ ...live, id, version: 3 }), fields, index };
}

test("what moved in the source is told in the document's own words", () => {
  const moved = {
    '/widget/theme/colors/background': '#EEEEEE',
    '/widget/theme/typography/fontSize': '18px',
    '/widget/accessibility/contrastRatio': 5.9,
    '/greetings/messages': ['Hi', 'Hello'],
    '/availability/rules': [{ dayOfWeek: 'FRIDAY', startTime: '09:00', endTime: '12:00', id: 7 }],
  };
  expect(accept(chat, drifted('a', moved))).toEqual([
    { pointer: '/spec/theme/colors/background', value: '#EEEEEE' },
    { pointer: '/spec/theme/typography/fontSize', value: 18 },
    { pointer: '/spec/accessibility/contrastRatio', value: 5.9 },
    { pointer: '/spec/greetings/messages', value: ['Hi', 'Hello'] },
    {
      pointer: '/spec/availability/rules',
      value: [{ dayOfWeek: 'FRIDAY', startTime: '09:00', endTime: '12:00' }],
    },
  ]);
});

test('what no document can say is told', () => {
  expect(
    accept(chat, drifted('a', { '/widget/theme/typography/fontSize': '1.2em', '/greetings/delayMs': null })),
  ).toEqual([
    {
      pointer: '/spec/theme/typography/fontSize',
      why: 'what is live there ("1.2em") is nothing that a document can say',
    },
    { pointer: '/spec/greetings/delayMs', why: 'what is live there (null) is nothing that a document can say' },
  ]);
});

test.each([
  ['b', '/spec/organizations/1'],
  ['c', '/spec/replicateTo/organizations/0'],
])('organisation %s has the document of the source, which what is live there would change', (id, pointer) => {
  expect(accept(chat, drifted(id, { '/greetings/delayMs': 1 }))).toEqual([
    { pointer, why: expect.stringContaining(`organisation "${id}" has the same document as "a", which is the source`) },
  ]);
});
