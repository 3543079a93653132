import type { Resource } from '../../src/model/resource.ts';
import { foreign, timeoutOf } from './flow-verdict.ts';
import { callFlow, callStep, flowOf } from './flows.ts';
import type { Story } from './long-faults.ts';
import { dataAction } from './world.ts';

/** What most stories are about: a flow with one step that calls `a`. */
export const action = dataAction('a');
export const main = (name = 'Main Line', greeting = 'Welcome'): Resource =>
  flowOf('main', callFlow(name, callStep('a', { timeout: '{ minutes: 1 }' })).replace('Welcome', greeting));

export const flowStories: Story[] = [
  { what: 'flow: an action and the flow that calls it', before: [], after: [action, main()] },
  { what: 'flow: update', before: [action, main()], after: [action, main('Main Line', 'Good day')] },
  { what: 'flow: rename', before: [action, main()], after: [action, main('Front Desk')] },
  { what: 'flow: rename and update', before: [action, main()], after: [action, main('Front Desk', 'Good day')] },
  { what: 'flow: delete', before: [action, main()], after: [action] },
  { what: 'flow: FlowTimeout on a foreign flow', before: [], after: [timeoutOf('t', foreign, 'Look up', '17s')] },
  {
    what: 'flow: FlowTimeout on an owned flow',
    before: [action, main()],
    after: [action, main(), timeoutOf('t', 'Main Line', 'a', '17s')],
  },
];
