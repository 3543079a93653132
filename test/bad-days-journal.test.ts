import { chmodSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { openJournal } from '../src/journal/index.ts';
import { systemClock } from '../src/model/clock.ts';
import { silent } from '../src/model/log.ts';
import type { Resource } from '../src/model/resource.ts';
import type { Order } from './support/kill-child.ts';
import { startRun } from './support/kill-run.ts';
import { type Day, freshJournal, useDays } from './support/long-day.ts';
import { config, contract, dataAction } from './support/world.ts';

const open = useDays();
const [a, b, c] = [dataAction('a'), dataAction('b'), dataAction('c')];
const before = [a, b, dataAction('d')];
const after = [
  c,
  dataAction('a', { config: config({ requestType: 'POST' }) }),
  dataAction('b', { contract: contract('more') }),
];

/** A journal in which `before` was applied, and nobody has it open. */
async function scene(): Promise<{
  day: Day;
  journal: string;
  order(resources: Resource[]): Order;
  requests(): number;
}> {
  const journal = freshJournal();
  const day = await open({ journal, sandbox: { now: Date.now } });
  await day.apply(before);
  await day.it.journal.close();
  const { url, org } = day.it.sandbox;
  const served = day.it.sandbox.requests().length;
  return {
    day,
    journal,
    order: (resources) => ({ sandbox: { url, org }, journal, resources }),
    requests: () => day.it.sandbox.requests().length - served,
  };
}

/** Somebody whom file modes bind: root is not. */
const plainUser = process.getuid?.() === 0 ? { uid: 65_534 } : {};

// The size that a file may have stands in for the disk; the write-ahead log grows with each note.
test.each([20, 40, 64, 96])(
  'a disk with room for %i kB: it says so, writes nothing unrecorded, and goes on when there is room',
  async (kilobytes) => {
    const { day, journal, order } = await scene();
    const told = await startRun(order(after), { shell: `ulimit -f ${kilobytes};` }).ended;
    expect(told).toMatchObject({
      reason: 'JournalUnavailable',
      message: expect.stringMatching(/^The journal .* could not be (opened|written) .*disk/),
    });
    const roomy = await open({ journal }, day);
    roomy.clock.jump(Date.now() - roomy.clock.now().getTime());
    await roomy.endsWell(after, [...before, ...after]);
  },
);

test('a journal from a newer version is refused before anything is asked or written', async () => {
  const { day, journal, order, requests } = await scene();
  const file = new DatabaseSync(journal);
  file.exec("INSERT INTO migrations VALUES (99, 'from the future', '')");
  file.close();
  expect(await startRun(order(after)).ended).toMatchObject({
    reason: 'JournalUnavailable',
    message: expect.stringMatching(
      /has schema version 99, and this program knows versions up to \d+\. Run the newer program/,
    ),
  });
  expect(requests()).toBe(0);
  expect(day.watched.gone.size).toBe(0);
});

test.each([
  ['cut off in the middle', (file: string) => truncateSync(file, Math.floor(statSync(file).size / 2))],
  [
    'with garbage in the middle',
    (file: string) => {
      const bytes = readFileSync(file);
      writeFileSync(file, bytes.fill(7, Math.floor(bytes.length / 4), Math.floor(bytes.length / 2)));
    },
  ],
  ['that is something else altogether', (file: string) => writeFileSync(file, 'no database at all'.repeat(500))],
])(
  'a journal %s is set aside: what is as wished is adopted, and nothing is doubled or deleted',
  async (_what, damage) => {
    const { day, journal, order } = await scene();
    damage(journal);
    const told = await startRun(order([a, b])).ended;
    expect(told).toMatchObject({ status: 'succeeded', outcomes: [] });
    const found = await open({ journal }, day);
    expect(await found.plan([a, b])).toMatchObject({ changes: [], held: [] });
    expect([day.watched.made.size, day.watched.gone.size]).toEqual([3, 0]);
    const owners = await found.it.journal.inventory({ organization: day.it.sandbox.org.id, target: 'test' });
    expect(owners.map(({ owner, adopted }) => [owner, adopted])).toEqual([
      ['DataAction/a', true],
      ['DataAction/b', true],
    ]);
  },
);

test('a journal that may only be read: nothing is written to Genesys, and it says whose fault it is', async () => {
  const { day, journal, order } = await scene();
  const folder = path.dirname(journal);
  onTestFinished(() => chmodSync(folder, 0o700));
  for (const suffix of ['-wal', '-shm']) rmSync(journal + suffix, { force: true });
  chmodSync(journal, 0o444);
  chmodSync(folder, 0o555);
  const written = day.it.writes().length;
  const told = await startRun(order(after), plainUser).ended;
  expect(told).toMatchObject({
    reason: 'JournalUnavailable',
    message: expect.stringMatching(/check the permissions|check who owns|this user may write/i),
  });
  expect(day.it.writes()).toHaveLength(written);
  chmodSync(folder, 0o700);
  chmodSync(journal, 0o600);
  const again = await open({ journal }, day);
  again.clock.jump(Date.now() - again.clock.now().getTime());
  await again.endsWell(after, [...before, ...after]);
});

test('a damaged journal that another process has open: it stays, nothing is written to Genesys, and it says what to stop', async () => {
  const { journal, order, requests } = await scene();
  const other = await openJournal(journal, { clock: systemClock, log: silent });
  onTestFinished(() => other.close());
  const bytes = readFileSync(journal);
  writeFileSync(journal, bytes.fill(7, Math.floor(bytes.length / 4), Math.floor(bytes.length / 2)));
  expect(await startRun(order(after)).ended).toMatchObject({
    reason: 'JournalUnavailable',
    message: expect.stringMatching(/is damaged, and another process has it open .* Stop that process first/),
  });
  expect(requests()).toBe(0);
  expect(readdirSync(path.dirname(journal)).filter((name) => name.includes('damaged'))).toEqual([]);
  await other.close();
  expect(await startRun(order(before)).ended).toMatchObject({ status: 'succeeded' });
});

test('a journal that is removed under a process: it writes nothing more to Genesys, and says so', async () => {
  const { day, journal } = await scene();
  const running = await open({ journal }, day);
  for (const suffix of ['', '-wal', '-shm']) rmSync(journal + suffix);
  const written = day.it.writes().length;
  await expect(running.apply(after)).rejects.toMatchObject({
    reason: 'JournalUnavailable',
    detail: { reopen: true },
    message: expect.stringContaining('was replaced or removed while this process had it open'),
  });
  expect(day.it.writes()).toHaveLength(written);
});

test('a journal that is locked for a while: the run waits for it and goes on', async () => {
  const { day, journal, order } = await scene();
  const lock = new DatabaseSync(journal);
  lock.exec('BEGIN IMMEDIATE');
  const { ended } = startRun(order(after));
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  lock.close();
  expect(await ended).toMatchObject({ status: 'succeeded' });
  const again = await open({ journal }, day);
  again.clock.jump(Date.now() - again.clock.now().getTime());
  await again.endsWell(after, [...before, ...after]);
});
