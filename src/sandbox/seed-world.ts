import { createHash } from 'node:crypto';
import { problemsOf, storeConfig } from './action-config.ts';
import { addConsumer } from './consumers.ts';
import { storeContract } from './contract-schemas.ts';
import { seedFlow } from './flows/edit-flows.ts';
import { findType } from './integration-types.ts';
import { authAction } from './integrations.ts';
import type {
  ActionConfig,
  ActionContractInput,
  ActionRecord,
  IntegrationRecord,
  OrganizationRecord,
} from './records.ts';
import { seedSchedule, seedScheduleGroup } from './schedules/schedule-state.ts';
import type { Seed, SeedAction } from './seed.ts';
import { seedSurfaces } from './surfaces.ts';
import { seedWeb } from './web/web-seed.ts';
import { actorOf, type SandboxOptions, type World } from './world.ts';

const emptyContract: ActionContractInput = {
  input: { inputSchema: { type: 'object', properties: {} } },
  output: { successSchema: { type: 'object', properties: {} } },
};
const defaultConfig: ActionConfig = { request: { requestUrlTemplate: 'https://example.com/', requestType: 'GET' } };

/** What every sandbox begins with. */
const base: Seed = {
  clients: [{ id: 'sandbox-daemon' }, { id: 'sandbox-admin', user: { name: 'Sandbox Admin' } }],
  knowledgeBases: [{ name: 'Help Center' }],
  supportedContent: [
    { name: 'Images' },
    { name: 'Images and Documents', inbound: ['image/*', 'application/pdf'], outbound: ['image/*', 'application/pdf'] },
  ],
  integrations: [
    { name: 'Web Services Data Actions', type: 'custom-rest-actions' },
    { name: 'Genesys Cloud Data Actions', type: 'purecloud-data-actions' },
  ],
  actions: [
    {
      id: 'static_-_estimated-wait-time',
      name: 'Get Estimated Wait Time',
      integration: 'Genesys Cloud Data Actions',
      config: {
        request: {
          requestUrlTemplate: '/api/v2/routing/queues/${input.QUEUE_ID}/estimatedwaittime',
          requestType: 'GET',
        },
      },
    },
  ],
};

/** Ids of what a seed holds are made from names, so that two starts give the same organisation. */
function stableId(...parts: string[]): string {
  const hex = createHash('sha256').update(parts.join('\n')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The organisation that options and seed describe. */
export function organizationOf(options: SandboxOptions): OrganizationRecord {
  const seeded = options.seed?.organization ?? {};
  const name = options.orgName ?? seeded.name ?? 'Sandbox';
  const shortName = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return {
    // Who starts one seed under several names wants several organisations.
    id: (options.orgName === undefined ? seeded.id : undefined) ?? stableId('organization', name),
    name,
    shortName,
    defaultLanguage: seeded.defaultLanguage ?? 'en-us',
    defaultCountryCode: seeded.defaultCountryCode ?? 'US',
    domain: seeded.domain ?? shortName,
    products: options.seed?.products ?? ['PureCloud3', 'bySeconds'],
  };
}

/** Fills a new world. @throws Error on a reference to something that the seed does not hold */
export function seedWorld(world: World, seed: Seed = {}): void {
  const org = world.organization.name;
  const home = { id: stableId(org, 'division', 'Home'), name: 'Home', description: 'The home division.', home: true };
  world.divisions.put(home.id, home, 0);
  for (const { name, description = '', id = stableId(org, 'division', name) } of seed.divisions ?? []) {
    world.divisions.put(id, { id, name, description, home: false }, 0);
  }
  for (const part of [base, seed]) {
    for (const { secret = 'sandbox-secret', user, ...client } of part.clients ?? []) {
      const person = user && { id: user.id ?? stableId(org, 'user', user.name), name: user.name };
      world.clients.set(client.id, { ...client, secret, ...(person && { user: person }) });
      if (person) world.users.set(person.id, person);
    }
    for (const { name, type, fields = {}, id = stableId(org, 'credential', name) } of part.credentials ?? []) {
      const time = world.now();
      world.credentials.put(id, { id, name, typeId: type, fields, createdAt: time, modifiedAt: time }, 0);
    }
    for (const integration of part.integrations ?? []) seedIntegration(world, integration);
    for (const action of part.actions ?? []) seedAction(world, action);
    for (const schedule of part.schedules ?? []) seedSchedule(world, schedule);
    for (const group of part.scheduleGroups ?? []) seedScheduleGroup(world, group);
    for (const { yaml, publishedBy = 'sandbox-admin' } of part.flows ?? []) {
      seedFlow(world, yaml, actorOf(world, publishedBy), 0);
    }
    seedWeb(world, part, (type, name) => stableId(org, type, name));
    for (const consumer of part.consumers ?? []) {
      addConsumer(world, consumer, stableId(org, 'flow', consumer.type ?? '', consumer.name));
    }
  }
  seedSurfaces(world, seed);
}

function seedIntegration(world: World, seed: NonNullable<Seed['integrations']>[number]): void {
  const { name, type } = seed;
  if (!findType(type)) throw new Error(`Seed: integration "${name}" has the unknown type "${type}"`);
  const credentials = Object.entries(seed.credentials ?? {}).map(([slot, credentialName]) => {
    const credential = world.credentials.list().find((other) => other.name === credentialName);
    if (!credential) throw new Error(`Seed: integration "${name}" names the unknown credential "${credentialName}"`);
    return [slot, credential] as const;
  });
  const integration: IntegrationRecord = {
    id: seed.id ?? stableId(world.organization.name, 'integration', name),
    name,
    typeId: type,
    intendedState: seed.intendedState ?? 'ENABLED',
    stateChangedAt: world.now() - 60_000,
    config: {
      version: 1,
      properties: seed.properties ?? {},
      advanced: seed.advanced ?? {},
      notes: seed.notes ?? '',
      credentials: Object.fromEntries(credentials.map(([slot, { id }]) => [slot, id])),
    },
  };
  world.integrations.put(integration.id, integration, 0);
  if (type === 'custom-rest-actions' && credentials.some(([, { typeId }]) => typeId === 'userDefinedOAuth')) {
    const id = `customAuth_-_${integration.id}`;
    world.actions.put(id, authAction(id, integration), 0);
  }
}

/** Adds an action with defaults, without an audit record. */
export function seedAction(world: World, seed: SeedAction, at = 0): ActionRecord {
  const integration = world.integrations.list().find(({ name }) => name === seed.integration);
  if (!integration) throw new Error(`Seed: action "${seed.name}" names the unknown integration "${seed.integration}"`);
  const action: ActionRecord = {
    id: seed.id ?? `custom_-_${stableId(world.organization.name, 'action', integration.id, seed.name)}`,
    name: seed.name,
    integrationId: integration.id,
    category: seed.category ?? integration.name,
    version: seed.version ?? 1,
    secure: seed.secure ?? false,
    config: storeConfig(seed.config ?? defaultConfig, world.quirks),
    contract: storeContract(seed.contract ?? emptyContract, world.quirks),
  };
  const [problem] = seed.draft ? [] : problemsOf(action, integration.typeId);
  if (problem) throw new Error(`Seed: action "${seed.name}": ${problem.message}`);
  (seed.draft ? world.drafts : world.actions).put(action.id, action, at);
  return action;
}
