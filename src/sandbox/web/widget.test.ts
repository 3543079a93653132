import { expect, it } from 'vitest';
import type { JsonObject } from '../json.ts';
import { configurationInput, deployments, webWorld } from './fixture.ts';

type World = Awaited<ReturnType<typeof webWorld>>;

/** The page of a deployment, as text, with what its elements say by their test ids. */
async function open(w: World, deployment: string, query = '') {
  const response = await fetch(`${w.sandbox.url}/__sandbox/widget/${encodeURIComponent(deployment)}${query}`);
  const html = await response.text();
  const said = (id: string) => new RegExp(`data-testid="${id}"[^>]*>([^<]*)<`).exec(html)?.[1];
  const data = (name: string) => new RegExp(`<body[^>]* data-${name}="([^"]*)"`).exec(html)?.[1];
  const notes = [...html.matchAll(/data-testid="note">([^<]*)</g)].map(([, note]) => note);
  return { status: response.status, headers: response.headers, html, said, data, notes };
}

const store = (change: JsonObject = {}) => configurationInput(change)['messenger'] as JsonObject;

it('shows the version that is served, in the default language', async () => {
  await using w = await webWorld();
  const { id } = w.serving();
  const page = await open(w, id);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(['title', 'subtitle', 'launcher-text'].map(page.said)).toEqual(['Hello', 'How can we help?', 'Chat']);
  expect(['version', 'language', 'status', 'messenger'].map(page.data)).toEqual(['1', 'en-us', 'Active', 'shown']);
  expect(page.html).toContain('--primary:#0B5FFF');
  expect(page.html).toContain('.widget{right:24px');
  expect(page.notes).toEqual([]);
  expect((await open(w, 'Site')).said('title')).toBe('Hello');
});

it('shows a published version only once the deployment serves it', async () => {
  await using w = await webWorld();
  const { id, configuration } = w.serving();
  const state = async () => (await fetch(`${w.sandbox.url}/__sandbox/widget/${id}/state`)).text();
  const before = await state();
  w.state.editWebConfiguration(configuration.id, { messenger: { styles: { primaryColor: '#123' } } });
  expect((await open(w, id)).data('version')).toBe('1');
  w.sandbox.addFault({ when: { method: 'PUT' }, then: { activation: 'never' } });
  const body = { name: 'Site', allowAllDomains: true, configuration: { ...configuration, version: '2' } };
  await w.call('PUT', `${deployments}/${id}`, body);
  const pending = await open(w, id);
  expect([pending.data('version'), pending.data('status')]).toEqual(['1', 'Pending']);
  w.state.editWebDeployment(id, { configuration: { version: '2' } });
  const after = await open(w, id);
  expect(after.data('version')).toBe('2');
  expect(after.html).toContain('--primary:#123;');
  expect(await state()).not.toBe(before);
});

it('speaks the language that is asked for, where it is listed, and says what is missing', async () => {
  await using w = await webWorld();
  w.serving();
  const german = await open(w, 'Site', '?language=DE');
  expect([german.said('title'), german.data('language')]).toEqual(['Hallo', 'de']);
  expect(german.notes).toEqual(['No text of its own in de: MessengerHomeHeaderSubTitle.']);
  const french = await open(w, 'Site', '?language=fr');
  expect([french.said('title'), french.notes]).toEqual(['Hello', ['fr is not a language of this configuration.']]);
});

it.each<[string, JsonObject, RegExp]>([
  ['is disabled', { messenger: { ...store(), enabled: false } }, /disabled in this version/],
  ['is drawn by the page', { headlessMode: { enabled: true } }, /Headless mode/],
])('shows no messenger where it %s', async (_what, change, note) => {
  await using w = await webWorld();
  w.serving(change);
  const page = await open(w, 'Site');
  expect([page.data('messenger'), page.said('title'), page.said('launcher')]).toEqual(['absent', undefined, undefined]);
  expect(page.notes).toEqual([expect.stringMatching(note)]);
});

it('shows no messenger while the deployment is inactive, or before it was ever active', async () => {
  await using w = await webWorld();
  const { id, configuration } = w.serving();
  w.state.editWebDeployment(id, { status: 'Inactive' });
  expect((await open(w, id)).notes).toEqual(['The deployment is Inactive: pages show no messenger.']);
  w.sandbox.addFault({ when: { method: 'POST' }, then: { activation: 'never' } });
  const { body } = await w.call('POST', deployments, { name: 'New', configuration });
  const page = await open(w, String(body['id']));
  expect([page.data('version'), page.data('messenger')]).toEqual(['', 'absent']);
  expect(page.notes).toEqual([expect.stringContaining('has never been active')]);
});

it('has its place and its launcher from the configuration', async () => {
  await using w = await webWorld();
  const launcherButton = { visibility: 'On', displayType: 'Icon' };
  w.serving({
    messenger: { ...store(), launcherButton },
    position: { alignment: 'Left', sideSpace: 7, bottomSpace: 9999 },
  });
  const icon = await open(w, 'Site');
  expect(icon.html).toContain('.widget{left:7px;bottom:400px');
  expect([icon.html.includes('data-testid="launcher"'), icon.said('launcher-text')]).toEqual([true, undefined]);
  const { configuration, id } = w.state.webDeploymentNamed('Site')!;
  w.state.editWebConfiguration(configuration.id, { messenger: { launcherButton: { visibility: 'OnDemand' } } });
  w.state.editWebDeployment(id, { configuration: { version: '2' } });
  const hidden = await open(w, 'Site');
  expect(hidden.html).not.toContain('data-testid="launcher"');
  expect(hidden.notes).toEqual(['The launcher is OnDemand: the page itself opens it.']);
});

it('never lets a text, a name or a colour become HTML, script or style', async () => {
  await using w = await webWorld();
  const hostile = `</style></script><script>alert(1)</script><img src=x onerror="alert(2)">'"&`;
  const keys = ['MessengerHomeHeaderTitle', 'MessengerHomeHeaderSubTitle', 'MessengerLauncherButtonText'];
  w.state.seedWebConfiguration({
    name: hostile,
    languages: ['en-us', hostile],
    defaultLanguage: hostile,
    customI18nLabels: [{ language: hostile, localizedLabels: keys.map((key) => ({ key, value: hostile })) }],
    messenger: {
      styles: { primaryColor: `red}${hostile}` },
      homeScreen: { logoUrl: `javascript:alert(3)${hostile}` },
    },
    position: { sideSpace: '0}</style>', bottomSpace: { a: 1 } },
  });
  const domains = { allowAllDomains: true };
  const { id } = w.state.seedWebDeployment({ name: hostile, configuration: hostile, ...domains });
  const pages = [
    await open(w, id),
    await open(w, hostile),
    await open(w, id, `?language=${encodeURIComponent(hostile)}`),
    await open(w, id, `?language=${encodeURIComponent(`x${hostile}`)}`),
    await open(w, `none${hostile}`),
  ];
  for (const { html, headers } of pages) {
    // The page's own: a mark in the head, the script at the end, one style sheet.
    expect(html.match(/<script\b/g)).toHaveLength(2);
    expect(html.match(/<style\b/g)).toHaveLength(1);
    expect(html).not.toMatch(/<img|<[^>]*\son\w+\s*=\s*"|<[^>]*\sstyle=/);
    const nonce = /script-src 'nonce-([\w-]+)'/.exec(headers.get('content-security-policy') ?? '')?.[1];
    expect(html.match(/<script nonce="([\w-]+)"/g)).toEqual(Array(2).fill(`<script nonce="${nonce}"`));
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
  }
  const [first] = pages;
  expect(first!.html).toContain('--primary:#2A60C8;');
  expect(first!.said('title')).toMatch(/^&#60;\/style&#62;.*&#34;alert\(2\)&#34;&#62;&#39;&#34;&#38;$/);
  expect(pages.at(-1)!.status).toBe(404);
});

it('is edited and listed over HTTP, as a person does by hand', async () => {
  await using w = await webWorld();
  const control = async (method: string, path: string, body?: object) => {
    const headers = { 'content-type': 'application/json' };
    const init = body ? { method, headers, body: JSON.stringify(body) } : { method };
    const response = await fetch(`${w.sandbox.url}/__sandbox/${path}`, init);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const made = await control('POST', 'webconfigurations', configurationInput());
  expect(made.body).toMatchObject({ name: 'Store', draft: 'Active', published: '1' });
  const { body } = await control('POST', 'webdeployments', { name: 'Site', configuration: 'Store' });
  expect(body).toMatchObject({ status: 'Active', served: { version: '1' }, widget: `/__sandbox/widget/${body['id']}` });
  const change = { messenger: { styles: { primaryColor: '#abc' } } };
  expect((await control('POST', 'webconfigurations/edit', { name: 'Store', change })).body['published']).toBe('2');
  const draft = await control('POST', 'webconfigurations/edit', { name: 'Store', publish: false, status: 'Error' });
  expect(draft.body).toMatchObject({ published: '2', draft: 'Error' });
  const moved = { name: 'Site', change: { configuration: { version: '2' } }, by: 'sandbox-daemon' };
  expect((await control('POST', 'webdeployments/edit', moved)).body).toMatchObject({ served: { version: '2' } });
  expect((await open(w, 'Site')).html).toContain('--primary:#abc;');
  expect(w.state.audits().map(({ entityType, actor }) => `${entityType} ${actor.clientId}`)).toEqual([
    'ConfigurationVersion sandbox-ui',
    'ConfigurationVersion sandbox-ui',
    'Configuration sandbox-ui',
    'ConfigurationVersion sandbox-ui',
    'Deployment sandbox-daemon',
  ]);
  expect((await control('GET', 'webconfigurations')).body).toHaveLength(1);
  expect((await control('GET', 'webdeployments')).body).toHaveLength(1);
  expect((await control('POST', 'webdeployments/edit', { name: 'none' })).status).toBe(404);
  const wrong = { name: 'Store', change: { messenger: { styles: { primaryColor: 'red' } } } };
  expect((await control('POST', 'webconfigurations/edit', wrong)).status).toBe(400);
});

it('shows names and languages that are half a character', async () => {
  await using w = await webWorld();
  const { id, configuration } = w.serving();
  w.state.editWebConfiguration(configuration.id, { languages: ['en-us', '\ud800'] });
  w.state.editWebDeployment(id, { name: 'Site \udc00', configuration: { version: '2' } });
  const statuses = await Promise.all([id, 'none'].map(async (one) => (await open(w, one)).status));
  expect(statuses).toEqual([200, 404]);
});
