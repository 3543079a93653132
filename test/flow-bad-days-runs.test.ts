import { copyFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Resource } from '../src/model/resource.ts';
import { fate, flowIn, jobsOf, liveText, useFlowDays } from './support/flow-days.ts';
import { action, main } from './support/flow-faults.ts';
import { type Day, freshJournal } from './support/long-day.ts';
import { said } from './support/stories.ts';

const open = useFlowDays();
const before = [action, main()];
const after = [action, main('Main Line', 'Good day')];

/** Stops a run, as SIGTERM does, once its file is there. From then on nobody moves the clock. */
async function stopAtUpload(day: Day, resources: Resource[]): Promise<string[]> {
  const controller = new AbortController();
  const uploaded = Promise.withResolvers<void>();
  const stop = day.it.sandbox.onRequest(({ method, phase }) => {
    if (method === 'PUT' && phase === 'served') uploaded.resolve();
  });
  Object.assign(day.it.engine, { signal: controller.signal });
  const running = day.it.apply(resources);
  await day.clock.drive(uploaded.promise);
  controller.abort();
  const { outcomes } = await running;
  stop();
  Object.assign(day.it.engine, { signal: undefined });
  return outcomes.map(said);
}

/** Lets the newest job come to its end once it was looked at a few times more. */
function endAfterLooks(day: Day): void {
  const { state } = day.it.sandbox;
  const job = jobsOf(day).started.at(-1)!;
  let looks = 0;
  const stop = day.it.sandbox.onRequest(({ path, phase }) => {
    if (phase !== 'arrived' || !path.startsWith(`/api/v2/flows/jobs/${job.id}`) || ++looks < 4) return;
    stop();
    const { id } = state.publishFlow(job.upload!, 'sandbox-daemon');
    Object.assign(job, { status: 'Success', flowId: id });
  });
}

describe('a run that is asked to stop while a job runs', () => {
  test('ends at once, and the next one goes on with that job', async () => {
    const day = await open();
    await day.apply(before);
    day.it.sandbox.addFault(fate({ never: true }));
    expect(await stopAtUpload(day, after)).toEqual(['failed Interrupted']);
    endAfterLooks(day);
    const second = await day.apply(after);
    expect(second.outcomes.map((one) => [said(one), one.receipt.trace])).toEqual([
      ['applied', { job: jobsOf(day).started.at(-1)!.id }],
    ]);
    await day.endsWell(after);
    expect(jobsOf(day).registered).toHaveLength(2);
  });

  test('that makes a flow: the same, and the flow is ours', async () => {
    const day = await open();
    await day.apply([action]);
    day.it.sandbox.addFault(fate({ never: true }));
    expect(await stopAtUpload(day, before)).toEqual(['failed Interrupted']);
    expect((await day.apply(before)).plan.held.map(({ reason }) => reason)).toEqual(['Unsettled']);
    endAfterLooks(day);
    await day.endsWell(before);
    expect(jobsOf(day).registered).toHaveLength(1);
  });

  test('and the next commit wants another text: the first job is waited for', async () => {
    const day = await open();
    await day.apply(before);
    day.it.sandbox.addFault(fate({ never: true }));
    await stopAtUpload(day, after);
    endAfterLooks(day);
    const next = [action, main('Main Line', 'Good night')];
    const { outcomes } = await day.apply(next);
    expect(outcomes.map((one) => [said(one), one.receipt.versionBefore])).toEqual([['applied', '2.0']]);
    expect(liveText(day)).toContain('Good night');
    await day.endsWell(next);
  });
});

describe('an old journal', () => {
  test('knows nothing of the last publishing: it is found done, and not repeated', async () => {
    const [journal, old] = [freshJournal(), freshJournal()];
    const day = await open({ journal });
    await day.apply(before);
    copyFileSync(journal, old);
    copyFileSync(`${journal}-wal`, `${old}-wal`);
    await day.apply(after);
    const restored = await open({ journal: old }, day);
    const { plan, status } = await restored.apply(after);
    expect([plan.changes, status]).toEqual([[], 'succeeded']);
    expect(flowIn(day).versions).toHaveLength(2);
    await restored.endsWell(after);
  });

  test('holds the job of an earlier publishing: another one of the same text is a new one', async () => {
    const [journal, old] = [freshJournal(), freshJournal()];
    const day = await open({ journal });
    await day.apply(before);
    day.it.sandbox.addFault(fate({ never: true }));
    await day.apply(after);
    copyFileSync(journal, old);
    copyFileSync(`${journal}-wal`, `${old}-wal`);
    day.it.sandbox.state.publishFlow(jobsOf(day).started.at(-1)!.upload!, 'sandbox-daemon');
    await day.apply(after);
    await day.apply(before);
    const restored = await open({ journal: old }, day);
    expect((await restored.apply(after)).outcomes.map(said)).toEqual(['applied']);
    expect(liveText(day)).toContain('Good day');
    await restored.endsWell(after);
  });
});
