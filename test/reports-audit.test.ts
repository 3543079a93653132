import { expect, onTestFinished, test } from 'vitest';
import { summing } from '../src/cli/audit.ts';
import { csvHeader, csvLine } from '../src/cli/audit-csv.ts';
import { auditedOf } from '../src/cli/audit-facts.ts';
import { markdownHeader, markdownLine } from '../src/cli/audit-markdown.ts';
import type { Audited, AuditedChange } from '../src/cli/audited.ts';
import { renderAudited } from '../src/cli/render-audited.ts';
import { plain } from '../src/cli/text.ts';
import { openJournal } from '../src/journal/index.ts';
import type { Journal, WriteMatch } from '../src/model/journal.ts';
import { silent } from '../src/model/log.ts';
import { type FakeClock, fakeClock } from './support/clock.ts';
import { at, commit, drift, ran, record, story } from './support/reports.ts';

async function open(): Promise<{ journal: Journal; clock: FakeClock }> {
  const clock = fakeClock();
  const journal = await openJournal(':memory:', { clock, log: silent });
  onTestFinished(() => journal.close());
  return { journal, clock };
}

async function told(journal: Journal, wish: Partial<Parameters<typeof auditedOf>[1]> = {}): Promise<Audited[]> {
  const all: Audited[] = [];
  for await (const one of auditedOf({ journal }, { targets: ['prod'], ...wish })) all.push(one);
  return all;
}

const changeOf = async (journal: Journal): Promise<AuditedChange> => (await told(journal))[0] as AuditedChange;

const matched = (...records: string[]): WriteMatch => ({ match: 'matched', records });
const ambiguous = (...records: string[]): WriteMatch => ({ match: 'ambiguous', records, why: 'two look alike' });
const unmatched: WriteMatch = { match: 'unmatched', records: [], why: 'none came within 24 hours' };

test('a change is told with its commit, its pull request, its fields, its requests and its audit records', async () => {
  const { journal } = await open();
  await ran(journal, 'run-1', [{ name: 'a', writes: [{ correlationId: 'c-1', audit: matched('r-1') }] }]);
  expect(await told(journal)).toEqual([
    {
      type: 'change',
      time: expect.stringMatching(/^2026-01-01T00:00:00\.\d{3}Z$/),
      target: 'prod',
      organization: 'org-1',
      run: 'run-1',
      revision: `main@sha1:${'1'.repeat(40)}`,
      commit: {
        sha: 'a'.repeat(40),
        author: { name: 'Ann Lee', email: 'ann@example.com' },
        committer: { name: 'GitHub', email: 'noreply@github.com' },
        subject: 'Wait longer (#12)',
        pullRequest: '#12',
      },
      resource: 'DataAction/a',
      object: { type: 'data-action', key: 'I/a', id: 'id-a' },
      action: 'update',
      cause: 'commit',
      status: 'applied',
      fields: [{ path: '/config/timeoutSeconds', by: 'Timeout/crm', from: 10, to: 20 }],
      requests: [{ method: 'PATCH', path: '/api/v2/x/{id}', status: 200, correlationId: 'c-1', serverDate: at(1) }],
      versions: { before: '1', after: '2' },
      match: 'matched',
      auditIds: ['r-1'],
      records: [record('r-1')],
    },
  ]);
});

test.each<[WriteMatch[], WriteMatch['match'], string[]]>([
  [[matched('r-1'), matched('r-2', 'r-3')], 'matched', ['r-1', 'r-2', 'r-3']],
  [[matched('r-1'), ambiguous('r-2', 'r-3')], 'ambiguous', ['r-1', 'r-2', 'r-3']],
  [[unmatched, matched('r-1')], 'unmatched', ['r-1']],
  [[unmatched, ambiguous('r-2')], 'unmatched', ['r-2']],
  [[unmatched, unmatched], 'unmatched', []],
])('of several writes, %j is %s', async (words, match, auditIds) => {
  const { journal } = await open();
  await ran(journal, 'run-1', [{ name: 'a', writes: words.map((audit) => ({ audit })) }]);
  const change = await changeOf(journal);
  expect(change).toMatchObject({ match, auditIds, records: auditIds.map((id) => ({ id })) });
  expect(change.why !== undefined).toBe(match !== 'matched');
});

test('what waits, was refused or was never sent says so; what was skipped is no change', async () => {
  const { journal } = await open();
  await ran(journal, 'run-1', [
    { name: 'a', writes: [{}] },
    { name: 'b', status: 'failed', reason: 'BadRequest', message: 'no', writes: [{ refused: true }] },
    { name: 'c', status: 'failed', reason: 'NetworkError', writes: [] },
    { name: 'd', status: 'skipped', writes: [] },
  ]);
  const all = (await told(journal)).map((one) => [one.resource, one.match, one.why]);
  expect(all).toEqual([
    ['DataAction/c', 'unmatched', 'nothing was sent'],
    ['DataAction/b', 'unmatched', 'nothing was changed: Genesys refused it'],
    ['DataAction/a', 'unmatched', 'its audit record is still waited for'],
  ]);
});

test('what a run sent and could not tell of is told all the same: once, also where a later run found it', async () => {
  const { journal, clock } = await open();
  await ran(journal, 'lost', [
    { name: 'a', lost: true, writes: [{ correlationId: 'c-a' }] },
    { name: 'b', lost: true, writes: [{ open: true }] },
    { name: 'c', lost: true, writes: [{ refused: true }] },
    { name: 'new', lost: true, action: 'create', writes: [{ correlationId: 'c-new', audit: matched('r-new') }] },
  ]);
  clock.jump(60_000);
  await ran(journal, 'next', [
    { name: 'new', action: 'create', writes: [], receipt: { requests: [] }, message: 'it is there' },
  ]);
  const all = (await told(journal)) as AuditedChange[];
  expect(all.map(({ resource, status, run, match }) => [resource, status, run, match])).toEqual([
    ['DataAction/new', 'applied', 'next', 'matched'],
    ...[
      ['DataAction/a', 'applied', 'lost', 'unmatched'],
      ['DataAction/b', 'unknown', 'lost', 'unmatched'],
      ['DataAction/c', 'failed', 'lost', 'unmatched'],
    ],
  ]);
  expect(all[0]!.requests).toMatchObject([{ correlationId: 'c-new' }]);
  expect(all[1]!.requests).toMatchObject([{ correlationId: 'c-a', status: 200 }]);
});

test('drifts are told with whom, against what and how they ended; another process once for its organisation', async () => {
  const { journal } = await open();
  await ran(journal, 'run-1', []);
  await ran(journal, 'run-2', [], { target: 'second' });
  await ran(journal, 'run-3', [], { target: 'elsewhere', organization: 'org-2' });
  const { id } = await journal.recordDrift(drift({ story: story('r-9') }));
  await journal.updateDrift(id, { ended: { at: at(3), how: 'healed', runId: 'run-1' } });
  const { resource: _none, ...stranger } = drift({ kind: 'other-process', target: 'second', story: story('r-8') });
  await journal.recordDrift(stranger);
  await journal.recordDrift(drift({ at: at(4), story: { since: at(0), deeds: [], unexplained: 'no permission' } }));
  await journal.recordDrift(drift({ target: 'elsewhere', organization: 'org-2' }));
  const all = await told(journal);
  expect(all).toMatchObject([
    { type: 'drift', match: 'unmatched', why: 'no permission', auditIds: [] },
    { type: 'other-process', target: 'second', match: 'matched' },
    {
      type: 'drift',
      match: 'matched',
      who: 'Jo Doe (sandbox-admin)',
      deeds: [{ at: at(1), remoteIp: ['10.0.0.1'], changes: [{ property: 'config.timeoutSeconds' }] }],
      against: { commit: 'a'.repeat(40) },
      ended: { how: 'healed' },
      auditIds: ['r-9'],
    },
  ]);
  expect(all).toHaveLength(3);
  expect(await told(journal, { targets: ['prod', 'second', 'elsewhere'] })).toHaveLength(4);
});

test('a report is of some targets, one resource and a time; nothing is missing, nothing is there twice', async () => {
  const { journal, clock } = await open();
  for (let i = 0; i < 6; i++) {
    await ran(journal, `run-${i}`, [{ name: 'a' }, { name: `b${i}`, fields: [] }], {
      target: i % 2 ? 'test' : 'prod',
      startedAt: at(i * 60),
    });
    await journal.recordDrift(drift({ at: at(i * 60), target: i % 2 ? 'test' : 'prod' }));
    clock.jump(60_000);
  }
  const both = await told(journal, { targets: ['prod', 'test'] });
  expect(both).toHaveLength(18);
  expect(both.map(({ time }) => time)).toEqual(
    both
      .map(({ time }) => time)
      .sort()
      .reverse(),
  );
  const keys = both.map((one) => JSON.stringify([one.type, one.target, one.resource, one.time]));
  expect(new Set(keys).size).toBe(18);
  expect(await told(journal)).toHaveLength(9);
  expect(await told(journal, { resource: 'Timeout/crm' })).toHaveLength(6);
  expect(await told(journal, { resource: 'DataAction/b2' })).toHaveLength(1);
  const some = await told(journal, { since: at(60), until: at(180), targets: ['prod', 'test'] });
  expect(some).toHaveLength(6);
});

const evil = '=HYPERLINK("http://x","y")\n- delete \u202e\u001b[2J|<b>@all';

async function evilOnes(): Promise<Audited[]> {
  const { journal } = await open();
  const author = { name: evil, email: '+1@example.com' };
  await ran(journal, 'run-1', [
    {
      name: 'a',
      commit: commit('a', { message: `${evil}\n(#7)`, author }),
      fields: [{ path: `/${evil}`, by: `Timeout/${evil}`, from: evil, to: '-1' }],
      writes: [{ correlationId: `@${evil}`, audit: ambiguous(`=r${evil}`) }],
      message: evil,
    },
  ]);
  await journal.recordDrift(
    drift({ object: { type: 'flow', key: evil, id: evil }, story: { since: at(0), deeds: [], unexplained: evil } }),
  );
  return told(journal);
}

test('CSV has one line for each, no formula, and a header that stays', async () => {
  const lines = (await evilOnes()).map(csvLine);
  expect(csvHeader.split(',').length).toBe(36);
  expect(csvHeader).toMatch(
    /^time,type,target,organization,run,revision,commit,author,author_email,.*,ended,acknowledged_ms,meanwhile\r\n$/,
  );
  for (const line of lines) {
    expect(line).toMatch(/^[^\r\n]*\r\n$/);
    const cells = cellsOf(line.slice(0, -2));
    expect(cells).toHaveLength(36);
    expect(cells.filter((cell) => /^[=+\-@]/.test(cell))).toEqual([]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly the characters meant
    expect(line).not.toMatch(/[\u0000-\u0009\u000b\u000c\u000e-\u001f\u202e]/);
  }
  expect(cellsOf(lines.find((line) => line.includes(',change,'))!.slice(0, -2))[8]).toBe("'+1@example.com");
});

/** RFC 4180, written for this test. */
function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
  );
}

test('markdown is one table, in which nothing of somebody else is markup', async () => {
  const rows = (await evilOnes()).map(markdownLine);
  const columns = markdownHeader.split('\n')[1]!.split('|').length;
  for (const row of rows) {
    expect(row).toMatch(/^\|[^\n]*\|\n$/);
    expect(row.split(/(?<!\\)\|/).length).toBe(columns);
    expect(row).not.toContain('<b>');
    expect(row).not.toContain('@all');
  }
});

test('text makes no line and no escape of what others wrote, and fits 80 columns', async () => {
  for (const one of await evilOnes()) {
    const text = renderAudited(one, { paint: plain, width: 80, withTarget: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly the characters meant
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
    expect(text.split('\n').filter((line) => line.startsWith('- delete'))).toEqual([]);
  }
});

test('drift of a field is told with whoever wishes it; what Genesys refused is counted apart', async () => {
  const { journal } = await open();
  await ran(journal, 'run-1', [
    { name: 'a', writes: [{ audit: matched('r-1') }] },
    { name: 'b', status: 'failed', writes: [{ refused: true }] },
  ]);
  await journal.recordDrift(drift({ story: story('r-9') }));
  const all = await told(journal, { resource: 'Timeout/crm' });
  expect(all.map(({ type }) => type).sort()).toEqual(['change', 'change', 'drift']);
  const sum = summing();
  for (const one of all) sum.add(one);
  expect(sum.inWords()).toBe('2 changes: 1 matched, 1 not made; 1 drift');
});
