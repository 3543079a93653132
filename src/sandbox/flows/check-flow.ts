import { isObject, type JsonObject } from '../json.ts';
import type { ActionRecord } from '../records.ts';
import type { World } from '../world.ts';
import { checkDuration } from './durations.ts';
import { flowNamesIn } from './flow-names.ts';
import { namingFault } from './flow-naming.ts';
import type { FlowCall, FlowLink, FlowRecord, ScheduleLink } from './flow-records.ts';
import { findPart, refsIn } from './flow-refs.ts';
import { findScheduled, scheduledIn } from './flow-schedules.ts';
import type { FlowText } from './flow-text.ts';
import { calledAction, callsIn, nodesOf, only, stepsOf } from './flow-tree.ts';

/** A message of a job, before it has a time. */
export interface FlowMessage {
  type: 'Error' | 'Warning';
  text: string;
}

/** What is wrong with a flow, and what it uses. */
export interface FlowCheck {
  messages: FlowMessage[];
  calls: FlowCall[];
  /** The flows it refers to. */
  flows: FlowLink[];
  /** The schedules and groups it evaluates. */
  schedules: ScheduleLink[];
  /** Flows it refers to and that are not there. */
  missing: ReturnType<typeof flowNamesIn>;
}

/** Looks at a flow as publishing does: form, references, data actions and other flows, all of it at once. */
export function checkFlow(world: World, { type, name, tree }: FlowText): FlowCheck {
  const check: FlowCheck = { messages: [], calls: [], flows: [], schedules: [], missing: [] };
  const error = (text: string) => check.messages.push({ type: 'Error', text: `Flow '${name}': ${text}` });
  const warn = (text: string) => check.messages.push({ type: 'Warning', text: `Flow '${name}': ${text}` });
  const misnamed = namingFault(name);
  if (misnamed) error(misnamed);
  for (const fault of malformed(tree)) error(fault);
  if (tree['startUpRef'] === undefined && needsStart(tree)) error('"startUpRef" is missing.');
  for (const { path, text } of refsIn(tree)) {
    if (!findPart(tree, text)) error(`"${text}" at ${path} could not be resolved.`);
  }
  for (const { value, path } of callsIn(tree)) {
    const called = calledAction(value);
    if (!called) {
      error(`the step at ${path} must name exactly one category and one data action.`);
      continue;
    }
    for (const fault of checkDuration(value['timeout'])) error(`${path}.timeout: ${fault}`);
    const [action, ...others] = actionsCalled(world, called.category, called.name);
    if (!action || others.length > 0) {
      const what = action ? 'unable to disambiguate' : 'could not find';
      error(`${what} the data action '${called.name}' in the category '${called.category}' (${path}).`);
      continue;
    }
    check.calls.push({ actionId: action.id, category: called.category, name: called.name });
    if (!usesOutput(called.body)) warn(`the step at ${path} uses no output of the data action '${called.name}'.`);
  }
  for (const { of, name: wanted, path } of scheduledIn(tree)) {
    const found = findScheduled(world, of, wanted);
    if (found) check.schedules.push({ id: found.id, of, name: wanted });
    else error(`could not find the ${of} '${wanted}' (${path}).`);
  }
  for (const named of flowNamesIn(type, tree)) {
    const flow = findNamed(world, named.name, named.type);
    if (flow) check.flows.push({ flowId: flow.id, name: flow.name });
    else check.missing.push(named);
  }
  return check;
}

/** The published actions of a category and a name, of whatever integrations. */
export function actionsCalled(world: World, category: string, name: string): ActionRecord[] {
  return world.actions.list().filter((action) => !action.auth && action.name === name && action.category === category);
}

export function findNamed(world: World, name: string, type?: FlowRecord['type']): FlowRecord | undefined {
  return world.flows
    .list()
    .find((flow) => !flow.deleted && flow.name === name && (type === undefined || flow.type === type));
}

/** Steps are objects with one key, the kind of step, and an object (or nothing) under it. */
function malformed(tree: JsonObject): string[] {
  const faults: string[] = [];
  for (const { value, path } of nodesOf(tree)) {
    const { actions } = value;
    if (actions !== undefined && actions !== null && !Array.isArray(actions)) {
      faults.push(`${path ? `${path}.` : ''}actions must be a list of steps.`);
    }
  }
  for (const { step, path } of stepsOf(tree)) {
    const entry = only(step);
    if (!entry) faults.push(`the step at ${path} must have exactly one key, the kind of step.`);
    else if (!isObject(entry[1]) && entry[1] !== null) faults.push(`the step at ${path} is malformed.`);
  }
  return faults;
}

/** In-queue flows and the like begin with `startUpTaskActions`, or with nothing at all. */
const needsStart = (tree: JsonObject): boolean =>
  ['tasks', 'menus', 'states', 'bots'].some((list) => Array.isArray(tree[list]) && tree[list].length > 0);

function usesOutput(body: JsonObject): boolean {
  const outputs = isObject(body['successOutputs']) ? Object.values(body['successOutputs']) : [];
  return outputs.some((output) => isObject(output) && 'var' in output);
}
