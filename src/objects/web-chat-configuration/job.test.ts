import { expect, test } from 'vitest';
import { resultOf } from './job.ts';

const of = (status: string, result?: string) => ({
  status,
  results: result === undefined ? [] : [{ organizationId: 'a', status: result, version: 3 }],
});

test.each([
  [of('RUNNING', 'ACTIVE'), { status: 'ACTIVE', version: '3' }],
  [of('completed', 'skipped'), { status: 'SKIPPED', version: '3' }],
  [of('Completed'), { status: 'ACTIVE' }],
  [of('failed'), { status: 'FAILED' }],
  [of('running', 'queued'), undefined],
  [of('constructor'), undefined],
  [{}, undefined],
])('%j is %j', (job, result) => {
  expect(resultOf(job, 'a')).toEqual(result);
});
