import { expect, test } from 'vitest';
import type { Change } from '../model/plan.ts';
import { drifted } from './policy-drift.ts';
import { splitSuspended, withFields } from './policy-suspended.ts';

const promise = { knownAfterApply: { type: 't', key: 'made', attribute: 'id' } };
const change: Change = {
  action: 'update',
  kind: 'Timeout',
  name: 'a',
  object: { type: 'flow', key: 'f', id: 'f' },
  shared: true,
  cause: 'drift',
  fields: [
    { path: '/a', from: 1, to: 2, by: 'Timeout/a' },
    { path: '/b', from: 1, to: 2, by: 'Timeout/b' },
    { path: '/c', to: promise, by: 'Script/c' },
  ],
  after: ['t:made', 't:other'],
};

test('who changes what back is resumed by those who wish it, where nobody owns the object', () => {
  const conflict = { at: '', fields: ['/b'], party: 'Alice', resources: ['Timeout/a', 'Timeout/b'], wish: '' };
  const input = { policy: {}, now: new Date(), annotations: new Map(), conflicts: new Map([['flow:id:f', conflict]]) };
  expect(drifted(change, input)?.message).toMatch(/^b was changed back .* `genesys-gitops resume Timeout\/b`$/);
  const owned = { ...change };
  delete owned.shared;
  expect(drifted(owned, input)?.message).toMatch(/`genesys-gitops resume Timeout\/a`$/);
});

test('a part of a change waits only for what its own fields refer to', () => {
  const [a, b, c] = change.fields;
  expect(withFields(change, [a!, b!]).after).toEqual(['t:other']);
  expect(withFields(change, [c!]).after).toEqual(['t:made', 't:other']);
  expect(withFields({ ...change, after: ['t:made'] }, [a!])).not.toHaveProperty('after');
  const annotations = new Map([['Script/c', { 'genesys-gitops/suspend': 'enabled' }]]);
  const parts = splitSuspended(change, { now: new Date(), annotations, suspensions: new Map() });
  expect(parts.map(({ kind, after }) => [kind, after])).toEqual([
    ['Timeout', ['t:other']],
    ['Script', ['t:made', 't:other']],
  ]);
});
