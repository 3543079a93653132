import { expect, test } from 'vitest';
import { pullRequestOf } from './pull-request.ts';

test.each([
  ['Merge pull request #12 from acme/slower\n\nSlower customers', '#12'],
  ['Slower customers (#12)', '#12'],
  ['Slower customers (#12)\n\n* one\n* two (#99)', '#12'],
  ['Revert "Slower customers (#12)" (#13)\n\nThis reverts it.', '#13'],
  ["Merge branch 'slower' into 'main'\n\nSlower customers\n\nSee merge request acme/group/config!34", '!34'],
  ['Slower customers (!34)', '!34'],
  ['Merged in slower (pull request #56)\n\nSlower customers', '#56'],
  ['Merged PR 78: Slower customers', '!78'],
  ['Slower customers, see #12', undefined],
  ['Slower (#12) customers', undefined],
  ['Slower customers\n\nCloses (#12)', undefined],
  ['', undefined],
])('%j', (message, expected) => {
  expect(pullRequestOf(message)).toBe(expected);
});
