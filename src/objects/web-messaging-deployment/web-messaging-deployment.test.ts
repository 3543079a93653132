import { describe, expect, test } from 'vitest';
import { hasty } from '../../../test/support/clock.ts';
import { line, resource, useWorlds, type World, type WorldOptions } from '../../../test/support/world.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Outcome, Plan } from '../../model/plan.ts';
import type { Resource } from '../../model/resource.ts';
import { differences } from './compare.ts';
import { paths } from './paths.ts';
import { webMessagingDeploymentKind } from './web-messaging-deployment.ts';

const open = useWorlds();

const site = (spec: JsonObject = {}): Resource =>
  resource('WebMessagingDeployment', 'site', { configuration: 'Store', ...spec });
const store = (primaryColor = '#1d4ed8'): Resource =>
  resource('WebMessagingConfiguration', 'store', {
    name: 'Store',
    messenger: { enabled: false, styles: { primaryColor } },
  });

const told = (outcomes: readonly Outcome[]): string[] =>
  outcomes.map(({ status, reason, message }) => (reason === undefined ? status : `${reason}: ${message}`));
const problems = ({ problems: found }: Plan): string[] => found.map(({ code, message }) => `${code}: ${message}`);
const deployed = (it: World) => it.sandbox.state.webDeploymentNamed('site')!;
const messageFlow = (name: string): string =>
  `inboundShortMessage:\n  name: ${name}\n  startUpRef: ./states/state[s]\n  states:\n    - state:\n        name: S\n        refId: s\n        actions:\n          - disconnect: { none: true }\n`;

async function worldOf(options: WorldOptions = {}): Promise<World> {
  return open({ clock: hasty, ...options, sandbox: { activationMs: 1, jobMs: 1, ...options.sandbox } });
}

describe('version', () => {
  test('`latest` moves in the run that publishes, and the plan says so', async () => {
    const it = await worldOf();
    expect(told((await it.apply([store(), site()])).outcomes)).toEqual(['applied', 'applied']);
    const next = [store('#047857'), site()];
    const { changes } = await it.plan(next);
    expect(changes.map(line)).toEqual([
      'update WebMessagingConfiguration/store /messenger/styles/primaryColor',
      'update WebMessagingDeployment/site /configuration/version',
    ]);
    expect(changes[1]!.fields[0]).toMatchObject({ from: '1', to: { knownAfterApply: { attribute: 'version' } } });
    const { outcomes } = await it.apply(next);
    expect(told(outcomes)).toEqual(['applied', 'applied']);
    expect(outcomes[1]!.receipt.activationMs).toBeGreaterThan(0);
    expect(outcomes.map(({ receipt }) => [receipt.versionBefore, receipt.versionAfter])).toEqual([
      ['1', '2'],
      ['1', '2'],
    ]);
    expect(deployed(it)).toMatchObject({ configuration: { version: '2' }, served: { version: '2' } });
    expect((await it.plan(next)).changes).toEqual([]);
  });

  test('`latest` follows a configuration that nobody manages here', async () => {
    const it = await worldOf();
    const { id } = it.sandbox.state.seedWebConfiguration({ name: 'Store', messenger: { enabled: false } });
    await it.apply([site()]);
    it.sandbox.state.editWebConfiguration(id, { description: 'by hand' });
    const { changes } = await it.plan([site()]);
    expect(changes.map(line)).toEqual(['update WebMessagingDeployment/site /configuration/version (drift)']);
    expect(told((await it.apply([site()])).outcomes)).toEqual(['applied']);
    expect(deployed(it).served).toEqual({ id, version: '2' });
  });

  test('a number stays there, whatever is published', async () => {
    const it = await worldOf();
    await it.apply([store(), site({ version: 1 })]);
    await it.apply([store('#047857'), site({ version: '1' })]);
    expect(deployed(it)).toMatchObject({ configuration: { version: '1' }, served: { version: '1' } });
    expect((await it.plan([store('#047857'), site({ version: 1 })])).changes).toEqual([]);
  });

  test('a number that was never published is refused before anything is written, with the newest there is', async () => {
    const it = await worldOf();
    await it.apply([store(), site()]);
    it.sandbox.clearRequests();
    expect(told((await it.apply([store(), site({ version: 7 })])).outcomes)).toEqual([
      'ReferenceNotFound: version 7 of "Store" was never published; the newest is 1',
    ]);
    expect(it.writes()).toEqual([]);
  });

  test('the plan warns of a number that no run could publish next, and not of the next one', async () => {
    const it = await worldOf();
    const warned = async (...documents: Resource[]): Promise<string[]> =>
      (await it.plan(documents)).warnings.map(({ code, message }) => `${code}: ${message}`);
    expect(await warned(store(), site({ version: 2 }))).toEqual([
      'version-not-published: "site" is to have version 2 of "Store", which was never published; none was yet',
    ]);
    expect(await warned(store(), site({ version: 1 }))).toEqual([]);
    await it.apply([store(), site()]);
    const far =
      'version-not-published: "site" is to have version 7 of "Store", which was never published; the newest is 1';
    expect(await warned(store(), site({ version: 7 }))).toEqual([far]);
    expect(await warned(site({ version: 7 }))).toEqual([far]);
    expect(await warned(store('#047857'), site({ version: 2 }))).toEqual([]);
    it.sandbox.state.seedWebConfiguration({ name: 'Store' });
    expect(await warned(site({ version: 7 }))).toEqual([]);
  });
});

test('exported by names: `latest` where it is known to serve the newest version, else the number', () => {
  const entries: Record<string, JsonObject[]> = {
    'web-messaging-configuration': [{ id: 'c', name: 'Store', attributes: { version: '2' } }],
    flow: [{ id: 'f', name: 'Messages', attributes: {} }],
  };
  const index = { all: (type: string) => (entries[type] ?? []) as never, find: () => [] };
  const summary = { id: 'd', key: 'site', name: 'site', attributes: {} };
  const exported = (version: string) => {
    const configuration = { id: 'c', name: 'Store', version };
    const live = { name: 'site', configuration, flow: { id: 'f' }, supportedContent: { id: 'gone' }, status: 'Active' };
    return (webMessagingDeploymentKind.toDocument(live, summary, index) as { spec: JsonObject }).spec;
  };
  expect(exported('2')).toEqual({ name: 'site', configuration: 'Store', version: 'latest', flow: 'Messages' });
  expect(exported('1')['version']).toBe(1);
});

describe('what it refers to', () => {
  test('a name that is not there is a problem with the nearest one', async () => {
    const it = await worldOf();
    it.sandbox.state.seedWebConfiguration({ name: 'Store' });
    it.sandbox.state.seedFlow({ yaml: messageFlow('Messages') });
    it.sandbox.state.seedFlow({
      yaml: 'inboundCall:\n  name: Calls\n  startUpRef: ./tasks/task[t]\n  tasks:\n    - task:\n        name: T\n        refId: t\n        actions:\n          - disconnect: { none: true }\n',
    });
    const spec = { configuration: 'Stor', flow: 'Message', supportedContent: 'Image' };
    expect(problems(await it.plan([site(spec)]))).toEqual([
      'configuration-not-found: no web messaging configuration "Stor" is there (did you mean "Store"?); it is neither live nor in this repository',
      'flow-not-found: no inbound message flow "Message" is there (did you mean "Messages"?); it is neither live nor in this repository',
      'supported-content-not-found: no supported content profile "Image" is there (did you mean "Images"?); make it in the admin pages first',
    ]);
    expect(problems(await it.plan([site({ flow: 'Calls' })]))).toEqual([
      'flow-not-found: no inbound message flow "Calls" is there; the flow "Calls" is of type inboundCall, and messages need inboundShortMessage',
    ]);
  });

  test('a plan tells names, and goes by ids', async () => {
    const it = await worldOf();
    for (const name of ['Day', 'Night']) it.sandbox.state.seedFlow({ yaml: messageFlow(name) });
    await it.apply([store(), site({ flow: 'Day', supportedContent: 'Images' })]);
    const wish = site({ flow: 'Night', supportedContent: null });
    const parts = (await it.plan([store(), wish])).changes.flatMap(({ fields }) => fields.map((field) => field.parts));
    expect(parts).toEqual([[{ at: 'flow', from: 'Day', to: 'Night' }], [{ at: 'supportedContent', from: 'Images' }]]);
    expect(told((await it.apply([store(), wish])).outcomes)).toEqual(['applied']);
    const { id } = it.sandbox.state.flowNamed('inboundShortMessage', 'Night')!;
    expect(deployed(it)).toMatchObject({ flowId: id });
    expect(deployed(it).supportedContentId).toBeUndefined();
  });

  test.each<[string, JsonObject, { status: number; code: string }, string]>([
    [
      'a flow that cannot answer',
      { flow: 'Day' },
      { status: 400, code: 'bad.flow.id' },
      'BadRequest: the flow "Day" cannot answer messages: it has to be a published flow of type inboundShortMessage',
    ],
    [
      'a combination',
      { allowAllDomains: true },
      { status: 400, code: 'illegal.operation' },
      'BadRequest: Genesys refuses this combination',
    ],
    [
      'a profile that is gone',
      { supportedContent: 'Images' },
      { status: 404, code: 'scp.id.not.found' },
      'ReferenceNotFound: the supported content profile is not there',
    ],
    [
      'a version that is gone',
      { description: 'x' },
      { status: 404, code: 'not.found' },
      'ReferenceNotFound: the configuration, or its version, is not there',
    ],
  ])('%s is refused in a clear sentence', async (_what, spec, body, sentence) => {
    const it = await worldOf();
    it.sandbox.state.seedFlow({ yaml: messageFlow('Day') });
    for (const method of ['POST', 'PUT']) {
      it.sandbox.addFault({ when: { method, path: `${paths.deployments}**` }, then: { status: body.status, body } });
    }
    await it.apply([store()]);
    expect(told((await it.apply([store(), site(spec)])).outcomes)[0]).toContain(sentence);
    expect(it.sandbox.state.webDeployments()).toEqual([]);
    it.sandbox.clearFaults();
    await it.apply([store(), site()]);
    it.sandbox.addFault({ when: { method: 'PUT' }, then: { status: body.status, body } });
    expect(told((await it.apply([store(), site(spec)])).outcomes)[0]).toContain(sentence);
  });
});

describe('written whole', () => {
  test('what a document does not declare stays; what somebody turned off is not turned on by another change', async () => {
    for (const quirks of [[], ['web-status-refused']]) {
      const it = await worldOf({ sandbox: { quirks } });
      await it.apply([store(), site({ description: 'first', allowedDomains: ['b.example.com', 'A.example.com'] })]);
      const { id } = deployed(it);
      if (quirks.length === 0) it.sandbox.state.editWebDeployment(id, { status: 'Inactive' });
      expect(told((await it.apply([store(), site({ description: 'second' })])).outcomes)).toEqual(['applied']);
      expect(deployed(it)).toMatchObject({
        description: 'second',
        allowedDomains: ['a.example.com', 'b.example.com'],
        status: quirks.length === 0 ? 'Inactive' : 'Active',
      });
    }
  });

  test('a status is wished as any field is; one on its way there is no drift', async () => {
    const it = await worldOf();
    await it.apply([store(), site({ status: 'Active' })]);
    const off = [store(), site({ status: 'Inactive' })];
    expect((await it.plan(off)).changes.map(line)).toEqual(['update WebMessagingDeployment/site /status']);
    expect(told((await it.apply(off)).outcomes)).toEqual(['applied']);
    expect(deployed(it).status).toBe('Inactive');
    expect((await it.plan(off)).changes).toEqual([]);
  });

  test('one that is on its way to be active is turned off all the same', async () => {
    const it = await worldOf({ waits: { activationMs: 20 } });
    await it.apply([store(), site()]);
    const put = { method: 'PUT', path: paths.deployment };
    it.sandbox.addFault({ when: { ...put, nth: 1 }, then: { activation: 'never' } });
    await it.apply([store('#047857'), site()]);
    expect(deployed(it).status).toBe('Pending');
    const off = [store('#047857'), site({ status: 'Inactive' })];
    expect((await it.plan(off)).changes.map(line)).toEqual(['update WebMessagingDeployment/site /status']);
    it.sandbox.addFault({ when: { ...put, nth: 1 }, then: { activation: 'never' } });
    expect(told((await it.apply(off)).outcomes)).toEqual([
      'ActivationPending: "site" is to be Inactive, and is still Pending after 16 s; the next run writes it again',
    ]);
    expect((await it.plan(off)).changes.map(line)).toEqual(['update WebMessagingDeployment/site /status']);
    it.sandbox.state.editWebDeployment(deployed(it).id, {});
    expect(deployed(it).status).toBe('Inactive');
    expect((await it.plan(off)).changes).toEqual([]);
  });

  test('a status that is on its way is what was wished last, and no other', () => {
    const applied = { wanted: 'Active', rendered: 'Pending' };
    const at = (wanted: string) => differences('/status', { wanted, live: 'Pending', applied });
    expect([at('Active'), at('Inactive')]).toEqual([[], [{ at: 'status', from: 'Pending', to: 'Inactive' }]]);
  });

  test('one that moved since it was planned is planned anew', async () => {
    const it = await worldOf();
    await it.apply([store(), site({ description: 'first' })]);
    const { id } = deployed(it);
    it.sandbox.addFault({ when: { method: 'GET', path: paths.deployment, nth: 1 }, then: { delayMs: 50 } });
    const running = it.apply([store(), site({ description: 'second' })]);
    await expect.poll(() => it.sandbox.requests().some(({ path }) => path.endsWith(id)), { interval: 1 }).toBe(true);
    it.sandbox.state.editWebDeployment(id, { allowedDomains: ['www.example.com'] });
    const { outcomes } = await running;
    expect(told(outcomes)).toEqual(['applied']);
    expect(deployed(it)).toMatchObject({ description: 'second', allowedDomains: ['www.example.com'] });
  });

  test('a lost answer to its creation makes one', async () => {
    const it = await worldOf();
    it.sandbox.addFault({ when: { method: 'POST', path: paths.deployments }, then: { lostResponse: true } });
    expect(told((await it.apply([store(), site()])).outcomes)).toEqual(['applied', 'applied']);
    expect(it.sandbox.state.webDeployments().length).toBe(1);
  });
});

describe('in force', () => {
  const never = { when: { method: 'PUT', path: paths.deployment, nth: 1 }, then: { activation: 'never' } } as const;

  test('one that still serves the version before is told, and looked at again', async () => {
    const it = await worldOf({ waits: { activationMs: 20 } });
    await it.apply([store(), site()]);
    it.sandbox.addFault(never);
    const next = [store('#047857'), site()];
    const { outcomes } = await it.apply(next);
    expect(told(outcomes)[1]).toMatch(/^ActivationPending: "site" was written, but it is still Pending after \d+ s$/);
    const held = (await it.plan(next)).held.map(({ reason }) => reason);
    expect(held).toEqual(['ActivationPending']);
    it.sandbox.state.editWebDeployment(deployed(it).id, {});
    expect((await it.plan(next)).held).toEqual([]);
  });

  test.each<[string, Json | undefined, string | true]>([
    [
      'version 1 beside an active deployment',
      { configurationVersion: { version: '1' }, deployment: { status: 'Active' } },
      'it still serves version 1',
    ],
    ['nothing (403)', undefined, true],
  ])('asked where pages ask: %s', async (_what, body, expected) => {
    const it = await worldOf();
    await it.apply([store(), site()]);
    const { id, configuration } = deployed(it);
    const type = it.engine.types.find(({ type: name }) => name === 'web-messaging-deployment')!;
    const live = (await type.read(it.engine.reader, { id })) as JsonObject;
    const told = body as { configurationVersion: JsonObject } | undefined;
    const then =
      told === undefined
        ? { status: 403 }
        : {
            status: 200,
            body: { ...told, configurationVersion: { ...told.configurationVersion, id: configuration.id } },
          };
    it.sandbox.addFault({ when: { path: paths.served }, then });
    it.sandbox.state.editWebConfiguration(configuration.id, { description: 'x' });
    it.sandbox.state.editWebDeployment(id, { configuration: { id: configuration.id, version: '2' } });
    const moved = { ...live, configuration: { ...(live['configuration'] as JsonObject), version: '2' } };
    expect(await type.inForce!(it.engine.reader, { id, live: moved })).toBe(expected);
  });

  test('an activation that ended in Error will never be, and what somebody moves or deletes is told at once', async () => {
    const it = await worldOf();
    await it.apply([store(), site()]);
    it.sandbox.addFault({ when: { method: 'PUT', path: paths.deployment, nth: 1 }, then: { activation: 'error' } });
    await it.apply([store('#047857'), site()]);
    const { id, configuration } = deployed(it);
    const type = it.engine.types.find(({ type: name }) => name === 'web-messaging-deployment')!;
    const live = (await type.read(it.engine.reader, { id })) as JsonObject;
    const inForce = () => type.inForce!(it.engine.reader, { id, live });
    expect(await inForce()).toEqual({ failed: expect.stringMatching(/^its activation ended in Error; .*good$/) });
    it.sandbox.state.editWebDeployment(id, { configuration: { id: configuration.id, version: '1' } });
    const words = '"site" was moved to version 1 of "Store" by somebody else after it was written';
    await expect(inForce()).rejects.toMatchObject({ reason: 'Conflict', message: words });
    it.sandbox.state.deleteWebDeployment(id);
    await expect(inForce()).rejects.toMatchObject({ reason: 'Gone' });
  });
});
