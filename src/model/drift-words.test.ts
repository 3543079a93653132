import { expect, test } from 'vitest';
import type { Deed } from './audit.ts';
import { deedsTogether, driftInWords } from './drift-words.ts';

const deed = (auditId: string, more: Partial<Deed> = {}): Deed => ({
  ...{ auditId, at: '2026-11-21T14:02:00.250Z', by: { user: { id: 'u', name: 'Ann' } }, remoteIp: ['10.0.0.1'] },
  ...{ action: 'Update', entityType: 'Configuration' },
  changes: [{ property: 'position.sideSpace', from: ['24'], to: ['30'] }],
  ...more,
});
const said = 'changed by Ann at 2026-11-21 14:02:00Z, from 10.0.0.1: Update; position.sideSpace 24 → 30';
const since = '2026-11-21T14:00:00Z';

test('what one transaction left is one deed', () => {
  const published = [deed('b', { transaction: 'a' }), deed('a', { action: 'Publish' })];
  expect(driftInWords({ since, deeds: published })).toBe(said);
  expect(deedsTogether([...published, deed('c')]).map((all) => all.map(({ auditId }) => auditId))).toEqual([
    ['b', 'a'],
    ['c'],
  ]);
  expect(driftInWords({ since, deeds: [...published, deed('c')] })).toBe(`${said}; and 1 other deed`);
  expect(driftInWords({ since, deeds: [...published, deed('c'), deed('d')] })).toBe(`${said}; and 2 other deeds`);
});
