import { expect, test } from 'vitest';
import { unrecorded } from '../src/model/audit.ts';
import type { JsonObject } from '../src/model/json.ts';
import type { Resource } from '../src/model/resource.ts';
import { externalApplicationKind } from '../src/objects/external-application/external-application.ts';
import { type FaultEffect, tutorialIds as ids } from '../src/sandbox/index.ts';
import { auditedIn } from './support/audit-world.ts';
import { fakeClock, hasty } from './support/clock.ts';
import { line, resource, useWorlds, type World, type WorldOptions } from './support/world.ts';

const openWorld = useWorlds();
const open = (options: WorldOptions = {}): Promise<World> => openWorld({ clock: hasty, ...options });

const path = `/api/v2/integrations/externalapplications/${ids.application}`;
const put = 'PUT /api/v2/integrations/externalapplications/{applicationId}';
const crm = (change: JsonObject = {}): Resource[] => [
  resource('ExternalApplication', 'crm', {
    ...{ id: ids.application, timeoutMs: 5000, dataActions: [...ids.linkedActions] },
    ...change,
  }),
];
const liveIn = ({ sandbox }: World) => sandbox.state.externalApplication(ids.application)!;
const edit = ({ sandbox }: World, change: JsonObject) => sandbox.state.editExternalApplication(ids.application, change);

test('the whole story: raised, checked, repeated without a write, moved by somebody else, set right again', async () => {
  const it = await open();
  const before = liveIn(it);
  const plan = await it.plan(crm());
  expect(plan.changes.map(line)).toEqual(['update ExternalApplication/crm /timeout']);
  expect(plan.changes[0]!.fields).toMatchObject([{ from: 3000, to: 5000 }]);
  const inherits = (name: string, id: string): string =>
    `the data action "${name}" (${id}) is linked to "CRM Gateway" and inherits its timeout; its effective timeout is 5000 ms`;
  const told = [inherits('Get Customer', ids.linkedActions[0]), inherits('Get Orders', ids.linkedActions[1])];
  expect(plan.changes[0]!.checks?.map((one) => one.told)).toEqual(told);
  expect(it.writes()).toEqual([]);

  const { outcomes, runId } = await it.apply(crm());
  expect(outcomes).toMatchObject([{ status: 'applied', checks: [{ holds: true }, { holds: true }] }]);
  // Every other field goes back as it came, also those that nobody here knows.
  expect(liveIn(it)).toEqual({ ...before, timeout: 5000 });
  expect(it.writes()).toEqual([put]);

  const again = await it.apply(crm());
  expect([again.plan.changes, it.writes().length]).toEqual([[], 1]);
  expect(again.plan.unchanged[0]?.checks?.map((one) => one.told)).toEqual(told);

  edit(it, { timeout: 8000 });
  const drifted = (await it.plan(crm())).changes;
  expect(drifted.map(line)).toEqual(['update ExternalApplication/crm /timeout (drift)']);
  const index = { all: () => [], find: () => [] };
  const accepted = externalApplicationKind.accept!(crm()[0]!, {
    live: { timeout: 8000 },
    fields: drifted[0]!.fields,
    index,
  });
  expect(accepted).toEqual([{ pointer: '/spec/timeoutMs', value: 8000 }]);
  await it.apply(crm());
  expect(liveIn(it).timeout).toBe(5000);

  expect(await it.journal.writesOf(runId)).toMatchObject([
    { step: 'put', by: 'ExternalApplication/crm', sets: { '/timeout': '5000' }, receipt: { status: 200 } },
  ]);
  expect(await it.journal.outcomes(runId)).toMatchObject([
    { fields: [{ path: '/timeout', from: 3000, to: 5000 }], checks: [{ told: told[0] }, { told: told[1] }] },
  ]);
  // Nothing of its own is in the audit log of this surface: that is said at once, and nobody waits for it.
  expect(await auditedIn(it, runId)).toEqual([
    `update PUT /api/v2/integrations/externalapplications/{id} 200 unrecorded (${unrecorded.why})`,
  ]);
});

test('what others change between plan and write survives; the timeout itself is planned anew', async () => {
  const it = await open();
  await it.apply(crm(), {
    planned: () => void edit(it, { description: 'Theirs', allowedOrigins: ['https://b.example'] }),
  });
  expect(liveIn(it)).toMatchObject({ description: 'Theirs', allowedOrigins: ['https://b.example'], timeout: 5000 });

  const overtaken = await it.apply(crm({ timeoutMs: 6000 }), { planned: () => void edit(it, { timeout: 9000 }) });
  expect(overtaken.outcomes).toMatchObject([{ status: 'applied', fields: [{ from: 9000, to: 6000 }] }]);
  expect(liveIn(it).timeout).toBe(6000);

  it.sandbox.clearRequests();
  const alike = await it.apply(crm({ timeoutMs: 7000 }), { planned: () => void edit(it, { timeout: 7000 }) });
  expect(alike.outcomes).toMatchObject([{ status: 'applied' }]);
  // It has no version: what it is compared by is its timeout.
  expect(alike.outcomes[0]?.receipt).toEqual({ requests: [] });
  expect(it.writes()).toEqual([]);
});

test('where the policy is to report, what somebody set by hand stays; one that has no timeout waits 3000 ms', async () => {
  const it = await open({ policy: { drift: 'report' } });
  edit(it, { timeout: null });
  expect((await it.plan(crm({ timeoutMs: 3000 }))).changes).toEqual([]);
  await it.apply(crm());
  edit(it, { timeout: 8000 });
  expect((await it.apply(crm())).plan.held.map(({ reason }) => reason)).toEqual(['Drifted']);
  expect(liveIn(it).timeout).toBe(8000);
});

test('an action that is linked elsewhere is named, and holds nothing up', async () => {
  const it = await open();
  const { plan, outcomes } = await it.apply(crm({ dataActions: [ids.linkedElsewhere] }));
  expect(outcomes.map(({ status }) => status)).toEqual(['applied']);
  expect(plan.warnings).toMatchObject([
    {
      code: 'linked-elsewhere',
      message: `the data action "Get Weather" (${ids.linkedElsewhere}) is linked to another external application (${ids.otherApplication}), and inherits the timeout of that one, not of "CRM Gateway"; link it in the admin pages, or take it out of dataActions`,
      pointer: '/spec/dataActions/0',
    },
  ]);
});

test('an action that the client may not see is told as that, and holds nothing up', async () => {
  const it = await open();
  const [seen, hidden] = ids.linkedActions;
  it.sandbox.addFault({ when: { method: 'GET', path: `/api/v2/integrations/dataactions/${hidden}` }, then: forbidden });
  const { plan, outcomes } = await it.apply(crm({ dataActions: [seen, hidden] }));
  expect(outcomes.map(({ status }) => status)).toEqual(['applied']);
  expect(plan.warnings).toMatchObject([
    {
      ...{ code: 'link-unknown', pointer: '/spec/dataActions/1' },
      message: expect.stringContaining('needs the scope integration:dataaction:read'),
    },
  ]);
});

test('ids that are not there are problems with their places, all at once', async () => {
  const it = await open();
  const { problems, changes } = await it.plan(crm({ id: 'no-app', dataActions: [ids.linkedActions[0], 'no-action'] }));
  const where =
    'look its id up in the admin pages, and whether this is the right organisation: ids differ from one to the other';
  expect(problems).toEqual([
    ...[
      { pointer: '/spec/id', message: `no external application with the id no-app is there; ${where}` },
      { pointer: '/spec/dataActions/1', message: `no data action with the id no-action is there; ${where}` },
    ].map((one) => ({ code: 'reference-not-found', resource: 'ExternalApplication/crm', ...one })),
  ]);
  expect(changes).toEqual([]);
});

test.each([[true], [false]])('an answer that is lost or empty is settled by reading back (%s)', async (isEmpty) => {
  const it = await open(isEmpty ? { sandbox: { quirks: ['external-application-empty-answer'] } } : {});
  if (!isEmpty) it.sandbox.addFault({ when: { method: 'PUT', path, times: 1 }, then: { lostResponse: true } });
  const { outcomes } = await it.apply(crm());
  expect(outcomes).toMatchObject([{ status: 'applied' }]);
  expect([it.writes(), liveIn(it).timeout]).toEqual([[put], 5000]);
  expect(await it.journal.openIntents(it.engine.organization.id)).toEqual([]);
});

interface Refusal {
  method: 'GET' | 'PUT';
  then: FaultEffect;
  /** `failed BadRequest`, or `held ...`. */
  becomes: string;
  says: RegExp;
}
const forbidden: FaultEffect = { status: 403, body: { status: 403, code: 'missing.scope', message: 'Forbidden' } };
const scopesPage = /under Platform > OAuth > Applications open this client, and tick them among its Scopes/;
const refusals: Record<string, Refusal> = {
  '400': {
    ...{ method: 'PUT', then: { status: 400, body: { status: 400, message: 'allowedOrigins are malformed' } } },
    ...{ becomes: 'failed BadRequest', says: /allowedOrigins are malformed.*from 1000 to 30000/ },
  },
  '422': {
    method: 'PUT',
    then: {
      status: 422,
      body: { message: 'Invalid', errors: [{ field: 'timeout', message: 'is above the contract' }] },
    },
    ...{ becomes: 'failed BadRequest', says: /timeout.*is above the contract.*from 1000 to 30000/ },
  },
  '403, to read': {
    ...{ method: 'GET', then: forbidden },
    becomes: 'held PermissionMissing',
    says: new RegExp(`integration:externalapplication:read.*integration:integrationobject:read.*${scopesPage.source}`),
  },
  '403, to write': {
    ...{ method: 'PUT', then: forbidden },
    becomes: 'failed PermissionMissing',
    says: new RegExp(`integration:externalapplication:write.*${scopesPage.source}`),
  },
  '409 for ever': {
    method: 'PUT',
    then: { status: 409 },
    becomes: 'failed Contended',
    says: /has no version to tell by.*tried \d times/,
  },
  '429': { method: 'PUT', then: { status: 429, retryAfter: 1 }, becomes: 'failed RateLimited', says: /Retry-After/ },
  '500, to read': { method: 'GET', then: { status: 500 }, becomes: 'held ServerError', says: /Genesys answered 500/ },
};

test.each(Object.entries(refusals))('%s: cause and fix are told, and nothing is written', async (_what, refusal) => {
  const clock = fakeClock();
  const it = await open({ clock });
  const { method, then, becomes, says } = refusal;
  it.sandbox.addFault({ when: { method, path }, then });
  const { plan, outcomes } = await clock.drive(it.apply(crm()));
  const [held] = plan.held;
  const [first] = outcomes;
  expect(held === undefined ? `${first?.status} ${first?.reason}` : `held ${held.reason}`).toBe(becomes);
  expect(held?.message ?? first?.message).toMatch(says);
  expect(liveIn(it).timeout).toBe(3000);
  it.sandbox.clearFaults();
  await clock.drive(it.apply(crm(), { byHand: true }));
  expect(liveIn(it).timeout).toBe(5000);
});

test('what is deleted between plan and write is gone, and nothing is made in its place', async () => {
  const it = await open();
  const { outcomes } = await it.apply(crm(), {
    planned: () => it.sandbox.state.deleteExternalApplication(ids.application),
  });
  expect(outcomes).toMatchObject([{ status: 'skipped', reason: 'Gone', message: expect.stringMatching(/deleted/) }]);
  expect(it.writes()).toEqual([]);
});

test('401 stalls the target; a 500 to the write is looked up, and said', async () => {
  const clock = fakeClock();
  const it = await open({ clock });
  it.sandbox.addFault({ when: { method: 'GET', path }, then: { status: 401 } });
  await expect(clock.drive(it.apply(crm()))).rejects.toMatchObject({
    reason: 'AuthenticationFailed',
    message: expect.stringContaining('check the client id and the client secret of the target'),
  });
  it.sandbox.clearFaults();
  it.sandbox.addFault({ when: { method: 'PUT', path }, then: { status: 500 } });
  const { outcomes } = await clock.drive(it.apply(crm()));
  expect(outcomes).toMatchObject([
    {
      status: 'failed',
      message: expect.stringMatching(/the answer to the update was lost, and timeout did not change/),
    },
  ]);
});
