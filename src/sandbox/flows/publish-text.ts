import type { Actor } from '../audit-log.ts';
import { may } from '../endpoint.ts';
import { seesFlow } from '../visibility.ts';
import type { World } from '../world.ts';
import { canonicalTree } from './canonical.ts';
import { checkFlow, type FlowMessage } from './check-flow.ts';
import type { FlowActor, FlowRecord, FlowVersionRecord } from './flow-records.ts';
import { type FlowText, FlowTextError, readFlowText } from './flow-text.ts';
import {
  actorName,
  auditFlow,
  auditPublished,
  flowActor,
  flowNamed,
  lockedAgainst,
  newFlow,
  withVersion,
} from './flows.ts';

/** What came of a text. */
export interface Published {
  messages: FlowMessage[];
  /** Absent when nothing was published. */
  flow?: FlowRecord;
}

/** Makes a text the live flow of its type and name, or says what stands in the way; a new name makes a new flow. */
export function publishText(
  world: World,
  source: string,
  actor: Actor,
  options: { createStubs?: boolean } = {},
): Published {
  let text: FlowText;
  try {
    text = readFlowText(source);
  } catch (error) {
    if (!(error instanceof FlowTextError)) throw error;
    return { messages: [{ type: 'Error', text: error.message }] };
  }
  const by = flowActor(actor);
  const before = flowNamed(world, text.type, text.name);
  const { messages, content, stubs } = contentOf(world, text, by, options.createStubs);
  for (const stub of stubs) auditFlow(world, actor, 'Create', stub);
  const obstacle = before && obstacleOf(world, before, actor);
  for (const permission of missingPermissions(world, actor, before)) {
    messages.push({ type: 'Error', text: `Flow '${text.name}': the '${permission}' permission is required.` });
  }
  if (obstacle) messages.push({ type: 'Error', text: `Flow '${text.name}' ${obstacle}` });
  const division = divisionNamed(world, text, before);
  if (division === undefined) {
    messages.push({
      type: 'Error',
      text: `Flow '${text.name}': could not find the division '${text.tree['division']}'.`,
    });
  }
  if (messages.some(({ type }) => type === 'Error') || division === undefined) return { messages };
  const { description } = text.tree;
  const { lockedBy: _lock, ...base } = before ?? newFlow(world, { type: text.type, name: text.name });
  const described = { ...base, divisionId: division, ...(typeof description === 'string' && { description }) };
  const after = withVersion(world, described, content, 'PUBLISH');
  world.flows.put(after.id, after);
  const created = before ? undefined : auditFlow(world, actor, 'Create', described);
  auditPublished(world, actor, after, before ?? described, created);
  return { messages, flow: after };
}

/** What a version keeps of a text, and what is wrong with it. */
export function contentOf(world: World, text: FlowText, by: FlowActor, createStubs = false) {
  const { messages, calls, flows, schedules, missing } = checkFlow(world, text);
  const stubs: FlowRecord[] = [];
  for (const { name, type, path } of missing) {
    // Flows that call each other can only be published one after the other: the first one needs a stub of the second.
    if (createStubs && !messages.some((message) => message.type === 'Error')) {
      const stub = newFlow(world, { name, type: type ?? 'inboundCall' });
      stubs.push(world.flows.put(stub.id, stub));
      flows.push({ flowId: stub.id, name });
    } else messages.push({ type: 'Error', text: `Flow '${text.name}': could not find the flow '${name}' (${path}).` });
  }
  const wrong = messages.some(({ type }) => type === 'Error');
  const tree = wrong ? text.tree : canonicalTree(world, text);
  const content: Pick<FlowVersionRecord, 'tree' | 'calls' | 'flows' | 'schedules' | 'createdBy'> = {
    tree,
    calls,
    flows,
    schedules,
    createdBy: by,
  };
  return { messages, content, stubs };
}

/** What a client lacks to do by hand what its job does (quirk `flow-job-needs-permissions`). */
function missingPermissions(world: World, { clientId }: Actor, before: FlowRecord | undefined): string[] {
  const client = world.clients.get(clientId);
  if (!client || !world.quirks.has('flow-job-needs-permissions')) return [];
  const needed = [before ? 'architect:flow:edit' : 'architect:flow:add', 'architect:flow:publish'];
  return needed.filter((permission) => !may(client, permission));
}

function obstacleOf(world: World, flow: FlowRecord, actor: Actor): string | undefined {
  const by = flowActor(actor);
  if (!seesFlow(world.clients.get(actor.clientId), flow))
    return 'cannot be published: you are not authorized to see it.';
  if (lockedAgainst(flow, by) && !world.quirks.has('flow-job-breaks-locks'))
    return `is locked by ${actorName(flow.lockedBy!)} and cannot be published.`;
  if (flow.operation?.status === 'STARTED') return 'cannot be published: an operation is already in progress.';
  return undefined;
}

/** The division that a text names, else the flow's own, else home; undefined when there is none of that name. */
function divisionNamed(world: World, { tree }: FlowText, flow?: FlowRecord): string | undefined {
  const divisions = world.divisions.list();
  if (typeof tree['division'] === 'string') return divisions.find(({ name }) => name === tree['division'])?.id;
  return flow?.divisionId ?? divisions.find(({ home }) => home)?.id;
}
