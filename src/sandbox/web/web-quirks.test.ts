import { expect, it } from 'vitest';
import { type Quirk, quirks } from '../quirks.ts';
import { configurationInput, configurations, deployments, settled, webWorld } from './fixture.ts';

type World = Awaited<ReturnType<typeof webWorld>>;
type WebQuirk = Extract<Quirk, `web-${string}`>;

const draftOf = (id: string) => `${configurations}/${id}/versions/draft`;
const first = async (w: World, path: string) =>
  ((await w.call('GET', path)).body['entities'] as unknown as Record<string, unknown>[])[0];
const idOf = (w: World) => w.serving().configuration.id;
const kept = (body: object, ...fields: string[]) => fields.filter((field) => field in body);

/** What one sees of each quirk: without it, and with it. */
const seen: Record<WebQuirk, { look(w: World): Promise<unknown>; without: unknown; with: unknown }> = {
  'web-draft-dateless': {
    look: async (w) => {
      w.serving();
      return kept((await first(w, configurations))!, 'datePublished');
    },
    without: ['datePublished'],
    with: [],
  },
  'web-draft-gone': {
    look: async (w) => {
      const id = await w.draft();
      await w.call('POST', `${draftOf(id)}/publish`);
      const listed = (await first(w, configurations))!['version'];
      const { status } = await w.call('GET', draftOf(id));
      await w.call('PUT', draftOf(id), configurationInput());
      return [listed, status, (await w.call('GET', draftOf(id))).status];
    },
    without: ['DRAFT', 200, 200],
    with: ['1', 404, 200],
  },
  'web-publish-moves-date': {
    look: async (w) => {
      const id = await w.draft();
      const date = async () => (await w.call('GET', draftOf(id))).body['dateModified'];
      const before = await date();
      await w.call('POST', `${draftOf(id)}/publish`);
      return (await date()) === before;
    },
    without: true,
    with: false,
  },
  'web-activation-moves-date': {
    look: async (w) => {
      const { id } = w.serving();
      w.state.seedWebConfiguration({ ...configurationInput(), name: 'Other' });
      const other = w.state.webConfigurationNamed('Other')!.id;
      const same = async (path: string, body: object) => {
        const put = await w.call('PUT', path, body);
        await settled(w.call, path);
        return (await w.call('GET', path)).body['dateModified'] === put.body['dateModified'];
      };
      const moved = { name: 'Site', configuration: { id: other, version: '1' } };
      return [await same(draftOf(other), configurationInput()), await same(`${deployments}/${id}`, moved)];
    },
    without: [true, true],
    with: [false, false],
  },
  'web-publish-pending': {
    look: async (w) => {
      w.sandbox.addFault({ when: {}, then: { activation: 'never' } });
      const { body } = await w.call('POST', configurations, configurationInput());
      return (await w.call('POST', `${draftOf(String(body['id']))}/publish`)).status;
    },
    without: 400,
    with: 200,
  },
  'web-lists-tell-total': {
    look: async (w) => {
      const { body } = await w.call('GET', `${configurations}/${idOf(w)}/versions?pageSize=1`);
      return [body['total'], (await w.call('GET', deployments)).body['total']];
    },
    without: [undefined, undefined],
    with: [2, 1],
  },
  'web-put-merged': {
    look: async (w) => {
      const id = idOf(w);
      const sent = { name: 'Store', languages: null, messenger: { enabled: false } };
      const { body } = await w.call('PUT', draftOf(id), sent);
      const { id: deployment, configuration } = w.state.webDeploymentNamed('Site')!;
      w.state.editWebDeployment(deployment, { description: 'Mine' });
      const put = await w.call('PUT', `${deployments}/${deployment}`, { name: 'Site', configuration });
      return [
        kept(body, 'description', 'languages'),
        kept(body['messenger']!, 'styles'),
        kept(put.body, 'description'),
      ];
    },
    without: [[], [], []],
    with: [['description'], ['styles'], ['description']],
  },
  'web-status-refused': {
    look: async (w) => {
      const { id, configuration } = w.serving();
      return (await w.call('PUT', `${deployments}/${id}`, { name: 'Site', configuration, status: 'Active' })).status;
    },
    without: 200,
    with: 400,
  },
  'web-languages-sorted': {
    look: async (w) => (await w.call('GET', draftOf(idOf(w)))).body['languages'],
    without: ['en-us', 'de'],
    with: ['de', 'en-us'],
  },
  'web-labels-sorted': {
    look: async (w) => {
      const { body } = await w.call('GET', draftOf(idOf(w)));
      const labels = body['customI18nLabels'] as unknown as { language: string; localizedLabels: { key: string }[] }[];
      return labels.map(({ language, localizedLabels: [one] }) => `${language} ${one!.key}`);
    },
    without: ['en-us MessengerHomeHeaderTitle', 'de MessengerHomeHeaderTitle'],
    with: ['de MessengerHomeHeaderTitle', 'en-us MessengerHomeHeaderSubTitle'],
  },
  'web-names-unique': {
    look: async (w) => {
      const { configuration } = w.serving();
      const twice = [
        await w.call('POST', configurations, configurationInput()),
        await w.call('POST', deployments, { name: 'Site', configuration }),
      ];
      return twice.map(({ status }) => status);
    },
    without: [200, 200],
    with: [409, 409],
  },
  'web-served-unknown': {
    look: async (w) => (await w.call('GET', `${deployments}/${w.serving().id}/configurations`)).status,
    without: 200,
    with: 404,
  },
  'web-inactive-serves': {
    look: async (w) => {
      const { id } = w.serving();
      w.state.editWebDeployment(id, { status: 'Inactive' });
      return (await w.call('GET', `${deployments}/${id}/configurations`)).status;
    },
    without: 404,
    with: 200,
  },
  'web-versions-lack-draft': {
    look: async (w) => (await first(w, `${configurations}/${idOf(w)}/versions`))!['version'],
    without: 'DRAFT',
    with: '1',
  },
  'web-delete-late': {
    look: async (w) => {
      const { id } = w.serving();
      const path = `${deployments}/${id}`;
      await w.call('DELETE', path);
      const { status, body } = await w.call('GET', path);
      return [status, status === 404 ? undefined : body['status']];
    },
    without: [404, undefined],
    with: [200, 'Deleting'],
  },
};

it.each(Object.keys(quirks).filter((name): name is WebQuirk => name.startsWith('web-')))('%s', async (name) => {
  const { look, ...expected } = seen[name];
  const options = { activationMs: name === 'web-delete-late' ? 60_000 : 1 };
  await using plain = await webWorld(options);
  await using quirky = await webWorld({ ...options, quirks: [name] });
  expect({ without: await look(plain), with: await look(quirky) }).toEqual(expected);
});

it('web-delete-late: it does go in the end', async () => {
  await using w = await webWorld({ quirks: ['web-delete-late'] });
  const { id, configuration } = w.serving();
  const gone = (path: string) => expect.poll(async () => (await w.call('GET', path)).status, { interval: 2 }).toBe(404);
  await w.call('DELETE', `${deployments}/${id}`);
  await gone(`${deployments}/${id}`);
  expect((await w.call('DELETE', `${configurations}/${configuration.id}`)).status).toBe(204);
  await gone(draftOf(configuration.id));
});
