import { expect, test } from 'vitest';
import { hasty } from '../../../test/support/clock.ts';
import { resource, useWorlds } from '../../../test/support/world.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Resource } from '../../model/resource.ts';
import { paths } from './paths.ts';
import { named, without } from './references.ts';

const open = useWorlds();
const store = (spec: JsonObject): Resource => resource('WebMessagingConfiguration', 'store', spec);
const knowledge = (knowledgeBase: string | JsonObject | null): JsonObject => ({
  messenger: { enabled: false, apps: { knowledge: { enabled: true, knowledgeBase } } },
});

test('what a document names becomes the id that it has in this organisation', async () => {
  const seed = { knowledgeBases: [{ name: 'Help' }], integrations: [{ name: 'Sign-in', type: 'custom-rest-actions' }] };
  const it = await open({ clock: hasty, sandbox: { activationMs: 1, seed } });
  const spec = { ...knowledge('Help'), authenticationSettings: { enabled: true, integration: 'Sign-in' } };
  const { changes } = await it.plan([store(spec)]);
  expect(changes[0]!.fields.flatMap(({ parts }) => parts ?? []).map(({ at }) => at)).toEqual([
    'authenticationSettings.integration "Sign-in"',
    'messenger.apps.knowledge.knowledgeBase "Help"',
  ]);
  expect((await it.apply([store(spec)])).outcomes.map(({ status }) => status)).toEqual(['applied']);
  const { content } = it.sandbox.state.webConfigurationNamed('store')!.versions[0]!;
  const integrationId = it.sandbox.state.integrationNamed('Sign-in')!.id;
  expect(content).toMatchObject({
    messenger: { apps: { knowledge: { knowledgeBase: { id: expect.any(String) } } } },
    authenticationSettings: { enabled: true, integrationId },
  });
  expect((await it.plan([store(spec)])).changes).toEqual([]);
  const cleared = { ...spec, ...knowledge(null) };
  expect((await it.apply([store(cleared)])).outcomes.map(({ status }) => status)).toEqual(['applied']);
  expect((await it.plan([store(cleared)])).changes).toEqual([]);
});

test('what is not there is a problem; a document that names nothing asks for no list', async () => {
  const it = await open({ clock: hasty, sandbox: { activationMs: 1 } });
  const { problems } = await it.plan([store(knowledge('Help Centre'))]);
  expect(problems).toEqual([
    {
      code: 'knowledge-base-not-found',
      message:
        'no knowledge base "Help Centre" is there (did you mean "Help Center"?); make it in the admin pages first',
      resource: 'WebMessagingConfiguration/store',
      pointer: '/spec/messenger/apps/knowledge/knowledgeBase',
    },
  ]);
  const byId = await it.plan([store(knowledge({ id: 'nobody' }))]);
  expect(byId.problems.map(({ message }) => message)).toEqual([
    'no knowledge base with the id nobody is there; make it in the admin pages first',
  ]);
  it.sandbox.clearRequests();
  await it.plan([store({ description: 'plain' })]);
  expect(it.sandbox.requests().map(({ pathTemplate }) => pathTemplate)).toEqual([paths.configurations]);
});

test('exported by name, and left out where nothing has the id any more', () => {
  const entry = { type: 'knowledge-base', key: 'Help', name: 'Help', id: '1', attributes: {} };
  const index = { all: (type: string) => (type === entry.type ? [entry] : []), find: () => [] };
  const live = {
    messenger: { apps: { knowledge: { enabled: true, knowledgeBase: { id: '1' } } } },
    supportCenter: { enabled: false, knowledgeBase: { id: 'gone' } },
    authenticationSettings: { enabled: false, integrationId: 'gone' },
  };
  expect(named(live, index)).toEqual({
    messenger: { apps: { knowledge: { enabled: true, knowledgeBase: 'Help' } } },
    supportCenter: { enabled: false },
    authenticationSettings: { enabled: false },
  });
  expect(without({ a: { b: 1, c: 2 } }, '/a/b')).toEqual({ a: { c: 2 } });
  expect(without({ a: 1 }, '/b/c')).toEqual({ a: 1 });
});
