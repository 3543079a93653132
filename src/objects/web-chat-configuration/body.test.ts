import { expect, test } from 'vitest';
import type { JsonObject } from '../../model/json.ts';
import { bodyFields, bodyOver, canonical, computedRatio, isSame } from './body.ts';

const spec: JsonObject = { theme: { colors: { primary: '#05C' } }, greetings: { messages: ['Hello'] } };
const rule = (dayOfWeek: string, more: JsonObject = {}): JsonObject => ({
  ...{ dayOfWeek, startTime: '09:00', endTime: '17:00' },
  ...more,
});

test('what a document leaves out has a value of its own, and the contrast is computed', () => {
  expect(bodyOver({}, bodyFields(spec))).toEqual({
    widget: {
      theme: {
        colors: { primary: '#05C', background: '#FFFFFF' },
        typography: { fontSize: '16px', fontFamily: 'Inter, sans-serif' },
      },
      accessibility: { wcagLevel: 'AA', contrastRatio: 6.62, ariaLiveRegion: 'polite' },
    },
    greetings: { enabled: true, messages: ['Hello'], delayMs: 2000 },
    availability: { schedule: 'custom', rules: [] },
    features: { flags: {}, audiences: [], dynamicRouting: true },
  });
  // 6.896: never rounded up.
  expect(computedRatio({ theme: { colors: { primary: '#5A5A5A' } } })).toBe(6.89);
  expect(computedRatio({ theme: { colors: { primary: 'red' } } })).toBeUndefined();
});

test('what is not known here goes back as it came, within rules too; what the server writes alone does not', () => {
  const live = {
    ...{ id: 'a', version: 3, dateModified: '2026-01-01T00:00:00Z', selfUri: '/a' },
    region: 'eu',
    widget: { position: 'left', theme: { colors: { primary: '#000', accent: '#111' } } },
    availability: { rules: [rule('FRIDAY', { holiday: 'x' }), rule('SUNDAY')], zone: 'CET' },
  };
  const rules = [rule('MONDAY'), rule('FRIDAY')];
  const wished = [
    { path: '/widget/theme/colors/primary', value: '#222' },
    { path: '/availability/rules', value: rules },
    // Held back, and nothing is live there.
    { path: '/greetings/delayMs', value: null },
  ];
  expect(bodyOver(live, wished)).toEqual({
    region: 'eu',
    widget: { position: 'left', theme: { colors: { primary: '#222', accent: '#111' } } },
    availability: { rules: [rule('MONDAY'), rule('FRIDAY', { holiday: 'x' })], zone: 'CET' },
  });
  expect(canonical(live)).toEqual({
    ...{ id: 'a', version: 3 },
    widget: { theme: { colors: { primary: '#000' } } },
    availability: { rules: [rule('FRIDAY'), rule('SUNDAY')] },
  });
  expect(canonical(canonical(live))).toEqual(canonical(live));
});

test.each([
  ['/widget/theme/colors/primary', '#05c', '#0055CC', true],
  ['/widget/theme/colors/primary', '#05c', '#0055CD', false],
  ['/widget/theme/typography/fontFamily', 'Inter', 'inter', false],
  ['/features/audiences', ['a', 'b'], ['b', 'a'], true],
  ['/features/audiences', ['a', 'b'], ['a'], false],
  ['/availability/rules', [rule('MONDAY'), rule('FRIDAY')], [rule('FRIDAY'), rule('MONDAY')], true],
  ['/availability/rules', [rule('MONDAY')], [rule('MONDAY', { endTime: '18:00' })], false],
  ['/greetings/messages', ['a', 'b'], ['b', 'a'], false],
  ['/features/audiences', ['a'], undefined, false],
])('%s: whether %j and %j say the same', (path, wanted, live, same) => {
  expect(isSame(path, wanted, live)).toBe(same);
});
