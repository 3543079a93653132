import { expect, test } from 'vitest';
import type { IndexEntry } from '../model/contracts.ts';
import { lookUp } from './lookup.ts';

const how = {
  type: 'schedule',
  label: 'schedule',
  resource: 'ScheduleGroup/hours',
  pointer: '/spec/openSchedules/0',
  notFound: 'schedule-not-found',
  advice: 'make it first',
} as const;
const entry = (id: string, owner?: string): IndexEntry => ({
  ...{ type: 'schedule', key: 'summer', name: 'Summer', id, attributes: {} },
  ...(owner === undefined ? {} : { owner }),
});
const found = (...entries: IndexEntry[]) => lookUp('Summer', { all: () => entries, find: () => entries }, how);

test('of several of one name it is the one that is managed here; else nobody can tell, and their ids are told', () => {
  expect(found(entry('1'), entry('2', 'Schedule/summer'))).toMatchObject({ entry: { id: '2' } });
  expect(found(entry('1'), entry('2'))).toMatchObject({
    problem: { code: 'ambiguous-identity', message: expect.stringContaining('called "Summer" (1, 2); say which') },
  });
  expect(found(entry('1', 'Schedule/a'), entry('2', 'Schedule/b'))).toHaveProperty('problem');
});

test('a handle where a name is asked for is told as one', () => {
  const entries = [entry('1', 'Schedule/summer-hours'), entry('2')];
  const index = { all: () => entries, find: () => entries };
  const said = (wanted: string) => lookUp(wanted, index, how);
  const is = 'that is the handle of Schedule/summer-hours; give its name, "Summer"';
  expect(said('summer-hours')).toMatchObject({
    problem: { code: 'schedule-not-found', message: `no schedule "summer-hours" is there; ${is}` },
  });
  expect(said('summer')).toMatchObject({
    problem: { message: expect.stringMatching(/did you mean "Summer"\?\); make/) },
  });
});
