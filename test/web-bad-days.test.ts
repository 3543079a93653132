import { expect, test } from 'vitest';
import type { Day } from './support/long-day.ts';
import { said } from './support/stories.ts';
import { anHour, type BadDay, playBadDay } from './support/web-bad-days.ts';
import {
  colourIn,
  configurationIn,
  drafting,
  making,
  once,
  publishing,
  shown,
  useWebDays,
} from './support/web-days.ts';
import { hours, messenger, page } from './support/web-documents.ts';

const open = useWebDays();
const green = '#047857';
const before = [messenger(), page()];
const after = [messenger(green), page()];
const waiting = ['messenger failed DraftPending', 'page skipped DependencyNotReady'];

/** Genesys makes the draft ready after all. */
const ready = (day: Day): void => {
  day.it.sandbox.state.editWebConfiguration(configurationIn(day).id, {}, { publish: false }, 'sandbox-daemon');
};
const served = (versions: number) => (day: Day) => [
  [shown(day), colourIn(day)],
  [`${versions}: says ${versions}, serves ${versions}`, green],
];

const days: BadDay[] = [
  {
    what: 'a draft that never becomes Active',
    before,
    after,
    spoil: [{ when: drafting, then: { activation: 'never' } }],
    becomes: waiting,
    message:
      'the draft of "Messenger" is still Pending after 30 s; the next run looks at it again, and does not write it anew',
    next: waiting,
    mend: ready,
    ends: served(2),
  },
  {
    what: 'a new one whose draft never becomes Active',
    before: [],
    after,
    spoil: [{ when: making, then: { activation: 'never' } }],
    becomes: waiting,
    next: waiting,
    mend: ready,
    ends: served(1),
  },
  {
    what: 'a draft that ends in Error',
    before,
    after,
    spoil: [{ when: drafting, then: { activation: 'error' } }],
    becomes: ['messenger failed DraftInvalid', 'page skipped DependencyNotReady'],
    message:
      'the draft of "Messenger" ended in Error, and nothing was published; Genesys does not say why, the admin pages may',
    mend: anHour,
    ends: served(2),
  },
  {
    what: 'a 400 on publish, once',
    before,
    after,
    spoil: [once(publishing, { status: 400 })],
    becomes: ['messenger applied', 'page applied'],
    ends: served(2),
  },
  {
    what: 'a 400 on publish, always',
    before,
    after,
    spoil: [{ when: publishing, then: { status: 400 } }],
    becomes: ['messenger failed PublishFailed', 'page skipped DependencyNotReady'],
    message: /^Genesys would not publish the draft of "Messenger", 5 times in a row: /,
    next: ['messenger held PublishFailed'],
    mend: anHour,
    ends: served(2),
  },
];

test.each(days)('$what', async (bad) => {
  await playBadDay(await open(bad.options), bad);
});

const other = [messenger('#b91c1c'), page()];

test('a new one that could not be published yet is known by the next commit, which wants another colour', async () => {
  const day = await open();
  day.it.sandbox.addFault({ when: making, then: { activation: 'never' } });
  expect((await day.apply(after)).outcomes.map(said).sort()).toEqual([
    'failed DraftPending',
    'skipped DependencyNotReady',
  ]);
  await day.endsWell(other, [...after, ...other]);
  expect(shown(day)).toBe('1: says 1, serves 1');
});

test('a new one that could not be published yet and is taken back goes, with the draft that is ours', async () => {
  const day = await open();
  const keep = [hours()];
  day.it.sandbox.addFault({ when: making, then: { activation: 'never' } });
  await day.apply([...keep, ...after]);
  await day.endsWell(keep, [...keep, ...after]);
  expect(configurationIn(day)).toBeUndefined();
});

test('a draft of ours that a commit took back is told, and known again by the next', async () => {
  const day = await open();
  await day.apply(before);
  day.it.sandbox.addFault({ when: publishing, then: { status: 403 } });
  await day.apply(after);
  day.it.sandbox.clearFaults();
  const back = await day.apply(before);
  expect([back.outcomes, back.plan.warnings.map(({ message }) => message)]).toEqual([
    [],
    [expect.stringContaining('has a draft that is not published (saved by somebody at ')],
  ]);
  await day.endsWell(other, [...before, ...other]);
  expect(shown(day)).toBe('2: says 2, serves 2');
});
