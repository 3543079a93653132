import { expect, test } from 'vitest';
import type { Journal } from '../src/model/journal.ts';
import type { Commit } from '../src/model/plan.ts';
import type { Past } from '../src/reconcile/attribute.ts';
import { type Hours, hours } from './support/audit-world.ts';
import { config, dataAction, useWorlds, type World } from './support/world.ts';

const open = useWorlds();
const before = dataAction('a');
const after = dataAction('a', { config: config({ requestType: 'POST' }) });
const patch = { method: 'PATCH', path: '/api/v2/**' };
const minute = 60_000;

const commit: Commit = {
  sha: 'a'.repeat(40),
  author: { name: 'Ann', email: 'ann@example.com' },
  committer: { name: 'Ann', email: 'ann@example.com' },
  at: '2026-11-01T00:00:00.000Z',
  message: 'Post it',
};
const past: Past = {
  commitsOf: async () => ({ commits: new Map(), rewritten: false }),
  commitsAt: async (_revision, paths) => new Map([...paths.keys()].map((by) => [by, commit])),
};

/** From the moment an answer is to be kept, the process is no more: nothing reaches the disk. */
function dying(journal: Journal): Journal {
  let isDead = false;
  return new Proxy(journal, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]) => {
        isDead ||= name === 'answered';
        if (isDead) throw new Error('killed');
        return value.apply(target, args);
      };
    },
  });
}

/** A run that is killed when its answer came, or was to come. */
async function killed(it: World, time: Hours): Promise<void> {
  const { journal } = it.engine;
  it.engine.journal = dying(journal);
  await it.apply([after], { past }).catch(() => {});
  it.engine.journal = journal;
  time.pass(minute);
}

/** Of each run, what is told of its changes; oldest first. */
async function told(it: World): Promise<string[]> {
  const runs = await it.journal.runs('test', 10);
  const all = await Promise.all(
    runs.reverse().map(async ({ id }, n) => {
      const outcomes = await it.journal.outcomes(id);
      const writes = await it.journal.writesOf(id);
      const states = writes.map((write) => (write.open ? 'open' : write.refused ? 'refused' : 'done'));
      return outcomes.map((one) => `${n} ${one.action} ${one.status} ${one.commit?.author.name ?? '-'} ${states}`);
    }),
  );
  return all.flat();
}

test('an update that never arrived is told as not applied, once its redo proves it', async () => {
  const time = hours();
  const it = await open({ clock: time.clock });
  await it.apply([before]);
  it.sandbox.addFault({ when: { ...patch, times: 1 }, then: { drop: true } });
  await killed(it, time);
  await it.apply([after], { past });
  expect(await told(it)).toEqual(['0 create applied - done', '1 update failed Ann refused', '2 update applied - done']);
});

test('an update that arrived is told as applied, with the commit that it was sent for', async () => {
  const time = hours();
  const it = await open({ clock: time.clock });
  await it.apply([before]);
  await killed(it, time);
  await it.apply([after], { past });
  expect(await told(it)).toEqual(['0 create applied - done', '1 update applied Ann done']);
  expect(it.writes()).toHaveLength(2);
  for await (const discrepancy of it.journal.discrepancies()) expect(discrepancy).toBeUndefined();
});

test('what never arrived and is not wished any more counts as not applied after a while', async () => {
  const time = hours();
  const it = await open({ clock: time.clock });
  await it.apply([before]);
  it.sandbox.addFault({ when: { ...patch, times: 1 }, then: { drop: true } });
  await killed(it, time);
  await it.apply([before]);
  const states = async () => (await it.journal.openIntents(it.engine.organization.id)).length;
  expect(await states()).toBe(1);
  for (let n = 0; n < 3; n++) {
    time.pass(minute / 2);
    await it.apply([before]);
  }
  expect(await states()).toBe(0);
});

test('of what somebody wrote over nobody can tell: after a while it is asked about no more', async () => {
  const time = hours();
  const it = await open({ clock: time.clock });
  await it.apply([before]);
  it.sandbox.addFault({ when: { ...patch, times: 1 }, then: { drop: true } });
  await killed(it, time);
  it.sandbox.state.editAction(it.sandbox.state.actionNamed('a')!.id, { category: 'By Ann' });
  const states: number[] = [];
  for (let n = 0; n < 4; n++) {
    await it.apply([before]);
    states.push((await it.journal.openIntents(it.engine.organization.id)).length);
    time.pass(minute / 2);
  }
  expect([states[0], states.at(-1)]).toEqual([1, 0]);
});

test('of two that were sent over one version it is not claimed that both were taken', async () => {
  const time = hours();
  const it = await open({ clock: time.clock });
  await it.apply([before]);
  it.sandbox.addFault({ when: { ...patch, times: 1 }, then: { drop: true } });
  await killed(it, time);
  await killed(it, time);
  await it.apply([after]);
  const writes = await it.journal.writesSince(it.engine.organization.id, '2000-01-01T00:00:00.000Z');
  expect(writes.map(({ step, open: isOpen, refused }) => [step, isOpen ?? false, refused ?? false])).toEqual([
    ['create', false, false],
    ['patch', true, false],
    ['patch', false, false],
  ]);
});

test('a deletion that never arrived is told by the one that was taken', async () => {
  const time = hours();
  const it = await open({ clock: time.clock });
  await it.apply([before, dataAction('b')]);
  const { journal } = it.engine;
  it.sandbox.addFault({ when: { ...patch, method: 'DELETE', times: 1 }, then: { drop: true } });
  it.engine.journal = dying(journal);
  await it.apply([dataAction('b')]).catch(() => {});
  it.engine.journal = journal;
  time.pass(minute);
  await it.apply([dataAction('b')]);
  expect((await told(it)).slice(2)).toEqual(['1 delete failed - refused', '2 delete applied - done']);
});
