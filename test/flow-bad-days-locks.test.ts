import { describe, expect, test } from 'vitest';
import type { Resource } from '../src/model/resource.ts';
import { flowIn, jobsOf, liveText, once, useFlowDays } from './support/flow-days.ts';
import { action, main } from './support/flow-faults.ts';
import { flowOf } from './support/flows.ts';
import type { Day } from './support/long-day.ts';
import { said } from './support/stories.ts';
import type { WorldOptions } from './support/world.ts';

const open = useFlowDays();
const before = [action, main()];
const after = [action, main('Main Line', 'Good day')];
const text = after[1]!.files['/spec/file']!.text;
const forced = (fingerprint: string): Resource[] => [
  action,
  flowOf('main', text, { onLocked: 'unlock' }, { 'genesys-gitops/force-unlock': fingerprint }),
];

async function published(options?: WorldOptions): Promise<Day> {
  const day = await open(options);
  await day.apply(before);
  return day;
}

/** Someone saves a draft and keeps it open. */
function draft(day: Day): void {
  const { state } = day.it.sandbox;
  state.editFlow(flowIn(day).id, (yaml) => yaml.replace('Welcome', 'Draft'), { publish: false });
}

describe('a lock', () => {
  test('that is never released: every run says who has it, and none publishes over it', async () => {
    const day = await published();
    day.it.sandbox.state.lockFlow(flowIn(day).id, { user: 'Ada Admin' });
    for (let run = 0; run < 3; run++) {
      const [outcome] = (await day.apply(after)).outcomes;
      expect(said(outcome!)).toBe('failed Locked');
      expect(outcome!.message).toMatch(
        /^Ada Admin has "Main Line" open for editing \(nothing of it is saved yet, and Genesys does not say since when\); it is tried/,
      );
      await day.clock.advance(300_000);
    }
    expect(jobsOf(day).started).toHaveLength(1);
    day.it.sandbox.state.unlockFlow(flowIn(day).id);
    await day.endsWell(after);
  });

  test('with a draft: since when it was saved', async () => {
    const day = await published();
    draft(day);
    expect((await day.apply(after)).outcomes[0]!.message).toMatch(/^Sandbox Admin has "Main Line" open .*saved.* ago/);
  });

  test('of another OAuth client is somebody else, too', async () => {
    const day = await published();
    day.it.sandbox.state.lockFlow(flowIn(day).id, { client: 'other-client' });
    expect((await day.apply(after)).outcomes[0]!.message).toMatch(/^OAuth client other-client has "Main Line" open/);
  });

  test('of our own is in nobody’s way', async () => {
    const day = await published();
    day.it.sandbox.state.lockFlow(flowIn(day).id, { client: 'sandbox-daemon' });
    expect((await day.apply(after)).outcomes.map(said)).toEqual(['applied']);
  });

  test('an operation that is not over is waited for, and cannot be forced', async () => {
    const day = await published();
    const by = { user: { id: 'ada', name: 'Ada Admin' } };
    const operation = { id: 'one', action: 'PUBLISH', status: 'STARTED', by };
    Object.assign(flowIn(day), { operation });
    const [outcome] = (await day.apply(forced('1.0'))).outcomes;
    expect([said(outcome!), outcome!.message]).toEqual([
      'failed Locked',
      'Ada Admin has started to publish "Main Line", and it is not done; it is tried again later',
    ]);
    Object.assign(flowIn(day), { operation: { ...operation, status: 'SUCCESS' } });
    await day.endsWell(after);
  });
});

describe('force-unlock', () => {
  test.each([
    ['', []],
    [', where a draft has to be checked in', ['flow-unlock-refuses-drafts']],
  ])('with the fingerprint of what is there publishes, and keeps the draft%s', async (_what, quirks) => {
    const day = await published({ sandbox: { quirks } });
    draft(day);
    expect((await day.apply(forced('1.0'))).outcomes.map(said)).toEqual(['failed Locked']);
    expect((await day.apply(forced(flowIn(day).saved!))).outcomes.map(said)).toEqual(['applied']);
    expect(liveText(day)).toContain('Good day');
    const { versions } = flowIn(day);
    expect(versions.map(({ type, tree }) => [type, JSON.stringify(tree).includes('Draft')])).toEqual([
      ['PUBLISH', false],
      ['CHECKIN', true],
      ['PUBLISH', false],
    ]);
    await day.endsWell(after);
  });

  test.each([
    ['the unlock', '/api/v2/flows/actions/unlock', []],
    ['the check-in', '/api/v2/flows/actions/checkin', ['flow-unlock-refuses-drafts']],
  ])('of which the answer to %s is lost: the flow itself tells', async (_what, path, quirks) => {
    const day = await published({ sandbox: { quirks } });
    draft(day);
    day.it.sandbox.addFault(once({ method: 'POST', path }, { lostResponse: true }));
    expect((await day.apply(forced(flowIn(day).saved!))).outcomes.map(said)).toEqual(['applied']);
    expect(jobsOf(day).started).toHaveLength(2);
    await day.endsWell(after);
  });

  test('lasts for one write: also where its first URL is refused', async () => {
    const day = await published();
    draft(day);
    day.it.sandbox.addFault(once({ method: 'PUT', path: '/architect-files/**' }, { status: 403 }));
    expect((await day.apply(forced(flowIn(day).saved!))).outcomes.map(said)).toEqual(['applied']);
  });

  test('dies with what it was given for', async () => {
    const day = await published();
    draft(day);
    const fingerprint = flowIn(day).saved!;
    await day.apply(forced(fingerprint));
    draft(day);
    const again = [action, flowOf('main', text.replace('Good day', 'Good night'), forced(fingerprint)[1]!.spec)];
    expect((await day.apply(again)).outcomes.map(said)).toEqual(['failed Locked']);
  });
});
