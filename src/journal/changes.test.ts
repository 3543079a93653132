import { expect, test } from 'vitest';
import type { ChangeFilter, Journal } from '../model/journal.ts';
import type { Outcome } from '../model/plan.ts';
import { open, outcome, run } from './fixture.ts';

const sha = (digit: string): string => digit.repeat(40);
const commit = (digit: string, name: string): NonNullable<Outcome['commit']> => ({
  sha: sha(digit),
  author: { name, email: `${name.split(' ')[0]}@example.com` },
  committer: { name: 'Bot', email: 'bot@example.com' },
  at: '2026-01-01T00:00:00.000Z',
  message: 'A change',
});

/** Three runs of two targets; those of `prod` and `test` overlap. */
async function filled(): Promise<Journal> {
  const journal = await open();
  const revision = (digit: string): string => `main@sha1:${sha(digit)}`;
  const first = { ...run, id: '11111111-aaaa', revision: revision('1') };
  const second = { ...run, id: '22222222-bbbb', revision: revision('2') };
  const other = { ...run, id: '22222222-cccc', target: 'test', revision: revision('2') };
  await journal.startRun({ ...run, id: '00000000-quiet', revision: revision('1') });
  await journal.startRun(first);
  await journal.recordOutcome(first.id, { ...outcome('a'), commit: commit('1', 'Ann Lee') });
  await journal.recordOutcome(first.id, outcome('b', 'failed'));
  await journal.startRun(second);
  await journal.startRun(other);
  await journal.recordOutcome(other.id, { ...outcome('a'), commit: commit('2', 'Jörg Ähren') });
  const fields = [
    { path: '/timeout', by: 'Timeout/all' },
    { path: '/name', by: 'DataAction/a' },
  ];
  await journal.recordOutcome(second.id, { ...outcome('a'), fields, commit: commit('2', 'Ann Lee') });
  await journal.recordOutcome(other.id, outcome('c'));
  return journal;
}

const told = async (journal: Journal, filter: Partial<ChangeFilter>): Promise<string[]> =>
  (await journal.changes({ limit: 10, ...filter })).map(({ target, outcome: { name } }) => `${target} ${name}`);

const runsOf = async (journal: Journal, filter: Partial<ChangeFilter>): Promise<string[]> =>
  (await journal.runsWhere({ limit: 10, ...filter })).map(({ id }) => id);

test('changes are found by target, resource, author, revision, commit and object, and all of them together', async () => {
  const journal = await filled();
  expect(await told(journal, {})).toEqual(['test c', 'prod a', 'test a', 'prod b', 'prod a']);
  expect(await told(journal, { target: 'prod' })).toEqual(['prod a', 'prod b', 'prod a']);
  expect(await told(journal, { resource: 'DataAction/a' })).toEqual(['prod a', 'test a', 'prod a']);
  expect(await told(journal, { resource: 'Timeout/all' })).toEqual(['prod a']);
  expect(await told(journal, { author: 'ann lee' })).toEqual(['prod a', 'prod a']);
  expect(await told(journal, { author: 'ANN@example.com', target: 'test' })).toEqual([]);
  expect(await told(journal, { author: 'JÖRG ÄHREN' })).toEqual(['test a']);
  expect(await told(journal, { revision: '1111111' })).toEqual(['prod b', 'prod a']);
  expect(await told(journal, { revision: `main@sha1:${sha('2')}`, target: 'prod' })).toEqual(['prod a']);
  expect(await told(journal, { commit: '2222222' })).toEqual(['prod a', 'test a']);
  expect(await told(journal, { commit: sha('1') })).toEqual(['prod a']);
  expect(await told(journal, { object: 'id-c' })).toEqual(['test c']);
  expect(await told(journal, { author: 'Ann Lee', resource: 'Timeout/all', target: 'prod', object: 'id-a' })).toEqual([
    'prod a',
  ]);
  expect(await told(journal, { resource: 'DataAction/none' })).toEqual([]);
});

test('a change is told with its run; pages follow each other, and times bound them', async () => {
  const journal = await filled();
  const [newest, next] = await journal.changes({ limit: 2 });
  expect(newest).toEqual({
    seq: expect.any(Number),
    at: expect.stringMatching(/Z$/),
    runId: '22222222-cccc',
    target: 'test',
    organization: 'org-1',
    revision: `main@sha1:${sha('2')}`,
    outcome: outcome('c'),
  });
  const rest = await journal.changes({ limit: 10, before: next!.seq });
  expect(rest.map(({ seq }) => seq).every((seq) => seq < next!.seq)).toBe(true);
  expect(rest).toHaveLength(3);
  const since = { since: newest!.at };
  expect(await told(journal, { ...since, target: 'test' })).toContain('test c');
  expect(await told(journal, { since: '2030-01-01T00:00:00.000Z' })).toEqual([]);
  expect(await told(journal, { until: '2020-01-01T00:00:00.000Z', target: 'prod' })).toEqual([]);
});

test('runs are found by what is in them, newest first, page by page; otherwise quiet ones are told, too', async () => {
  const journal = await filled();
  expect(await runsOf(journal, { resource: 'DataAction/a' })).toEqual([
    '22222222-cccc',
    '22222222-bbbb',
    '11111111-aaaa',
  ]);
  expect(await runsOf(journal, { resource: 'DataAction/a', target: 'prod' })).toEqual([
    '22222222-bbbb',
    '11111111-aaaa',
  ]);
  expect(await runsOf(journal, { author: 'ann lee', resource: 'DataAction/b' })).toEqual([]);
  // The run of `prod` began first, though its change was the later one.
  const page = await journal.runsWhere({ resource: 'DataAction/a', limit: 1 });
  expect(page.map(({ id }) => id)).toEqual(['22222222-cccc']);
  expect(await runsOf(journal, { resource: 'DataAction/a', before: page[0]!.seq })).toEqual([
    '22222222-bbbb',
    '11111111-aaaa',
  ]);
  expect(await runsOf(journal, { target: 'prod' })).toEqual(['22222222-bbbb', '11111111-aaaa', '00000000-quiet']);
  expect(await runsOf(journal, { revision: '1111111' })).toEqual(['11111111-aaaa', '00000000-quiet']);
  expect(await runsOf(journal, { since: '2030-01-01T00:00:00.000Z' })).toEqual([]);
  expect(await runsOf(journal, { until: '2030-01-01T00:00:00.000Z', limit: 1 })).toEqual(['22222222-cccc']);
});

test('a run is found by its id, or by as much of it as only it has', async () => {
  const journal = await filled();
  expect((await journal.run('11111111'))?.id).toBe('11111111-aaaa');
  expect((await journal.run('22222222-bbbb'))?.target).toBe('prod');
  expect(await journal.run('22222222')).toBeUndefined();
  expect(await journal.run('1111111')).toBeUndefined();
  expect(await journal.run('33333333')).toBeUndefined();
});
