import { expect, test } from 'vitest';
import { hasty } from '../../../test/support/clock.ts';
import { resource, useWorlds, type World, type WorldOptions } from '../../../test/support/world.ts';
import type { Clock } from '../../model/clock.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Outcome } from '../../model/plan.ts';
import type { Resource } from '../../model/resource.ts';
import { paths } from './paths.ts';

const open = useWorlds();
const swift: Clock = { now: hasty.now, sleep: (ms, signal) => hasty.sleep(ms / 10, signal) };
const [blue, green] = ['#1d4ed8', '#047857'];
const look = (primaryColor: string, more: JsonObject = {}): JsonObject => ({
  ...{ messenger: { enabled: true, styles: { primaryColor } }, languages: ['en-us'], defaultLanguage: 'en-us' },
  ...more,
});
const store = (primaryColor: string, more: JsonObject = {}): Resource =>
  resource('WebMessagingConfiguration', 'store', look(primaryColor, more));
const reasons = (outcomes: readonly Outcome[]): string[] => outcomes.map(({ status, reason }) => reason ?? status);
const recordOf = (it: World) => it.sandbox.state.webConfigurationNamed('store')!;
const hidden: JsonObject = { messenger: { launcherButton: { visibility: 'Off' } } };

const worldOf = (options: WorldOptions = {}): Promise<World> =>
  open({ clock: swift, ...options, sandbox: { activationMs: 1, ...options.sandbox } });

async function made(more: JsonObject = {}, options: WorldOptions = {}): Promise<World> {
  const it = await worldOf(options);
  expect(reasons((await it.apply([store(blue!, more)])).outcomes)).toEqual(['applied']);
  return it;
}

/** A run that sends its draft and never learns what became of it. */
async function losesItsDraft(it: World, resources: Resource[]): Promise<void> {
  it.sandbox.addFault({ when: { method: 'PUT' }, then: { lostResponse: true } });
  const stop = it.sandbox.onRequest(({ method }) => {
    if (method === 'PUT') it.sandbox.addFault({ when: { method: 'GET', path: paths.draft }, then: { status: 404 } });
  });
  await it.apply(resources);
  stop();
  it.sandbox.clearFaults();
}

test('a draft of ours whose answer was lost for good, and that somebody saved since, is theirs', async () => {
  const it = await made();
  await losesItsDraft(it, [store(green!)]);
  it.sandbox.state.editWebConfiguration(recordOf(it).id, hidden, { publish: false });
  expect(reasons((await it.apply([store(green!)])).outcomes)).toEqual(['ForeignDraft']);
  expect(recordOf(it).versions).toHaveLength(1);
});

test('one that nobody saved since is ours, also where a field is cleared that the server keeps', async () => {
  const it = await made({ description: 'x' });
  await losesItsDraft(it, [store(green!, { description: null })]);
  it.sandbox.clearRequests();
  expect(reasons((await it.apply([store(green!, { description: null })])).outcomes)).toEqual(['applied']);
  expect(recordOf(it).versions.at(-1)!.content).toMatchObject({ messenger: { styles: { primaryColor: green } } });
  expect(it.writes()).toEqual([`POST ${paths.publish}`]);
});

test('what an older attempt of ours said, and no document says any more, is not published', async () => {
  const it = await made();
  it.sandbox.addFault({ when: { method: 'PUT', nth: 1 }, then: { activation: 'never' } });
  expect(reasons((await it.apply([store(green!, { description: 'x' })])).outcomes)).toEqual(['DraftPending']);
  expect(reasons((await it.apply([store(green!)])).outcomes)).toEqual(['applied']);
  expect(recordOf(it).versions.at(-1)!.content['description']).toBeUndefined();
});

test('a configuration that somebody still drafts is not published by adopting it', async () => {
  const it = await worldOf({ policy: { adopt: 'always' } });
  it.sandbox.state.seedWebConfiguration({ name: 'store', ...look(blue!), cobrowse: { enabled: true } }, false);
  const { outcomes } = await it.apply([store(blue!)]);
  expect(outcomes.map(({ reason, message }) => `${reason}: ${message}`)).toEqual([
    expect.stringMatching(/^ForeignDraft: "store" has a draft that is not published, .* later: publish it, or set the/),
  ]);
  expect(recordOf(it).versions).toHaveLength(0);
});

test('a configuration is not deleted with a draft of somebody in it', async () => {
  const it = await made();
  const { id } = recordOf(it);
  const keep = resource('Timeout', 'keep', { integration: 'Genesys Cloud Data Actions', timeoutSeconds: 5 });
  it.sandbox.state.editWebConfiguration(id, hidden, { publish: false });
  const { outcomes } = await it.apply([keep]);
  expect(outcomes.map(({ reason, message }) => `${reason ?? ''}: ${message ?? ''}`)).toContainEqual(
    expect.stringMatching(
      /^ForeignDraft: "store" is not deleted: it has a draft that is not published, saved by user .* delete the configuration in the admin pages$/,
    ),
  );
  it.sandbox.state.editWebConfiguration(id, {});
  await it.apply([keep]);
  expect(it.sandbox.state.webConfigurationNamed('store')).toBeUndefined();
});

test.each([
  ['no version', () => []],
  ['one that is no version', () => [null]],
  ['only older ones', (listed: JsonObject[]) => listed.filter(({ version }) => version === 'DRAFT' || version === '1')],
])('versions of which %s is listed are no reason to publish', async (_what, part) => {
  let later = 0;
  const it = await made({}, { sandbox: { now: () => Date.now() + later } });
  const { id } = recordOf(it);
  later = 60_000;
  it.sandbox.state.editWebConfiguration(id, { description: 'by hand' });
  const path = `/api/v2/webdeployments/configurations/${id}/versions`;
  const listed = (await it.engine.reader.get({ path })).body as { entities: JsonObject[] };
  const body = JSON.stringify({ entities: part(listed.entities) });
  it.sandbox.addFault({ when: { method: 'GET', path }, then: { instead: { status: 200, body } } });
  const { outcomes, plan } = await it.apply([store(green!)]);
  expect([...outcomes, ...plan.held].map(({ reason }) => reason)).toEqual(['BadAnswer']);
  expect(recordOf(it).versions).toHaveLength(2);
});
