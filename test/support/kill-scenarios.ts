import type { Resource } from '../../src/model/resource.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/index.ts';
import { foreign, timeoutOf } from './flow-verdict.ts';
import { callFlow, callStep, flowOf } from './flows.ts';
import type { Verdict } from './long-verdict.ts';
import { answering, group, hours, messenger, page } from './web-documents.ts';
import { config, contract, dataAction, type World } from './world.ts';

/** What a run that is killed had to do. */
export interface Scenario {
  name: string;
  before: Resource[];
  after: Resource[];
  /** Where the next commit comes before anybody takes over: what it wants. */
  next?: Resource[];
  /** A commit that comes before that one, and has a few runs. */
  meanwhile?: Resource[];
  /** Whether lists lag for 45 seconds when somebody takes over. */
  lags?: boolean;
  quirks?: readonly string[];
  /** Reads that are points as well: where the run waits for something, it writes nothing. */
  reads?: readonly string[];
  /** Where another process died before it, so that this one finds what that one left. */
  first?: Point;
  sandbox?: SandboxOptions;
  /** Called when everything before it is there: how it is judged in the end, where not by what the sandbox keeps of each sort. */
  watching?(sandbox: Sandbox): (it: World) => Promise<Verdict>;
  /** How many warnings stand in every plan. */
  warnings?: number;
}

/** Lists that may lag when somebody takes over. */
export const lists = [
  '/api/v2/integrations/actions',
  '/api/v2/flows',
  '/api/v2/architect/schedules',
  '/api/v2/architect/schedulegroups',
  '/api/v2/webdeployments/configurations',
  '/api/v2/webdeployments/deployments',
];

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

const web = 'POST /api/v2/webdeployments/configurations';
/** Where a run waits: for its draft to be ready, and for its deployment to serve. */
const reads = [
  'GET /api/v2/webdeployments/configurations/{configurationId}/versions/draft',
  'GET /api/v2/webdeployments/deployments/{deploymentId}/configurations',
];
const green = '#047857';
const shown = [messenger(), page()];
const asked = [hours(), group(), answering()];

const webs: Scenario[] = [
  { name: 'web: create', before: [kept], after: [kept, ...shown], reads },
  { name: 'web: create, with lists that lag for 45 seconds', before: [kept], after: [kept, ...shown], lags: true },
  { name: 'web: create, and the next commit takes it back', before: [kept], after: [kept, ...shown], next: [kept] },
  {
    name: 'web: create, and the next commit wants another colour',
    before: [kept],
    after: [kept, ...shown],
    next: [kept, messenger(green), page()],
  },
  { name: 'web: change', before: shown, after: [messenger(green), page()], reads },
  {
    name: 'web: change, with lists that lag for 45 seconds',
    before: shown,
    after: [messenger(green), page()],
    lags: true,
  },
  {
    name: 'web: change, and the next commit wants another',
    before: shown,
    after: [messenger(green), page()],
    next: [messenger('#b91c1c'), page()],
  },
  {
    name: 'web: change, taken back, and another wanted',
    before: shown,
    after: [messenger(green), page()],
    meanwhile: shown,
    next: [messenger('#b91c1c'), page()],
  },
  {
    name: 'web: change, quirks the other way',
    before: shown,
    after: [messenger(green), page()],
    quirks: ['web-draft-dateless', 'web-publish-moves-date', 'web-served-unknown', 'web-versions-lack-draft'],
  },
  {
    name: 'web: change, where the draft goes with its publishing',
    before: shown,
    after: [messenger(green), page()],
    quirks: ['web-draft-gone', 'web-put-merged', 'web-delete-late'],
  },
  {
    name: 'web: change, after one that died over its publishing',
    before: shown,
    after: [messenger(green), page()],
    first: { at: 'served', write: `${web}/{configurationId}/versions/draft/publish` },
  },
  {
    name: 'web: create, after one that died over its answer',
    before: [kept],
    after: [kept, ...shown],
    first: { at: 'served', write: web },
  },
  { name: 'web: delete', before: [kept, ...shown], after: [kept] },
  { name: 'schedule: create, with its group and a flow', before: [kept], after: [kept, ...asked] },
  {
    name: 'schedule: create, with lists that lag for 45 seconds',
    before: [kept],
    after: [kept, hours(), group()],
    lags: true,
  },
  {
    name: 'schedule: change, with its group',
    before: [hours(), group()],
    after: [hours({ end: '2026-01-05T18:00' }), group({ timeZone: 'Europe/Paris' })],
  },
  {
    name: 'schedule: rename, with its group',
    before: [hours(), group()],
    after: [hours({ name: 'Times' }), group({ name: 'Team', openSchedules: ['Times'] })],
  },
  { name: 'schedule: delete, with its group and a flow', before: [kept, ...asked], after: [kept] },
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
  ...webs,
];

/**
 * Where a run dies. `nth`: at its nth own point. `lost`: its request is there, and is never served. `arrived`: its request
 * is there, and is served when nobody waits for the answer any more. `served`: it was served, and the answer is not sent.
 */
export type Point = { nth: number; name: string } | { at: 'lost' | 'arrived' | 'served'; write: string };

export function nameOf(point: Point): string {
  return 'nth' in point ? `${point.nth}, ${point.name}` : `${point.at}, ${point.write}`;
}
