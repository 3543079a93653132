import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { connect, world } from './fixture.ts';
import { parseSeed, startSandbox } from './index.ts';

const yaml = `
organization: { name: Acme, defaultCountryCode: DE }
products: [aiAdvanced]
divisions: [{ name: Support }]
clients:
  - { id: limited, secret: s3, permissions: [integrations:action:view], tokenLifeSeconds: 60 }
credentials: [{ name: Login, type: basicAuth, fields: { userName: u, password: p } }]
integrations:
  - { name: CRM, type: custom-rest-actions, notes: hello, credentials: { basicAuth: Login } }
actions:
  - name: Get
    integration: CRM
    version: 33
    config:
      request: { requestUrlTemplate: "https://x", requestType: GET }
  - { name: Begun, integration: CRM, draft: true }
`;

describe('a seed', () => {
  it('fills the organisation', async () => {
    await using w = await world({ seed: parseSeed(yaml) });
    expect((await w.call('GET', '/organizations/me')).body).toMatchObject({ name: 'Acme', defaultCountryCode: 'DE' });
    expect((await w.call('GET', '/authorization/products')).body).toEqual({
      total: 1,
      entities: [{ id: 'aiAdvanced' }],
    });
    expect((await w.call('GET', '/authorization/divisions?name=supp')).body).toMatchObject({ total: 1 });
    expect((await w.call('GET', '/authorization/divisions/home')).body).toMatchObject({ homeDivision: true });
    expect(w.state.actionNamed('Get')).toMatchObject({ version: 33, category: 'CRM' });
    expect(w.state.drafts()).toMatchObject([{ name: 'Begun' }]);
    expect(w.state.integrationNamed('CRM')).toMatchObject({ intendedState: 'ENABLED' });
  });

  it('gives the same ids at every start, and others to another organisation', async () => {
    const ids = async (orgName: string) => {
      await using w = await world({ seed: parseSeed(yaml), orgName });
      return [
        w.sandbox.org.id,
        ...w.state
          .actions()
          .map(({ id }) => id)
          .filter((id) => !id.startsWith('static')),
      ];
    };
    expect(await ids('A')).toEqual(await ids('A'));
    expect(await ids('A')).not.toEqual(await ids('B'));
  });

  it('is another organisation under another name, whatever id the seed gives', async () => {
    const seed = parseSeed('organization: { id: 11111111-1111-4111-8111-111111111111, name: Acme }');
    const org = async (orgName?: string) => {
      await using w = await world({ seed, ...(orgName !== undefined && { orgName }) });
      return w.sandbox.org;
    };
    expect((await org()).id).toBe(seed.organization?.id);
    expect(await org('B')).toMatchObject({ name: 'B' });
    expect((await org('B')).id).toBe((await org('B')).id);
    expect(new Set([await org(), await org('B'), await org('C')].map(({ id }) => id)).size).toBe(3);
  });

  it('is read from JSON too, and an empty one is fine', () => {
    expect(parseSeed('{"organization": {"name": "Acme"}}')).toEqual({ organization: { name: 'Acme' } });
    expect(parseSeed('')).toEqual({});
  });

  it.each([
    ['actions: [', 'The seed is no YAML'],
    ['actions: [{ name: Get }]', 'actions[0].integration'],
    ['colour: red', 'colour'],
    ['clients: [{ id: x, tokenLifeSeconds: soon }]', 'clients[0].tokenLifeSeconds'],
  ])('says what is wrong with "%s"', (text, message) => {
    expect(() => parseSeed(text)).toThrow(message);
  });

  it.each([
    ['actions: [{ name: Get, integration: Nothing }]', 'names the unknown integration "Nothing"'],
    ['integrations: [{ name: X, type: nothing }]', 'unknown type "nothing"'],
    [
      'integrations: [{ name: X, type: custom-rest-actions, credentials: { basicAuth: No } }]',
      'unknown credential "No"',
    ],
  ])('is refused at the start: %s', async (text, message) => {
    await expect(startSandbox({ seed: parseSeed(text) })).rejects.toThrow(message);
  });

  it('is explained in the README by an example that works', async () => {
    const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
    const [, example] = /```yaml\n([\s\S]*?)```/.exec(readme)!;
    await using w = await world({ seed: parseSeed(example!) });
    expect(w.state.actions().length).toBeGreaterThan(1);
    await connect(w.sandbox, 'limited');
  });
});
