import { expect, test } from 'vitest';
import { type FaultEffect, tutorialIds as ids } from '../src/sandbox/index.ts';
import { fakeClock, hasty } from './support/clock.ts';
import { lookup, lookupScript } from './support/scripts.ts';
import { useWorlds, type World, type WorldOptions } from './support/world.ts';

const openWorld = useWorlds();
const open = (options: WorldOptions = {}): Promise<World> => openWorld({ clock: hasty, ...options });

const path = '/api/v2/tasks/dataactions';
const one = `${path}/{scriptActionId}`;
const changed = lookup({ description: 'Another' });
const actionsIn = ({ sandbox }: World) => sandbox.state.scriptActions();

interface Refusal {
  method: 'GET' | 'POST' | 'PUT';
  then: FaultEffect;
  /** `failed BadRequest`, or `held ...`. */
  becomes: string;
  says: RegExp;
}

const scopesPage = 'under Setup > OAuth > Clients open this client, and tick it among its Scopes';
const forbidden: FaultEffect = { status: 403, body: { status: 403, code: 'missing.scope', message: 'Forbidden' } };
const refusals: Record<string, Refusal> = {
  '400 to the creation': {
    ...{ method: 'POST', then: { status: 400, body: { status: 400, message: 'code is not base64' } } },
    ...{ becomes: 'failed BadRequest', says: /code is not base64.*a script in Python 3 with a `main\(input_data\)`/ },
  },
  '422 to the creation': {
    method: 'POST',
    then: {
      status: 422,
      body: { message: 'Invalid', errors: [{ field: 'definition.inputs[0].datatype', message: 'is no type' }] },
    },
    ...{ becomes: 'failed BadRequest', says: /definition\.inputs\[0\]\.datatype.*is no type.*datatypes that it knows/ },
  },
  '403 to the creation': {
    ...{ method: 'POST', then: forbidden, becomes: 'failed PermissionMissing' },
    says: new RegExp(`needs the scope task:write.*${scopesPage}`),
  },
  '429 to the creation': {
    ...{ method: 'POST', then: { status: 429, retryAfter: 1 }, becomes: 'failed RateLimited', says: /Retry-After/ },
  },
  '409 for ever': {
    ...{ method: 'PUT', then: { status: 409, body: { status: 409, code: 'version.conflict', version: 9 } } },
    ...{ becomes: 'failed Contended', says: /was read at version 1 and is at version 9 by now/ },
  },
  '400 to a change': {
    ...{ method: 'PUT', then: { status: 400 }, becomes: 'failed BadRequest', says: /validate` finds most/ },
  },
  '422 to a change': {
    method: 'PUT',
    then: { status: 422, body: { message: 'Invalid', errors: [{ field: 'description', message: 'is too long' }] } },
    ...{ becomes: 'failed BadRequest', says: /description.*is too long.*validate` finds most/ },
  },
  '403 to a change': {
    ...{ method: 'PUT', then: forbidden, becomes: 'failed PermissionMissing', says: /needs the scope task:write/ },
  },
  '404 to a change': {
    ...{
      method: 'PUT',
      then: { status: 404 },
      becomes: 'failed Gone',
      says: /There is no script data action with the id/,
    },
  },
};

test.each(Object.entries(refusals))('%s: cause and fix are told, and nothing is written', async (_what, refusal) => {
  const clock = fakeClock();
  const it = await open({ clock });
  const { method, then, becomes, says } = refusal;
  if (method !== 'POST') await clock.drive(it.apply([lookup()]));
  const before = actionsIn(it);
  it.sandbox.addFault({ when: { method, path: method === 'POST' ? path : one }, then });
  const { outcomes } = await clock.drive(it.apply([changed]));
  expect(outcomes.map(({ status, reason }) => `${status} ${reason}`)).toEqual([becomes]);
  expect(outcomes[0]!.message).toMatch(says);
  expect(actionsIn(it)).toEqual(before);
  it.sandbox.clearFaults();
  await clock.drive(it.apply([changed], { byHand: true }));
  expect(actionsIn(it)).toMatchObject([{ description: 'Another' }]);
});

test('401 stalls the target; a list that cannot be read holds what is in it', async () => {
  const clock = fakeClock();
  const it = await open({ clock });
  it.sandbox.addFault({ when: { method: 'GET', path }, then: { status: 401 } });
  await expect(clock.drive(it.apply([lookup()]))).rejects.toMatchObject({
    reason: 'AuthenticationFailed',
    message: expect.stringContaining('has the scope task:read'),
  });
  it.sandbox.clearFaults();
  it.sandbox.addFault({ when: { method: 'GET', path }, then: { status: 500 } });
  await expect(clock.drive(it.apply([lookup()]))).rejects.toMatchObject({ reason: 'ServerError' });
  expect(it.writes()).toEqual([]);
});

test('a creation whose answer is lost is found by its name, and never sent twice', async () => {
  const it = await open();
  it.sandbox.addFault({ when: { method: 'POST', path, times: 1 }, then: { lostResponse: true } });
  const { outcomes } = await it.apply([lookup()]);
  expect(outcomes.map(({ status }) => status)).toEqual(['applied']);
  expect([it.writes(), actionsIn(it).length]).toEqual([[`POST ${path}`], 1]);
  expect(await it.journal.openIntents(it.engine.organization.id)).toEqual([]);
});

test('a creation that was answered 500 and made nothing is made again only after it was looked for', async () => {
  const clock = fakeClock();
  const it = await open({ clock });
  it.sandbox.addFault({ when: { method: 'POST', path, times: 1 }, then: { status: 500 } });
  await clock.drive(it.apply([lookup()]));
  await clock.drive(it.apply([lookup()]));
  const requests = it.sandbox.requests().filter((each) => each.path.startsWith(path));
  const posts = requests.flatMap(({ method }, i) => (method === 'POST' ? [i] : []));
  expect(posts).toHaveLength(2);
  expect(requests.slice(posts[0]!, posts[1]).filter(({ method }) => method === 'GET').length).toBeGreaterThanOrEqual(3);
  expect(actionsIn(it)).toHaveLength(1);
});

test.each([[false], [true]])(
  'somebody else is faster: planned anew, and theirs is kept (without a version: %s)',
  async (bare) => {
    const it = await open(bare ? { sandbox: { quirks: ['script-no-version'] } } : {});
    await it.apply([lookup()]);
    const { id } = actionsIn(it)[0]!;
    const theirs = { team: 'theirs' };
    let before = true;
    it.sandbox.onRequest(({ phase, method }) => {
      if (phase !== 'arrived' || method !== 'PUT' || !before) return;
      before = false;
      if (!bare) it.sandbox.state.editScriptAction(id, theirs);
    });
    const { outcomes } = await it.apply([lookup({}, lookupScript.replace('timeout=10', 'timeout=8'))], {
      planned: () => void it.sandbox.state.editScriptAction(id, theirs),
    });
    expect(outcomes.map(({ status }) => status)).toEqual(['applied']);
    expect(actionsIn(it)).toMatchObject([theirs]);
  },
);

test('what is deleted meanwhile is made again; two that delete at once agree', async () => {
  const it = await open();
  await it.apply([lookup()]);
  const { id } = actionsIn(it)[0]!;
  const planned = () => it.sandbox.state.deleteScriptAction(id);
  const { outcomes } = await it.apply([changed], { planned });
  expect(outcomes).toMatchObject([{ status: 'applied' }]);
  expect(actionsIn(it)).toMatchObject([{ description: 'Another' }]);

  const again = actionsIn(it)[0]!.id;
  const gone = await it.apply([], { empty: false, planned: () => it.sandbox.state.deleteScriptAction(again) });
  expect([gone.outcomes.map(({ status }) => status), actionsIn(it)]).toEqual([['applied'], []]);
});

test('a 403 for the flow holds the flow and says the scope; the action itself is made', async () => {
  const it = await open();
  it.sandbox.addFault({ when: { method: 'PUT', path: '/api/v2/flows/{flowId}/publish' }, then: forbidden });
  const usedBy = [{ flowId: ids.flatFlow, step: 'MySlowDataAction', inputs: { user_id: '{{User.ID}}' } }];
  const { outcomes } = await it.apply([lookup({ usedBy })]);
  expect(outcomes).toMatchObject([
    { status: 'applied' },
    {
      status: 'failed',
      reason: 'PermissionMissing',
      message: expect.stringMatching(/admin:flow or architect:flow:write/),
    },
  ]);
});
