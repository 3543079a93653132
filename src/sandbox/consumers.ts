import { randomUUID } from 'node:crypto';
import { dependencyTypes } from './dependency-types.ts';
import { invalid } from './errors.ts';
import { flowConsumers } from './flows/flow-uses.ts';
import type { World } from './world.ts';

/** A flow (or another thing of Architect) that uses a data action. */
export interface ConsumerRecord {
  id: string;
  name: string;
  /** A published type, e.g. `INBOUNDSHORTMESSAGEFLOW`. */
  type: string;
  version: string;
  /** The action that it uses. */
  actionId: string;
}

/** What a seed or a test says of a consumer. The action by id, or by the names of its integration and its own. */
export interface ConsumerSeed {
  id?: string;
  name: string;
  /** Default `INBOUNDSHORTMESSAGEFLOW`. */
  type?: string;
  /** Default `1.0`. */
  version?: string;
  uses: { id: string } | { integration: string; name: string };
}

/** How far the index of dependency tracking can be believed. */
export const trackingStates = ['operational', 'rebuilding', 'needs-rebuild'] as const;
export type TrackingState = (typeof trackingStates)[number];

/** Makes a consumer known. One flow that uses two actions is added twice, with the same id. */
export function addConsumer(world: World, seed: ConsumerSeed, id: string = randomUUID()): ConsumerRecord {
  const { name, type = 'INBOUNDSHORTMESSAGEFLOW', version = '1.0' } = seed;
  if (!dependencyTypes.includes(type)) throw invalid(`Consumer "${name}" has the unknown type "${type}"`, 'type');
  const consumer = { id: seed.id ?? id, name, type, version, actionId: usedAction(world, seed) };
  world.consumers = [...world.consumers, consumer];
  return consumer;
}

/** Forgets what a flow uses: one action, or all. */
export function removeConsumer(world: World, id: string, actionId?: string): void {
  world.consumers = world.consumers.filter(
    (consumer) => consumer.id !== id || (actionId !== undefined && consumer.actionId !== actionId),
  );
}

/** What uses an action, or any: what was added, then the flows whose version calls it. */
export function consumersOf(
  world: World,
  actionId?: string,
  filter: 'published' | 'checkedIn' = 'published',
): ConsumerRecord[] {
  const added = world.consumers.filter((consumer) => actionId === undefined || consumer.actionId === actionId);
  return [...added, ...flowConsumers(world, actionId, filter)];
}

/** The id is kept and not the name, as Architect keeps it: a rename of the action leaves its consumers. */
function usedAction(world: World, { name, uses }: ConsumerSeed): string {
  if (uses === undefined) throw invalid(`Consumer "${name}" does not say what it uses`, 'uses');
  if ('id' in uses) return uses.id;
  const found = [...world.actions.list(), ...world.drafts.list()].find(
    (action) => action.name === uses.name && world.integrations.get(action.integrationId)?.name === uses.integration,
  );
  if (!found)
    throw invalid(`Consumer "${name}" uses the unknown action "${uses.name}" of "${uses.integration}"`, 'uses');
  return found.id;
}
