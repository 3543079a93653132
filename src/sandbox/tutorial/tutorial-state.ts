import { notFound } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { laidUnder } from '../web/web-defaults.ts';
import { actingAs, type World } from '../world.ts';
import { putApplication } from './external-applications.ts';
import { checkDefinition, putDefinition } from './flow-definitions.ts';
import { deleteScriptAction, putScriptAction } from './script-actions.ts';
import type {
  ExternalApplicationRecord,
  FlowDefinitionRecord,
  LinkedActionRecord,
  ReplicationRecord,
  ScriptActionRecord,
  WebChatOrganizationRecord,
} from './tutorial-records.ts';
import { seedTutorial, type TutorialSeed } from './tutorial-seed.ts';
import { checkConfiguration, putConfiguration } from './web-chat-organizations.ts';

/** What somebody else changes: fields laid over what is there, level by level (null takes away), or a function of it. */
export type TutorialEdit = JsonObject | ((now: JsonObject) => JsonObject);

/**
 * Direct access to what the tutorial surface serves, for tests. Edits are checked as the endpoints check them and count
 * versions; only web chats have an audit log, and there whoever edits is Sandbox Admin, a person, unless a client is named.
 */
export interface TutorialState {
  /** Adds what a seed holds, now. */
  seedTutorial(seed: TutorialSeed): void;
  externalApplications(): ExternalApplicationRecord[];
  externalApplication(id: string): ExternalApplicationRecord | undefined;
  editExternalApplication(id: string, edit: TutorialEdit): ExternalApplicationRecord;
  deleteExternalApplication(id: string): void;
  linkedActions(): LinkedActionRecord[];
  /** Links a data action to another application. */
  linkAction(id: string, externalApplicationId: string): LinkedActionRecord;
  deleteLinkedAction(id: string): void;
  flowDefinitions(): FlowDefinitionRecord[];
  flowDefinition(id: string): FlowDefinitionRecord | undefined;
  /** Publishes the definition with the edit. */
  editFlowDefinition(id: string, edit: TutorialEdit): FlowDefinitionRecord;
  deleteFlowDefinition(id: string): void;
  scriptActions(): ScriptActionRecord[];
  scriptAction(id: string): ScriptActionRecord | undefined;
  /** The first of this name. */
  scriptActionNamed(name: string): ScriptActionRecord | undefined;
  editScriptAction(id: string, edit: TutorialEdit): ScriptActionRecord;
  deleteScriptAction(id: string): void;
  webChats(): WebChatOrganizationRecord[];
  webChat(id: string): WebChatOrganizationRecord | undefined;
  /** Writes the configuration with the edit; the first one, where there is none. */
  editWebChat(id: string, edit: TutorialEdit, as?: string): WebChatOrganizationRecord;
  /** Takes the configuration away, as if there had never been one. */
  clearWebChat(id: string): void;
  /** To which clients an organisation is assigned; to all without them. */
  assignWebChat(id: string, clients?: string[]): WebChatOrganizationRecord;
  replications(): ReplicationRecord[];
  /** Lets the next replication to this organisation fail. */
  failReplication(organizationId: string, message?: string): void;
}

export function tutorialStateOf(world: World): TutorialState {
  const { externalApplications, linkedActions, flowDefinitions, scriptActions, webChats } = world.tutorial;
  return {
    seedTutorial: (seed) => seedTutorial(world, seed),
    externalApplications: () => externalApplications.list(),
    externalApplication: (id) => externalApplications.get(id),
    editExternalApplication: (id, edit) => putApplication(world, id, edited(externalApplications.get(id), edit)),
    deleteExternalApplication: (id) => void externalApplications.delete(id),
    linkedActions: () => linkedActions.list(),
    linkAction(id, externalApplicationId) {
      return linkedActions.put(id, { ...there(linkedActions.get(id)), externalApplicationId });
    },
    deleteLinkedAction: (id) => void linkedActions.delete(id),
    flowDefinitions: () => flowDefinitions.list(),
    flowDefinition: (id) => flowDefinitions.get(id),
    editFlowDefinition(id, edit) {
      return putDefinition(world, id, checkDefinition(world, id, edited(flowDefinitions.get(id), edit)));
    },
    deleteFlowDefinition: (id) => void flowDefinitions.delete(id),
    scriptActions: () => scriptActions.list(),
    scriptAction: (id) => scriptActions.get(id),
    scriptActionNamed: (name) => scriptActions.list().find((action) => action.name === name),
    editScriptAction: (id, edit) => putScriptAction(world, id, edited(scriptActions.get(id), edit)),
    deleteScriptAction: (id) => deleteScriptAction(world, id),
    webChats: () => webChats.list(),
    webChat: (id) => webChats.get(id),
    editWebChat(id, edit, as) {
      const { configuration } = there(webChats.get(id));
      const content = checkConfiguration(world, edited(configuration?.content ?? {}, edit));
      return putConfiguration(world, id, content, actingAs(world, as));
    },
    clearWebChat(id) {
      const { configuration: _gone, ...organization } = there(webChats.get(id));
      webChats.put(id, organization);
    },
    assignWebChat(id, clients) {
      const { clients: _before, ...organization } = there(webChats.get(id));
      return webChats.put(id, { ...organization, ...(clients && { clients }) });
    },
    replications: () => [...world.tutorial.replications.values()],
    failReplication: (id, message = 'The region did not answer') => void world.tutorial.failing.set(id, message),
  };
}

/** @throws ApiError 404 */
function there<T>(found: T | undefined): T {
  if (found === undefined) throw notFound();
  return found;
}

function edited(found: JsonObject | undefined, edit: TutorialEdit): JsonObject {
  const now = structuredClone(there(found));
  return typeof edit === 'function' ? edit(now) : laidUnder(now, edit);
}
