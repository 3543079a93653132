import { expect, test } from 'vitest';
import type { SentWrite } from '../model/journal.ts';
import { windowOf } from './times.ts';

test('what was only begun may leave its record much later', () => {
  const sent = (status: number, path = '/x'): number => {
    const receipt = { status, serverDate: '2026-01-01T00:00:00.000Z', durationMs: 0 };
    const { from, to } = windowOf({ path, receipt } as SentWrite, 0);
    return Math.round((to - from) / 60_000);
  };
  expect([sent(200), sent(202), sent(200, '(presigned)')]).toEqual([0, 30, 30]);
});
