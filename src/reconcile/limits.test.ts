import { expect, test } from 'vitest';
import type { PolicyConfig } from '../model/daemon-config.ts';
import type { Change } from '../model/plan.ts';
import { type LimitInput, limit } from './limits.ts';

function changes(action: Change['action'], count: number, cause: Change['cause'] = 'commit'): Change[] {
  return Array.from({ length: count }, (_, i) => {
    const object = { type: 'thing', key: `${action}${i}`, id: `${action}${i}` };
    return { action, kind: 'Thing', name: String(i), object, cause, fields: [] };
  });
}

/** `3 go, 2 held: why` */
function told(some: Change[], policy: PolicyConfig, more: Partial<LimitInput> = {}): string {
  const input = { policy, spent: { changes: 0, deletes: 0 }, managed: 0, ...more };
  const { changes: go, held } = limit(some, input);
  const why = [...new Set(held.map(({ message }) => message))];
  return [
    ...(go.length > 0 ? [`${go.length} go`] : []),
    ...(held.length > 0 ? [`${held.length} held: ${why.join(' / ')}`] : []),
  ].join(', ');
}

const spent = (deletes: number, changes = deletes): Partial<LimitInput> => ({ spent: { changes, deletes } });

test.each<[string, Change[], PolicyConfig, Partial<LimitInput>, string]>([
  ['as many as allowed', changes('delete', 5), {}, {}, '5 go'],
  ['one too many', changes('delete', 6), {}, {}, '6 held: 6 objects would be deleted; policy.maxDeletes is 5'],
  [
    'others go on',
    [...changes('delete', 6), ...changes('update', 2)],
    {},
    {},
    '2 go, 6 held: 6 objects would be deleted; policy.maxDeletes is 5',
  ],
  ['30 % of ten', changes('delete', 3), {}, { managed: 10 }, '3 go'],
  [
    'more than 30 %',
    changes('delete', 4),
    {},
    { managed: 10 },
    '4 held: 4 objects would be deleted, of 10; policy.maxDeletesPercent is 30',
  ],
  ['a share of few says nothing', changes('delete', 5), {}, { managed: 9 }, '5 go'],
  ['a share of its own', changes('delete', 2), { maxDeletesPercent: 10 }, { managed: 20 }, '2 go'],
  [
    'none at all',
    changes('delete', 1),
    { maxDeletesPercent: 0 },
    { managed: 20 },
    '1 held: 1 object would be deleted, of 20; policy.maxDeletesPercent is 0',
  ],
  [
    'bit by bit',
    changes('delete', 2),
    {},
    spent(4),
    '2 held: 2 objects would be deleted, after 4 for this revision already; policy.maxDeletes is 5',
  ],
  [
    'bit by bit, in shares of what there was',
    changes('delete', 2),
    {},
    { ...spent(2), managed: 8 },
    '2 held: 2 objects would be deleted, after 2 for this revision already, of 10; policy.maxDeletesPercent is 30',
  ],
  [
    'approved for the revision',
    changes('delete', 2),
    {},
    { ...spent(6), managed: 10, allowance: { changes: 8, deletes: 8 } },
    '2 go',
  ],
  [
    'more than approved',
    changes('delete', 3),
    {},
    { ...spent(6), allowance: { changes: 8, deletes: 8 } },
    '3 held: 3 objects would be deleted, after 6 for this revision already; policy.maxDeletes is 5',
  ],
  ['changes as allowed', changes('update', 100), {}, {}, '100 go'],
  ['too many changes', changes('update', 101), {}, {}, '101 held: 101 objects would change; policy.maxChanges is 100'],
  [
    'changes bit by bit',
    changes('update', 2),
    { maxChanges: 3 },
    spent(0, 2),
    '2 held: 2 objects would change, after 2 for this revision already; policy.maxChanges is 3',
  ],
  ['drift is not held against its revision', changes('update', 3, 'drift'), { maxChanges: 3 }, spent(0, 90), '3 go'],
  [
    'drift counts in its own plan',
    changes('update', 4, 'drift'),
    { maxChanges: 3 },
    {},
    '4 held: 4 objects would change; policy.maxChanges is 3',
  ],
  [
    'deletions that are held do not count as changes',
    [...changes('delete', 6), ...changes('update', 3)],
    { maxChanges: 3 },
    {},
    '3 go, 6 held: 6 objects would be deleted; policy.maxDeletes is 5',
  ],
])('%s', (_name, some, policy, more, expected) => {
  expect(told(some, policy, more)).toBe(expected);
});
