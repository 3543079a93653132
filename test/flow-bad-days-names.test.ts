import { describe, expect, test } from 'vitest';
import { flowIn, jobsOf, liveText, upload, useFlowDays } from './support/flow-days.ts';
import { action, main } from './support/flow-faults.ts';
import { foreign, timeoutOf } from './support/flow-verdict.ts';
import { callFlow, callStep } from './support/flows.ts';
import type { Day } from './support/long-day.ts';
import { said } from './support/stories.ts';

const open = useFlowDays();
const before = [action, main()];
const after = [action, main('Main Line', 'Good day')];
const step = [timeoutOf('t', foreign, 'Look up', '17s')];

async function published(): Promise<Day> {
  const day = await open();
  await day.apply(before);
  return day;
}

/** A person renames a flow, which makes no version of it, and calls one of theirs by its name. */
function swapped(day: Day): string {
  const { state } = day.it.sandbox;
  const theirs = state.seedFlow({ yaml: callFlow('Theirs', callStep('a')).replace('Welcome', 'Their own') });
  Object.assign(flowIn(day), { name: 'Old Line' });
  Object.assign(flowIn(day, 'Theirs'), { name: 'Main Line' });
  return theirs.id;
}

describe('somebody renames our flow and calls theirs by its name', () => {
  test('between plan and job: theirs is not published over', async () => {
    const day = await published();
    let theirs = '';
    const planned = (): void => {
      theirs = swapped(day);
    };
    const { outcomes } = await day.apply(after, { planned });
    expect(outcomes.map(said)).toEqual(['failed BadRequest']);
    expect(outcomes[0]!.message).toContain('another flow is called "Main Line"');
    expect(day.it.sandbox.state.exportText(theirs)).toContain('Their own');
    expect(jobsOf(day).started).toHaveLength(1);
  });

  test('while the file waits, as Genesys asked for that: theirs is not published over', async () => {
    const day = await published();
    let theirs = '';
    day.it.sandbox.addFault({ when: { ...upload, times: 1 }, then: { status: 429, retryAfter: 20 } });
    const stop = day.it.sandbox.onRequest(({ method, phase }) => {
      if (method !== upload.method || phase !== 'arrived') return;
      stop();
      theirs = swapped(day);
    });
    expect((await day.apply(after)).outcomes.map(said)).toEqual(['failed BadRequest']);
    expect(day.it.sandbox.state.exportText(theirs)).toContain('Their own');
    expect(jobsOf(day).started).toHaveLength(1);
  });

  test('while the file is on its way: it is said that theirs was there, and nobody is asked to delete it', async () => {
    const day = await published();
    const { id } = flowIn(day);
    let theirs = '';
    const stop = day.it.sandbox.onRequest(({ method, phase }) => {
      if (method !== upload.method || phase !== 'arrived') return;
      stop();
      theirs = swapped(day);
    });
    const { outcomes } = await day.apply(after);
    expect(outcomes.map(said)).toEqual(['failed NotConverged']);
    expect(outcomes[0]!.message).toContain(`published over another flow of that name (${theirs})`);
    expect(outcomes[0]!.message).toContain('its earlier versions are in its history');
    expect(outcomes[0]!.message).not.toMatch(/delete (it|one|the)/);
    expect(day.it.sandbox.state.exportText(id)).toContain('Welcome');
  });
});

test('somebody renames our flow while the file is on its way: what the job made beside it is said', async () => {
  const day = await published();
  const stop = day.it.sandbox.onRequest(({ method, phase }) => {
    if (method !== upload.method || phase !== 'arrived') return;
    stop();
    Object.assign(flowIn(day), { name: 'Old Line' });
  });
  const { outcomes } = await day.apply(after);
  expect(outcomes.map(said)).toEqual(['failed NotConverged']);
  expect(outcomes[0]!.message).toMatch(/made another flow \([\w-]+\) beside it; delete the one that is not wanted/);
});

test('a rename of ours that reads show late: the new name counts', async () => {
  const day = await published();
  day.it.sandbox.addFault({ when: { method: 'GET', path: '/api/v2/flows/*' }, then: { lag: { updated: 5000 } } });
  const { outcomes } = await day.apply([action, main('Front Desk', 'Good day')]);
  expect(outcomes.map(said)).toEqual(['applied']);
  expect(liveText(day, 'Front Desk')).toContain('Good day');
});

/** What is downloaded is another text. */
function exportsAre(day: Day, edit: (text: string) => string): void {
  const { sandbox } = day.it;
  const edited = new Set<string>();
  sandbox.onRequest(({ method, path, phase }) => {
    if (method !== 'GET' || !path.startsWith('/architect-files/download/') || phase !== 'arrived') return;
    for (const job of sandbox.state.flowJobs()) {
      if (job.download === undefined || edited.has(job.id)) continue;
      edited.add(job.id);
      job.download = { ...job.download, bytes: Buffer.from(edit(job.download.bytes.toString())) };
    }
  });
}

describe('an export', () => {
  const victim = callFlow('Victim', callStep('a', { name: 'Look up', timeout: '{ minutes: 1 }' }));
  const asVictim = (text: string): string => text.replace(/^ {2}name: .*$/m, '  name: Victim');

  async function withVictim(): Promise<Day> {
    const day = await open();
    await day.apply([action]);
    day.it.sandbox.state.seedFlow({ yaml: victim });
    return day;
  }

  test.each([
    ['the name of another flow', asVictim],
    ['the name of another flow in other letters', (text: string) => asVictim(text).replace('Victim', 'VICTIM')],
    ['another type', (text: string) => text.replace('inboundCall:', 'inboundEmail:')],
    ['no name', (text: string) => text.replace(/^ {2}name: .*\n/m, '')],
  ])('with %s is not planned with', async (_what, edit) => {
    const day = await withVictim();
    exportsAre(day, edit);
    const { plan, outcomes } = await day.apply([action, ...step]);
    expect([plan.held.map(({ reason }) => reason), outcomes]).toEqual([['ExportFailed'], []]);
    expect(plan.held[0]!.message).toMatch(
      /the export of flow [\w-]+(, inboundCall "Flow made by hand", is one of| has no name)/,
    );
  });

  test('with the name of another flow, from the plan on, is not published', async () => {
    const day = await withVictim();
    const { outcomes } = await day.apply([action, ...step], { planned: () => exportsAre(day, asVictim) });
    expect(outcomes.map(said)).toEqual(['failed ExportFailed']);
    expect(jobsOf(day).started).toEqual([]);
  });

  test.each([
    ['plain', 'name: Old Name'],
    ['in quotes', 'name: "Old \\"Name"'],
    ['in several lines', 'name: >-\n    Old\n    Name'],
    ['a number', 'name: 007'],
  ])('with a name that the flow had once (%s) is published under the one that it has', async (_what, named) => {
    const day = await open();
    await day.apply([action]);
    exportsAre(day, (text) => text.replace(/^ {2}name: .*$/m, `  ${named}`));
    expect((await day.apply([action, ...step])).outcomes.map(said)).toEqual(['applied']);
    expect(day.it.sandbox.state.flows().map(({ name }) => name)).toEqual([foreign]);
    expect(jobsOf(day).started[0]!.upload).toContain(`  name: "${foreign}"\n`);
    expect(liveText(day, foreign)).toContain('seconds: 17');
  });

  test('with an old name that stands elsewhere, too, is not changed', async () => {
    const day = await open();
    await day.apply([action]);
    exportsAre(day, (text) => text.replace(/^ {2}name: .*$/m, '  name: &n Old\n  note: *n'));
    const { outcomes } = await day.apply([action, ...step]);
    expect(outcomes.map(said)).toEqual(['failed ExportFailed']);
    expect(outcomes[0]!.message).toContain('has an old name, which cannot be changed to');
  });
});
