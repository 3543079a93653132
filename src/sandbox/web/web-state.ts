import type { JsonObject } from '../json.ts';
import { readBody, type Shape } from '../shapes.ts';
import { actingAs, type World } from '../world.ts';
import {
  deleteConfiguration,
  findConfiguration,
  findDraft,
  publishDraft,
  putDraft,
  shownOf,
} from './configurations.ts';
import { deleteDeployment, findDeployment, inputOf, putDeployment } from './deployments.ts';
import { laidUnder } from './web-defaults.ts';
import type { WebConfigurationRecord, WebDeploymentRecord, WebStatus } from './web-records.ts';
import {
  type SeedWebConfiguration,
  type SeedWebDeployment,
  seedWebConfiguration,
  seedWebDeployment,
} from './web-seed.ts';
import { configurationShape, deploymentShape } from './web-shapes.ts';

/**
 * Direct access to web messaging, for tests. What is done here takes effect at once, without an activation to wait for;
 * whoever acts is Sandbox Admin, a person, unless a client is named.
 */
export interface WebState {
  webConfigurations(): WebConfigurationRecord[];
  webConfiguration(id: string): WebConfigurationRecord | undefined;
  /** The first of this name. */
  webConfigurationNamed(name: string): WebConfigurationRecord | undefined;
  /** Puts one there as a seed does, published unless told otherwise: no request, no audit record. */
  seedWebConfiguration(seed: SeedWebConfiguration, published?: boolean): WebConfigurationRecord;
  /**
   * Writes the draft (the change over what it holds, level by level, null takes away) and publishes it, or leaves it with
   * this status, by default `Active`.
   */
  editWebConfiguration(
    id: string,
    change: JsonObject,
    how?: { publish?: boolean; status?: WebStatus },
    as?: string,
  ): WebConfigurationRecord;
  /** Publishes the draft as it is. */
  publishWebConfiguration(id: string, as?: string): WebConfigurationRecord;
  /** @throws ApiError while a deployment uses it */
  deleteWebConfiguration(id: string, as?: string): void;
  webDeployments(): WebDeploymentRecord[];
  webDeployment(id: string): WebDeploymentRecord | undefined;
  webDeploymentNamed(name: string): WebDeploymentRecord | undefined;
  /** Puts one there as a seed does, and lets it serve. */
  seedWebDeployment(seed: SeedWebDeployment): WebDeploymentRecord;
  /** Changes fields of the published object, level by level, and lets it serve them. */
  editWebDeployment(id: string, change: JsonObject, as?: string): WebDeploymentRecord;
  deleteWebDeployment(id: string, as?: string): void;
}

export function webStateOf(world: World): WebState {
  const actor = (id?: string) => actingAs(world, id);
  const settle = (id: string, status: WebStatus): WebConfigurationRecord => {
    const now = findConfiguration(world, id);
    return world.webConfigurations.put(id, { ...now, draft: { ...findDraft(world, id), status } });
  };
  const publish = (id: string, as: string | undefined): WebConfigurationRecord => {
    settle(id, 'Active');
    publishDraft(world, id, actor(as));
    return findConfiguration(world, id);
  };
  /** The whole body that a change of what is there makes, checked as one that is sent. */
  const body = (shape: Shape, now: JsonObject, change: JsonObject): JsonObject =>
    readBody(shape, world.quirks.has('web-put-merged') ? { ...now, ...change } : laidUnder(now, change));
  return {
    webConfigurations: () => world.webConfigurations.list(),
    webConfiguration: (id) => world.webConfigurations.get(id),
    webConfigurationNamed: (name) => world.webConfigurations.list().find((one) => shownOf(one).name === name),
    seedWebConfiguration: (seed, published = seed.published) => seedWebConfiguration(world, seed, published),
    editWebConfiguration(id, change, { publish: published = true, status = 'Active' } = {}, as) {
      const { name, content } = shownOf(findConfiguration(world, id));
      putDraft(world, id, body(configurationShape, { name, ...content }, change), { actor: actor(as), fate: 'never' });
      return published ? publish(id, as) : settle(id, status);
    },
    publishWebConfiguration: publish,
    deleteWebConfiguration(id, as) {
      deleteConfiguration(world, id, actor(as));
      world.webConfigurations.delete(id);
    },
    webDeployments: () => world.webDeployments.list(),
    webDeployment: (id) => world.webDeployments.get(id),
    webDeploymentNamed: (name) => world.webDeployments.list().find((one) => one.name === name),
    seedWebDeployment: (seed) => seedWebDeployment(world, seed),
    editWebDeployment(id, change, as) {
      const input = body(deploymentShape, inputOf(findDeployment(world, id)), change);
      const { intended, configuration, ...rest } = putDeployment(world, id, input, { actor: actor(as), fate: 'never' });
      const now = { ...rest, intended, configuration, status: intended, served: configuration };
      return world.webDeployments.put(id, now);
    },
    deleteWebDeployment(id, as) {
      deleteDeployment(world, id, actor(as));
      world.webDeployments.delete(id);
    },
  };
}
