import { expect, test } from 'vitest';
import { parseFlow } from '../yaml/parse.ts';
import { usedBy } from './references.ts';

function scheduled(...steps: string[]): string[] {
  const parsed = parseFlow(`inboundCall: { tasks: [{ task: { actions: [${steps.join(', ')}] } }] }`);
  if ('flaws' in parsed) throw new Error(parsed.flaws[0]!.message);
  return usedBy(parsed.flow).schedules.map(({ type, name }) => `${type} ${name}`);
}

test('what a flow evaluates is found at any depth, as a literal and in expressions', () => {
  expect(
    scheduled(
      'evaluateScheduleGroup: { scheduleGroup: { lit: { name: Main Hours } }, outputs: { open: { actions: [{evaluateSchedule: { schedule: { lit: Lunch } } }] } } }',
      `evaluateSchedule: { schedule: { exp: 'If(a, FindSchedule("A \\"b\\""), FindSchedule( "C" ))' } }`,
      `updateData: { statements: [{ boolean: { value: { exp: 'FindScheduleGroup("D")' } } }] }`,
    ),
  ).toEqual(['schedule-group Main Hours', 'schedule Lunch', 'schedule A "b"', 'schedule C', 'schedule-group D']);
});

test('what is not known before run time, and what only has such a name, is none', () => {
  expect(
    scheduled(
      'evaluateScheduleGroup: { scheduleGroup: { exp: ToScheduleGroup(NOT_SET) } }',
      'evaluateScheduleGroup: { scheduleGroup: { exp: FindScheduleGroup(Task.Name) } }',
      'evaluateScheduleGroup: { scheduleGroup: { noValue: true }, emergencyGroup: { lit: { name: E } } }',
      'callData: { category: { c: { dataAction: { a: { inputs: { scheduleGroup: { lit: x } } } } } } }',
    ),
  ).toEqual([]);
});
