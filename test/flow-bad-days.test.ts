import { describe, expect, test } from 'vitest';
import { fate, flowIn, jobsOf, useFlowDays } from './support/flow-days.ts';
import { action, main } from './support/flow-faults.ts';
import type { Day } from './support/long-day.ts';
import { said } from './support/stories.ts';

const open = useFlowDays();
const before = [action, main()];
const after = [action, main('Main Line', 'Good day')];

async function published(): Promise<Day> {
  const day = await open();
  await day.apply(before);
  return day;
}

describe('a job', () => {
  test('that fails: its errors are the failure, and whoever tries again starts another', async () => {
    const day = await published();
    const warning = { type: 'Warning', text: 'and a warning' } as const;
    day.it.sandbox.addFault(fate({ status: 'Failure', messages: ['first', 'second', warning] }));
    const [outcome] = (await day.apply(after)).outcomes;
    const { id } = jobsOf(day).started.at(-1)!;
    expect(said(outcome!)).toBe('failed PublishFailed');
    expect(outcome!.message).toMatch(
      new RegExp(
        `^Genesys did not publish "Main Line" \\(job ${id}, correlation id [\\w-]+\\): first; second; and a warn`,
      ),
    );
    expect(outcome!.receipt.trace).toEqual({ job: id });
    expect((await day.apply(after)).plan.held.map(({ reason }) => reason)).toEqual(['PublishFailed']);
    expect((await day.apply(after, { byHand: true })).outcomes.map(said)).toEqual(['applied']);
    await day.endsWell(after);
  });

  test('that fails without a word: it says so, with what support needs', async () => {
    const day = await published();
    day.it.sandbox.addFault(fate({ status: 'Failure', messages: [] }));
    const [outcome] = (await day.apply(after)).outcomes;
    expect(outcome!.message).toMatch(/\(job [\w-]+, correlation id [\w-]+\): it gave no reason; Genesys support can/);
  });

  test('that fails although its work was done: it is seen, and not published again', async () => {
    const day = await published();
    day.it.sandbox.addFault(fate({ status: 'Failure', messages: ['too late'], done: true }));
    expect((await day.apply(after)).outcomes.map(said)).toEqual(['applied']);
    expect(flowIn(day).versions).toHaveLength(2);
    await day.endsWell(after);
  });

  test('that fails as somebody locked the flow just then: it waits for the lock', async () => {
    const day = await published();
    const { state } = day.it.sandbox;
    const { id } = flowIn(day);
    const stop = day.it.sandbox.onRequest(({ method, phase }) => {
      if (method === 'PUT' && phase === 'arrived') state.lockFlow(id, { user: 'Ada Admin' });
    });
    const [outcome] = (await day.apply(after)).outcomes;
    stop();
    expect(said(outcome!)).toBe('failed Locked');
    expect(outcome!.message).toMatch(/Ada Admin.*is locked by Ada Admin and cannot be published/);
    state.unlockFlow(id);
    await day.endsWell(after);
  });

  test('that never ends: the next run looks at the same one, and publishes nothing', async () => {
    const day = await published();
    const { state } = day.it.sandbox;
    day.it.sandbox.addFault(fate({ never: true }));
    const begun = day.clock.now().getTime();
    const first = await day.apply(after);
    const job = jobsOf(day).started.at(-1)!;
    expect(first.outcomes.map(said)).toEqual(['failed JobRunning']);
    expect(first.outcomes[0]!.message).toMatch(
      new RegExp(`"Main Line" \\(job ${job.id}\\) is still started after 1\\d`),
    );
    expect(day.clock.now().getTime() - begun).toBeGreaterThanOrEqual(600_000);
    const second = await day.apply(after);
    expect(second.outcomes.map((one) => [said(one), one.receipt.trace])).toEqual([
      ['failed JobRunning', { job: job.id }],
    ]);
    expect(jobsOf(day).registered).toHaveLength(2);
    const { id } = state.publishFlow(job.upload!, 'sandbox-daemon');
    Object.assign(job, { status: 'Success', flowId: id });
    await day.endsWell(after);
    expect(jobsOf(day).registered).toHaveLength(2);
  });

  test('that never ends, of a flow that is new: the same', async () => {
    const day = await open();
    day.it.sandbox.addFault(fate({ never: true }));
    expect((await day.apply(before)).outcomes.map(said)).toEqual(['applied', 'failed JobRunning']);
    await day.clock.advance(20_000);
    await day.apply(before);
    expect(jobsOf(day).registered).toHaveLength(1);
  });

  test('that warns: the outcome does', async () => {
    const day = await published();
    day.it.sandbox.addFault(fate({ status: 'Success', messages: [{ type: 'Warning', text: 'nobody uses it' }] }));
    const [outcome] = (await day.apply(after)).outcomes;
    expect([said(outcome!), outcome!.warnings]).toEqual(['applied', ['nobody uses it']]);
  });

  test('that is done before reads show it: it is waited for', async () => {
    const day = await published();
    day.it.sandbox.addFault({ when: { method: 'GET', path: '/api/v2/flows/*' }, then: { lag: { updated: 10_000 } } });
    expect((await day.apply(after)).outcomes.map(said)).toEqual(['applied']);
    await day.endsWell(after);
  });

  test('that is done and that reads do not show at all: it is not taken for applied, nor published again', async () => {
    const day = await published();
    day.it.sandbox.addFault({
      when: { method: 'GET', path: '/api/v2/flows/*' },
      then: { lag: { updated: 3_600_000 } },
    });
    const { outcomes } = await day.apply(after);
    expect(outcomes.map(said)).toEqual(['failed JobRunning']);
    expect(outcomes[0]!.message).toMatch(/is published \(job [\w-]+\), and still shows version 1\.0/);
    await day.endsWell(after);
    expect(jobsOf(day).started).toHaveLength(2);
  });

  test('that nobody knows of for a moment is no job that is gone', async () => {
    const day = await published();
    day.it.sandbox.addFault({ when: { method: 'GET', path: '/api/v2/flows/jobs/*', times: 3 }, then: { status: 404 } });
    expect((await day.apply(after)).outcomes.map(said)).toEqual(['applied']);
    expect(jobsOf(day).registered).toHaveLength(2);
  });
});
