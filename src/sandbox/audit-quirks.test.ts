import { expect, it } from 'vitest';
import { actionInput, lately, world } from './fixture.ts';
import { flowYaml, publish, seedCustomer } from './flows/fixture.ts';
import type { JsonObject } from './json.ts';
import { type Quirk, quirks } from './quirks.ts';

type World = Awaited<ReturnType<typeof world>>;
type Name = Extract<Quirk, `audit-${string}`>;

const realtime = '/audits/query/realtime';
const recordsOf = (reply: { body: unknown }) => (reply.body as { entities: JsonObject[] }).entities;
const everything = { interval: lately() };
const asked = async (w: World, query: JsonObject = everything) => recordsOf(await w.call('POST', realtime, query));
const told = async (w: World) => w.state.audits().map(({ entityType, action }) => `${entityType} ${action}`);
const status = async (w: World, query: JsonObject) => (await w.call('POST', realtime, query)).status;

const created = (w: World) => w.state.createAction(actionInput(w.state), 'sandbox-daemon');
const site = (w: World) => w.state.seedWebDeployment({ name: 'Site', configuration: 'Store' });
const services = async (w: World, form: string) =>
  ((await w.call('GET', `/audits/query/${form}servicemapping`)).body as unknown as { services: { name: string }[] })
    .services;

/** What one sees of each quirk: without it, and with it. */
const seen: Record<Name, { look(w: World): Promise<unknown>; without: unknown; with: unknown }> = {
  'audit-publish-is-update': {
    look: async (w) => {
      w.state.editAction(created(w).id, { secure: true });
      return (await told(w)).at(-1);
    },
    without: 'Action Publish',
    with: 'Action Update',
  },
  'audit-parts-own-ids': {
    look: async (w) => {
      const { id } = w.state.startDraft(created(w).id);
      const [draft] = await asked(w);
      const { id: entity, selfUri } = draft!['entity'] as { id: string; selfUri: string };
      return [entity === id, selfUri.includes(id)];
    },
    without: [true, true],
    with: [false, true],
  },
  'audit-flow-steps': {
    look: async (w) => {
      seedCustomer(w.state);
      await publish(w.call, flowYaml('New'));
      const ofFlow = w.state.audits().filter(({ entityType }) => entityType === 'Flow');
      expect(new Set(ofFlow.map(({ initiatedBy }) => initiatedBy.id)).size).toBe(1);
      return ofFlow.map(({ action }) => action);
    },
    without: ['Create', 'Publish'],
    with: ['Create', 'Checkout', 'Save', 'Checkin', 'Publish'],
  },
  'audit-extra-records': {
    look: async (w) => {
      created(w);
      return told(w);
    },
    without: ['Action Create'],
    with: ['Action Create', 'Action Update'],
  },
  'audit-failures-recorded': {
    look: async (w) => {
      await w.call('PATCH', `/integrations/actions/${created(w).id}`, { version: 7, name: 'New' });
      return (await asked(w)).map(({ action, status: outcome }) => `${action} ${outcome}`);
    },
    without: ['Create SUCCESS'],
    with: ['Update FAILURE', 'Create SUCCESS'],
  },
  'audit-no-properties': {
    look: async (w) => {
      created(w);
      return 'propertyChanges' in (await asked(w))[0]!;
    },
    without: true,
    with: false,
  },
  'audit-headers-masked': {
    look: async (w) => {
      created(w);
      const { changes } = w.state.audits()[0]!;
      return changes.find(({ property }) => property === 'config.request.headers.X-Team')?.newValues;
    },
    without: ['crm'],
    with: ['****'],
  },
  'audit-dates-in-seconds': {
    look: async (w) => {
      created(w);
      return String((await asked(w))[0]!['eventDate']).length;
    },
    without: '2026-01-01T00:00:00.000Z'.length,
    with: '2026-01-01T00:00:00Z'.length,
  },
  'audit-no-transactions': {
    look: async (w) => {
      created(w);
      const [{ id, initiatingAction, transactionInitiator } = {}] = await asked(w);
      return [(initiatingAction as JsonObject)['transactionId'] === id, transactionInitiator];
    },
    without: [true, true],
    with: [false, false],
  },
  'audit-entities-bare': {
    look: async (w) => {
      created(w);
      return Object.keys((await asked(w))[0]!['entity'] as JsonObject);
    },
    without: ['id', 'name', 'selfUri'],
    with: ['id'],
  },
  'audit-ui-clientless': {
    look: async (w) => {
      w.state.editAction(created(w).id, { name: 'New' });
      const [{ client, user } = {}] = await asked(w);
      return [(client as JsonObject)['id'], user !== undefined];
    },
    without: ['sandbox-ui', true],
    with: ['', true],
  },
  'audit-type-in-two-services': {
    look: async (w) => {
      w.state.seedWebConfiguration({ name: 'Store' });
      w.state.editWebDeployment(site(w).id, { description: 'New' });
      return (await asked(w)).map(({ serviceName }) => serviceName);
    },
    without: ['WebDeployments'],
    with: ['Messaging'],
  },
  'audit-realtime-lacks-web': {
    look: async (w) => {
      const names = (await services(w, 'realtime/')).map(({ name }) => name);
      return [names.includes('WebDeployments'), await status(w, { ...everything, serviceName: 'WebDeployments' })];
    },
    without: [true, 200],
    with: [false, 400],
  },
  'audit-realtime-cut': {
    look: (w) => status(w, { interval: '2000-01-01T00:00:00Z/2100-01-01T00:00:00Z' }),
    without: 400,
    with: 200,
  },
  'audit-interval-closed': {
    look: async (w) => {
      const at = new Date().toISOString();
      w.state.addAudit({ at, entityType: 'Action', action: 'Update', entity: { id: 'a' } });
      const start = lately().split('/')[0]!;
      return (await asked(w, { interval: `${start}/${at}` })).length;
    },
    without: 0,
    with: 1,
  },
  'audit-service-required': { look: (w) => status(w, everything), without: 200, with: 400 },
  'audit-results-by-url': {
    look: async (w) => {
      created(w);
      w.sandbox.addFault({ when: { method: 'POST' }, then: { auditQuery: { polls: 1 } } });
      const { body } = await w.call('POST', '/audits/query', everything);
      await w.call('GET', `/audits/query/${body['id']}`);
      const path = `/audits/query/${body['id']}/results?allowRedirect=true`;
      const reply = await w.call('GET', path);
      const url = reply.body['downloadUrl'] as unknown as string | undefined;
      const file = url && recordsOf({ body: await (await fetch(url)).json() });
      return [reply.status, file?.length];
    },
    without: [200, undefined],
    with: [302, 1],
  },
  'audit-users-open': {
    look: async (w) => {
      const { id } = w.state.addUser({ name: 'Jo Doe' });
      w.state.takePermissions('sandbox-daemon', 'directory:user:view');
      return (await w.call('GET', `/users/${id}`)).status;
    },
    without: 403,
    with: 200,
  },
};

const names = Object.keys(quirks).filter((name): name is Name => name.startsWith('audit-'));

it.each(names)('%s', async (name) => {
  const { look, ...expected } = seen[name];
  await using plain = await world({ jobMs: 1, activationMs: 1 });
  await using quirky = await world({ jobMs: 1, activationMs: 1, quirks: [name] });
  expect({ without: await look(plain), with: await look(quirky) }).toEqual(expected);
});
