import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('the generated types are those of the schemas', () => {
  const script = new URL('../../scripts/generate-types.ts', import.meta.url).pathname;
  expect(execFileSync(process.execPath, [script, '--check'], { encoding: 'utf8' })).toBe('');
});
