import fc from 'fast-check';
import { expect, test } from 'vitest';
import { match, type Verdict } from '../src/audit/match.ts';
import type { AuditRecord } from '../src/model/audit.ts';
import type { SentWrite } from '../src/model/journal.ts';
import { change, type Deed, dice, expected, record, shuffled, them, us } from './support/audit-days.ts';

interface Done {
  write: SentWrite;
  record: AuditRecord;
}

function matched(done: readonly Done[], records: readonly AuditRecord[] = done.map((one) => one.record)) {
  const found = match({ writes: done.map(({ write }) => write), records, clientId: us, expected });
  const verdict = ({ write }: Done): Verdict => found.verdicts.get(write.intentId)!;
  return { ...found, states: done.map((one) => verdict(one).state), own: done.map((one) => verdict(one).own), verdict };
}

const wrong = (done: readonly Done[], verdict: (one: Done) => Verdict): Done[] =>
  done.filter((one) => verdict(one).state === 'matched' && verdict(one).own[0] !== one.record.id);

test('500 changes by both clients, late, shuffled and doubled: each is matched to its own record, at no time to another', () => {
  const roll = dice(1);
  const deeds = Array.from({ length: 500 }, (_, n) => {
    const entity = `thing-${roll(60)}`;
    const sets = { value: `value ${n}` };
    const at = n * 40 + roll(30);
    return roll(2) === 0 ? { theirs: record({ at, entity, sets, clientId: them }) } : { ours: { at, entity, sets } };
  });
  const done = deeds.flatMap(({ ours }) => (ours === undefined ? [] : [change(ours)]));
  const others = deeds.flatMap(({ theirs }) => (theirs === undefined ? [] : [theirs]));
  const all = [...done.map((one) => one.record), ...others];
  const arriving = shuffled([...all, ...all.filter(() => roll(5) === 0)], roll);
  for (let arrived = 0; arrived <= arriving.length; arrived += 50) {
    const { verdict, strangers } = matched(done, arriving.slice(0, arrived));
    expect(wrong(done, verdict)).toEqual([]);
    expect(strangers).toEqual([]);
  }
  const { states, own } = matched(done, arriving);
  expect(states.filter((state) => state !== 'matched')).toEqual([]);
  expect(own).toEqual(done.map((one) => [one.record.id]));
});

test('indistinguishable ones among them are ambiguous, and the others are matched all the same', () => {
  const roll = dice(2);
  const clear = Array.from({ length: 250 }, (_, n) =>
    change({ at: n * 100, entity: `thing-${roll(40)}`, sets: { value: `v${n}` } }),
  );
  // Pairs at one moment, that set the same, or of which nothing is recorded.
  const twins = Array.from({ length: 40 }, (_, n) => {
    const [at, entity, sets] = [n * 600, `twin-${n}`, n % 2 === 0 ? { value: 'same' } : {}];
    return [change({ at, entity, sets }), change({ at, entity, sets, run: 'run-1' })];
  }).flat();
  const done = [...clear, ...twins];
  const arriving = shuffled(
    done.map((one) => one.record),
    roll,
  );
  for (let arrived = 0; arrived <= arriving.length; arrived += 30) {
    expect(wrong(done, matched(done, arriving.slice(0, arrived)).verdict)).toEqual([]);
  }
  const { verdict } = matched(done, arriving);
  expect(clear.filter((one) => verdict(one).state !== 'matched')).toEqual([]);
  expect(twins.filter((one) => verdict(one).state !== 'ambiguous')).toEqual([]);
  expect(new Set(verdict(twins[0]!).own)).toEqual(new Set([twins[0]!.record.id, twins[1]!.record.id]));
});

test('two changes of one entity in one second: by what they set, else by the order of their records, else not', () => {
  const pair = (one: Partial<Deed>, other: Partial<Deed>): Done[] => [
    change({ at: 100, entity: 'a', tookMs: 50, ...one }),
    change({ at: 200, entity: 'a', tookMs: 50, ...other }),
  ];
  const atOnce = (done: Done[]): AuditRecord[] => done.map((one) => ({ ...one.record, at: done[0]!.record.at }));
  const told = pair({ sets: { value: '30' } }, { sets: { value: '40' } });
  expect(matched(told, atOnce(told)).own).toEqual(told.map((one) => [one.record.id]));
  const ordered = pair({}, {});
  expect(matched(ordered).own).toEqual(ordered.map((one) => [one.record.id]));
  expect(matched(ordered, atOnce(ordered)).states).toEqual(['ambiguous', 'ambiguous']);
  // One of two may be either's, until the other is there.
  expect(matched(ordered, [ordered[1]!.record]).states).toEqual(['waiting', 'waiting']);
  expect(matched(told, [told[1]!.record]).states).toEqual(['waiting', 'matched']);
});

test('a second record that comes late makes a match ambiguous', () => {
  const done = [change({ at: 0, entity: 'a' })];
  expect(matched(done).states).toEqual(['matched']);
  expect(matched(done, [done[0]!.record, record({ at: 30, entity: 'a' })]).states).toEqual(['ambiguous']);
});

test('a clock that is two minutes off changes nothing, also where no answer told the time', () => {
  for (const ahead of [-120_000, 120_000]) {
    const done = [0, 1, 2, 3].map((n) => change({ at: n * 60_000, entity: 'a', sets: { value: `${n}` } }, ahead));
    expect(matched(done).own).toEqual(done.map((one) => [one.record.id]));
    const { receipt: _lost, ...write } = done[3]!.write;
    const lost = [...done.slice(0, 3), { ...done[3]!, write }];
    expect(matched(lost).own).toEqual(done.map((one) => [one.record.id]));
    expect(matched([lost[3]!]).states).toEqual(['matched']);
  }
});

test('a write of which nobody knows whether it happened claims its record, and is not matched', () => {
  const { receipt: _lost, ...write } = change({ at: 0, entity: 'a' }).write;
  const other = change({ at: 500, entity: 'a' });
  const open = { write: { ...write, open: true as const }, record: other.record };
  expect(matched([open, other], [other.record]).states).toEqual(['waiting', 'waiting']);
  expect(matched([open], [other.record]).states).toEqual(['waiting']);
  const refused = { ...open, write: { ...write, refused: true as const } };
  expect(matched([other], [other.record]).states).toEqual(['matched']);
  const { verdicts } = match({ writes: [refused.write], records: [], clientId: us, expected });
  expect(verdicts.size).toBe(0);
});

test('what a change caused beside its own record belongs to it; what no change can have caused is a stranger', () => {
  const done = [change({ at: 0, entity: 'page', type: 'page', step: 'publish' })];
  const own = done[0]!.record;
  const caused = record({ at: 900, entity: 'elsewhere', entityType: 'Thing', transaction: own.id });
  const beside = record({ at: 50, entity: 'page', entityType: 'PageVersion', action: 'Update' });
  const later = record({ at: 3_600_000, entity: 'page', entityType: 'PageVersion', action: 'Publish' });
  const foreign = record({ at: 0, entity: 'other', entityType: 'PageVersion' });
  const unmanaged = record({ at: 0, entity: 'other', entityType: 'Queue' });
  const failed = record({ at: 0, entity: 'other', entityType: 'PageVersion', status: 'FAILURE' });
  const { verdict, strangers, ours } = matched(done, [own, caused, beside, later, foreign, unmanaged, failed]);
  expect(verdict(done[0]!)).toEqual({ state: 'matched', own: [own.id], further: [beside.id, caused.id] });
  expect(strangers).toEqual([foreign, later]);
  expect(ours).toEqual(new Set([own.id, beside.id, caused.id]));
});

test('a record that says another value is not the write’s, and another process’s', () => {
  const done = [change({ at: 0, entity: 'a', sets: { value: '30' } })];
  const other = record({ at: 40, entity: 'a', sets: { value: '60' } });
  const { states, strangers } = matched(done, [other]);
  expect(states).toEqual(['waiting']);
  expect(strangers).toEqual([other]);
  expect(matched(done, [other, done[0]!.record]).own).toEqual([[done[0]!.record.id]]);
});

test('nobody is matched to what the creation of an object without a known id may have left', () => {
  const made = change({ at: 0, entity: 'a', step: 'create' });
  const { id: _unknown, ...object } = made.write.object;
  const { states, strangers } = matched([{ ...made, write: { ...made.write, object } }]);
  expect(states).toEqual(['waiting']);
  expect(strangers).toEqual([]);
});

const deeds = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 8_000 }),
    entity: fc.constantFrom('a', 'b'),
    value: fc.constantFrom(undefined, '1', '2', '3'),
    /** Its answer was lost; what became of it was looked up, or is not known. */
    lost: fc.constantFrom(undefined, undefined, undefined, 'found', 'open'),
  }),
  { maxLength: 9 },
);

type Played = typeof deeds extends fc.Arbitrary<(infer T)[]> ? T : never;

/** Serialised, as writes to one object are, by several runs; records may lack a fraction of a second, and what changed. */
function played(given: readonly Played[], { inSeconds = false, bare = false, lossy = true, aheadMs = 0 }) {
  const busy = new Map<string, number>();
  return [...given]
    .sort((a, b) => a.at - b.at)
    .map(({ at, entity, value, lost }) => {
      const begun = Math.max(at, busy.get(entity) ?? 0);
      busy.set(entity, begun + 100);
      const run = `run-${Math.floor(begun / 3000)}`;
      const one = change({ at: begun, entity, run, ...(value === undefined ? {} : { sets: { value } }) }, aheadMs);
      const date = inSeconds ? `${one.record.at.slice(0, 19)}.000Z` : one.record.at;
      const { receipt, ...unanswered } = one.write;
      const answered = lossy && lost !== undefined ? unanswered : { ...unanswered, receipt: receipt! };
      const write: SentWrite = lossy && lost === 'open' ? { ...answered, open: true } : answered;
      return { write, record: { ...one.record, at: date, ...(bare ? { changes: [] } : {}) } };
    });
}

const ways = fc.record({ inSeconds: fc.boolean(), bare: fc.boolean(), aheadMs: fc.constantFrom(0, 120_000, -120_000) });

test('law: whatever has arrived, in whatever order and how often, nothing is matched to another’s record', () => {
  fc.assert(
    fc.property(deeds, ways, fc.infiniteStream(fc.nat(2)), (given, way, fate) => {
      const done = played(given, way);
      const arrived = done.flatMap((one) => Array.from({ length: fate.next().value }, () => one.record)).reverse();
      const { verdict, strangers, own } = matched(done, arrived);
      expect(wrong(done, verdict)).toEqual([]);
      expect(strangers).toEqual([]);
      const given1 = own.filter((_, n) => verdict(done[n]!).state === 'matched').flat();
      expect(new Set(given1).size).toBe(given1.length);
    }),
    { numRuns: 400 },
  );
});

test('law: with every record there, in the order in which they came to be, all are matched', () => {
  fc.assert(
    fc.property(deeds, fc.boolean(), (given, bare) => {
      const done = played(given, { bare, lossy: false });
      expect(matched(done).own).toEqual(done.map((one) => [one.record.id]));
    }),
    { numRuns: 300 },
  );
});

test('1,000 changes of three writes each and 6,000 records take no time', () => {
  const done = Array.from({ length: 3000 }, (_, n) => change({ at: n * 20, entity: `thing-${n % 1000}` }));
  const crowd = Array.from({ length: 300 }, (_, n) => change({ at: n * 120, entity: 'one' }));
  const all = [...done, ...crowd];
  const began = performance.now();
  const records = all
    .map((one) => one.record)
    .concat(
      all.slice(0, 2700).map(({ record: { at } }, n) => record({ at: Date.parse(at) % 86_400_000, entity: `o${n}` })),
    );
  expect(matched(all, records).states.filter((state) => state !== 'matched')).toEqual([]);
  // A third of a second on a machine that does nothing else.
  expect(performance.now() - began).toBeLessThan(4000);
});

test('another process changed another field, and our own record is late: it is nobody’s, once Genesys is known to tell of ours', () => {
  const before = change({ at: 0, entity: 'a', sets: { timeout: '30' } });
  const ours = change({ at: 60_000, entity: 'a', sets: { timeout: '31' }, run: 'run-2' });
  const theirs = record({ at: 60_500, entity: 'a', sets: { category: 'Other' } });
  const { states, strangers, learnt } = matched([before, ours], [before.record, theirs]);
  expect(states).toEqual(['matched', 'waiting']);
  expect(strangers).toEqual([theirs]);
  // What was learnt counts later, where nothing says it any more.
  const alone = { writes: [ours.write], records: [theirs], clientId: us, expected };
  expect(match(alone).verdicts.get(ours.write.intentId)!.state).toBe('matched');
  expect(match({ ...alone, told: new Set(learnt) }).verdicts.get(ours.write.intentId)!.state).toBe('waiting');
  // A record of nothing, of the whole it is in, or of a part of it may be ours all the same.
  for (const property of [undefined, 'config', 'config.timeout.seconds']) {
    const changes = property === undefined ? [] : [{ property, from: [], to: ['{}'] }];
    expect(matched([before, ours], [before.record, { ...ours.record, changes }]).states).toEqual([
      'matched',
      'matched',
    ]);
  }
});

test('fuzz: another process with our client changes another field, and records are missing: nothing is matched wrongly', () => {
  const roll = dice(7);
  let [right, all] = [0, 0];
  for (let n = 0; n < 200; n++) {
    const known = change({ at: 0, entity: 'known', sets: { timeout: '0' } });
    let at = 20_000;
    const done = Array.from({ length: 1 + roll(5) }, (_, m) => {
      at += 200 + roll(6000);
      return change({ at, entity: `e${roll(2)}`, sets: { timeout: `${m}` }, run: `run-${m}` });
    });
    const theirs = done.map(({ write }, m) => ({
      ...record({ at: 0, entity: write.object.id!, sets: { category: `x${m}` } }),
      at: new Date(Date.parse(write.at) + roll(4000) - 900).toISOString(),
    }));
    const arrived = [...done.filter(() => roll(4) > 0).map((one) => one.record), ...theirs, known.record];
    const { verdict } = matched([known, ...done], shuffled(arrived, roll));
    expect(wrong(done, verdict)).toEqual([]);
    all += done.length;
    right += done.filter((one) => verdict(one).state === 'matched').length;
  }
  expect(right / all).toBeGreaterThan(0.7);
});

test('what another process did as our client beside a change of ours is no companion of it', () => {
  const done = [change({ at: 0, entity: 'a', sets: { timeout: '5' } })];
  const own = { ...done[0]!.record, remoteIp: ['192.0.2.1'] };
  const beside = (more: Partial<Parameters<typeof record>[0]>) =>
    record({ at: 50, entity: 'a', remoteIp: ['192.0.2.1'], ...more });
  const others = [
    beside({}),
    beside({ action: 'Delete' }),
    beside({ action: 'Create' }),
    beside({ at: 8000, entityType: 'ThingDraft' }),
    beside({ at: 3000, sets: { category: 'Theirs' } }),
    beside({ sets: { category: 'Theirs' } }),
    beside({ entityType: 'PageVersion', remoteIp: ['203.0.113.9'] }),
  ];
  const types = new Map([...expected, ['draft', { audited: { create: ['ThingDraft:Update'] } }]]);
  for (const other of others) {
    const found = match({ writes: [done[0]!.write], records: [own, other], clientId: us, expected: types });
    expect([other.action, found.strangers]).toEqual([other.action, [other]]);
    expect(found.verdicts.get(done[0]!.write.intentId)).toEqual({ state: 'matched', own: [own.id], further: [] });
    expect(found.ours).toEqual(new Set([own.id]));
  }
});

test('in a log that tells no transactions, what came with a change is its companion', () => {
  const done = [change({ at: 0, entity: 'a', sets: { timeout: '5' } })];
  const [write, own] = [done[0]!.write, done[0]!.record];
  const bare = (one: AuditRecord): AuditRecord => {
    const { transaction: _none, ...rest } = one;
    return rest;
  };
  const extra = bare(record({ at: 30, entity: 'a' }));
  const late = bare(record({ at: 4000, entity: 'a', entityType: 'PageVersion', action: 'Save' }));
  const { verdicts, strangers } = match({ writes: [write], records: [bare(own), extra, late], clientId: us, expected });
  expect(verdicts.get(write.intentId)).toEqual({ state: 'matched', own: [own.id], further: [extra.id, late.id] });
  expect(strangers).toEqual([]);
});

test('what came with a record that may be one of two writes’ is nobody else’s', () => {
  const done = [change({ at: 0, entity: 'a' }), change({ at: 200, entity: 'a' })];
  const records = done.map((one) => ({ ...one.record, at: done[0]!.record.at }));
  const part = record({ at: 6000, entity: 'a', entityType: 'PageVersion', transaction: records[0]!.id });
  const { states, strangers, ours } = matched(done, [...records, part]);
  expect(states).toEqual(['ambiguous', 'ambiguous']);
  expect(strangers).toEqual([]);
  expect(ours).toContain(part.id);
});
