import { describe, expect, test } from 'vitest';
import { useDays } from './support/long-day.ts';
import { dataAction, line } from './support/world.ts';

const open = useDays();
const [a, b, c] = ['a', 'b', 'c'].map((name) => dataAction(name)) as [
  ReturnType<typeof dataAction>,
  ReturnType<typeof dataAction>,
  ReturnType<typeof dataAction>,
];

test('a commit that empties the repository deletes nothing and says so; the next one goes on as if it had not been', async () => {
  const day = await open();
  await day.apply([a, b]);
  const report = await day.apply([]);
  expect(report.status).toBe('held');
  expect(report.plan.held.map(({ name, reason, message }) => `${name} ${reason}: ${message}`)).toEqual([
    'a EmptySnapshot: the revision holds no resource at all, so nothing is deleted',
    'b EmptySnapshot: the revision holds no resource at all, so nothing is deleted',
  ]);
  await day.endsWell([a, b]);
});

describe('a commit that renames every handle', () => {
  test('and keeps the live names: every object is its new owner’s, nothing is written, and pruning still works', async () => {
    const day = await open();
    const named = (handles: string[]) => handles.map((handle, i) => dataAction(handle, { name: `Action ${i}` }));
    await day.apply(named(['a', 'b', 'c']));
    const before = [...day.watched.made.keys()];
    const written = day.it.writes().length;
    const report = await day.apply(named(['x', 'y', 'z']));
    expect(report.plan).toMatchObject({ changes: [], held: [], problems: [] });
    expect(day.it.writes()).toHaveLength(written);
    const inventory = await day.it.journal.inventory({ organization: day.it.sandbox.org.id, target: 'test' });
    expect(inventory.map(({ owner, adopted }) => [owner, adopted])).toEqual([
      ['DataAction/x', false],
      ['DataAction/y', false],
      ['DataAction/z', false],
    ]);
    expect(inventory.map(({ id }) => id).sort()).toEqual(before.sort());
    const fewer = await day.apply(named(['x', 'y']));
    expect(fewer.plan.changes.map(line)).toEqual(['delete DataAction/z']);
    await day.endsWell(named(['x', 'y']), named(['x', 'y', 'z']));
  });

  test('in a ring, so that each takes the place of another: each handle keeps its object, and live names go round', async () => {
    const day = await open();
    const ring = (...names: string[]) => ['a', 'b', 'c'].map((handle, i) => dataAction(handle, { name: names[i]! }));
    await day.apply(ring('A', 'B', 'C'));
    const { plan } = await day.apply(ring('B', 'C', 'A'));
    expect(plan.changes.map(({ action }) => action)).toEqual(['update', 'update', 'update']);
    await day.endsWell(ring('B', 'C', 'A'), ring('A', 'B', 'C'));
  });

  test('and with them the live names, in one commit: the plan says so before anything goes, and a limit holds it', async () => {
    const day = await open({ policy: { prune: true, maxDeletes: 2 } });
    await day.apply([a, b, c]);
    const others = ['x', 'y', 'z'].map((name) => dataAction(name));
    const { plan } = await day.apply(others);
    expect(plan.changes.map(({ action, name }) => `${action} ${name}`)).toEqual(['create x', 'create y', 'create z']);
    expect(plan.held.map(({ action, name, reason }) => `${action} ${name} ${reason}`).sort()).toEqual([
      'delete a ChangeLimitExceeded',
      'delete b ChangeLimitExceeded',
      'delete c ChangeLimitExceeded',
    ]);
    await day.apply([a, b, c]);
    expect(day.watched.gone.size).toBe(0);
  });
});
