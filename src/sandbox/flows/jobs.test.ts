import { expect, it } from 'vitest';
import { call, ended, flowWorld, flowYaml, put, register } from './fixture.ts';

it('publishes a new flow, then a new version of it', async () => {
  await using w = await flowWorld();
  const first = await w.publish(flowYaml());
  expect(first).toMatchObject({ status: 'Success', command: 'Publish', messages: [] });
  const id = first.flow!.id;
  const again = await w.publish(flowYaml());
  expect(again.flow).toEqual({ id, selfUri: `/api/v2/flows/${id}` });
  const { body } = await w.call('GET', `/flows/${id}`);
  expect(body).toMatchObject({
    name: 'Main IVR',
    type: 'INBOUNDCALL',
    active: true,
    publishedVersion: { id: '2.0', type: 'PUBLISH', createdByClient: { id: 'sandbox-daemon' } },
    checkedInVersion: { id: '2.0' },
    savedVersion: { id: '2.0' },
  });
  expect(body).not.toHaveProperty('publishedBy');
  const versions = (await w.call('GET', `/flows/${id}/versions`)).body['entities'] as unknown as { id: string }[];
  expect(versions.map((version) => version.id)).toEqual(['2.0', '1.0']);
  expect(versions[1]).toHaveProperty('datePublishedEnd');
  expect(versions[0]).not.toHaveProperty('datePublishedEnd');
});

it('makes another flow of another name, and of another type', async () => {
  await using w = await flowWorld();
  await w.publish(flowYaml());
  await w.publish(flowYaml('Second'));
  await w.publish(flowYaml().replace('inboundCall:', 'outboundCall:'));
  expect(w.state.flows().map(({ type, name }) => [type, name])).toEqual([
    ['inboundCall', 'Main IVR'],
    ['inboundCall', 'Second'],
    ['outboundCall', 'Main IVR'],
  ]);
});

it('goes from registered to started to its end, which takes its time', async () => {
  await using w = await flowWorld({ jobMs: 900 });
  const { id, presignedUrl, headers } = await register(w.call);
  const look = async () => (await w.call('GET', `/flows/jobs/${id}`)).body as unknown as Record<string, string>;
  expect(await look()).toEqual({ id, status: 'Registered', command: 'Publish', selfUri: `/api/v2/flows/jobs/${id}` });
  await put(presignedUrl, headers, flowYaml('First'));
  expect(await look()).toMatchObject({ status: 'Registered' });
  expect((await put(presignedUrl, headers, flowYaml('Second'))).status).toBe(200);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(await look()).toMatchObject({ status: 'Started' });
  expect(w.state.flows()).toEqual([]);
  await ended(w.call, `/flows/jobs/${id}`);
  expect(w.state.flows().map(({ name }) => name)).toEqual(['Second']);
});

it('tells messages only when asked', async () => {
  await using w = await flowWorld();
  await w.publish('inboundCall: {}');
  const { id } = w.state.flowJobs()[0]!;
  expect((await w.call('GET', `/flows/jobs/${id}`)).body).not.toHaveProperty('messages');
  expect((await w.call('GET', `/flows/jobs/${id}?expand=messages`)).body).toHaveProperty('messages');
});

const bad: Record<string, [yaml: string, says: RegExp]> = {
  'what is no YAML': ['inboundCall: [', /could not be parsed as YAML/],
  'what is no YAML before substitution': ['inboundCall:\n  name: {{flow}}\n', /could not be parsed as YAML/],
  'an unknown top key': ['inboundFax: { name: A }', /"inboundFax" is not a known flow type/],
  'two top keys': ['inboundCall: { name: A }\nworkflow: { name: B }', /exactly one key/],
  'no name': ['inboundCall: { description: A }', /has no name/],
  'a name with a slash': [flowYaml('A/B'), /must not contain forward slashes/],
  'an unknown action': [
    flowYaml().replace('Get Customer', 'Get Nobody'),
    /data action 'Get Nobody' in the category 'CRM'/,
  ],
  'an unknown category': [flowYaml().replace('CRM', 'ERP'), /'Get Customer' in the category 'ERP'/],
  'two actions in a call': [
    flowYaml().replace('Get Customer:', 'Other: {}, Get Customer:'),
    /exactly one category and one/,
  ],
  'a step of two keys': [
    flowYaml('A', ['- { playAudio: {}, disconnect: {} }']),
    /actions\[0\] must have exactly one key/,
  ],
  'a step that is a text': [flowYaml('A', ['- playAudio']), /actions\[0\] must have exactly one key/],
  'a step with a text': [flowYaml('A', ['- playAudio: hello']), /actions\[0\] is malformed/],
  'a reference to nothing': [
    flowYaml().replace('task[start]', 'task[begin]'),
    /"\.\/tasks\/task\[begin\]" at startUpRef/,
  ],
  'no start': [flowYaml().replace(/ {2}startUpRef.*\n/, ''), /"startUpRef" is missing/],
  'an unknown flow': [
    flowYaml('A', ['- transferToFlow: { targetFlow: { name: Nowhere } }']),
    /could not find the flow 'Nowhere'/,
  ],
  'an unknown division': [flowYaml('A', [], '  division: Nowhere\n'), /could not find the division 'Nowhere'/],
  'a duration without a unit': [
    flowYaml('A', [call('timeout: { lit: 60 }, ')]),
    /timeout: a literal duration must name its units/,
  ],
  'an unknown unit': [flowYaml('A', [call('timeout: { lit: { weeks: 1 } }, ')]), /"weeks" is not a unit/],
};

it.each(Object.entries(bad))('fails on %s', async (_name, [yaml, says]) => {
  await using w = await flowWorld();
  const state = await w.publish(yaml);
  expect(state.status).toBe('Failure');
  expect(state.messages.map(({ type }) => type)).toEqual(['Error']);
  expect(state.messages[0]!.text).toMatch(says);
  expect(state).not.toHaveProperty('flow');
  expect(w.state.flows()).toEqual([]);
});

it('fails on a name that two actions have', async () => {
  await using w = await flowWorld();
  w.state.seedAction({ name: 'Get Customer', integration: 'Genesys Cloud Data Actions', category: 'CRM' });
  expect((await w.publish(flowYaml())).messages[0]!.text).toMatch(/unable to disambiguate/);
});

it('warns of a call whose outputs nobody uses, and publishes', async () => {
  await using w = await flowWorld();
  const state = await w.publish(flowYaml().replace('var: Task.Name', 'noValue: true'));
  expect(state).toMatchObject({ status: 'Success', messages: [{ type: 'Warning' }] });
  expect(state.messages[0]!.text).toContain("uses no output of the data action 'Get Customer'");
});

it('says all that is wrong, not the first only', async () => {
  await using w = await flowWorld();
  const state = await w.publish(flowYaml().replace('CRM', 'ERP').replace('task[start]', 'task[x]'));
  expect(state.messages).toHaveLength(2);
});

it('fails while somebody else has the flow locked, and names who', async () => {
  await using w = await flowWorld();
  const { id } = w.state.seedFlow({ yaml: flowYaml() });
  w.state.lockFlow(id, { user: 'Jo Doe' });
  expect((await w.publish(flowYaml())).messages[0]!.text).toMatch(/is locked by Jo Doe/);
  w.state.lockFlow(id, { client: 'other-client' });
  expect((await w.publish(flowYaml())).messages[0]!.text).toMatch(/is locked by other-client/);
  w.state.lockFlow(id, { client: 'sandbox-daemon' });
  expect((await w.publish(flowYaml())).status).toBe('Success');
  expect(w.state.flow(id)).not.toHaveProperty('lockedBy');
});

it('makes stubs of flows that are not there, when asked', async () => {
  await using w = await flowWorld();
  const yaml = flowYaml('A', ['- transferToFlow: { targetFlow: { name: B } }']);
  const { id, presignedUrl, headers } = await register(w.call, { createStubs: true });
  await put(presignedUrl, headers, yaml);
  expect(await ended(w.call, `/flows/jobs/${id}`)).toMatchObject({ status: 'Success' });
  expect(w.state.flowNamed('inboundCall', 'B')).toMatchObject({ versions: [] });
});

it('leaves no timer behind when it closes', async () => {
  const w = await flowWorld({ jobMs: 60 });
  const { presignedUrl, headers } = await register(w.call);
  await put(presignedUrl, headers, flowYaml());
  await w.sandbox.close();
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(w.state.flows()).toEqual([]);
});
