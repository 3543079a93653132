import { expect, test } from 'vitest';
import { unrecorded } from '../src/model/audit.ts';
import { isObject, type JsonObject } from '../src/model/json.ts';
import type { Resource } from '../src/model/resource.ts';
import { flowStepTimeoutKind } from '../src/objects/flow-definition/flow-step-timeout.ts';
import { type FaultEffect, tutorialIds as ids } from '../src/sandbox/index.ts';
import { auditedIn } from './support/audit-world.ts';
import { fakeClock, hasty } from './support/clock.ts';
import { line, resource, useWorlds, type World, type WorldOptions } from './support/world.ts';

const openWorld = useWorlds();
const open = (options: WorldOptions = {}): Promise<World> => openWorld({ clock: hasty, ...options });

const path = `/api/v2/flows/${ids.flatFlow}`;
const published = 'PUT /api/v2/flows/{flowId}/publish';
const slow = (timeoutSeconds = 10, name = 'MySlowDataAction', flowId: string = ids.flatFlow): Resource[] => [
  resource('FlowStepTimeout', 'slow', { flowId, steps: [{ name, timeoutSeconds }] }),
];
const flowIn = ({ sandbox }: World, id: string = ids.flatFlow) => sandbox.state.flowDefinition(id)!;
/** Somebody else publishes the flow with another description. */
const publish = ({ sandbox }: World, description: string) =>
  void sandbox.state.editFlowDefinition(ids.flatFlow, { description });

/** Every data-action step's timeout by its id, `-` where it has none. */
function timeouts(value: unknown): Record<string, unknown> {
  if (Array.isArray(value)) return Object.assign({}, ...value.map(timeouts));
  if (!isObject(value)) return {};
  const settings = isObject(value['settings']) ? value['settings'] : {};
  const own = value['type'] === 'data-action' ? { [String(value['id'])]: settings['timeout'] ?? '-' } : {};
  return Object.assign(own, ...Object.values(value).map(timeouts));
}

/** Acts as each publish arrives, before it is served. */
function underOurPut({ sandbox }: World, act: (nth: number) => void): void {
  let nth = 0;
  sandbox.onRequest(({ phase, method, path: at }) => {
    if (phase === 'arrived' && method === 'PUT' && at === `${path}/publish`) act(++nth);
  });
}

test('the whole story: raised, verified, repeated without a write, moved by somebody else, set right again', async () => {
  const it = await open();
  const before = flowIn(it);
  const plan = await it.plan(slow());
  expect(plan.changes.map(line)).toEqual(['update FlowStepTimeout/slow /steps/MySlowDataAction/timeout']);
  expect(plan.changes[0]!.fields).toMatchObject([{ from: 3, to: 10, title: 'MySlowDataAction › timeout' }]);

  const { outcomes, runId } = await it.apply(slow());
  expect(outcomes).toMatchObject([{ status: 'applied', receipt: { versionBefore: '3', versionAfter: '4' } }]);
  const [hello, step] = before['steps'] as JsonObject[];
  expect(flowIn(it)).toEqual({ ...before, version: 4, steps: [hello, { ...step, settings: { timeout: 10 } }] });
  const [put] = it.sandbox.requests().filter(({ method }) => method === 'PUT');
  expect(put).toMatchObject({ status: 200 });

  it.sandbox.clearRequests();
  expect((await it.apply(slow())).plan.changes).toEqual([]);
  expect(it.sandbox.requests().map(({ method, path: at }) => `${method} ${at}`)).toEqual([`GET ${path}`]);

  it.sandbox.state.editFlowDefinition(ids.flatFlow, (now) => ({ ...now, steps: before['steps']! }));
  const drifted = (await it.plan(slow())).changes;
  expect(drifted.map(line)).toEqual(['update FlowStepTimeout/slow /steps/MySlowDataAction/timeout (drift)']);
  await it.apply(slow());
  expect([flowIn(it).version, timeouts(flowIn(it))]).toEqual([6, { slow: 10 }]);

  expect(await it.journal.writesOf(runId)).toMatchObject([
    { step: 'publish', version: '3', sets: { '/steps/MySlowDataAction/timeout': '10' }, receipt: { status: 200 } },
  ]);
  expect(await it.journal.outcomes(runId)).toMatchObject([
    { fields: [{ title: 'MySlowDataAction › timeout', from: 3, to: 10 }] },
  ]);
  // Nothing of its own is in the audit log of this surface: that is said at once, and nobody waits for it.
  expect(await auditedIn(it, runId)).toEqual([
    `update PUT /api/v2/flows/{id}/publish 200 unrecorded (${unrecorded.why})`,
  ]);
});

test('steps are found at any depth; two of one name are both set, and the plan says so', async () => {
  const it = await open();
  const before = flowIn(it, ids.nestedFlow);
  const spec = {
    flowId: ids.nestedFlow,
    steps: [
      { name: 'Fetch User Info', timeoutSeconds: 11 },
      { name: 'Fetch Orders', timeoutSeconds: 12 },
      { actionId: ids.actions.nameless, timeoutSeconds: 13 },
      { name: 'Warm Transfer', timeoutSeconds: 14 },
    ],
  };
  const { plan, outcomes } = await it.apply([resource('FlowStepTimeout', 'all', spec)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['applied']);
  expect(it.writes()).toEqual([published]);
  const after = flowIn(it, ids.nestedFlow);
  expect(timeouts(after)).toEqual({ 'customer-1': 11, 'customer-2': 11, orders: 12, nameless: 13, 'slow-2': 14 });
  expect({ ...after, steps: 0 }).toEqual({ ...before, version: 8, steps: 0 });
  expect(plan.warnings).toMatchObject([
    {
      code: 'steps-of-one-name',
      message:
        'the flow "Order Support" has 2 data-action steps called "Fetch User Info", and all of them are set: "Fetch User Info", "Opening Hours › Which › open › Fetch User Info"',
      pointer: '/spec/steps/0',
    },
  ]);
});

test('what somebody inserts looks like no drift of another step, and accepting says what is live', async () => {
  const it = await open();
  const docs = slow(10, 'Fetch Orders', ids.nestedFlow);
  await it.apply(docs);
  it.sandbox.state.editFlowDefinition(ids.nestedFlow, (now) => {
    const text = JSON.stringify(now['steps']).replace('"retries":1,"timeout":10', '"timeout":20');
    const first = { id: 'new', type: 'data-action', name: 'Fetch More', actionId: 'x' };
    return { ...now, steps: [first, ...(JSON.parse(text) as JsonObject[])] };
  });
  let live: JsonObject = {};
  const { plan } = await it.apply(docs, {
    mode: 'plan',
    observed: ({ objects }) => {
      live = objects[0]!.live as JsonObject;
    },
  });
  const key = 'Opening Hours › Which › open › Retry › Fetch Orders';
  expect(plan.changes.map(line)).toEqual([`update FlowStepTimeout/slow /steps/${key}/timeout (drift)`]);
  const index = { all: () => [], find: () => [] };
  const drift = { live, fields: plan.changes[0]!.fields, index };
  expect(flowStepTimeoutKind.accept!(docs[0]!, drift)).toEqual([
    { pointer: '/spec/steps/0/timeoutSeconds', value: 20 },
  ]);
  const twice = resource('FlowStepTimeout', 'x', { flowId: 'f', steps: [{ name: 'A', timeoutSeconds: 5 }] });
  const two = { steps: { A: { name: 'A', timeout: 5 }, 'B › A': { name: 'A', timeout: 7 } } };
  const fields = [{ path: '/steps/B › A/timeout', to: 5, by: 'FlowStepTimeout/x' }];
  expect(flowStepTimeoutKind.accept!(twice, { live: two, fields, index })).toEqual([
    {
      pointer: '/spec/steps/0/timeoutSeconds',
      why: 'not all the steps that it names have the same timeout any more: "A" 5, "B › A" 7; give them names of their own',
    },
  ]);
});

test.each([
  [[], 409],
  [['flow-definition-412' as const], 412],
  [['flow-definition-no-etag' as const], 409],
])('somebody publishes at the same moment: fetched, changed and published again %j', async (quirks, refused) => {
  const it = await open({ sandbox: { quirks } });
  underOurPut(it, (nth) => nth <= 2 && publish(it, `Theirs ${nth}`));
  const { outcomes } = await it.apply(slow());
  expect(outcomes).toMatchObject([{ status: 'applied', receipt: { versionAfter: '6' } }]);
  expect(flowIn(it)).toMatchObject({ description: 'Theirs 2', version: 6 });
  expect(timeouts(flowIn(it))).toEqual({ slow: 10 });
  const puts = it.sandbox.requests().filter(({ method }) => method === 'PUT');
  // That it is 412 at all tells that the ETag went along.
  expect(puts.map(({ status }) => status)).toEqual([refused, refused, 200]);

  // Whoever sets the same value meanwhile leaves nothing to publish; another value is planned anew.
  const setting = (timeout: number) => (): void => {
    const text = JSON.stringify(flowIn(it)).replace(/"timeout":\d+/, `"timeout":${timeout}`);
    it.sandbox.state.editFlowDefinition(ids.flatFlow, () => JSON.parse(text));
  };
  it.sandbox.clearRequests();
  const alike = await it.apply(slow(20), { planned: setting(20) });
  expect(alike.outcomes).toMatchObject([{ status: 'applied', receipt: { versionAfter: '7' } }]);
  expect(it.writes()).toEqual([]);
  const other = await it.apply(slow(10), { planned: setting(25) });
  expect(other.outcomes).toMatchObject([{ status: 'applied', fields: [{ from: 25, to: 10 }] }]);
});

test.each([[[]], [['flow-definition-412' as const]]])(
  'somebody publishes each time: later, with both versions %j',
  async (quirks) => {
    const clock = fakeClock();
    const it = await open({ clock, sandbox: { quirks } });
    underOurPut(it, (nth) => publish(it, `Theirs ${nth}`));
    const { outcomes } = await clock.drive(it.apply(slow()));
    expect(outcomes).toMatchObject([
      {
        ...{ status: 'failed', reason: 'Contended' },
        message: expect.stringMatching(
          /"Slow Lookup" was published by somebody else meanwhile: version \d+ was sent, and version \d+ is there/,
        ),
      },
    ]);
    const sent = it.writes().length;
    expect(sent).toBeGreaterThanOrEqual(3);
    const [, was, is] = /version (\d+) was sent, and version (\d+) is/.exec(outcomes[0]!.message!)!;
    expect([Number(was), Number(is)]).toEqual([3 + sent - 1, 3 + sent]);
    expect(timeouts(flowIn(it))).toEqual({ slow: '-' });
  },
);

test.each([[true], [false]])('a lost answer is settled by reading back, whether it arrived (%s)', async (arrived) => {
  const it = await open();
  const then: FaultEffect = arrived ? { lostResponse: true } : { drop: true };
  it.sandbox.addFault({ when: { method: 'PUT', path: `${path}/publish`, times: 1 }, then });
  expect((await it.apply(slow())).outcomes).toMatchObject([{ status: 'applied' }]);
  expect([flowIn(it).version, timeouts(flowIn(it))]).toEqual([4, { slow: 10 }]);
  await it.apply(slow());
  expect(await it.journal.openIntents(it.engine.organization.id)).toEqual([]);
});

test('what is not there is named with what is; a definition without steps is none', async () => {
  const it = await open();
  const [lost] = (await it.plan(slow(10, 'Fetch Order', ids.nestedFlow))).problems;
  expect(lost).toMatchObject({
    ...{ code: 'step-not-found', pointer: '/spec/steps/0' },
    message:
      'the flow "Order Support" has no data-action step called "Fetch Order" (did you mean "Fetch Orders"?); its data-action steps: "Fetch User Info", "Opening Hours › Which › open › Fetch User Info", "Opening Hours › Which › open › Retry › Fetch Orders", "Afterwards › Survey › action 55555555-0000-4000-8000-000000000003", "Handover › Warm Transfer"',
  });
  expect((await it.plan(slow(10, 'A', 'no-flow'))).problems).toMatchObject([
    {
      ...{ code: 'reference-not-found', pointer: '/spec/flowId' },
      message: expect.stringMatching(/^no flow with the id no-flow is there; look its id up in Architect/),
    },
  ]);
  const bare = { status: 200, body: JSON.stringify({ id: ids.flatFlow, name: 'Bare', version: 1 }) };
  it.sandbox.addFault({ when: { method: 'GET', path }, then: { instead: bare } });
  expect((await it.apply(slow())).plan.problems).toMatchObject([
    { code: 'invalid-flow', message: expect.stringMatching(/"Bare" has no steps/) },
  ]);
  // As text, since JavaScript has no such number.
  const odd = `{"id": "${ids.flatFlow}", "name": "Odd", "version": 1, "steps": [], "ref": 12345678901234567890}`;
  it.sandbox.clearFaults();
  it.sandbox.addFault({ when: { method: 'GET', path }, then: { instead: { status: 200, body: odd } } });
  expect((await it.plan(slow())).held).toMatchObject([
    { reason: 'Unsupported', message: expect.stringMatching(/holds a number at \/ref that is too large/) },
  ]);
  expect(it.writes()).toEqual([]);
});

test('a timeout that the server rejects shows its words, the limit and the step', async () => {
  const it = await open({ sandbox: { tutorial: { stepTimeoutSeconds: 20 } } });
  const { outcomes } = await it.apply(slow(25));
  expect(outcomes).toMatchObject([{ status: 'failed', reason: 'BadRequest' }]);
  expect(outcomes[0]!.message).toMatch(/Timeout value 25 rejected: must be between 1 and 20 seconds/);
  expect(outcomes[0]!.message).toMatch(/`stepTimeoutSeconds` of the target.*Sent were 25 s for "MySlowDataAction"\.$/);
});

const forbidden = { status: 403, body: { status: 403, code: 'missing.scope', message: 'Forbidden' } };
const unfit = {
  message: 'Invalid',
  errors: [{ field: 'steps[1].settings.timeout', message: 'is above the contract' }],
};
const refusals: [what: string, method: 'GET' | 'PUT', then: FaultEffect, becomes: string, says: RegExp][] = [
  ['403, to read', 'GET', forbidden, 'held PermissionMissing', /the scope view:flow\..*under Organization > OAuth/],
  [
    '403, to publish',
    'PUT',
    forbidden,
    'failed PermissionMissing',
    /admin:flow or architect:flow:write\..*under Organization > OAuth/,
  ],
  [
    ...(['422', 'PUT', { status: 422, body: unfit }, 'failed BadRequest'] as const),
    /steps\[1\]\.settings\.timeout.*is above the contract.*`stepTimeoutSeconds` of the target/,
  ],
  ['429', 'PUT', { status: 429 }, 'failed RateLimited', /Retry-After/],
  ['500, to read', 'GET', { status: 500 }, 'held ServerError', /Genesys answered 500/],
  [
    '500, to publish',
    'PUT',
    { status: 500 },
    'failed ServerError',
    /Genesys answered 500.*MySlowDataAction.timeout did not change; tried 4 times/,
  ],
];

test.each(refusals)(
  '%s: cause and fix are told, and nothing is written',
  async (_what, method, then, becomes, says) => {
    const clock = fakeClock();
    const it = await open({ clock });
    it.sandbox.addFault({ when: { method, path: method === 'GET' ? path : `${path}/publish` }, then });
    const { plan, outcomes } = await clock.drive(it.apply(slow()));
    const [held] = plan.held;
    const [first] = outcomes;
    expect(held === undefined ? `${first?.status} ${first?.reason}` : `held ${held.reason}`).toBe(becomes);
    expect(held?.message ?? first?.message).toMatch(says);
    expect(flowIn(it).version).toBe(3);
    it.sandbox.clearFaults();
    await clock.drive(it.apply(slow(), { byHand: true }));
    expect(timeouts(flowIn(it))).toEqual({ slow: 10 });
  },
);

test('a flow that goes between plan and write is gone; a 401 stalls the target', async () => {
  const it = await open();
  const gone = await it.apply(slow(), { planned: () => it.sandbox.state.deleteFlowDefinition(ids.flatFlow) });
  expect(gone.outcomes).toMatchObject([{ status: 'skipped', reason: 'Gone' }]);
  it.sandbox.addFault({ when: { method: 'GET', path }, then: { status: 401 } });
  await expect(it.apply(slow())).rejects.toMatchObject({ reason: 'AuthenticationFailed' });
});
