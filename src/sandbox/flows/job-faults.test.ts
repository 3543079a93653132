import { expect, it } from 'vitest';
import { ended, flowWorld, flowYaml, publish, put, register } from './fixture.ts';

const jobs = { method: 'POST', path: '/api/v2/flows/jobs' };

it('lets a job fail with messages, or with none', async () => {
  await using w = await flowWorld();
  w.sandbox.addFault({ when: { ...jobs, nth: 1 }, then: { job: { status: 'Failure', messages: ['Not today'] } } });
  w.sandbox.addFault({ when: { ...jobs, nth: 2 }, then: { job: { status: 'Failure', messages: [] } } });
  expect((await w.publish(flowYaml())).messages).toMatchObject([{ type: 'Error', text: 'Not today' }]);
  expect(await w.publish(flowYaml())).toMatchObject({ status: 'Failure', messages: [] });
  expect(w.state.flows()).toEqual([]);
  expect((await w.publish(flowYaml())).status).toBe('Success');
});

it('lets a job fail though its work is done', async () => {
  await using w = await flowWorld();
  w.sandbox.addFault({ when: jobs, then: { job: { status: 'Failure', messages: ['Timed out'], done: true } } });
  expect((await w.publish(flowYaml())).status).toBe('Failure');
  expect(w.state.flows()).toHaveLength(1);
});

it('lets a job run for ever, struck at its registration or at the upload', async () => {
  await using w = await flowWorld();
  w.sandbox.addFault({ when: { ...jobs, nth: 1 }, then: { job: { never: true } } });
  w.sandbox.addFault({ when: { method: 'PUT', nth: 2 }, then: { job: { never: true } } });
  for (const _ of [1, 2]) {
    const { presignedUrl, headers } = await register(w.call);
    await put(presignedUrl, headers, flowYaml());
  }
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(w.state.flowJobs().map(({ status }) => status)).toEqual(['Started', 'Started']);
});

it('lets an export fail, as when there are too many', async () => {
  await using w = await flowWorld();
  const { id } = w.state.seedFlow({ yaml: flowYaml() });
  const messages = [`Could not find the flow '${id}'.`];
  w.sandbox.addFault({
    when: { method: 'POST', path: '/api/v2/flows/export/jobs', times: 1 },
    then: { job: { status: 'Failure', messages } },
  });
  const flows = [{ flow: { id } }];
  expect(await w.export({ flows })).toMatchObject({ status: 'Failure', messages: [{ text: messages[0] }] });
  expect((await w.export({ flows })).status).toBe('Success');
});

it('takes the fate over HTTP, and another form not', async () => {
  await using w = await flowWorld();
  const fault = (then: unknown) =>
    fetch(`${w.sandbox.url}/__sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ when: jobs, then }),
    });
  expect((await fault({ job: { status: 'Maybe' } })).status).toBe(400);
  expect((await fault({ job: { ms: 1, messages: [{ type: 'Warning', text: 'Slow' }] } })).status).toBe(204);
  expect(await publish(w.call, flowYaml())).toMatchObject({ status: 'Success', messages: [{ type: 'Warning' }] });
  const { id } = w.state.flowJobs()[0]!;
  expect((await ended(w.call, `/flows/jobs/${id}`)).messages[0]!.text).toBe('Slow');
});
