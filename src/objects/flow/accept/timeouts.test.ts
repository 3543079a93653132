import { describe, expect, test } from 'vitest';
import type { Acceptance } from '../../../model/contracts.ts';
import type { JsonObject } from '../../../model/json.ts';
import { timeoutPath } from '../compose.ts';
import { liveOf } from './fixture.ts';
import { acceptTimeouts } from './timeouts.ts';

const call = (name: string, timeout: unknown, action = 'A'): JsonObject => ({
  callData: { name, timeout, category: { C: { dataAction: { [action]: {} } } } } as JsonObject,
});

/** What a FlowTimeout with these steps says of a flow with these calls, of which some have moved. */
function said(steps: JsonObject[], calls: JsonObject[], moved: string[], name = 'Line'): Acceptance[] {
  const resource = {
    kind: 'FlowTimeout',
    name: 't',
    surface: 'platform',
    annotations: {},
    spec: { flow: { type: 'inboundCall', name: 'Line' }, steps },
    files: {},
    document: { path: 't.yaml', index: 0 },
    from: [],
  };
  const tree = { inboundCall: { name, tasks: [{ task: { name: 'T', actions: calls } }] } };
  const fields = moved.map((key) => ({ path: timeoutPath(`T › ${key}`), to: '1m', by: 'FlowTimeout/t' }));
  return acceptTimeouts(resource, { live: liveOf(tree, { name }), fields, index: { all: () => [], find: () => [] } });
}

const seconds = (n: number) => ({ lit: { seconds: n } });
const byAction = { dataAction: { category: 'C', name: 'A' }, timeout: '1m' };

describe('timeouts of a FlowTimeout', () => {
  test('of a step by its name, in the form of durations', () => {
    const steps = [
      { step: 'X', timeout: '5s' },
      { step: 'S', timeout: '1m' },
    ];
    const now = said(steps, [call('S', { lit: { minutes: 1, ms: 500 } }), call('X', seconds(5))], ['S']);
    expect(now).toEqual([{ pointer: '/spec/steps/1/timeout', value: '60500ms' }]);
  });
  test('of every step that calls an action, where all have moved alike', () => {
    const now = said(
      [byAction],
      [call('S', seconds(7)), call('R', seconds(7)), call('O', seconds(1), 'B')],
      ['S', 'R'],
    );
    expect(now).toEqual([{ pointer: '/spec/steps/0/timeout', value: '7s' }]);
  });
  test('one of them is named from now on', () => {
    const now = said([byAction], [call('S', seconds(7)), call('R', seconds(60))], ['S']);
    expect(now).toEqual([{ pointer: '/spec/steps', value: [byAction, { step: 'S', timeout: '7s' }] }]);
  });
  test('two steps of one name that differ', () => {
    const now = said([{ step: 'S', timeout: '1m' }], [call('S', seconds(7)), call('S', seconds(60))], ['S']);
    expect(now).toEqual([{ pointer: '/spec/steps/0/timeout', why: expect.stringContaining('"T › S" 7s') }]);
  });
  test.each([
    [{ exp: 'MakeDuration(0, 0, 0, 9)' }, 'MakeDuration'],
    [{ noValue: true }, 'no timeout any more'],
    [{ lit: { hours: 2 } }, '120m'],
  ])('what it cannot say: %j', (timeout, why) => {
    const now = said([{ step: 'S', timeout: '1m' }], [call('S', timeout)], ['S']);
    expect(now).toEqual([{ pointer: '/spec/steps/0/timeout', why: expect.stringContaining(why) }]);
  });
  test('a step that is gone', () => {
    const now = said([{ step: 'S', timeout: '1m' }], [call('R', seconds(7))], ['S']);
    expect(now).toEqual([{ pointer: '/spec/steps', why: expect.stringContaining('no step "T › S" any more') }]);
  });
  test('a flow that has another name now', () => {
    const now = said([{ step: 'S', timeout: '1m' }], [call('S', { lit: { minutes: 1 } })], [], 'Other');
    expect(now).toEqual([{ pointer: '/spec/flow/name', value: 'Other' }]);
  });
});
