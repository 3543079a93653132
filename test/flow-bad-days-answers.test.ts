import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../src/model/json.ts';
import { inspect } from '../src/objects/flow/api/inspect.ts';
import { lineOf, told } from '../src/objects/flow/api/told.ts';
import { editByHand, exporting, fate, flowIn, jobsOf, registering, useFlowDays } from './support/flow-days.ts';
import { action, main } from './support/flow-faults.ts';
import type { Day } from './support/long-day.ts';
import { said } from './support/stories.ts';

const open = useFlowDays();
const before = [action, main()];
const after = [action, main('Main Line', 'Good day')];
const long = `X\u001b[31m\n@here \u202e${'y'.repeat(10_000_000)}`;

async function published(): Promise<Day> {
  const day = await open();
  await day.apply(before);
  return day;
}

describe('long messages', () => {
  test('of a job that fails are cut, and the rest of many is counted', async () => {
    const day = await published();
    day.it.sandbox.addFault(fate({ status: 'Failure', messages: [long, ...Array.from({ length: 40 }, () => 'z')] }));
    const [outcome] = (await day.apply(after)).outcomes;
    expect(said(outcome!)).toBe('failed PublishFailed');
    expect(outcome!.message).toMatch(/: X \[31m @here y+…; z; .*z; and 21 more/);
    expect(JSON.stringify(outcome).length).toBeLessThan(3000);
  });

  test('of a job that warns', async () => {
    const day = await published();
    const messages = Array.from({ length: 25 }, () => ({ type: 'Warning' as const, text: long.slice(0, 100_000) }));
    day.it.sandbox.addFault(fate({ status: 'Success', messages }));
    const [outcome] = (await day.apply(after)).outcomes;
    expect(said(outcome!)).toBe('applied');
    expect(outcome!.warnings).toHaveLength(21);
    expect(outcome!.warnings!.map(({ length }) => length).slice(19)).toEqual([500, 'and 5 more'.length]);
  });

  test('of an export that fails', async () => {
    const day = await published();
    editByHand(day);
    day.it.sandbox.addFault({ when: exporting, then: { job: { status: 'Failure', messages: [long] } } });
    const { held } = await day.plan(before);
    expect(held.map(({ reason }) => reason)).toEqual(['ExportFailed']);
    expect(held[0]!.message.length).toBeLessThan(1000);
  });

  test('names of who has a lock', async () => {
    const day = await published();
    day.it.sandbox.state.lockFlow(flowIn(day).id, { user: `Ada\n${'a'.repeat(1_000_000)}` });
    const [outcome] = (await day.apply(after)).outcomes;
    expect(outcome!.message).toMatch(/^Ada a+… has "Main Line" open for editing/);
    expect(outcome!.message!.length).toBeLessThan(1000);
  });

  test('of a validation', async () => {
    const day = await published();
    const when = { method: 'POST', path: '/api/v2/flows/validate/jobs' };
    const messages = [long, ...Array.from({ length: 40 }, () => 'z')];
    day.it.sandbox.addFault({ when, then: { job: { status: 'Failure', messages } } });
    const found = await day.clock.drive(inspect(day.it.engine.reader, { id: flowIn(day).id, name: 'Main Line' }));
    expect(found).toHaveLength(21);
    expect(found[0]).toMatch(/not on the file: error: X \[31m @here y+…$/);
    expect(found[20]).toMatch(/: and 21 more$/);
    expect(Math.max(...found.map(({ length }) => length))).toBeLessThan(600);
  });

  test('are cut between characters, and so that what is short stays', () => {
    expect(lineOf('😀'.repeat(400))).toBe(`${'😀'.repeat(249)}…`);
    expect([lineOf(' a\r\n b '), lineOf(null), lineOf(['a']), lineOf('y'.repeat(500)).length]).toEqual([
      'a b',
      '',
      '',
      500,
    ]);
    expect(told(['a', 'b'])).toEqual(['a', 'b']);
  });
});

/** What is answered to this request, changed. */
const answers = (when: JsonObject, body: unknown): JsonObject => ({
  when,
  then: { instead: { status: 200, body: JSON.stringify(body) } },
});
const polls = { method: 'GET', path: '/api/v2/flows/jobs/*' };

describe('an odd answer', () => {
  test.each([
    ['an unknown status', { status: 'Paused\n' }, 'still has the unknown status "Paused" after'],
    ['no status', {}, 'still has no status after'],
    ['a status that is no text', { status: { a: 1 } }, 'still has no status after'],
  ])('about a job with %s ends in a wait that says so', async (_what, body, words) => {
    const day = await published();
    day.it.sandbox.addFault(answers(polls, body) as never);
    const { outcomes } = await day.apply(after);
    expect(outcomes.map(said)).toEqual(['failed JobRunning']);
    expect(outcomes[0]!.message).toContain(words);
    await day.endsWell(after);
  });

  test('about a job that is no job is a bad answer', async () => {
    const day = await published();
    day.it.sandbox.addFault(answers(polls, ['x']) as never);
    const { outcomes } = await day.apply(after);
    expect(outcomes.map(said)).toEqual(['failed BadAnswer']);
    await day.endsWell(after);
  });

  test.each([
    ['messages that are no list', { messages: 'x' }],
    ['messages without a text', { messages: [null, 'x', { type: 'Error' }, { type: 'Error', text: { a: 1 } }] }],
  ])('about a job with %s tells nothing in their place', async (_what, more) => {
    const day = await published();
    day.it.sandbox.addFault(fate({ status: 'Failure' }));
    day.it.sandbox.addFault(answers(polls, { status: 'Failure', ...more }) as never);
    const { outcomes } = await day.apply(after);
    expect(outcomes[0]!.message).toMatch(/: it gave no reason; Genesys support can look it up/);
  });

  test('about a job with a flow id that is no text: its flow is the one that was meant', async () => {
    const day = await published();
    day.it.sandbox.addFault(answers(polls, { status: 'Success', flow: { id: { a: 1 } }, messages: null }) as never);
    expect((await day.apply(after)).outcomes.map(said)).toEqual(['applied']);
  });

  test.each([[{ id: 7, presignedUrl: 'x' }], [{ id: 'x'.repeat(1000), presignedUrl: 'x' }], [{}], [[]]])(
    'to a registration (%#) is a bad answer',
    async (body) => {
      const day = await published();
      day.it.sandbox.addFault(answers(registering, body) as never);
      expect((await day.apply(after)).outcomes.map(said)).toEqual(['failed BadAnswer']);
      expect(jobsOf(day).started).toHaveLength(1);
    },
  );

  test.each([
    ['of another flow', { id: 'other', name: 'Main Line' }],
    ['without a name', { name: null }],
    ['of a version whose id is no text', { publishedVersion: { id: { a: 1 } } }],
  ])('about a flow, %s, is a bad answer, and nothing is published', async (_what, edit) => {
    const day = await published();
    const { id } = flowIn(day);
    const body = { id, name: 'Main Line', type: 'INBOUNDCALL', publishedVersion: { id: '1.0' }, ...edit };
    day.it.sandbox.addFault(answers({ method: 'GET', path: `/api/v2/flows/${id}` }, body) as never);
    const { outcomes } = await day.apply(after);
    expect(outcomes.map(said)).toEqual(['failed BadAnswer']);
    expect(jobsOf(day).started).toHaveLength(1);
  });

  test('that lists a flow without a name: it is nobody’s, and others go on', async () => {
    const day = await published();
    const { id } = flowIn(day);
    const mine = { id, name: 'Main Line', type: 'INBOUNDCALL', publishedVersion: { id: '1.0' } };
    const odd = { id: 'odd', name: null, type: null, lockedUser: { id: null }, publishedVersion: null };
    const page = { entities: [odd, mine], pageNumber: 1, pageSize: 100, pageCount: 1, total: 2 };
    day.it.sandbox.addFault(answers({ method: 'GET', path: '/api/v2/flows' }, page) as never);
    expect((await day.apply(after)).outcomes.map(said)).toEqual(['applied']);
  });

  test('that lists a flow without an id is a bad answer: it might be ours', async () => {
    const day = await published();
    const page = { entities: [{ id: null, name: 'Main Line' }], pageNumber: 1, pageSize: 100, pageCount: 1, total: 1 };
    day.it.sandbox.addFault(answers({ method: 'GET', path: '/api/v2/flows' }, page) as never);
    await expect(day.apply(after)).rejects.toThrow(/without an id/);
    expect(day.it.sandbox.state.flows()).toHaveLength(2);
  });
});
