import { isObject, type JsonObject } from '../json.ts';
import type { World } from '../world.ts';
import { renameFlows } from './flow-names.ts';
import type { FlowRecord, FlowVersionRecord } from './flow-records.ts';
import { presentName, renameScheduled } from './flow-schedules.ts';
import { writeFlowText } from './flow-text.ts';
import { calledAction } from './flow-tree.ts';
import { versionOf } from './flows.ts';

/** The version that an export without a version gives: the newest, saved drafts included. */
export const latestVersion = (flow: FlowRecord): FlowVersionRecord | undefined =>
  versionOf(flow, flow.saved ?? flow.checkedIn ?? flow.published);

/** A version as YAML. The flow itself says name, description and division; calls name actions as these are called now. */
export function exportText(world: World, flow: FlowRecord, version: FlowVersionRecord): string {
  const division = world.divisions.get(flow.divisionId)?.name ?? 'Home';
  const tree = { ...version.tree, name: flow.name, description: flow.description, division };
  if (world.quirks.has('flow-export-old-names')) return writeFlowText(flow.type, tree);
  const called = renameCalls(world, tree, version);
  const linked = renameFlows(called, (known) => {
    const link = version.flows.find((one) => one.name === known);
    return (link && world.flows.get(link.flowId)?.name) ?? known;
  });
  const evaluated = renameScheduled(linked, (of, known) => {
    const link = version.schedules.find((one) => one.of === of && one.name === known);
    return (link && presentName(world, link)) ?? known;
  });
  return writeFlowText(flow.type, evaluated as JsonObject);
}

/** Calls by the present names of their actions: a flow keeps an action's id, so a rename of the action reaches its text. */
function renameCalls(world: World, value: unknown, version: FlowVersionRecord): unknown {
  if (Array.isArray(value)) return value.map((item) => renameCalls(world, item, version));
  if (!isObject(value)) return value;
  const copied = Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, renameCalls(world, item, version)]),
  );
  const call = copied['callData'];
  const called = isObject(call) ? calledAction(call) : undefined;
  if (!isObject(call) || !called) return copied;
  const kept = version.calls.find(({ category, name }) => category === called.category && name === called.name);
  const action = kept && world.actions.get(kept.actionId);
  if (!action) return copied;
  const category = { [action.category]: { ...called.of, dataAction: { [action.name]: called.body } } };
  return { ...copied, callData: { ...call, category } };
}
