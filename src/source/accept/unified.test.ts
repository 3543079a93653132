import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { folderWith } from '../fixture.ts';
import { type FileChange, unifiedDiff } from './unified.ts';

const texts = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', 'c', '', 'd\r'), { maxLength: 40 }), fc.boolean())
  .map(([lines, isEnded]) => lines.join('\n') + (isEnded ? '\n' : ''));

test('git makes of the files what is in the patch', async () => {
  const pairs = fc.sample(fc.tuple(texts, texts), { numRuns: 150, seed: 6 });
  const names = ['with space', 'quo"te', 'ü', 'back\\slash'];
  const changes = pairs.map(([before, after], i): FileChange => {
    return { path: `${names[i] ?? 'plain'}/${i}.txt`, before, after };
  });
  const gone: FileChange = { path: 'gone/a b.txt', before: 'a\nb' };
  await using folder = await folderWith(Object.fromEntries([...changes, gone].map((one) => [one.path, one.before!])));
  execFileSync('git', ['init', '-q'], { cwd: folder.path });
  const patch = unifiedDiff([...changes, gone]);
  execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: folder.path, input: patch });
  for (const { path, after } of changes) expect(await readFile(join(folder.path, path), 'utf8')).toBe(after);
  await expect(readFile(join(folder.path, gone.path))).rejects.toThrow('ENOENT');
});

test('a change in a long file is a short patch', () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`);
  const after = lines.toSpliced(10, 1, 'x\n').toSpliced(19_000, 0, 'y\n');
  const patch = unifiedDiff([{ path: 'a', before: lines.join(''), after: after.join('') }]);
  expect(patch.match(/^[-+](?![-+])/gm)).toEqual(['-', '+', '+']);
  expect(unifiedDiff([{ path: 'a', before: 'a', after: 'a' }])).toBe('');
});
