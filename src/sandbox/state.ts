import {
  type ActionInput,
  type ActionPatch,
  copyToDraft,
  createAction,
  deleteAction,
  deleteDraft,
  findAction,
  findDraft,
  patchAction,
  patchDraft,
  publishDraft,
} from './actions.ts';
import { type AuditState, auditStateOf } from './audit-state.ts';
import {
  addConsumer,
  type ConsumerRecord,
  type ConsumerSeed,
  consumersOf,
  removeConsumer,
  type TrackingState,
} from './consumers.ts';
import { type FlowState, flowStateOf } from './flows/flow-state.ts';
import { findIntegration, putConfiguration, setIntendedState } from './integrations.ts';
import type { ActionRecord, IntegrationRecord } from './records.ts';
import { type ScheduleState, scheduleStateOf } from './schedules/schedule-state.ts';
import type { SeedAction } from './seed.ts';
import { seedAction } from './seed-world.ts';
import { type TutorialState, tutorialStateOf } from './tutorial/tutorial-state.ts';
import {
  givePermissions,
  giveScopes,
  type HiddenActions,
  hideActions,
  takePermissions,
  takeScopes,
} from './visibility.ts';
import { type WebState, webStateOf } from './web/web-state.ts';
import { actingAs, type World } from './world.ts';

type Change<T extends { version: number }> = Omit<Partial<T>, 'version'>;

/**
 * Direct access to the organisation, for tests: look without a request, and edit as the person Sandbox Admin
 * does in the user interface, or as the client that `as` names. Edits check what the API checks, count versions and reach the audit log.
 */
export interface SandboxState extends FlowState, ScheduleState, WebState, AuditState, TutorialState {
  /** Published actions, built-in and authentication ones included. */
  actions(): ActionRecord[];
  action(id: string): ActionRecord | undefined;
  /** The first published action of this name. */
  actionNamed(name: string): ActionRecord | undefined;
  drafts(): ActionRecord[];
  draft(id: string): ActionRecord | undefined;
  integrations(): IntegrationRecord[];
  integrationNamed(name: string): IntegrationRecord | undefined;
  /** Puts an action there as a seed does: with defaults, without a request or an audit record. */
  seedAction(action: SeedAction): ActionRecord;
  createAction(input: ActionInput, as?: string): ActionRecord;
  /** Changes a published action, its contract and `secure` through a draft that is published. */
  editAction(id: string, change: Change<ActionPatch>, as?: string): ActionRecord;
  deleteAction(id: string, as?: string): void;
  /** Begins a draft of a published action, and changes it if told how. */
  startDraft(id: string, change?: Change<ActionPatch>, as?: string): ActionRecord;
  deleteDraft(id: string, as?: string): void;
  setIntegrationState(id: string, state: 'ENABLED' | 'DISABLED' | 'DELETED', as?: string): IntegrationRecord;
  renameIntegration(id: string, name: string, as?: string): IntegrationRecord;
  /** What uses an action, or everything that uses any. */
  consumers(actionId?: string): ConsumerRecord[];
  /** Lets a flow use an action. */
  addConsumer(consumer: ConsumerSeed): ConsumerRecord;
  /** Forgets what a flow uses: one action, or all. */
  removeConsumer(id: string, actionId?: string): void;
  /** Other than `operational`, it answers 206 to who asks for consumers. */
  dependencyTracking: TrackingState;
  /** Takes permissions from a client, also from one that may do everything; `integrations:action:*` takes many. */
  takePermissions(clientId: string, ...permissions: string[]): void;
  givePermissions(clientId: string, ...permissions: string[]): void;
  /** Takes scopes from a client, also from one that has all, and from the tokens that it has. */
  takeScopes(clientId: string, ...scopes: string[]): void;
  /** Gives back what was taken; what a client of some scopes never had, only its next token has. */
  giveScopes(clientId: string, ...scopes: string[]): void;
  /** Makes a client's lists shorter without an error, in place of what was hidden from it before. */
  hideActions(clientId: string, hidden: HiddenActions): void;
  showActions(clientId: string): void;
  /** Makes every token unknown, so that the next call of each client answers 401. */
  expireTokens(): void;
}

export function stateOf(world: World): SandboxState {
  const startDraft = (id: string, change?: Change<ActionPatch>, as?: string): ActionRecord => {
    const draft = copyToDraft(world, id, actingAs(world, as));
    return change ? patchDraft(world, id, { ...change, version: draft.version }, actingAs(world, as)) : draft;
  };
  return {
    ...flowStateOf(world),
    ...scheduleStateOf(world),
    ...webStateOf(world),
    ...auditStateOf(world),
    ...tutorialStateOf(world),
    actions: () => world.actions.list(),
    action: (id) => world.actions.get(id),
    actionNamed: (name) => world.actions.list().find((action) => action.name === name),
    drafts: () => world.drafts.list(),
    draft: (id) => world.drafts.get(id),
    integrations: () => world.integrations.list(),
    integrationNamed: (name) => world.integrations.list().find((integration) => integration.name === name),
    seedAction: (action) => seedAction(world, action, world.now()),
    createAction: (input, as) => createAction(world, input, actingAs(world, as)),
    editAction(id, change, as) {
      const actor = actingAs(world, as);
      if (change.contract === undefined && change.secure === undefined) {
        return patchAction(world, id, { ...change, version: findAction(world, id).version }, actor);
      }
      startDraft(id, change, as);
      return publishDraft(world, id, findDraft(world, id).version, actor);
    },
    deleteAction: (id, as) => deleteAction(world, id, actingAs(world, as)),
    startDraft,
    deleteDraft: (id, as) => deleteDraft(world, id, actingAs(world, as)),
    setIntegrationState: (id, state, as) => setIntendedState(world, id, state, actingAs(world, as)),
    renameIntegration(id, name, as) {
      const { config } = findIntegration(world, id);
      const credentials = Object.fromEntries(
        Object.entries(config.credentials).map(([slot, of]) => [slot, { id: of }]),
      );
      return putConfiguration(world, id, { ...config, credentials, name }, actingAs(world, as));
    },
    consumers: (actionId) => consumersOf(world, actionId),
    addConsumer: (consumer) => addConsumer(world, consumer),
    removeConsumer: (id, actionId) => removeConsumer(world, id, actionId),
    get dependencyTracking() {
      return world.dependencyTracking;
    },
    set dependencyTracking(state) {
      world.dependencyTracking = state;
    },
    takePermissions: (clientId, ...permissions) => takePermissions(world, clientId, permissions),
    givePermissions: (clientId, ...permissions) => givePermissions(world, clientId, permissions),
    takeScopes: (clientId, ...scopes) => takeScopes(world, clientId, scopes),
    giveScopes: (clientId, ...scopes) => giveScopes(world, clientId, scopes),
    hideActions: (clientId, hidden) => hideActions(world, clientId, hidden),
    showActions: (clientId) => hideActions(world, clientId),
    expireTokens: () => world.tokens.clear(),
  };
}
