import { expect, test } from 'vitest';
import { createVitals } from './vitals.ts';

function world() {
  let at = 0;
  const vitals = createVitals(() => at);
  const wait = (seconds: number): void => {
    at += seconds * 1000;
  };
  return { vitals, wait };
}

test('a tick that is overdue by more than three intervals: the loop is stuck', () => {
  const { vitals, wait } = world();
  vitals.ticked('poll', 30_000, 30_000);
  wait(119);
  expect(vitals.stuck()).toBeUndefined();
  wait(2);
  expect(vitals.stuck()).toBe('the poll is overdue');
  vitals.ticked('poll', 30_000, 30_000);
  expect(vitals.stuck()).toBeUndefined();
});

test('a tick that rests over night is not overdue in the morning', () => {
  const { vitals, wait } = world();
  vitals.ticked('poll', 16 * 3_600_000, 60_000);
  wait(16 * 3600);
  expect(vitals.stuck()).toBeUndefined();
});

test('a long run is no illness while it does something, and one that does nothing is', () => {
  const { vitals, wait } = world();
  const ended = vitals.began('run', 'a');
  for (let minute = 0; minute < 60; minute++) {
    wait(60);
    vitals.progress('a');
  }
  expect(vitals.stuck()).toBeUndefined();
  wait(16 * 60);
  expect(vitals.stuck()).toBe('a run of "a" neither ends nor does anything');
  ended();
  expect(vitals.stuck()).toBeUndefined();
});

test('git that hangs for as long as git may is no illness; a poll beyond that is, whatever runs do', () => {
  const { vitals, wait } = world();
  const ended = vitals.began('poll');
  wait(250);
  expect(vitals.stuck()).toBeUndefined();
  wait(60);
  vitals.progress('a');
  expect(vitals.stuck()).toBe('a poll neither ends nor does anything');
  ended();
  vitals.began('run', 'a');
  vitals.begin();
  wait(3600);
  expect(vitals.stuck()).toBeUndefined();
});

test('a busy target does not speak for one whose run hangs, and one that waits for its turn does not hang', () => {
  const { vitals, wait } = world();
  vitals.began('run', 'hangs');
  vitals.began('run', 'busy');
  vitals.began('run', 'queued');
  vitals.waits('queued');
  for (let minute = 0; minute < 16; minute++) {
    wait(60);
    vitals.progress('busy');
  }
  expect(vitals.stuck()).toBe('a run of "hangs" neither ends nor does anything');
  vitals.progress('hangs');
  expect(vitals.stuck()).toBeUndefined();
  vitals.progress('queued');
  wait(10 * 60);
  for (const target of ['hangs', 'busy']) vitals.progress(target);
  wait(6 * 60);
  expect(vitals.stuck()).toBe('a run of "queued" neither ends nor does anything');
});
