import { expect, test } from 'vitest';
import { alone } from '../src/audit/alone.ts';
import { createAuditor } from '../src/audit/index.ts';
import { nothing } from '../src/audit/round.ts';
import { createClient } from '../src/genesys/index.ts';
import { surfaces } from '../src/objects/index.ts';
import { askedOf, auditsOf, hours, listening, soon, told } from './support/audit-world.ts';
import { fakeClock } from './support/clock.ts';
import { dataAction, timeout, useWorlds, type World, type WorldOptions } from './support/world.ts';

const open = useWorlds();
const minute = 60_000;
const hour = 60 * minute;
const wish = (seconds = 30) => [dataAction('a', { category: 'C' }), timeout('crm', seconds)];

async function setUp(options: WorldOptions = {}) {
  const time = hours();
  const heard = listening();
  const sandbox = { now: time.now, ...soon, ...options.sandbox };
  const it = await open({ clock: time.clock, log: heard.log, ...options, sandbox });
  return { it, time, audits: auditsOf(it), ...heard };
}

/** Another process with our client sets the category. */
function editAsUs({ sandbox }: World, category: string): void {
  sandbox.state.editAction(sandbox.state.actionNamed('a')!.id, { category } as never, 'sandbox-daemon');
}

const another = 'another process with our client';

test('what another process does as our client is told within an hour, though nothing of ours waits', async () => {
  const { it, time, audits, said } = await setUp();
  await it.apply(wish());
  time.pass(minute);
  await audits.round({ watch: true });
  for (let n = 0; n < 6; n++) {
    time.pass(10 * minute);
    editAsUs(it, `Other ${n}`);
    time.pass(10 * minute);
    await audits.round({ watch: true });
  }
  time.pass(hour);
  await audits.round({ watch: true });
  expect(said(another).map(({ fields }) => fields['action'])).toEqual(Array(6).fill('Action:Update'));
  // Who does not stay does not look.
  time.pass(5 * hour);
  it.sandbox.clearRequests();
  await auditsOf(it).round();
  expect(askedOf(it)).toEqual([]);
});

test('where nothing happens, one question an hour to each service that holds something of ours', async () => {
  const { it, time, audits } = await setUp();
  await it.apply(wish());
  time.pass(minute);
  await audits.round({ watch: true });
  it.sandbox.clearRequests();
  for (let n = 0; n < 120; n++) {
    time.pass(5 * minute);
    await audits.round({ watch: true });
  }
  const asked = askedOf(it);
  expect(asked.length).toBeGreaterThanOrEqual(8);
  expect(asked.length).toBeLessThanOrEqual(10);
  expect(new Set(asked)).toEqual(new Set(['POST /api/v2/audits/query/realtime']));
});

test('it is told where a run has healed it as drift, too', async () => {
  const { it, time, audits, said } = await setUp();
  it.engine.auditor = audits;
  await it.apply(wish());
  time.pass(10 * minute);
  await it.apply(wish(31));
  time.pass(3_000);
  editAsUs(it, 'Theirs');
  time.pass(minute);
  expect(await it.apply(wish(31))).toMatchObject({ outcomes: [{ cause: 'drift' }] });
  time.pass(minute);
  expect(await audits.round()).toMatchObject({ matched: 3, strangers: 1 });
  await audits.round();
  expect(said(another)).toHaveLength(1);
  const found = await it.journal.drifts({ organization: it.engine.organization.id }, {});
  expect(found.map(({ kind }) => kind).sort()).toEqual(['drift', 'other-process']);
});

test('another’s record is taken for ours, where nothing speaks against it, until ours is there', async () => {
  const { it, time, audits } = await setUp({ sandbox: { quirks: ['audit-no-properties'] } });
  await it.apply(wish());
  time.pass(10 * minute);
  await audits.round({ watch: true });
  time.pass(50 * minute);
  it.sandbox.state.arriveAudits({ delayMs: 30 * minute });
  await it.apply(wish(31));
  it.sandbox.state.arriveAudits({ delayMs: 0 });
  time.pass(2_000);
  editAsUs(it, 'Theirs');
  time.pass(minute);
  await audits.round({ watch: true });
  time.pass(10 * minute);
  await audits.round({ watch: true });
  expect(await told(it)).toEqual(['create matched Action:Create', 'patch matched Action:Update']);
  time.pass(hour + minute);
  await audits.round({ watch: true });
  expect((await told(it))[1]).toBe('patch ambiguous Action:Update Action:Update');
});

test('a client that was replaced: what it wrote finds its records, and is nobody else’s drift', async () => {
  const { it, time, log, said } = await setUp({ sandbox: { audits: { delayMs: minute } } });
  await it.apply(wish());
  time.pass(20_000);
  await it.apply(wish(31));
  const client = createClient({
    surfaces,
    ...{ apiUrl: it.sandbox.url, loginUrl: it.sandbox.url, clock: it.engine.clock, log, env: {} },
    ...{ clientId: 'sandbox-admin', clientSecret: async () => 'sandbox-secret' },
  });
  const { types, vault, clock, organization } = it.engine;
  const audits = createAuditor({
    ...{ organization: organization.id, target: 'test', types, surfaces, vault, journal: it.journal, clock, log },
    ...{ reader: client.reader('background'), patienceMs: 24 * hour, clientOf: () => 'sandbox-admin' },
  });
  time.pass(2 * minute);
  const { id } = it.sandbox.state.actionNamed('a')!;
  const since = new Date(time.now() - hour).toISOString();
  expect((await audits.explain([{ type: 'data-action', id }], since)).get(`data-action:${id}`)!.deeds).toEqual([]);
  expect(await audits.round()).toMatchObject({ matched: 2, waiting: 0, strangers: 0 });
  expect(await told(it)).toEqual(['create matched Action:Create', 'patch matched Action:Update']);
  expect(said(another)).toEqual([]);
  client.close();
});

test('who was killed before it told what it had kept: the next one tells it, a minute later', async () => {
  const { it, time, said } = await setUp();
  await it.apply(wish());
  time.pass(minute);
  const { keepMatches, releaseLease } = it.journal;
  it.journal.keepMatches = async (...given) => {
    await keepMatches(...given);
    throw new Error('killed');
  };
  it.journal.releaseLease = async () => undefined;
  await expect(auditsOf(it).round()).rejects.toThrow('killed');
  Object.assign(it.journal, { keepMatches, releaseLease });
  expect([await told(it), said('change matched')]).toEqual([['create matched Action:Create'], []]);
  await auditsOf(it).round();
  expect(said('another process looks at the audit log just now')).toHaveLength(1);
  time.pass(61_000);
  await auditsOf(it).round();
  await auditsOf(it).round();
  expect(said('change matched')).toHaveLength(1);
});

test('who looks for long stays alone', async () => {
  const clock = fakeClock();
  const it = await open({ clock });
  const deps = { ...it.engine, organization: 'o', journal: it.journal, surfaces, patienceMs: 0, clientOf: () => '' };
  const looked: string[] = [];
  const look = (name: string, ms: number) =>
    alone({ ...deps, reader: it.background }, async () => {
      looked.push(name);
      await clock.sleep(ms);
      return nothing;
    });
  const long = look('one', 5 * minute);
  await clock.advance(4 * minute);
  await look('two', 0);
  await clock.drive(long);
  await clock.drive(look('three', 1));
  expect(looked).toEqual(['one', 'three']);
});
