import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../json.ts';
import { document, integer, list, type Shape, string } from '../shapes.ts';
import type { World } from '../world.ts';
import { putApplication } from './external-applications.ts';
import { checkDefinition } from './flow-definitions.ts';
import { createScriptAction } from './script-actions.ts';
import type { FlowDefinitionRecord } from './tutorial-records.ts';
import { checkConfiguration } from './web-chat-organizations.ts';

/** An organisation of a seed; with a configuration, its version is 1 unless it says otherwise. */
export interface SeedWebChatOrganization {
  id?: string;
  name: string;
  /** Ids of the OAuth clients that it is assigned to; default: all. */
  clients?: string[];
  configuration?: JsonObject;
  version?: number;
}

/** What a seed holds of this surface: objects as its endpoints answer them. */
export interface TutorialSeed {
  externalApplications?: (JsonObject & { id?: string; name: string })[];
  linkedActions?: { id?: string; name: string; externalApplicationId: string }[];
  /** `version` is 1 unless it says otherwise. */
  flowDefinitions?: (JsonObject & { id?: string; name: string; steps: unknown[]; version?: number })[];
  /** `definition.code` in base64. */
  scriptActions?: (JsonObject & { id?: string; name: string; definition: JsonObject })[];
  webChatOrganizations?: SeedWebChatOrganization[];
}

const object = (name: string, required: string[], fields: Record<string, Shape>): Shape => ({
  ...{ type: 'object', name, required, fields },
});
const text = string();
export const linkedActionShape = object('linkedAction', ['name', 'externalApplicationId'], {
  ...{ id: text, name: text, externalApplicationId: text },
});
export const webChatShape = object('webChatOrganization', ['name'], {
  ...{ id: text, name: text, clients: list(text), configuration: document, version: integer },
});

/** The fields of a seed file. */
export const tutorialSeedFields: Record<keyof TutorialSeed, Shape> = {
  externalApplications: list(document),
  linkedActions: list(linkedActionShape),
  flowDefinitions: list(document),
  scriptActions: list(document),
  webChatOrganizations: list(webChatShape),
};

/** Adds what a seed holds: no request, no audit record. @throws ApiError on what an endpoint would refuse */
export function seedTutorial(world: World, seed: TutorialSeed, at?: number): void {
  const { linkedActions, flowDefinitions, webChats } = world.tutorial;
  for (const { id = randomUUID(), ...body } of seed.externalApplications ?? []) putApplication(world, id, body, at);
  for (const { id = randomUUID(), ...rest } of seed.linkedActions ?? []) linkedActions.put(id, { id, ...rest }, at);
  for (const { id, ...body } of seed.scriptActions ?? []) createScriptAction(world, body, id, at);
  for (const { id = randomUUID(), version = 1, ...body } of seed.flowDefinitions ?? []) {
    const definition = { id, ...checkDefinition(world, id, body), version } as FlowDefinitionRecord;
    flowDefinitions.put(id, definition, at);
  }
  for (const { id = randomUUID(), configuration, version = 1, ...rest } of seed.webChatOrganizations ?? []) {
    const modifiedAt = world.now();
    webChats.put(
      id,
      {
        ...{ id, ...rest },
        ...(configuration && {
          configuration: { content: checkConfiguration(world, configuration), version, modifiedAt },
        }),
      },
      at,
    );
  }
}
