import { expect, test } from 'vitest';
import { chooseTargets } from '../src/cli/session.ts';
import type { TargetConfig } from '../src/model/daemon-config.ts';

const all = ['prod', 'test', 'dev'].map((name) => ({ name })) as TargetConfig[];
const names = (...named: string[]): string[] => chooseTargets(all, named).map(({ name }) => name);

test('the targets of a call: all, or the named ones, each once', () => {
  expect(chooseTargets(all, undefined)).toEqual(all);
  expect(names()).toEqual(['prod', 'test', 'dev']);
  expect(names('dev', 'prod', 'dev')).toEqual(['dev', 'prod']);
});

test('a name that is none is refused, with the one that was meant and all that there are', () => {
  expect(() => names('dev', 'prd')).toThrow(/^no target "prd" .*prod.*; there are: prod, test, dev$/);
});
