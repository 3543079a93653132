import { describe, expect, test } from 'vitest';
import { hasty } from '../../../test/support/clock.ts';
import { resource, useWorlds, type World, type WorldOptions } from '../../../test/support/world.ts';
import type { Clock } from '../../model/clock.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Outcome } from '../../model/plan.ts';
import { getAt } from '../../model/pointer.ts';
import type { Resource } from '../../model/resource.ts';
import { paths } from './paths.ts';

const open = useWorlds();
/** A draft is waited for longer than most things. */
const swift: Clock = { now: hasty.now, sleep: (ms, signal) => hasty.sleep(ms / 10, signal) };
const worldOf = (options: WorldOptions = {}): Promise<World> =>
  open({ clock: swift, ...options, sandbox: { activationMs: 1, ...options.sandbox } });

const store = (primaryColor: string, annotations: Record<string, string> = {}): Resource =>
  resource(
    'WebMessagingConfiguration',
    'store',
    { messenger: { enabled: true, styles: { primaryColor } }, languages: ['en-us'], defaultLanguage: 'en-us' },
    { annotations },
  );
const [blue, green, red] = ['#1d4ed8', '#047857', '#b91c1c'];

const told = (outcomes: readonly Outcome[]): string[] =>
  outcomes.map(({ status, reason, message }) => (reason === undefined ? status : `${reason}: ${message}`));
const reasons = (outcomes: readonly Outcome[]): string[] => outcomes.map(({ status, reason }) => reason ?? status);
const recordOf = (it: World) => it.sandbox.state.webConfigurationNamed('store')!;
const versions = (it: World): number => recordOf(it).versions.length;
const colour = (content: object): unknown => getAt(content as Json, '/messenger/styles/primaryColor');
const published = (it: World): unknown => colour(recordOf(it).versions.at(-1)!.content);
const puts = (it: World): number => it.writes().filter((line) => line.startsWith('PUT')).length;
const byHand = (primaryColor: string): JsonObject => ({ messenger: { styles: { primaryColor } } });

/** A world in which the first version is live, and nothing was asked since. */
async function made(options: WorldOptions = {}): Promise<World> {
  const it = await worldOf(options);
  expect(reasons((await it.apply([store(blue!)])).outcomes)).toEqual(['applied']);
  it.sandbox.clearRequests();
  return it;
}

describe('whose draft it is', () => {
  test("somebody's unpublished draft is told in the plan, and never written over", async () => {
    const it = await made();
    it.sandbox.state.editWebConfiguration(recordOf(it).id, byHand(red!), { publish: false });
    const quiet = await it.plan([store(blue!)]);
    expect(quiet.changes).toEqual([]);
    expect(quiet.warnings.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      expect.stringMatching(
        /^work-in-progress: "store" has a draft that is not published \(saved by user \S+ at \S+Z\)$/,
      ),
    ]);
    const { outcomes } = await it.apply([store(green!)]);
    expect(told(outcomes)).toEqual([
      expect.stringMatching(
        /^ForeignDraft: "store" has a draft that is not published, saved by user \S+ at \S+Z; it is tried again later: .*genesys-gitops\/force-draft: "\S+Z" to write over it$/,
      ),
    ]);
    expect(it.writes()).toEqual([]);
    expect(colour(recordOf(it).draft!.content)).toBe(red);
  });

  test('the annotation of the message releases exactly that draft', async () => {
    const it = await made();
    it.sandbox.state.editWebConfiguration(recordOf(it).id, byHand(red!), { publish: false });
    const fingerprint = /force-draft: "(\S+)"/.exec(told((await it.apply([store(green!)])).outcomes)[0]!)![1]!;
    const forced = store(green!, { 'genesys-gitops/force-draft': fingerprint });
    it.sandbox.state.editWebConfiguration(recordOf(it).id, { description: 'more' }, { publish: false });
    expect(reasons((await it.apply([forced])).outcomes)).toEqual(['ForeignDraft']);
    const now = new Date(recordOf(it).draft!.modifiedAt).toISOString();
    const again = store(green!, { 'genesys-gitops/force-draft': now });
    expect(reasons((await it.apply([again])).outcomes)).toEqual(['applied']);
    expect([published(it), versions(it)]).toEqual([green, 2]);
  });

  test.each([[[]], [['web-draft-dateless']], [['web-draft-gone']], [['web-publish-moves-date']]])(
    'a draft that is what is published, or what we want, is nobody’s work (%s)',
    async (quirks) => {
      const it = await made({ sandbox: { quirks } });
      const { id } = recordOf(it);
      it.sandbox.state.editWebConfiguration(id, { description: 'x' }, { publish: false });
      it.sandbox.state.editWebConfiguration(id, { description: null }, { publish: false });
      expect(reasons((await it.apply([store(green!)])).outcomes)).toEqual(['applied']);
      it.sandbox.state.editWebConfiguration(id, byHand(red!), { publish: false });
      it.sandbox.clearRequests();
      expect(reasons((await it.apply([store(red!)])).outcomes)).toEqual(['applied']);
      expect([published(it), versions(it), puts(it)]).toEqual([red, 3, 0]);
    },
  );

  test('what was not published of ours is known again, also after the next commit', async () => {
    const it = await made();
    it.sandbox.addFault({ when: { method: 'PUT', nth: 1 }, then: { activation: 'never' } });
    expect(told((await it.apply([store(green!)])).outcomes)).toEqual([
      'DraftPending: the draft of "store" is still Pending after 30 s; the next run looks at it again, and does not write it anew',
    ]);
    expect(reasons((await it.apply([store(green!)])).outcomes)).toEqual(['DraftPending']);
    expect(puts(it)).toBe(1);
    expect(reasons((await it.apply([store(red!)])).outcomes)).toEqual(['applied']);
    expect([published(it), versions(it), puts(it)]).toEqual([red, 2, 2]);
  });

  test('a draft of ours that becomes active later is published without another write', async () => {
    const it = await made();
    it.sandbox.addFault({ when: { method: 'PUT', nth: 1 }, then: { activation: 'never' } });
    await it.apply([store(green!)]);
    const { id } = recordOf(it);
    it.sandbox.state.editWebConfiguration(id, {}, { publish: false });
    expect(reasons((await it.apply([store(green!)])).outcomes)).toEqual(['applied']);
    expect([versions(it), puts(it)]).toEqual([2, 1]);
  });
});

test.each(['error', 'never'] as const)(
  'a creation whose draft comes to nothing (%s) is ours in the next commit',
  async (activation) => {
    const it = await worldOf();
    it.sandbox.addFault({ when: { method: 'POST', path: paths.configurations, nth: 1 }, then: { activation } });
    expect(reasons((await it.apply([store(blue!)])).outcomes)).not.toEqual(['applied']);
    expect(reasons((await it.apply([store(green!)])).outcomes)).toEqual(['applied']);
    expect([published(it), versions(it), it.sandbox.state.webConfigurations().length]).toEqual([green, 1, 1]);
  },
);

describe('a draft that comes to nothing', () => {
  test('one that ends in Error is told and not published; the next commit mends it', async () => {
    const it = await made();
    it.sandbox.addFault({ when: { method: 'PUT', nth: 1 }, then: { activation: 'error' } });
    expect(told((await it.apply([store(green!)])).outcomes)).toEqual([
      'DraftInvalid: the draft of "store" ended in Error, and nothing was published; Genesys does not say why, the admin pages may',
    ]);
    const held = await it.apply([store(green!)]);
    expect(held.plan.held.map(({ reason }) => reason)).toEqual(['DraftInvalid']);
    expect(reasons((await it.apply([store(red!)])).outcomes)).toEqual(['applied']);
    expect([published(it), versions(it)]).toEqual([red, 2]);
  });

  test('a 400 on publish is tried a few times; one that stays is PublishFailed, in the words of Genesys', async () => {
    const it = await made();
    const publish = { method: 'POST', path: paths.publish };
    it.sandbox.addFault({ when: { ...publish, times: 2 }, then: { status: 400 } });
    expect(reasons((await it.apply([store(green!)])).outcomes)).toEqual(['applied']);
    expect(versions(it)).toBe(2);
    const body = { message: 'The draft is broken', code: 'bad.request', status: 400 };
    it.sandbox.addFault({ when: publish, then: { status: 400, body } });
    expect(told((await it.apply([store(red!)])).outcomes)).toEqual([
      expect.stringMatching(
        /^PublishFailed: Genesys would not publish the draft of "store", 5 times in a row: .*The draft is broken/,
      ),
    ]);
    expect(versions(it)).toBe(2);
  });

  test('a draft that somebody saves while ours becomes active is not published', async () => {
    const it = await made();
    it.sandbox.addFault({ when: { method: 'PUT', nth: 1 }, then: { activation: 'never' } });
    const running = it.apply([store(green!)]);
    await expect.poll(() => puts(it)).toBe(1);
    it.sandbox.state.editWebConfiguration(recordOf(it).id, byHand(red!), { publish: false });
    expect(reasons((await running).outcomes)).toEqual(['ForeignDraft']);
    expect(versions(it)).toBe(1);
  });
});

describe('published by somebody else', () => {
  test('is drift, with what changed and who it was', async () => {
    const it = await made();
    it.sandbox.state.editWebConfiguration(recordOf(it).id, byHand(red!));
    const { changes } = await it.plan([store(blue!)]);
    expect(changes.map(({ cause, fields, version }) => ({ cause, version, fields }))).toEqual([
      {
        cause: 'drift',
        version: '2',
        fields: [
          { path: '/messenger/styles/primaryColor', from: red, to: blue, by: 'WebMessagingConfiguration/store' },
        ],
      },
    ]);
    const { outcomes } = await it.apply([store(blue!)]);
    expect(outcomes[0]!.receipt).toMatchObject({ versionBefore: '2', versionAfter: '3' });
    expect([published(it), versions(it)]).toEqual([blue, 3]);
  });

  test('between plan and write: it is planned anew, and what others changed beside ours stays', async () => {
    const it = await made();
    it.sandbox.addFault({ when: { method: 'GET', path: paths.draft, nth: 1 }, then: { delayMs: 50 } });
    const running = it.apply([store(green!)]);
    await expect
      .poll(() => it.sandbox.requests().some(({ pathTemplate }) => pathTemplate === paths.draft), { interval: 1 })
      .toBe(true);
    it.sandbox.state.editWebConfiguration(recordOf(it).id, { description: 'by hand' });
    expect(reasons((await running).outcomes)).toEqual(['applied']);
    expect([published(it), versions(it)]).toEqual([green, 3]);
    expect(recordOf(it).versions.at(-1)!.content['description']).toBe('by hand');
  });

  test('deleted between plan and write: it is made anew', async () => {
    const it = await made();
    const { id } = recordOf(it);
    it.sandbox.addFault({ when: { method: 'GET', path: paths.versions, nth: 1 }, then: { status: 404 } });
    it.sandbox.state.deleteWebConfiguration(id);
    expect(reasons((await it.apply([store(green!)])).outcomes)).toEqual(['applied']);
    expect([published(it), versions(it)]).toEqual([green, 1]);
  });
});

describe('lost answers', () => {
  test.each([
    ['the creation', { method: 'POST', path: paths.configurations }],
    ['the first publish', { method: 'POST', path: paths.publish }],
  ])('of %s: one configuration with one version, in the same run', async (_what, when) => {
    const it = await worldOf();
    it.sandbox.addFault({ when: { ...when, nth: 1 }, then: { lostResponse: true } });
    expect(reasons((await it.apply([store(blue!)])).outcomes)).toEqual(['applied']);
    expect([it.sandbox.state.webConfigurations().length, versions(it)]).toEqual([1, 1]);
    expect((await it.plan([store(blue!)])).changes).toEqual([]);
    expect(await it.journal.openIntents(it.sandbox.org.id)).toEqual([]);
  });

  test.each([
    ['the draft', { method: 'PUT' }],
    ['the publish', { method: 'POST', path: paths.publish }],
  ])('of %s: one more version, in the same run', async (_what, when) => {
    const it = await made();
    it.sandbox.addFault({ when: { ...when, nth: 1 }, then: { lostResponse: true } });
    expect(reasons((await it.apply([store(green!)])).outcomes)).toEqual(['applied']);
    expect([published(it), versions(it), puts(it)]).toEqual([green, 2, 1]);
    expect(await it.journal.openIntents(it.sandbox.org.id)).toEqual([]);
  });
});

test('a configuration that a deployment uses is not deleted', async () => {
  const it = await made();
  const deployment = it.sandbox.state.seedWebDeployment({
    name: 'Site',
    configuration: 'store',
    allowAllDomains: true,
  });
  const keep = resource('Timeout', 'keep', { integration: 'Genesys Cloud Data Actions', timeoutSeconds: 5 });
  const { plan } = await it.apply([keep]);
  expect(plan.held.map(({ reason, message }) => `${reason}: ${message}`)).toEqual([
    `InUse: it is used by web-messaging-deployment "Site" (${deployment.id})`,
  ]);
});
