import { expect, test } from 'vitest';
import type { JsonObject } from '../../model/json.ts';
import type { Desired, Resource } from '../../model/resource.ts';
import { unasked } from './unasked.ts';

const resource = (name: string, spec: JsonObject, text = ''): Resource => ({
  kind: 'DataAction',
  name,
  surface: 'platform',
  annotations: {},
  spec,
  files: text === '' ? {} : { '/spec/file': { path: 'a.json', text } },
  document: { path: 'a.yaml', index: 0 },
  from: ['a.yaml'],
});
const read = (...resources: Resource[]): Desired => ({ resources }) as Desired;
const wish = (name: string, pointer: string) => ({
  id: `DataAction/${name}`,
  resource: resource(name, {}),
  acceptance: { pointer, value: 1 },
});

test('what was asked for, and nothing else, may be read otherwise', () => {
  const before = read(resource('a', { x: 1, list: [1, 2] }, 'old'), resource('b', { x: 1 }));
  const told = (after: Desired, pointers: string[], removed: string[] = []): string[] => {
    const wishes = pointers.map((pointer) => wish('a', pointer));
    return unasked(before, after, { wishes, removed }).map(({ why }) => why);
  };
  const b = resource('b', { x: 1 });
  expect(told(before, [])).toEqual([]);
  expect(told(read(resource('a', { x: 2, list: [2] }, 'new'), b), ['/spec/x', '/spec/list/0', '/spec/file/k'])).toEqual(
    [],
  );
  expect(told(read(resource('a', { x: 2, list: [1, 3] }, 'old'), b), ['/spec/x'])).toEqual([
    'DataAction/a would say something else at /spec/list/1',
  ]);
  expect(told(read(resource('a', { x: 1, list: [1, 2] }, 'new'), b), [])).toEqual([
    'DataAction/a would say something else at /spec/file',
  ]);
  // The other one of two is gone.
  expect(told(read(b), [], ['DataAction/b'])).toEqual([
    'DataAction/a would be gone with it',
    'DataAction/b would still be there',
  ]);
  expect(told(read(...before.resources, resource('c', {})), [])).toEqual(['DataAction/c would be there with it']);
});
