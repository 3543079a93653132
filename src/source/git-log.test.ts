import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { Commit } from '../model/plan.ts';
import { folderWith } from './fixture.ts';
import { accessTo } from './git-command.ts';
import { fieldSplitter } from './git-fields.ts';
import { readLog } from './git-log.ts';

interface Odd {
  name?: string;
  email?: string;
  when?: string;
  message?: string;
}

/** What the log tells of a commit that git itself would not write. */
async function told(...odd: Odd[]): Promise<Commit[]> {
  await using folder = await folderWith({});
  const git = (input: string, ...args: string[]): string =>
    execFileSync('git', args, { cwd: folder.path, input, encoding: 'utf8' }).trim();
  git('', 'init', '-q', '--bare', '.');
  const tree = git(`100644 blob ${git('x', 'hash-object', '-w', '--stdin')}\tf.yaml\n`, 'mktree');
  const commits: Commit[] = [];
  for (const { name = 'A', email = 'a@b', when = '0 +0000', message = 'm' } of odd) {
    const who = `${name} <${email}> ${when}`;
    const text = `tree ${tree}\nauthor ${who}\ncommitter ${who}\n\n${message}\n`;
    const commit = git(text, 'hash-object', '--literally', '-t', 'commit', '-w', '--stdin');
    const asked = { revisions: [commit], paths: ['f.yaml'], once: true, commits: 10 };
    commits.push(...(await readLog(folder.path, asked, accessTo({ env: process.env }))).commits);
  }
  return commits;
}

test('dates are UTC whatever zone the committer wrote, and keep to the years that compare as text', async () => {
  const dates = {
    '1700000000 +0000': '2023-11-14T22:13:20.000Z',
    '1700000000 +9999': '2023-11-14T22:13:20.000Z',
    '1700000000 -1260': '2023-11-14T22:13:20.000Z',
    '0 +0000': '1970-01-01T00:00:00.000Z',
    '253402300800 +0000': '9999-12-31T00:00:00.000Z',
    '99999999999999 +0000': '9999-12-31T00:00:00.000Z',
    'yesterday +0000': '1970-01-01T00:00:00.000Z',
  };
  const commits = await told(...Object.keys(dates).map((when) => ({ when })));
  expect(commits.map(({ at }) => at)).toEqual(Object.values(dates));
});

test('names, addresses and messages are cut, and never within a character', async () => {
  const [long, wide, short] = await told(
    { name: 'N'.repeat(1_000_000), email: 'e'.repeat(1_000_000), message: 'y'.repeat(30_000) },
    { name: `${'N'.repeat(199)}😀`, message: `${'y'.repeat(1999)}😀` },
    { name: 'Nø', message: 'ü\n\nwhy' },
  );
  const who = { name: 'N'.repeat(200), email: 'e'.repeat(200) };
  expect(long).toMatchObject({ author: who, committer: who, message: 'y'.repeat(2000) });
  expect(wide).toMatchObject({ author: { name: 'N'.repeat(199) }, message: 'y'.repeat(1999) });
  expect(short).toMatchObject({ author: { name: 'Nø', email: 'a@b' }, message: 'ü\n\nwhy' });
});

test('a message of 50 MB takes a moment and little memory', async () => {
  const chunk = Buffer.alloc(65_536, 'y');
  const split = fieldSplitter();
  const before = process.memoryUsage().arrayBuffers;
  const started = performance.now();
  const fields = Array.from({ length: 800 }, () => split(Buffer.from(chunk))).flat();
  fields.push(...split(Buffer.from('y\0a\0\0b')), ...split(Buffer.from('c\0')));
  expect(performance.now() - started).toBeLessThan(1000);
  expect(fields.map((field) => field.slice(0, 5))).toEqual(['yyyyy', 'a', '', 'bc']);
  expect(fields[0]!.length).toBeLessThan(20_000);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200_000_000);

  const [commit] = await told({ message: 'y'.repeat(50_000_000) });
  expect(commit?.message).toBe('y'.repeat(2000));
});
