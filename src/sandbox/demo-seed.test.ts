import { expect, it } from 'vitest';
import { world } from './fixture.ts';
import { exported } from './flows/fixture.ts';
import { demoSeed } from './index.ts';

it('holds a published flow that nobody checked in for the repository', async () => {
  await using w = await world({ seed: demoSeed });
  const flow = w.state.flowNamed('inboundCall', 'Callback Offer')!;
  expect(flow).toMatchObject({ description: 'Offers a callback to who waits', published: '1.0' });
  expect((await w.call('GET', `/flows/${flow.id}`)).body).toMatchObject({ publishedBy: { name: 'Sandbox Admin' } });
  const { text } = await exported(w.call, { flows: [{ flow: { id: flow.id, version: '1.0' } }] });
  expect(text!.match(/- callData:/g)).toHaveLength(3);
  expect(w.state.consumers().map(({ name, type }) => [name, type])).toEqual([
    ['Callback Offer', 'INBOUNDCALLFLOW'],
    ['Callback Offer', 'INBOUNDCALLFLOW'],
    ['Callback Offer', 'INBOUNDCALLFLOW'],
  ]);
  expect(w.state.audits()).toEqual([]);
});
