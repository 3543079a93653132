import { expect, onTestFinished, test } from 'vitest';
import { storyOf } from '../src/cli/history-show.ts';
import { renderStory } from '../src/cli/render-story.ts';
import { renderTrace } from '../src/cli/render-trace.ts';
import { plain } from '../src/cli/text.ts';
import { type Found, traceIn } from '../src/cli/trace-facts.ts';
import { openJournal } from '../src/journal/index.ts';
import type { Journal } from '../src/model/journal.ts';
import { silent } from '../src/model/log.ts';
import { fakeClock } from './support/clock.ts';
import { at, commit, drift, ran, story } from './support/reports.ts';

/** A commit changes two objects, somebody changes one of them back, and the next run heals it. */
async function filled(): Promise<Journal> {
  const journal = await openJournal(':memory:', { clock: fakeClock(), log: silent });
  onTestFinished(() => journal.close());
  await ran(journal, '33333333-first', [
    { name: 'a', writes: [{ correlationId: 'c-a', audit: { match: 'matched', records: ['r-a'] } }] },
    { name: 'b', writes: [{ correlationId: 'c-b' }] },
  ]);
  const { id } = await journal.recordDrift(drift({ runId: '22222222-second', story: story('r-jo') }));
  const healed = { name: 'a', cause: 'drift', writes: [{ correlationId: 'c-heal' }] } as const;
  const { commit: _none, ...rest } = { ...healed, commit: undefined };
  await ran(journal, '22222222-second', [{ ...rest, writes: [...rest.writes], commit: commit('b') }]);
  await journal.updateDrift(id, { ended: { at: at(3), how: 'healed', runId: '22222222-second' } });
  return journal;
}

const first = '33333333-first';
const second = '22222222-second';

test.each<[what: string, is: Found[], changes: string[], drifts: number]>([
  ['33333333', ['run'], [`${first} a`, `${first} b`], 0],
  [second, ['run'], [`${second} a`], 1],
  ['c-b', ['correlation id'], [`${first} b`], 0],
  ['c-heal', ['correlation id'], [`${second} a`], 0],
  ['r-a', ['audit record'], [`${first} a`], 0],
  ['r-jo', ['audit record'], [`${second} a`], 1],
  ['id-a', ['object'], [`${second} a`, `${first} a`], 1],
  ['DataAction/b', ['resource'], [`${first} b`], 0],
  ['Timeout/crm', ['resource'], [`${second} a`, `${first} a`, `${first} b`], 0],
  ['DataAction/a', ['resource'], [`${second} a`, `${first} a`], 1],
  // What was changed back since, and healed, belongs to what became of a commit.
  ['aaaaaaa', ['commit'], [`${second} a`, `${first} a`, `${first} b`], 1],
  [`main@sha1:${'a'.repeat(40)}`, ['commit'], [`${second} a`, `${first} a`, `${first} b`], 1],
  [commit('b').sha, ['commit'], [`${second} a`], 1],
  ['1'.repeat(40), ['revision'], [`${second} a`, `${first} a`, `${first} b`], 0],
  ['nobody-knows', [], [], 0],
  ['ccccccc', [], [], 0],
  ['DataAction/none', [], [], 0],
])('from %s to all the rest', async (what, is, changes, drifts) => {
  const journal = await filled();
  const trace = await traceIn({ journal }, what);
  expect(trace.is).toEqual(is);
  const told = trace.runs.flatMap(({ run, changes: some }) =>
    some.map(({ resource }) => `${run.id} ${resource.replace('DataAction/', '')}`),
  );
  expect(told).toEqual(changes);
  expect(trace.drifts).toHaveLength(drifts);
});

test('a trace reads as a story: what it is, each run with its changes, who had a hand in it', async () => {
  const journal = await filled();
  const text = renderTrace(await traceIn({ journal }, 'aaaaaaa'), { paint: plain, width: 100 });
  expect(text).toMatch(
    /^aaaaaaa {2}commit\n\n2026-01-01 00:00:00Z {2}prod {2}✓ 1 change {2}main@sha1:1{10} {2}on schedule/,
  );
  expect(text).toContain('        config.timeoutSeconds: 10 → 20  by Timeout/crm\n');
  expect(text).toMatch(
    / {8}PATCH \S+ 200 {2}correlation id c-a\n {8}✓ matched {2}Action Update at .*Z {2}audit id r-a\n/,
  );
  expect(text).toContain('changed by Jo Doe (sandbox-admin) at 2026-01-01');
});

test('one run is told from its beginning to its end, and whether its entries are those that it finished with', async () => {
  const journal = await filled();
  const { seq: _seq, ...run } = (await journal.run(second))!;
  const story = await storyOf({ journal }, run);
  expect(story).toMatchObject({
    run: { id: second, digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
    changes: [{ resource: 'DataAction/a', cause: 'drift', requests: [{ correlationId: 'c-heal' }] }],
    drifts: [{ who: 'Jo Doe (sandbox-admin)', ended: { how: 'healed', runId: second } }],
    skipped: [],
    intact: true,
  });
  const text = renderStory(story, { paint: plain, width: 80 });
  expect(text).toMatch(/^prod {2}run 22222222-second\n {2}began {9}2026-01-01 00:00:00Z, on schedule\n/);
  expect(text).toMatch(/\n {2}came to {7}✓ 1 change\n {2}digest {8}sha256\n {16}[0-9a-f]{64}\n/);
  expect(text).toContain('\n  1 drift\n\n    ! drift DataAction/a  "I / a"\n');
  const broken = renderStory({ ...story, intact: false }, { paint: plain, width: 200 });
  expect(broken).toContain('✗ its entries are no longer those that it finished with');
});

test('a run that held, skipped and failed says all of it', async () => {
  const journal = await filled();
  const held = [
    {
      kind: 'DataAction',
      name: 'x',
      action: 'delete',
      object: { type: 'data-action', key: 'I/x' },
      reason: 'PruneDisabled',
      message: 'nothing is deleted',
    },
  ] as const;
  const run = await ran(
    journal,
    'third',
    [
      { name: 'a', status: 'failed', reason: 'PermissionMissing', message: 'no', writes: [{ refused: true }] },
      { name: 'b', status: 'skipped', reason: 'DependencyNotReady', message: 'a is not ready', writes: [] },
    ],
    {
      status: 'failed',
      held: [...held],
      notes: ['the branch was rewritten'],
      summary: { create: 0, update: 2, delete: 0, unchanged: 0, held: 1 },
    },
  );
  const text = renderStory(await storyOf({ journal }, run), { paint: plain, width: 120 });
  expect(text).toContain('came to       ✗ failed, 2 not made, 1 held');
  expect(text).toContain('    note the branch was rewritten');
  expect(text).toContain('    ✗ not updated DataAction/a  "I / a"');
  expect(text).toContain('        PermissionMissing: no\n');
  expect(text).toContain('    ! held 1 change, PruneDisabled: nothing is deleted\n');
  expect(text).toContain('    · skipped DataAction/b  DependencyNotReady: a is not ready');
});
