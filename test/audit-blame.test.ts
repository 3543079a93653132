import { expect, test } from 'vitest';
import { createMatching } from '../src/app/matching.ts';
import type { AuditedDrift } from '../src/cli/audited.ts';
import { type Clock, systemClock } from '../src/model/clock.ts';
import type { DriftRecord } from '../src/model/journal.ts';
import { storyInShort } from '../src/reconcile/drift-story.ts';
import { askedOf, auditsOf, hours, listening, setTimeoutOf, soon } from './support/audit-world.ts';
import { deed } from './support/drift.ts';
import { dataAction, timeout, useWorlds, type World, type WorldOptions } from './support/world.ts';

// Who is blamed for a drift, and what it costs to ask.

const open = useWorlds();
const minute = 60_000;
const wish = [dataAction('a'), timeout('crm', 30)];

async function settled(options: WorldOptions = {}) {
  const time = hours();
  const { log, said } = listening();
  // However busy the machine is, the log answers in time.
  const sleep: Clock['sleep'] = (ms, signal) => systemClock.sleep(ms >= 7_000 ? ms : ms / 50, signal);
  const it = await open({
    clock: { ...time.clock, sleep },
    log,
    ...options,
    sandbox: { now: time.now, ...soon, ...options.sandbox },
  });
  it.sandbox.state.addUser({ id: 'bob', name: 'Bob' });
  const audits = auditsOf(it);
  it.engine.auditor = audits;
  for (let n = 0; n < 2; n++) {
    await it.apply(wish);
    time.pass(10 * minute);
  }
  const { id } = it.sandbox.state.actionNamed('a')!;
  const drifts = (): Promise<DriftRecord[]> =>
    it.journal.drifts({ organization: it.engine.organization.id, target: 'test' }, {});
  return { it, time, audits, said, id, drifts };
}

function bobSets({ sandbox }: World, id: string, property: string, [from, to]: [string, string], at: number): void {
  const changes = [{ property, oldValues: [from], newValues: [to] }];
  const who = { client: { id: 'sandbox-ui' }, user: { id: 'bob', name: 'Bob' } };
  const what = { serviceName: 'Integrations', entityType: 'Action', action: 'Update', entity: { id } };
  sandbox.state.addAudit({ ...what, ...who, at: new Date(at).toISOString(), changes } as never);
}

const named = ({ story }: DriftRecord): (string | undefined)[] => story!.deeds.map(({ by }) => by.user?.name);
const beside = ({ story }: DriftRecord): (string | undefined)[] =>
  (story!.meanwhile ?? []).map(({ by }) => by.user?.name);

test('who moved the field is blamed, and not who did something else later', async () => {
  const { it, time, said, id, drifts } = await settled();
  setTimeoutOf(it, 'a', 3, 'sandbox-admin');
  time.pass(minute);
  bobSets(it, id, 'description', ['x', 'y'], time.now());
  time.pass(minute);
  await it.apply(wish);
  const [found] = await drifts();
  expect([named(found!), beside(found!)]).toEqual([['Sandbox Admin'], ['Bob']]);
  expect(said('drift found')[0]!.fields).toMatchObject({ who: 'Sandbox Admin (sandbox-admin)' });
  expect(said('drift found')[0]!.fields['detail']).toContain('; and 1 other deed; against');
});

test('who left another value than is live is not blamed, and the log is asked again until it says who it was', async () => {
  const { it, time, audits, said, id, drifts } = await settled();
  bobSets(it, id, 'config.timeoutSeconds', ['30', '7'], time.now());
  time.pass(minute);
  bobSets(it, id, 'config.timeoutSeconds', ['7', '30'], time.now());
  it.sandbox.state.arriveAudits({ delayMs: 10 * minute });
  time.pass(minute);
  setTimeoutOf(it, 'a', 3, 'sandbox-admin');
  time.pass(minute);
  await it.apply(wish);
  const [found] = await drifts();
  expect([named(found!), beside(found!)]).toEqual([[], ['Bob', 'Bob']]);
  expect(said('drift found')[0]!.fields['detail']).toMatch(/does not say who .*; also, meanwhile: changed by Bob/);
  time.pass(60 * minute);
  await audits.round();
  expect(named((await drifts())[0]!)).toEqual(['Sandbox Admin']);
  const asked = askedOf(it).length;
  time.pass(60 * minute);
  await audits.round();
  expect(askedOf(it)).toHaveLength(asked);
});

test('a record that tells of other fields only is no answer where the log is known to tell of this one', async () => {
  const { it, time, audits, id, drifts } = await settled();
  it.sandbox.state.arriveAudits({ delayMs: 10 * minute });
  setTimeoutOf(it, 'a', 3, 'sandbox-admin');
  it.sandbox.state.arriveAudits({ delayMs: 0 });
  time.pass(minute);
  bobSets(it, id, 'description', ['x', 'y'], time.now());
  await it.apply(wish);
  // What nobody knows how the log calls may well be that.
  expect(named((await drifts())[0]!)).toEqual(['Bob']);
  await audits.round();
  time.pass(20 * minute);
  await it.apply(wish);
  time.pass(20 * minute);

  it.sandbox.state.arriveAudits({ delayMs: 10 * minute });
  setTimeoutOf(it, 'a', 4, 'sandbox-admin');
  it.sandbox.state.arriveAudits({ delayMs: 0 });
  time.pass(minute);
  bobSets(it, id, 'description', ['y', 'z'], time.now());
  time.pass(1000);
  await it.apply(wish);
  expect([named((await drifts())[0]!), beside((await drifts())[0]!)]).toEqual([[], ['Bob']]);
  time.pass(60 * minute);
  await audits.round();
  expect(named((await drifts())[0]!)).toEqual(['Sandbox Admin']);
});

test('everybody who had a part stands in the journal, and how many more there are', async () => {
  const many = Array.from({ length: 250 }, (_, n) => deed(new Date(2026, 10, 21), { auditId: `a${n}` }));
  const { deeds, more } = storyInShort({ since: '2026-11-21T14:00:00.000Z', deeds: many, more: 5 }, 'record');
  expect(deeds.map(({ auditId }) => auditId)).toEqual(many.slice(0, 200).map(({ auditId }) => auditId));
  expect([deeds[9]!.changes.length, deeds[10]!.changes.length, more]).toEqual([1, 0, 55]);
  expect(storyInShort({ since: '', deeds: many }, 'outcome')).toMatchObject({ deeds: { length: 2 }, more: 248 });
  const shown: Pick<AuditedDrift, 'more'> = { more: more! };
  expect(shown.more).toBe(55);
});

test('drift that is left as it is, and that the log does not explain, is asked about less and less often', async () => {
  const { it, time, said } = await settled({ policy: { drift: 'report' } });
  it.sandbox.state.arriveAudits({ neverShare: 1 });
  setTimeoutOf(it, 'a', 3, 'sandbox-admin');
  const posts = (): number => askedOf(it).filter((line) => line.startsWith('POST')).length;
  const each: number[] = [];
  for (let n = 0; n < 24; n++) {
    const before = posts();
    time.pass(5 * minute);
    await it.apply(wish);
    each.push(posts() - before);
  }
  expect(said('drift found')).toHaveLength(1);
  expect(each.slice(0, 2)).toEqual([1, 1]);
  expect(each.reduce((a, b) => a + b)).toBeLessThan(14);
});

test('a page that lies about how many there are is no endless question', async () => {
  const { it, time } = await settled();
  const record = { eventDate: new Date(time.now()).toISOString(), serviceName: 'Integrations', entityType: 'Action' };
  const full = Array.from({ length: 100 }, (_, n) => ({ ...record, id: `s${n}`, action: 'Update' }));
  const explain = () =>
    auditsOf(it).explain([{ type: 'data-action', id: 'x' }], new Date(time.now() - 9).toISOString());
  for (const body of [
    { entities: [{ ...record, id: 'same' }], pageCount: 1e9 },
    { entities: full },
    { entities: full, total: 3, pageCount: 1e9 },
  ]) {
    it.sandbox.clearFaults();
    const path = '/api/v2/audits/query/realtime';
    it.sandbox.addFault({ when: { method: 'POST', path }, then: { instead: { status: 200, body } } } as never);
    const before = askedOf(it).length;
    await explain();
    expect(askedOf(it).length - before).toBeLessThan(6);
  }
});

test('two targets of one organisation and client share what is matched, and each asks of whom its own drift is', async () => {
  const called: string[] = [];
  const connect = async ({ name }: { name: string }) => ({
    engine: { organization: { id: 'org' }, reader: { clientId: 'client' } },
    audits: {
      round: async (shared?: object) => {
        called.push(`${name} ${shared === undefined ? 'matches' : 'explains'}`);
        return { asked: true };
      },
    },
  });
  const targets = ['one', 'two', 'three'].map((name) => ({ name, clientId: 'client' }));
  const journal = { runs: async () => [{}] };
  const matching = createMatching({ config: { targets }, env: {}, journal, connect } as never);
  await Promise.all(targets.map((target) => matching.round(target as never)));
  expect(called).toEqual(['one matches', 'two explains', 'three explains']);
  await matching.round(targets[1] as never);
  expect(called.at(-1)).toBe('two matches');
});
