import { createHash } from 'node:crypto';
import type { Actor } from '../audit-log.ts';
import { ApiError, invalid } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { World } from '../world.ts';
import { exportText, latestVersion } from './export-text.ts';
import type { FlowRecord } from './flow-records.ts';
import { FlowTextError, readFlowText, writeFlowText } from './flow-text.ts';
import {
  auditFlow,
  auditPublished,
  findFlow,
  flowActor,
  flowNamed,
  lockedAgainst,
  newFlow,
  withVersion,
} from './flows.ts';
import { contentOf } from './publish-text.ts';

/** What somebody changes: the text as a whole, or the tree under its top key, changed in place or given back. */
export type FlowEdit = ((yaml: string) => string) | { tree: (tree: JsonObject) => JsonObject | undefined };

/** Publishes a flow, or only saves it, as somebody in the editor does; the name may be new. */
export function editFlow(world: World, id: string, edit: FlowEdit, actor: Actor, publish: boolean): FlowRecord {
  const before = findFlow(world, id);
  const by = flowActor(actor);
  if (lockedAgainst(before, by)) throw new ApiError('architect.flow.locked.by.user');
  const version = latestVersion(before);
  if (!version) throw new ApiError('flow.no.config.available');
  const text = readText(edited(exportText(world, before, version), edit));
  if (text.type !== before.type) throw invalid(`The type of a flow does not change to ${text.type}`);
  const { messages, content } = contentOf(world, text, by);
  const error = publish ? messages.find(({ type }) => type === 'Error') : undefined;
  if (error) throw invalid(error.text);
  const { description } = text.tree;
  const named = { ...before, name: text.name, ...(typeof description === 'string' && { description }) };
  // A draft that is open stays locked by whom it belongs to.
  const { lockedBy: _lock, ...after } = withVersion(world, named, content, publish ? 'PUBLISH' : 'SAVE');
  const flow: FlowRecord = publish ? after : { ...after, lockedBy: by };
  world.flows.put(id, flow);
  if (publish) auditPublished(world, actor, flow, before);
  else auditFlow(world, actor, 'Save', flow, before);
  return flow;
}

/** Puts a published flow there, as a seed does: no request, no job, no record in the audit log. */
export function seedFlow(world: World, yaml: string, actor: Actor, at = world.now()): FlowRecord {
  const text = readText(yaml);
  const { messages, content } = contentOf(world, text, flowActor(actor));
  const error = messages.find(({ type }) => type === 'Error');
  if (error) throw new Error(`Seed: ${error.text}`);
  const { description } = text.tree;
  const division = world.divisions.list().find(({ name }) => name === text.tree['division'])?.id;
  const base =
    flowNamed(world, text.type, text.name) ??
    newFlow(world, { id: stableId(world, text), type: text.type, name: text.name });
  const described = {
    ...base,
    ...(typeof description === 'string' && { description }),
    ...(division !== undefined && { divisionId: division }),
  };
  const flow = withVersion(world, described, content, 'PUBLISH');
  return world.flows.put(flow.id, flow, at);
}

function edited(yaml: string, edit: FlowEdit): string {
  if (typeof edit === 'function') return edit(yaml);
  const { type, tree } = readText(yaml);
  return writeFlowText(type, edit.tree(tree) ?? tree);
}

function readText(yaml: string) {
  try {
    return readFlowText(yaml);
  } catch (error) {
    throw error instanceof FlowTextError ? invalid(error.message) : error;
  }
}

/** Made from the names, so that two starts give the same organisation. */
function stableId(world: World, { type, name }: { type: string; name: string }): string {
  const hex = createHash('sha256').update([world.organization.name, 'flow', type, name].join('\n')).digest('hex');
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  return world.flows.get(id) ? `${id.slice(0, -12)}${Date.now().toString(16).padStart(12, '0')}` : id;
}
