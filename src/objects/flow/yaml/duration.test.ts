import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationFlaw, durationOf, formatDuration, parseDuration } from './duration.ts';

describe('parseDuration and durationFlaw', () => {
  it.each([
    ['15s', 15_000],
    ['1m', 60_000],
    ['2500ms', 2500],
    ['1m30s', 90_000],
    ['1m30s5ms', 90_005],
    ['60m', 3_600_000],
    ['0m1s', 1000],
  ])('%s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
    expect(durationFlaw(text)).toBeUndefined();
  });

  it.each([
    ['0s', 'no time at all'],
    ['0', 'not a duration'],
    ['-5s', 'negative'],
    ['61m', 'longer than 60 minutes'],
    ['60m1ms', 'longer than 60 minutes'],
    ['99999999999999999999m', 'longer than 60 minutes'],
    ['', 'not a duration'],
    ['15', 'not a duration'],
    ['1h', 'not a duration'],
    ['1.5s', 'not a duration'],
    ['30s1m', 'not a duration'],
    [' 15s', 'not a duration'],
    ['-x', 'not a duration'],
  ])('%j is no timeout', (text, words) => {
    expect(parseDuration(text)).toBeUndefined();
    expect(durationFlaw(text)).toContain(words);
  });

  it('reads what formatDuration writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_600_000 }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });
});

describe('durationOf', () => {
  it.each([
    [{ lit: { minutes: 1 } }, '1m'],
    [{ lit: { minutes: 1, seconds: 30 } }, '90s'],
    [{ lit: { ms: 100 } }, '100ms'],
    [{ lit: { milliseconds: 1000 } }, '1s'],
    [{ lit: { hour: 1 } }, '60m'],
    [{ lit: { days: 1 } }, '1440m'],
    [{ lit: { second: 0 } }, '0s'],
    [{ lit: { seconds: 1.5 } }, '1500ms'],
    [{ exp: 'MakeDuration(0,0,0,15)' }, '= MakeDuration(0,0,0,15)'],
    [{ lit: { fortnights: 1 } }, '{"lit":{"fortnights":1}}'],
    [{ lit: { toString: 1 } }, '{"lit":{"toString":1}}'],
    [{ lit: {}, a: 1 }, '{"a":1,"lit":{}}'],
    [{ lit: {} }, '{"lit":{}}'],
    ['PT15S', '"PT15S"'],
    [{ noValue: true }, undefined],
    [null, undefined],
    [undefined, undefined],
  ])('%j', (value, text) => expect(durationOf(value)).toBe(text));
});
