import { randomUUID } from 'node:crypto';
import { invalid } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { boolean, list, oneOf, type Shape, string } from '../shapes.ts';
import type { World } from '../world.ts';
import { stamp } from './activation.ts';
import { checkDeployment } from './check-deployment.ts';
import { contentOf, newestOf, shownOf } from './configurations.ts';
import { type DeploymentInput, written } from './deployments.ts';
import type { WebConfigurationRecord, WebDeploymentRecord, WebVersionRecord } from './web-records.ts';
import { configurationShape } from './web-shapes.ts';

/** A web configuration of a seed: the writable part of the published object, under its own names. */
export type SeedWebConfiguration = JsonObject & {
  id?: string;
  name: string;
  /** False: it exists as a draft only. Default true. */
  published?: boolean;
};

/** A web deployment of a seed. What it refers to is named, and has to be in the seed. */
export interface SeedWebDeployment {
  id?: string;
  name: string;
  description?: string;
  /** Name of the configuration. */
  configuration: string;
  /** Default: the newest published one. */
  version?: string;
  /** Name of an inbound message flow. */
  flow?: string;
  supportedContent?: string;
  allowAllDomains?: boolean;
  allowedDomains?: string[];
  status?: 'Active' | 'Inactive';
}

/** What a seed holds of web messaging. */
export interface WebSeed {
  knowledgeBases?: { id?: string; name: string; coreLanguage?: string; published?: boolean }[];
  supportedContent?: { id?: string; name: string; inbound?: string[]; outbound?: string[] }[];
  webConfigurations?: SeedWebConfiguration[];
  webDeployments?: SeedWebDeployment[];
}

const object = (name: string, required: string[], fields: Record<string, Shape>): Shape => ({
  ...{ type: 'object', name, required, fields },
});
const text = string();
const texts = list(text);

export const seedConfigurationShape = object('webConfiguration', ['name'], {
  ...(configurationShape.fields as Record<string, Shape>),
  id: text,
  published: boolean,
});
export const seedDeploymentShape = object('webDeployment', ['name', 'configuration'], {
  ...{ id: text, name: text, description: text, configuration: text, version: text, flow: text },
  ...{ supportedContent: text, allowAllDomains: boolean, allowedDomains: texts, status: oneOf('Active', 'Inactive') },
});

/** The fields of a seed file. */
export const webSeedFields: Record<keyof WebSeed, Shape> = {
  knowledgeBases: list(
    object('knowledgeBase', ['name'], { id: text, name: text, coreLanguage: text, published: boolean }),
  ),
  supportedContent: list(
    object('supportedContent', ['name'], { id: text, name: text, inbound: texts, outbound: texts }),
  ),
  webConfigurations: list(seedConfigurationShape),
  webDeployments: list(seedDeploymentShape),
};

/** Adds what a seed holds. @param idOf makes an id of a type and a name, the same at each start */
export function seedWeb(world: World, seed: WebSeed, idOf: (type: string, name: string) => string): void {
  for (const { name, coreLanguage = 'en-US', published = true, id } of seed.knowledgeBases ?? []) {
    const base = { id: id ?? idOf('knowledge base', name), name, coreLanguage, published, createdAt: world.now() };
    world.knowledgeBases.put(base.id, base, 0);
  }
  for (const { name, inbound = ['image/*'], outbound = ['image/*'], id } of seed.supportedContent ?? []) {
    const profile = { id: id ?? idOf('supported content', name), name, inbound, outbound, createdAt: world.now() };
    world.supportedContents.put(profile.id, profile, 0);
  }
  for (const one of seed.webConfigurations ?? []) {
    seedWebConfiguration(world, { id: idOf('web configuration', one.name), ...one }, one.published, 0);
  }
  for (const one of seed.webDeployments ?? []) {
    seedWebDeployment(world, { id: idOf('web deployment', one.name), ...one }, 0);
  }
}

/** Puts a configuration there, active and (unless told otherwise) published: no request, no wait, no audit record. */
export function seedWebConfiguration(
  world: World,
  { id = randomUUID(), published: _published, ...input }: SeedWebConfiguration,
  published = true,
  at?: number,
): WebConfigurationRecord {
  const { name, content } = contentOf(input);
  const now = stamp(world);
  const version = (more: Partial<WebVersionRecord>): WebVersionRecord => ({
    ...{ version: 'DRAFT', name, content, status: 'Active', createdAt: now, createdBy: undefined },
    ...{ modifiedAt: now, modifiedBy: undefined, writes: 1 },
    ...(published && { publishedAt: now + 1, publishedBy: undefined }),
    ...more,
  });
  return world.webConfigurations.put(
    id,
    { id, draft: version({}), versions: published ? [version({ version: '1' })] : [] },
    at,
  );
}

/** Puts a deployment there that serves its version. @throws ApiError on what it refers to and is not there */
export function seedWebDeployment(world: World, seed: SeedWebDeployment, at?: number): WebDeploymentRecord {
  const { id = randomUUID(), configuration: called, version: wanted, flow, supportedContent, ...rest } = seed;
  const configuration = world.webConfigurations.list().find((one) => shownOf(one).name === called);
  const version = wanted ?? (configuration && newestOf(configuration)?.version);
  if (!configuration || version === undefined) {
    throw invalid(`Web deployment "${seed.name}": there is no published configuration "${called}"`, 'configuration');
  }
  const named = <T extends { id: string; name: string }>(all: T[], name: string | undefined, field: string) => {
    if (name === undefined) return {};
    const found = all.find((one) => one.name === name);
    if (!found) throw invalid(`Web deployment "${seed.name}": there is no ${field} "${name}"`, field);
    return { [field]: { id: found.id } };
  };
  const input: DeploymentInput = {
    ...rest,
    ...named(world.flows.list(), flow, 'flow'),
    ...named(world.supportedContents.list(), supportedContent, 'supportedContent'),
    configuration: { id: configuration.id, version },
  };
  checkDeployment(world, input);
  const now = stamp(world);
  const status = seed.status ?? 'Active';
  const record: WebDeploymentRecord = {
    ...written(input),
    ...{ id, status, intended: status, served: input.configuration, activations: 0 },
    ...{ createdAt: now, modifiedAt: now, modifiedBy: undefined },
  };
  return world.webDeployments.put(id, record, at);
}
