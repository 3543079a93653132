import { expect, test } from 'vitest';
import type { Drifted, Index, IndexEntry } from '../../model/contracts.ts';
import type { JsonObject } from '../../model/json.ts';
import { accept } from './accept.ts';

const entries: IndexEntry[] = [
  { type: 'web-messaging-configuration', key: 'One', name: 'One', id: 'c1', attributes: {} },
  { type: 'web-messaging-configuration', key: 'Two', name: 'Two', id: 'c2', attributes: {} },
  { type: 'flow', key: 'Greet', name: 'Greet', id: 'f1', attributes: {} },
  { type: 'flow', key: 'Same', name: 'Same', id: 'f2', attributes: {} },
  { type: 'flow', key: 'Same', name: 'Same', id: 'f3', attributes: {} },
];
const index: Index = {
  all: (type) => entries.filter((entry) => entry.type === type),
  find: (type, key) => entries.filter((entry) => entry.type === type && entry.key === key),
};

function accepted(spec: JsonObject, live: JsonObject, ...paths: string[]): ReturnType<typeof accept> {
  const fields = paths.map((path): Drifted['fields'][number] => ({ path, to: null, by: 'WebMessagingDeployment/a' }));
  return accept({ spec } as never, { live, fields, index });
}

test('names for ids, and the version that pages get', () => {
  const live = { configuration: { id: 'c2', version: '4' }, flow: { id: 'f1', name: 'Greet' } };
  expect(accepted({ version: 'latest' }, live, '/configuration/id', '/configuration/version', '/flow')).toEqual([
    { pointer: '/spec/configuration', value: 'Two' },
    { pointer: '/spec/version', value: 4 },
    { pointer: '/spec/flow', value: 'Greet' },
  ]);
  expect(accepted({ version: '3' }, live, '/configuration/version')).toEqual([
    { pointer: '/spec/version', value: '4' },
  ]);
  expect(accepted({ flow: 'Greet' }, {}, '/flow')).toEqual([{ pointer: '/spec/flow', value: null }]);
});

test('what no name tells, and what no document can wish', () => {
  const why = expect.any(String);
  expect(accepted({}, { flow: { id: 'f2' } }, '/flow')).toEqual([{ pointer: '/spec/flow', why }]);
  expect(accepted({}, { flow: { id: 'gone' } }, '/flow')).toEqual([{ pointer: '/spec/flow', why }]);
  expect(accepted({}, { status: 'Error' }, '/status')).toEqual([{ pointer: '/spec/status', why }]);
  expect(accepted({}, { status: 'Inactive' }, '/status')).toEqual([{ pointer: '/spec/status', value: 'Inactive' }]);
});

test('domains in the order and the letters of the document', () => {
  const spec = { allowedDomains: ['www.A.example', 'b.example'] };
  expect(accepted(spec, { allowedDomains: ['aa.example', 'www.a.example'] }, '/allowedDomains')).toEqual([
    { pointer: '/spec/allowedDomains', value: ['www.A.example', 'aa.example'] },
  ]);
});
