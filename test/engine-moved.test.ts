import { expect, test } from 'vitest';
import { changesOfRun } from '../src/cli/audit-changes.ts';
import { csvLine } from '../src/cli/audit-csv.ts';
import { markdownLine } from '../src/cli/audit-markdown.ts';
import { renderAudited } from '../src/cli/render-audited.ts';
import { changeLines } from '../src/cli/render-changes.ts';
import { outcomeLines } from '../src/cli/render-outcomes.ts';
import { plain } from '../src/cli/text.ts';
import type { Outcome } from '../src/model/plan.ts';
import { fakeClock } from './support/clock.ts';
import { gadget } from './support/gadgets.ts';
import { unsaid } from './support/log-lines.ts';
import { useToys } from './support/toys.ts';

// What moves between the look and the write, what cannot be looked at, and what the server finds wrong with single fields.

const open = useToys();
type Toys = Awaited<ReturnType<typeof open>>;

function put(toys: Toys, id: string, values: object): void {
  toys.store.set(id, { kind: 'gadget', id, name: id, version: 1, ...values });
}

/** Somebody else changes `id` before each of the next writes. */
function spoil(toys: Toys, id: string, times: number, values: (n: number) => object = () => ({})): void {
  let done = 0;
  toys.meanwhile = () => {
    if (done++ >= times) return;
    const before = toys.store.get(id)!;
    toys.store.set(id, { ...before, ...values(done), version: Number(before['version']) + 1 });
  };
}

const printed = (outcomes: readonly Outcome[]): string[] =>
  [...outcomeLines(outcomes, 1, plain)].flatMap((line) => line.split('\n'));

test('what moves three times is written at the fourth, after waits that double, and each change of others is shown', async () => {
  const toys = await open();
  put(toys, 'a', { size: 1, colour: 'red' });
  await toys.apply([gadget('g', { id: 'a', set: { size: 1 } })]);
  spoil(toys, 'a', 3, (n) => ({ size: 10 + n }));
  const { outcomes } = await toys.apply([gadget('g', { id: 'a', set: { size: 2 } })]);
  expect(outcomes).toMatchObject([{ status: 'applied', cause: 'both', fields: [{ path: '/size', from: 13, to: 2 }] }]);
  expect(toys.store.get('a')).toMatchObject({ size: 2, colour: 'red', version: 5 });
  expect(toys.pauses).toEqual([500, 1000, 2000]);
  // Who watches a command sees no log: it is in what became of the change.
  const meanwhile = [1, 11, 12].map((from, i) => ({
    fields: [{ path: '/size', by: 'Gadget/g', from, to: 11 + i }],
    ...{ versionBefore: `${i + 1}`, versionNow: `${i + 2}` },
  }));
  expect(outcomes[0]!.meanwhile).toEqual(meanwhile);
  expect(printed(outcomes).slice(1, 4)).toEqual([
    '    meanwhile changed by somebody else: size: 1 → 11, written over; version 1 → 2',
    '    meanwhile changed by somebody else: size: 11 → 12, written over; version 2 → 3',
    '    meanwhile changed by somebody else: size: 12 → 13, written over; version 3 → 4',
  ]);
  const [run] = await toys.journal.runs('t', 1);
  expect(await toys.journal.outcomes(run!.id)).toMatchObject([{ meanwhile }]);
  expect(toys.said.find(({ message }) => message === 'change applied')!.fields).toMatchObject({ meanwhile });
  const [audited] = await changesOfRun(toys.journal, run!);
  expect(audited).toMatchObject({ meanwhile });
  const told = 'meanwhile changed by somebody else: size: 12 → 13, written over; version 3 → 4';
  for (const render of [
    () => renderAudited(audited!, { paint: plain, width: Number.POSITIVE_INFINITY }),
    () => changeLines(outcomes[0]!, undefined, plain).flat().join('\n'),
    () => csvLine(audited!),
  ])
    expect(render()).toContain(told);
  expect(markdownLine(audited!)).toContain('size: 12 → 13, written over');
  expect(unsaid(toys.said)).toEqual([]);
  const shown = toys.said.filter(({ message }) => message === 'planned anew').map(({ fields }) => fields);
  expect(shown).toMatchObject([
    { fields: [{ path: '/size', from: 1, to: 11, by: 'Gadget/g' }], versionBefore: '1', versionNow: '2' },
    { fields: [{ path: '/size', from: 11, to: 12 }], versionBefore: '2', versionNow: '3' },
    { fields: [{ path: '/size', from: 12, to: 13 }], versionBefore: '3', versionNow: '4' },
  ]);
});

test('what moves a fourth time is left to the next run, with the words of the last failure', async () => {
  const toys = await open();
  put(toys, 'a', { size: 1 });
  spoil(toys, 'a', 4);
  const wish = [gadget('g', { id: 'a', set: { size: 2 } })];
  const { outcomes, status } = await toys.apply(wish);
  expect([status, outcomes]).toMatchObject(['failed', [{ status: 'failed', reason: 'Contended' }]]);
  expect(outcomes[0]!.message).toBe('it moved from version 4 to 5; tried 4 times in this run, the next one goes on');
  // The fourth is in the message.
  expect(outcomes[0]!.meanwhile).toEqual(
    [1, 2, 3].map((n) => ({ fields: [], versionBefore: `${n}`, versionNow: `${n + 1}` })),
  );
  expect(printed(outcomes)[2]).toBe('    meanwhile changed by somebody else: nothing that is wished; version 1 → 2');
  expect((await toys.apply(wish)).outcomes).toMatchObject([{ status: 'applied' }]);
});

test('a stop ends the wait, and the next run goes on', async () => {
  const toys = await open();
  put(toys, 'a', { size: 1 });
  spoil(toys, 'a', 1);
  toys.onPause = toys.stop;
  const wish = [gadget('g', { id: 'a', set: { size: 2 } })];
  expect((await toys.apply(wish)).outcomes).toMatchObject([{ status: 'failed', reason: 'Interrupted' }]);
  expect(toys.order).toEqual([]);
  delete toys.onPause;
  expect((await toys.apply(wish)).outcomes).toMatchObject([{ status: 'applied' }]);
});

test('what somebody moves meanwhile is not written over where drift is reported', async () => {
  const toys = await open();
  toys.policy.drift = 'report';
  put(toys, 'a', { size: 1, colour: 'red' });
  const wish = (colour: string): ReturnType<typeof gadget> => gadget('g', { id: 'a', set: { size: 1, colour } });
  await toys.apply([wish('red')]);
  spoil(toys, 'a', 1, () => ({ size: 7 }));
  const { outcomes } = await toys.apply([wish('green')]);
  expect(outcomes).toMatchObject([{ status: 'applied', fields: [{ path: '/colour' }] }]);
  expect(toys.store.get('a')).toMatchObject({ size: 7, colour: 'green' });
  expect(printed(outcomes)[1]).toBe(
    '    meanwhile changed by somebody else: size: 1 → 7, left as it is; version 1 → 2',
  );

  // Where nothing else is to be written any more, the whole change is left.
  spoil(toys, 'a', 1, () => ({ size: 9, colour: 'white' }));
  const left = await toys.apply([wish('white')]);
  expect(left.outcomes).toMatchObject([{ status: 'skipped', reason: 'Drifted', meanwhile: [{ left: true }] }]);
  expect(printed(left.outcomes)[2]).toBe(
    '    meanwhile changed by somebody else: colour: "green" → "white", size: 7 → 9; version 3 → 4; left as it is',
  );
  spoil(toys, 'a', 1, () => ({ size: 1, colour: 'black' }));
  const same = await toys.apply([wish('black')]);
  expect(printed(same.outcomes)[1]).toMatch(/colour: "white" → "black", size: 9 → 1; .*; which is what is wished$/);
});

test('what cannot be read back: the version of our last write is sent, and another one is met where drift is healed', async () => {
  const toys = await open();
  put(toys, 'a', { size: 1 });
  toys.refused.set('a', 405);
  const first = await toys.apply([gadget('g', { id: 'a', set: { size: 2 } })]);
  expect(first.outcomes).toMatchObject([{ status: 'applied' }]);
  expect(first.plan.warnings).toMatchObject([{ code: 'unreadable' }]);
  // Nothing was known of it: the version that the server named was taken.
  expect(toys.bodies).toMatchObject([{ size: 2 }]);
  expect((await toys.apply([gadget('g', { id: 'a', set: { size: 2 } })])).plan.unchanged).toHaveLength(1);
  await toys.apply([gadget('g', { id: 'a', set: { size: 3 } })]);
  expect(toys.bodies.at(-1)).toEqual({ size: 3, base: 2 });

  put(toys, 'a', { size: 9, version: 8 });
  const healed = await toys.apply([gadget('g', { id: 'a', set: { size: 4 } })]);
  expect(healed.outcomes).toMatchObject([{ status: 'applied', receipt: { versionBefore: '3', versionAfter: '9' } }]);
  expect(toys.bodies.slice(-2)).toEqual([
    { size: 4, base: 3 },
    { size: 4, base: 8 },
  ]);
  expect(printed(healed.outcomes)[1]).toBe(
    '    meanwhile changed by somebody else: what it says cannot be read, written over; version 3 → 8',
  );
  const [shown] = toys.said.filter(({ message }) => message === 'planned anew');
  expect(shown!.fields).toMatchObject({ fields: [], versionBefore: '3', versionNow: '8' });
  expect(await toys.journal.recallAll('checkpoint:')).toEqual(new Map());
});

test('what cannot be read back and moved is left where drift is reported, and the next run holds it without a write', async () => {
  const toys = await open();
  put(toys, 'a', { size: 1 });
  toys.refused.set('a', 405);
  await toys.apply([gadget('g', { id: 'a', set: { size: 2 } })]);
  put(toys, 'a', { size: 9, version: 8 });
  const reports = gadget('g', { id: 'a', set: { size: 4 } }, { annotations: { 'genesys-gitops/drift': 'report' } });
  const message = 'it is at version 8 by now, and cannot be looked at';
  const { outcomes } = await toys.apply([reports]);
  expect(outcomes).toMatchObject([{ status: 'failed', reason: 'Drifted', message }]);
  const sent = toys.bodies.length;
  const { plan } = await toys.apply([reports], { byHand: false });
  expect(plan.held).toMatchObject([{ name: 'g', reason: 'Drifted', message, fields: [{ path: '/size' }] }]);
  expect(toys.bodies).toHaveLength(sent);
});

test('what cannot be read back and got no answer is not believed: it is sent again', async () => {
  const toys = await open();
  put(toys, 'a', { size: 1 });
  toys.refused.set('a', 405);
  await toys.apply([gadget('g', { id: 'a', set: { size: 2 } })]);
  toys.lost = 1;
  const { outcomes } = await toys.apply([gadget('g', { id: 'a', set: { size: 3 } })]);
  expect(outcomes).toMatchObject([{ status: 'applied', receipt: { versionBefore: '2', versionAfter: '4' } }]);
  // The version that was met is that of our own write.
  expect(outcomes[0]).not.toHaveProperty('meanwhile');
  // It had arrived, so its version was another by then.
  expect(toys.bodies.slice(1)).toEqual([
    { size: 3, base: 2 },
    { size: 3, base: 2 },
    { size: 3, base: 3 },
  ]);
});

test('what the server finds wrong with fields is told at the wishes that they came from', async () => {
  const toys = await open();
  put(toys, 'a', { size: 1 });
  toys.faults.set('a', [
    { field: 'theme.colours[0]', message: 'no colour' },
    { field: 'size', message: 'too small, secret-word' },
    { field: 'other', message: 'missing' },
  ]);
  const asked: string[] = [];
  const { outcomes } = await toys.apply(
    [
      gadget('g', { id: 'a', set: { size: 0, theme: { colours: ['x'] } } }),
      gadget('h', { id: 'a', set: { title: 'n' } }),
    ],
    {
      placeOf: (by, pointer) => {
        asked.push(`${by} ${pointer}`);
        return { path: 'g.yaml', line: asked.length, column: 5 };
      },
    },
  );
  const faults = [
    {
      path: 'theme.colours[0]',
      message: 'no colour',
      by: 'Gadget/g',
      pointer: '/spec/set/theme/colours/0',
      place: { path: 'g.yaml', line: 1, column: 5 },
    },
    { path: 'size', by: 'Gadget/g', pointer: '/spec/set/size', place: { path: 'g.yaml', line: 2, column: 5 } },
    { path: 'other', message: 'missing' },
  ];
  expect(outcomes).toMatchObject([{ status: 'failed', reason: 'BadRequest', faults }]);
  expect(outcomes[0]!.faults![1]!.message).toMatch(/^too small, \(sensitive, hmac:/);
  expect(asked).toEqual(['Gadget/g /spec/set/theme/colours/0', 'Gadget/g /spec/set/size']);
  const [run] = await toys.journal.runs('t', 1);
  expect(await toys.journal.outcomes(run!.id)).toMatchObject([{ faults }]);
  expect(toys.said.find(({ message }) => message === 'change not applied')!.fields).toMatchObject({ faults });
  expect(unsaid(toys.said)).toEqual([]);
});

test('how long a job took is in the outcome, its log line and the run', async () => {
  const toys = await open();
  put(toys, 'a', { size: 1 });
  const { outcomes } = await toys.apply([gadget('g', { id: 'a', set: { size: 2 } })]);
  const took = { acknowledgedMs: 12, activationMs: 34 };
  expect(outcomes).toMatchObject([{ receipt: took }]);
  expect(toys.said.find(({ message }) => message === 'change applied')!.fields).toMatchObject(took);
  expect(unsaid(toys.said)).toEqual([]);
  const [run] = await toys.journal.runs('t', 1);
  expect(run).toMatchObject({ activationMs: 34 });
  const [audited] = await changesOfRun(toys.journal, run!);
  expect(audited).toMatchObject(took);
  expect(renderAudited(audited!, { paint: plain, width: Number.POSITIVE_INFINITY })).toMatch(
    /acknowledged in \S+ \S+, active in /,
  );
  expect(csvLine(audited!)).toMatch(/,34,.*,12,/);
});

test('what cannot be looked at and was changed by others is left alone for the pause, then written over', async () => {
  const clock = fakeClock();
  const toys = await open(clock);
  Object.assign(toys.policy, { drift: 'pause', driftPause: '1h' });
  const wish = (size: number): ReturnType<typeof gadget> => gadget('g', { id: 'a', set: { size } });
  const apply = (size: number): ReturnType<Toys['apply']> => clock.drive(toys.apply([wish(size)]));
  put(toys, 'a', { size: 1 });
  toys.refused.set('a', 405);
  await apply(1);
  const change = (): void => {
    const { version } = toys.store.get('a')!;
    toys.store.set('a', { ...toys.store.get('a')!, size: 9, version: Number(version) + 1 });
  };
  change();
  const [met] = (await apply(2)).outcomes;
  const until = new Date(clock.now().getTime() + 3_600_000).toISOString();
  expect(met).toMatchObject({ status: 'failed', reason: 'DriftPaused' });
  expect(met!.message).toMatch(/somebody else changed it \(it is version \d now\).*left alone until/);
  await clock.advance(1_800_000);
  // Another wish does not begin it anew, and nothing is sent meanwhile.
  toys.order.length = 0;
  const { plan } = await apply(3);
  expect(plan.held).toMatchObject([{ reason: 'DriftPaused' }]);
  expect(Math.abs(Date.parse(plan.held[0]!.until!) - Date.parse(until))).toBeLessThan(60_000);
  expect(toys.order).toEqual([]);
  await clock.advance(1_900_000);
  expect((await apply(3)).outcomes).toMatchObject([{ status: 'applied' }]);
  expect(toys.store.get('a')).toMatchObject({ size: 3 });
  // What comes after it is another drift, which pauses as well.
  change();
  expect((await apply(4)).outcomes).toMatchObject([{ status: 'failed', reason: 'DriftPaused' }]);
  // Who says so in the document overwrites at once.
  const heal = gadget('g', { id: 'a', set: { size: 4 } }, { annotations: { 'genesys-gitops/drift': 'heal' } });
  expect((await clock.drive(toys.apply([heal]))).outcomes).toMatchObject([{ status: 'applied' }]);
});
