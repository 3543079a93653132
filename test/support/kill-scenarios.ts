import type { Resource } from '../../src/model/resource.ts';
import { foreign, timeoutOf } from './flow-verdict.ts';
import { callFlow, callStep, flowOf } from './flows.ts';
import { config, contract, dataAction } from './world.ts';

/** What a run that is killed had to do. */
export interface Scenario {
  name: string;
  before: Resource[];
  after: Resource[];
  /** Where the next commit comes before anybody takes over: what it wants. */
  next?: Resource[];
  /** Whether lists lag for 45 seconds when somebody takes over. */
  lags?: boolean;
  quirks?: readonly string[];
  /** Where another process died before it, so that this one finds what that one left. */
  first?: Point;
}

const createdBy = 'POST /api/v2/integrations/actions';
const publishedBy = `${createdBy}/{actionId}/draft/publish`;
const kept = dataAction('kept');
const patched = (name: string): Resource => dataAction(name, { config: config({ requestType: 'POST' }) });
const recontracted = (name: string): Resource => dataAction(name, { contract: contract('more') });

const uploadedBy = 'PUT /architect-files/upload/{jobId}';
const flow = (name = 'Main Line', greeting = 'Welcome'): Resource =>
  flowOf('main', callFlow(name, callStep('kept', { timeout: '{ minutes: 1 }' })).replace('Welcome', greeting));
const changed = flow('Main Line', 'Good day');

const flows: Scenario[] = [
  { name: 'flow: create', before: [kept], after: [kept, flow()] },
  { name: 'flow: create, with lists that lag for 45 seconds', before: [kept], after: [kept, flow()], lags: true },
  { name: 'flow: create, with its action', before: [], after: [kept, flow()] },
  { name: 'flow: create, and the next commit takes it back', before: [kept], after: [kept, flow()], next: [kept] },
  {
    name: 'flow: create, and the next commit wants another',
    before: [kept],
    after: [kept, flow()],
    next: [kept, changed],
  },
  {
    name: 'flow: create, and the next commit renames it, with lists that lag',
    before: [kept],
    after: [kept, flow()],
    next: [kept, flow('Front Desk')],
    lags: true,
  },
  { name: 'flow: update', before: [kept, flow()], after: [kept, changed] },
  {
    name: 'flow: update, and the next commit wants another',
    before: [kept, flow()],
    after: [kept, changed],
    next: [kept, flow('Main Line', 'Good night')],
  },
  { name: 'flow: rename and update', before: [kept, flow()], after: [kept, flow('Front Desk', 'Good day')] },
  {
    name: 'flow: rename, quirks the other way',
    before: [kept, flow()],
    after: [kept, flow('Front Desk')],
    quirks: ['flow-put-needs-lock', 'flow-upload-repeats', 'flow-ref-ids-rewritten', 'flow-timeout-default'],
  },
  {
    name: 'flow: delete, with its action',
    before: [kept, flow(), dataAction('other')],
    after: [dataAction('other')],
  },
  {
    name: 'flow: a timeout of a foreign one',
    before: [kept],
    after: [kept, timeoutOf('t', foreign, 'Look up', '17s')],
  },
  {
    name: 'flow: a timeout of an owned one',
    before: [kept, flow()],
    after: [kept, flow(), timeoutOf('t', 'Main Line', 'kept', '17s')],
  },
  {
    name: 'flow: update, after one that died over its upload',
    before: [kept, flow()],
    after: [kept, changed],
    first: { at: 'served', write: uploadedBy },
  },
  {
    name: 'flow: create, after one that died over its upload',
    before: [kept],
    after: [kept, flow()],
    first: { at: 'served', write: uploadedBy },
  },
];

export const scenarios: Scenario[] = [
  { name: 'create', before: [kept], after: [kept, dataAction('a')] },
  {
    name: 'create, with lists that lag for 45 seconds',
    before: [kept],
    after: [kept, dataAction('a')],
    lags: true,
  },
  { name: 'create, and the next commit takes it back', before: [kept], after: [kept, dataAction('a')], next: [kept] },
  {
    name: 'create, and the next commit renames it, with lists that lag',
    before: [kept],
    after: [kept, dataAction('a')],
    next: [kept, dataAction('a', { name: 'renamed' })],
    lags: true,
  },
  { name: 'update', before: [kept, dataAction('b')], after: [kept, patched('b')] },
  {
    name: 'rename, with lists that lag for 45 seconds',
    before: [kept, dataAction('b')],
    after: [kept, dataAction('b', { name: 'renamed' })],
    lags: true,
  },
  { name: 'contract change', before: [kept, dataAction('c')], after: [kept, recontracted('c')] },
  {
    name: 'contract change, and the next commit wants another',
    before: [kept, dataAction('c')],
    after: [kept, recontracted('c')],
    next: [kept, dataAction('c', { contract: contract('something else') })],
  },
  {
    name: 'contract change, with lists that lag for 45 seconds',
    before: [kept, dataAction('c')],
    after: [kept, recontracted('c')],
    lags: true,
  },
  { name: 'delete', before: [kept, dataAction('d')], after: [kept] },
  {
    name: 'delete, with lists that lag for 45 seconds',
    before: [kept, dataAction('d')],
    after: [kept],
    lags: true,
  },
  {
    name: 'all four at once',
    before: [kept, dataAction('b'), dataAction('c'), dataAction('d')],
    after: [kept, dataAction('a'), patched('b'), recontracted('c')],
  },
  {
    name: 'all four at once, quirks the other way',
    before: [kept, dataAction('b'), dataAction('c'), dataAction('d')],
    after: [kept, dataAction('a'), patched('b'), recontracted('c')],
    quirks: [
      'template-uri',
      'draft-exists-400',
      'version-mismatch-400',
      'duplicate-names-refused',
      'writes-answer-whole',
      'config-merged',
      'lists-unsorted',
    ],
  },
  {
    name: 'create, after one that died over its answer',
    before: [kept],
    after: [kept, dataAction('a')],
    first: { at: 'served', write: createdBy },
  },
  {
    name: 'create, after one that died over a request that was lost',
    before: [kept],
    after: [kept, dataAction('a')],
    first: { at: 'lost', write: createdBy },
  },
  {
    name: 'contract change, after one that died over its publishing',
    before: [kept, dataAction('c')],
    after: [kept, recontracted('c')],
    first: { at: 'lost', write: publishedBy },
  },
  ...flows,
];

/**
 * Where a run dies. `nth`: at its nth own point. `lost`: its request is there, and is never served. `arrived`: its request
 * is there, and is served when nobody waits for the answer any more. `served`: it was served, and the answer is not sent.
 */
export type Point = { nth: number; name: string } | { at: 'lost' | 'arrived' | 'served'; write: string };

export function nameOf(point: Point): string {
  return 'nth' in point ? `${point.nth}, ${point.name}` : `${point.at}, ${point.write}`;
}
