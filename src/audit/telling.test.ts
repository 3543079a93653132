import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuditRecord } from '../model/audit.ts';
import { mostTelling } from './telling.ts';

const record = (id: string, at: string, properties: string[], transaction?: string): { record: AuditRecord } => ({
  record: {
    ...{ id, at: `2026-11-21T14:00:${at}Z`, service: 'WebDeployments', action: 'Update', entityType: 'Configuration' },
    ...{ entities: ['it'], remoteIp: [], ...(transaction === undefined ? {} : { transaction }) },
    changes: properties.map((property) => ({ property, from: ['1'], to: ['2'] })),
  },
});
const shuffled = (all: { record: AuditRecord }[]): fc.Arbitrary<{ record: AuditRecord }[]> =>
  fc.shuffledSubarray(all, { minLength: all.length });
const idsOf = (all: readonly { record: AuditRecord }[], fields: string[]): string[] =>
  mostTelling(all, fields).map((one) => one.record.id);

test('of a draft and its publication first what tells of the fields, however the records come', () => {
  const all = [
    record('before', '10.000', ['messenger.styles.primaryColor']),
    record('draft', '30.001', ['name', 'messenger.styles.primaryColor', 'labels[0].value']),
    record('published', '30.002', ['version'], 'published'),
    record('companion', '30.002', ['version'], 'published'),
  ];
  const fields = ['/messenger/styles/primaryColor', '/labels'];
  fc.assert(
    fc.property(shuffled(all), (some) => {
      expect(idsOf(some, fields)).toEqual(['draft', 'companion', 'published', 'before']);
    }),
  );
});

test('the newest stays first where an older one tells more, and records of one transaction stay together', () => {
  const all = [
    record('rich', '10.000', ['a', 'b'], 'rich'),
    record('of-rich', '10.900', ['version'], 'rich'),
    record('poor', '20.000', ['a']),
  ];
  fc.assert(
    fc.property(shuffled(all), (some) => {
      expect(idsOf(some, ['/a', '/b'])).toEqual(['poor', 'rich', 'of-rich']);
    }),
  );
});
