import { expect, test } from 'vitest';
import { canonicalRule, daysOf, endOf, faultsOf, sameButForEnd } from './recurrence.ts';
import { canonicalTime, instantOf, shortTime } from './times.ts';

test.each([
  ['FREQ=WEEKLY;BYDAY=MO,TU', 'FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TU'],
  ['rrule:byday=tu,mo;interval=01;freq=weekly;wkst=mo;', 'FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TU'],
  [
    'BYMONTHDAY=26,25,-1,25;FREQ=YEARLY;BYMONTH=12;COUNT=3',
    'FREQ=YEARLY;INTERVAL=1;COUNT=3;BYMONTH=12;BYMONTHDAY=-1,25,26',
  ],
  ['FREQ=MONTHLY;BYDAY=FR,+2MO,-1FR;WKST=SU', 'FREQ=MONTHLY;INTERVAL=1;BYDAY=-1FR,FR,2MO;WKST=SU'],
  ['FREQ=MONTHLY;BYDAY=01MO,+1MO,1MO,-01FR', 'FREQ=MONTHLY;INTERVAL=1;BYDAY=-1FR,1MO'],
  ['FREQ=DAILY;INTERVAL=010000;COUNT=12345678901234567890', 'FREQ=DAILY;INTERVAL=10000;COUNT=12345678901234567890'],
  // Whatever Genesys holds that is no rule stays what it is.
  ['FREQ=WEEKLY;BYDAY=XX', 'FREQ=WEEKLY;BYDAY=XX'],
  ['', ''],
])('%s reads %s', (rule, canonical) => {
  expect(canonicalRule(rule)).toBe(canonical);
  expect(canonicalRule(canonical)).toBe(canonical);
});

test.each([
  ['FREQ=DAYLY', 'FREQ is "DAYLY" (did you mean "DAILY"?)'],
  ['INTERVAL=1', 'FREQ is missing: one of SECONDLY, MINUTELY, HOURLY, DAILY, WEEKLY, MONTHLY, YEARLY'],
  ['FREQ=DAILY;BYDAYS=MO', 'it has no part BYDAYS (did you mean "BYDAY"?)'],
  ['weekly on monday', '"weekly on monday" is no rule; one looks like FREQ=WEEKLY;BYDAY=MO,TU'],
  ['FREQ=DAILY;FREQ=DAILY', 'FREQ is there twice'],
  ['FREQ=DAILY;INTERVAL=0', 'INTERVAL has "0"; it is 1 or more'],
  ['FREQ=DAILY;INTERVAL=1,2', 'INTERVAL has "1,2"'],
  ['FREQ=DAILY;COUNT=2;UNTIL=20260101', 'COUNT and UNTIL exclude each other'],
  ['FREQ=DAILY;UNTIL=20260230', 'UNTIL is "20260230", not a date'],
  ['FREQ=WEEKLY;BYDAY=MO,MON', 'BYDAY has "MON"; days are MO, TU, WE, TH, FR, SA, SU'],
  ['FREQ=WEEKLY;BYDAY=1MO', 'BYDAY has "1MO"; days have numbers only where FREQ is MONTHLY or YEARLY'],
  ['FREQ=MONTHLY;BYDAY=0MO', 'BYDAY has "0MO"; the number is from 1 to 53'],
  ['FREQ=WEEKLY;BYMONTHDAY=1', 'BYMONTHDAY has no place in a rule that is WEEKLY'],
  ['FREQ=MONTHLY;BYMONTHDAY=-32', 'BYMONTHDAY has "-32"; it is from 1 to 31, or from -31 to -1'],
  ['FREQ=DAILY;BYHOUR=24', 'BYHOUR has "24"; it is from 0 to 23'],
  ['FREQ=DAILY;BYSETPOS=1', 'BYSETPOS picks from what another BY... part gives'],
  ['FREQ=WEEKLY;WKST=MONDAY', 'WKST is "MONDAY"'],
  ['FREQ=DAILY;;', 'it has no part without a name'],
])('%s is no rule: %s', (rule, fault) => {
  expect(faultsOf(rule).join('\n')).toContain(fault);
});

test('every fault is told at once', () => {
  expect(faultsOf('FREQ=WEEKLY;INTERVAL=x;BYDAY=1MO;BYEASTER=1')).toHaveLength(3);
});

test('a rule that is too long is not looked into, and of very many faults the first are told', () => {
  const bombs = ['BYDAY=XX;'.repeat(50_000), `FREQ=DAILY;BYDAY=${'M,'.repeat(200_000)}`];
  const before = performance.now();
  for (const bomb of bombs) {
    expect(faultsOf(bomb)).toEqual([`it has ${bomb.length} characters, and the most are 1000`]);
    expect(canonicalRule(bomb)).toBe(bomb);
  }
  expect(performance.now() - before).toBeLessThan(100);
  const many = faultsOf(`FREQ=DAILY;${'A=1;'.repeat(200)}`);
  expect([many.length, many.at(-1)]).toEqual([11, 'there are 190 more faults in it']);
});

test('the end may come back in another form, and nothing else', () => {
  const rule = (until: string, freq = 'DAILY'): string => `FREQ=${freq};UNTIL=${until}`;
  expect(sameButForEnd(rule('20261231'), rule('20261231T000000Z'))).toBe(true);
  expect(sameButForEnd(rule('20261231T170000'), rule('20261231T170000Z'))).toBe(true);
  expect(sameButForEnd(rule('20261231'), rule('20261230T000000Z'))).toBe(false);
  expect(sameButForEnd(rule('20261231'), rule('20261231', 'WEEKLY'))).toBe(false);
  expect(endOf(rule('20261231'))).toBe(Date.UTC(2026, 11, 31, 23, 59, 59));
});

test('days that are named outright, and none that are counted', () => {
  expect(daysOf('FREQ=WEEKLY;BYDAY=MO,TU')).toEqual(['MO', 'TU']);
  expect(daysOf('FREQ=MONTHLY;BYDAY=1MO,TU')).toEqual([]);
  expect(daysOf('FREQ=DAILY')).toEqual([]);
});

test('times have one form', () => {
  const forms = ['2026-01-05T08:00', '2026-01-05T08:00:00', '2026-01-05T08:00:00.000', '2026-01-05T08:00:00.000000'];
  expect(new Set(forms.map(canonicalTime))).toEqual(new Set(['2026-01-05T08:00:00.000']));
  expect(shortTime('2026-01-05T08:00:30.000')).toBe('2026-01-05T08:00:30');
  expect(['2026-02-29T08:00', '2026-01-05T24:00', '2026-01-05'].map(instantOf)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
