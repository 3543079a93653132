import { describe, expect, test } from 'vitest';
import { hasty } from '../../../test/support/clock.ts';
import { line, resource, useWorlds, type World } from '../../../test/support/world.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Outcome } from '../../model/plan.ts';
import { getAt } from '../../model/pointer.ts';
import type { Resource } from '../../model/resource.ts';
import { paths } from './paths.ts';

const open = useWorlds();
const worldOf = (): Promise<World> => open({ clock: hasty, sandbox: { activationMs: 1 } });
const styled = (primaryColor: string): JsonObject => ({ messenger: { enabled: false, styles: { primaryColor } } });
const store = (primaryColor = '#1d4ed8'): Resource =>
  resource('WebMessagingConfiguration', 'store', { name: 'Store', ...styled(primaryColor) });
const site = resource('WebMessagingDeployment', 'site', { configuration: 'Store' });
const told = (outcomes: readonly Outcome[]): string[] => outcomes.map(({ status, message }) => message ?? status);
const configurations = (it: World) => it.sandbox.state.webConfigurations();

describe('names', () => {
  test('are those that are published, whatever an unpublished draft is called', async () => {
    const it = await worldOf();
    const { id } = it.sandbox.state.seedWebConfiguration({ name: 'Store', messenger: { enabled: false } });
    const unpublished = { publish: false };
    it.sandbox.state.editWebConfiguration(id, { name: 'Work' }, unpublished);
    const { problems, changes } = await it.plan([site]);
    expect([problems, changes.map(line)]).toEqual([[], [expect.stringMatching(/^create WebMessagingDeployment/)]]);
    const mine = await it.plan([store()]);
    expect([...mine.changes, ...mine.held].map(({ action, object }) => [action, object.id])).toEqual([['update', id]]);
    expect(mine.warnings.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^"Store" has a draft that is not published \(.*\), in which it is called "Work"$/),
    );
  });

  test.each([
    [20, 20],
    [21, 0],
  ])(
    '%i drafts that look unpublished cost %i looks: where that many are dated so, it is how the server dates',
    async (drafts, looks) => {
      const it = await worldOf();
      for (let n = 0; n < drafts; n++) {
        const { id } = it.sandbox.state.seedWebConfiguration({ name: `Store ${n}`, messenger: { enabled: false } });
        it.sandbox.state.editWebConfiguration(id, styled('#b91c1c'), { publish: false });
      }
      it.sandbox.clearRequests();
      await it.plan([store()]);
      expect(it.sandbox.requests().filter(({ pathTemplate }) => pathTemplate === paths.versions)).toHaveLength(looks);
    },
  );

  test('that somebody takes for another one take nothing from ours', async () => {
    const it = await worldOf();
    await it.apply([store(), site]);
    const other = it.sandbox.state.seedWebConfiguration({ name: 'Other', messenger: { enabled: false } });
    it.sandbox.state.editWebConfiguration(other.id, { name: 'Store' });
    const next = [store('#047857'), site];
    expect(told((await it.apply(next)).outcomes)).toEqual(['applied', 'applied']);
    const deployment = it.sandbox.state.webDeploymentNamed('site')!;
    expect(deployment.configuration).toEqual({ id: configurations(it)[0]!.id, version: '2' });
    expect(other.id).not.toBe(deployment.configuration.id);
    const { changes, problems } = await it.plan(next);
    expect([changes, problems]).toEqual([[], []]);
  });
});

test.each([true, false])(
  'what another saves (published: %s) between the last look and the publish is over-published at once',
  async (publish) => {
    const it = await worldOf();
    await it.apply([store()]);
    const { id } = configurations(it)[0]!;
    it.sandbox.addFault({ when: { method: 'POST', path: paths.publish, nth: 1 }, then: { delayMs: 30 } });
    const stop = it.sandbox.onRequest(({ pathTemplate, phase }) => {
      if (pathTemplate !== paths.publish || phase === 'served') return;
      stop();
      it.sandbox.state.editWebConfiguration(id, styled('#b91c1c'), { publish });
    });
    expect(told((await it.apply([store('#047857')])).outcomes)).toEqual(['applied']);
    const colours = configurations(it)[0]!.versions.map(({ content }) =>
      getAt(content as JsonObject, '/messenger/styles/primaryColor'),
    );
    const between = publish ? ['#b91c1c', '#b91c1c'] : ['#b91c1c'];
    expect(colours).toEqual(['#1d4ed8', ...between, '#047857']);
    expect((await it.plan([store('#047857')])).changes).toEqual([]);
  },
);

test('versions whose pages have no end are no list of versions', async () => {
  const it = await worldOf();
  await it.apply([store()]);
  const body = { entities: [{ version: '1' }], nextUri: `${paths.versions}?after=next` };
  it.sandbox.addFault({ when: { method: 'GET', path: paths.versions }, then: { status: 200, body } });
  const type = it.engine.types.find(({ type: name }) => name === 'web-messaging-configuration')!;
  const reading = type.read(it.engine.reader, { id: configurations(it)[0]!.id });
  await expect(reading).rejects.toMatchObject({ reason: 'ListIncomplete' });
});
