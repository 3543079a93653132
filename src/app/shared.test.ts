import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fakeClock } from '../../test/support/clock.ts';
import type { TargetConfig } from '../model/daemon-config.ts';
import { silent } from '../model/log.ts';
import { openSource, type Source } from '../source/index.ts';
import { sharedHistory } from './past.ts';
import { createReadings } from './readings.ts';

let folder: string;
let source: Source;
beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'genesys-gitops-shared-'));
  writeFileSync(
    path.join(folder, 'a.yaml'),
    'apiVersion: genesys-gitops/v1\nkind: DataAction\nmetadata: { name: a }\n',
  );
  const readSecret = (): never => {
    throw new Error('a folder needs no secret');
  };
  source = await openSource({ path: folder }, { baseDir: folder, cacheDir: folder, log: silent, readSecret });
});
afterEach(async () => {
  await source.close();
  rmSync(folder, { recursive: true });
});

const target = (name: string, more: Partial<TargetConfig> = {}): TargetConfig => ({ name, ...more }) as TargetConfig;

/** The source, with the revisions that were read of it. */
function countedBy(reads: (string | undefined)[]): Source {
  return {
    ...source,
    async read(revision) {
      reads.push(revision);
      return source.read(revision);
    },
  };
}

test('targets that read a revision alike share what they read, also where they ask at once; others do not', async () => {
  const reads: (string | undefined)[] = [];
  const read = createReadings(countedBy(reads), {});
  const revision = await source.head();
  const [a, b, granted, strict] = await Promise.all([
    read(target('a'), revision),
    read(target('b'), revision),
    read(target('c', { secrets: { key: { fromEnv: 'K' } } }), revision),
    read(target('d', { rules: 'required' }), revision),
  ]);
  expect(a).toBe(b);
  expect(new Set([a, granted, strict]).size).toBe(3);
  expect(await read(target('e'), revision)).toBe(a);
  expect(reads).toHaveLength(3);
});

test('a revision that cannot be read is no hindrance to the next, and is read again', async () => {
  let isAway = true;
  const away: Source = {
    ...source,
    read: (revision) => (isAway ? Promise.reject(new Error('away')) : source.read(revision)),
  };
  const read = createReadings(away, {});
  const revision = await source.head();
  await expect(read(target('a'), revision)).rejects.toThrow('away');
  isAway = false;
  expect((await read(target('a'), revision)).revision).toBe(revision);
});

test('of each target two readings are kept', async () => {
  const reads: (string | undefined)[] = [];
  const read = createReadings(countedBy(reads), {});
  const revisions: string[] = [];
  for (const handle of ['b', 'c', 'd']) {
    const text = `apiVersion: genesys-gitops/v1\nkind: DataAction\nmetadata: { name: ${handle} }\n`;
    writeFileSync(path.join(folder, 'x.yaml'), text);
    revisions.push(await source.head());
    await read(target('a'), revisions.at(-1)!);
  }
  for (const revision of revisions.toReversed()) await read(target('a'), revision);
  expect(reads).toEqual([...revisions, revisions[0]]);
});

test('a question about the past is asked once a minute, whatever the order of its paths; a failure is not kept', async () => {
  const clock = fakeClock();
  let asked = 0;
  let fails = false;
  const history: Source['history'] = async () => {
    asked++;
    if (fails) throw new Error('away');
    return { commits: [], rewritten: false };
  };
  const shared = sharedHistory({ history }, clock);
  const range = { from: 'a', to: 'b' };
  await Promise.all([shared.history(range, ['x', 'y']), shared.history(range, ['y', 'x'])]);
  expect(asked).toBe(1);
  await shared.history({ to: 'b' }, ['x', 'y']);
  expect(asked).toBe(2);
  clock.jump(60_000);
  fails = true;
  await expect(shared.history(range, ['x', 'y'])).rejects.toThrow('away');
  fails = false;
  await shared.history(range, ['x', 'y']);
  expect(asked).toBe(4);
});
