import { expect, test } from 'vitest';
import { createAuditor } from '../src/audit/index.ts';
import { changesOfRun } from '../src/cli/audit-changes.ts';
import { describe } from '../src/cli/render-plan.ts';
import { unrecorded } from '../src/model/audit.ts';
import type { RunRecord } from '../src/model/journal.ts';
import { surfaces } from '../src/objects/index.ts';
import { fixtures } from '../src/objects/web-chat-configuration/fixture.ts';
import { tutorialIds } from '../src/sandbox/index.ts';
import { auditsOf, hours, listening, soon, told } from './support/audit-world.ts';
import { resource, useWorlds, type WorldOptions } from './support/world.ts';

const open = useWorlds();
const minute = 60_000;
const hour = 60 * minute;
const fixture = fixtures[0]!;
const [source, other, replica] = fixture.allowed.organizations as [string, string, string];
const chat = resource('WebChatConfiguration', 'chat', fixture.example);
const update = 'webchat:configuration:update';

interface Body {
  query: { organizations: string[] };
  page: number;
}

async function setUp(options: WorldOptions = {}) {
  const time = hours();
  const heard = listening();
  const sandbox = { now: time.now, ...soon, ...fixture.sandbox, ...options.sandbox };
  const it = await open({ clock: time.clock, log: heard.log, ...options, sandbox } as WorldOptions);
  const audits = auditsOf(it);
  it.engine.auditor = audits;
  /** The organisations and the page of each question since the last look. */
  const asked = (): string[] => {
    const all = it.sandbox.requests().filter(({ path }) => path === '/api/v2/audit/records/query');
    it.sandbox.clearRequests();
    return all.map(({ body }) => `${(body as unknown as Body).query.organizations} ${(body as unknown as Body).page}`);
  };
  return { it, time, audits, asked, ...heard };
}

test.each([
  ['', []],
  [', of bare ones', ['webchat-audit-bare']],
])('what was written and replicated finds its records by organisation%s; so does who moved it', async (_, quirks) => {
  const { it, time, audits, asked } = await setUp({ sandbox: { quirks } });
  await it.apply([chat]);
  time.pass(minute);
  expect(await audits.round()).toMatchObject({ matched: 3, waiting: 0 });
  const all = [`put matched ${update}`, `put matched ${update}`, `replicate matched ${update}`];
  expect((await told(it)).sort()).toEqual(all);
  expect(asked()).toEqual([`${source},${other},${replica} 1`]);
  time.pass(10 * minute);
  it.sandbox.state.editWebChat(other, { greetings: { messages: ['Hi'] } });
  time.pass(minute);
  const { outcomes } = await it.apply([chat]);
  expect(outcomes).toMatchObject([{ object: { id: other }, cause: 'drift', drift: { deeds: [{ action: 'update' }] } }]);
  const user = outcomes[0]?.drift?.deeds[0]?.by.user?.name;
  expect(user).toBe(quirks.length === 0 ? 'Sandbox Admin' : undefined);
  expect(asked()).toEqual([`${other} 1`]);
});

test('all pages; once an hour every organisation that is managed is asked about', async () => {
  const { it, time, audits, asked, said } = await setUp();
  await it.apply([chat]);
  time.pass(minute);
  for (let n = 0; n < 2; n++) {
    await audits.round({ watch: true });
    time.pass(3 * hour);
  }
  asked();
  for (let n = 0; n < 60; n++) it.sandbox.state.editWebChat(replica, { greetings: { delayMs: n } }, 'sandbox-daemon');
  time.pass(minute);
  expect(await audits.round({ watch: true })).toMatchObject({ strangers: 60 });
  expect(asked()).toEqual([1, 2, 3].map((page) => `${[other, replica, source]} ${page}`));
  expect(said('another process with our client')).toHaveLength(60);
});

test('what leaves no record is told so at once, and neither waited for nor asked for; nor is who moved it', async () => {
  const { it, time, audits, asked, said } = await setUp();
  const crm = resource('ExternalApplication', 'crm', { id: tutorialIds.application, timeoutMs: 5000 });
  const steps = [{ name: 'MySlowDataAction', timeoutSeconds: 20 }];
  const { runId } = await it.apply([crm, resource('FlowStepTimeout', 'slow', { flowId: tutorialIds.flatFlow, steps })]);
  const changes = await changesOfRun(it.journal, { id: runId } as RunRecord);
  expect(changes.map(({ match, why }) => [match, why])).toEqual(changes.map(() => ['unrecorded', unrecorded.why]));
  expect(changes.map(({ object }) => describe(object)).sort()).toEqual([
    `"CRM Gateway" (${tutorialIds.application})`,
    expect.stringMatching(/^".+" \(.+\)$/),
  ]);
  expect((await told(it)).sort()).toEqual(['publish unrecorded', 'put unrecorded']);
  const nothing = { asked: false, unmatched: 0, waiting: 0 };
  for (const later of [0, 11 * minute, 25 * hour]) {
    time.pass(later);
    expect(await audits.round()).toEqual(expect.objectContaining(nothing));
  }
  it.sandbox.state.editExternalApplication(tutorialIds.application, { timeout: 8000 });
  const { outcomes } = await it.apply([crm]);
  expect(outcomes).toMatchObject([{ cause: 'drift', drift: { deeds: [], unexplained: unrecorded.why } }]);
  time.pass(minute);
  expect(await audits.round()).toEqual(expect.objectContaining(nothing));
  expect(asked()).toEqual([]);
  expect([...said('change matched'), ...said('change not matched')]).toEqual([]);
  expect(await Array.fromAsync(it.journal.discrepancies())).toEqual([]);
});

test('a target without the surface says nothing of what another wrote there, until nobody else does', async () => {
  const { it, time, audits } = await setUp();
  const { engine, journal, background: reader } = it;
  const narrow = createAuditor({
    ...{ organization: engine.organization.id, target: 'narrow', vault: engine.vault, journal, reader },
    ...{ clock: engine.clock, log: engine.log, patienceMs: hour, clientOf: () => undefined },
    types: engine.types.filter(({ surface }) => surface === 'platform'),
    surfaces: surfaces.filter(({ name }) => name === 'platform'),
  });
  await it.apply([chat]);
  time.pass(90 * minute);
  expect(await narrow.round()).toMatchObject({ matched: 0, unmatched: 0 });
  expect(await told(it)).toEqual(['put waits', 'put waits', 'replicate waits']);
  time.pass(40 * minute);
  expect(await narrow.round()).toMatchObject({ matched: 0, unmatched: 3 });
  // Who can look says what is so, however late.
  await it.apply([chat]);
  expect(await audits.round()).toMatchObject({ unmatched: 0 });
});
