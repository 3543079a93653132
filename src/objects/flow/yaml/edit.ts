import { equal, isObject, type Json } from '../../../model/json.ts';
import { getAt } from '../../../model/pointer.ts';
import type { Call, Flaw, FlowFile } from '../model.ts';
import { durationOf, formatDuration } from './duration.ts';
import { Lines, type Splice } from './edit-lines.ts';
import { applied, setTimeout } from './edit-text.ts';
import { readFlow } from './parse.ts';
import { type AliasNode, type MapNode, nodeAt, resolved, type YamlNode } from './parse-node.ts';
import { findCalls } from './steps.ts';

/**
 * Sets the timeouts of these steps (`Call.key` to milliseconds) in the text of a flow, and nothing else: every other
 * byte stays as it is, and so does the text of a timeout that has the value already. The edited text is read again,
 * and where it is not exactly what was asked for, that is a defect and thrown.
 */
export function setTimeouts(text: string, edits: ReadonlyMap<string, number>): { text: string } | { flaws: Flaw[] } {
  const read = readFlow(text);
  if ('flaws' in read) return read;
  const calls = findCalls(read.flow);
  const wanted = new Map<Call, number>();
  for (const call of calls) {
    const ms = edits.get(call.key);
    if (ms !== undefined && call.timeout !== formatDuration(ms)) wanted.set(call, ms);
  }
  const flaws = [...unknownKeys(calls, edits), ...invalid(edits)];
  if (flaws.length > 0) return { flaws };
  const splices = spliced(text, read.root, calls, { edits, wanted });
  if ('flaws' in splices) return splices;
  if (splices.splices.length === 0) return { text };
  const edited = applied(text, splices.splices);
  prove(read.flow, edited, wanted);
  return { text: edited };
}

function unknownKeys(calls: readonly Call[], edits: ReadonlyMap<string, number>): Flaw[] {
  const known = new Set(calls.map(({ key }) => key));
  const unknown = [...edits.keys()].filter((key) => !known.has(key));
  return unknown.map((key) => ({ code: 'step-not-found', message: `the flow has no step "${key}"`, offset: 0 }));
}

function invalid(edits: ReadonlyMap<string, number>): Flaw[] {
  const bad = [...edits].filter(([, ms]) => !Number.isSafeInteger(ms) || ms <= 0);
  return bad.map(([key, ms]) => ({
    code: 'timeout-invalid',
    message: `${ms} milliseconds is no timeout for the step "${key}"`,
    offset: 0,
  }));
}

/** The changes of the text; a flaw for each step that cannot be changed without changing another place too. */
function spliced(
  text: string,
  root: YamlNode,
  calls: readonly Call[],
  { edits, wanted }: { edits: ReadonlyMap<string, number>; wanted: ReadonlyMap<Call, number> },
): { splices: Splice[] } | { flaws: Flaw[] } {
  const steps = new Map<MapNode, Call[]>();
  for (const call of calls) {
    const node = resolved(nodeAt(root, call.pointer).node);
    if (node.kind !== 'map') throw new Error(`the step ${call.pointer} is no map`);
    const places = steps.get(node);
    if (places === undefined) steps.set(node, [call]);
    else places.push(call);
  }
  const lines = new Lines(text);
  const aliases = aliasesIn(root);
  const times = aliases.size === 0 ? undefined : timesIn(root);
  const timeouts: Timeouts = { steps, edits, holders: holdersOf(steps) };
  const splices: Splice[] = [];
  const flaws: Flaw[] = [];
  for (const [step, places] of steps) {
    const first = places.find((call) => wanted.has(call));
    if (first === undefined) continue;
    const ms = wanted.get(first)!;
    const value = step.pairs.find(({ key }) => key === 'timeout')?.value;
    const uses = value === undefined ? [] : usesOf(value, aliases);
    const anchored = uses.length > 0;
    // A place that is no call, under another key than `callData`, would change with the calls.
    const standing = times?.get(step) ?? 1;
    if (standing !== places.length || places.some((call) => edits.get(call.key) !== ms)) {
      const message = `the step "${first.key}" stands in ${standing} places through a YAML alias, and not all of them get ${formatDuration(ms)}; give all of them the same, or write the step out in each place`;
      flaws.push({ code: 'step-shared', message, offset: step.start });
    } else if (!uses.every((use) => use.target === value && follows(use, timeouts, ms))) {
      const message = `the timeout of the step "${first.key}" stands in several places through a YAML alias, and not all of them get ${formatDuration(ms)}; write it out in each place`;
      flaws.push({ code: 'step-shared', message, offset: value?.start ?? step.start });
    } else if (!(value?.kind === 'alias' && follows(value, timeouts, ms) && changes(value, timeouts, wanted))) {
      splices.push(...setTimeout(lines, step, ms, anchored));
    }
  }
  return flaws.length > 0 ? { flaws } : { splices };
}

/** The steps that get a timeout, with the places where they stand, and by the value of their timeout. */
interface Timeouts {
  steps: ReadonlyMap<MapNode, Call[]>;
  edits: ReadonlyMap<string, number>;
  holders: ReadonlyMap<YamlNode, MapNode>;
}

function holdersOf(steps: ReadonlyMap<MapNode, Call[]>): Map<YamlNode, MapNode> {
  const holders = new Map<YamlNode, MapNode>();
  for (const step of steps.keys()) {
    const value = step.pairs.find(({ key }) => key === 'timeout')?.value;
    if (value !== undefined) holders.set(value, step);
  }
  return holders;
}

/** True where the alias is the timeout of a step that gets this timeout everywhere. */
function follows(use: AliasNode, { steps, edits, holders }: Timeouts, ms: number): boolean {
  const step = holders.get(use);
  return step !== undefined && steps.get(step)!.every((call) => edits.get(call.key) === ms);
}

/** True where what the alias refers to is itself a timeout that is being changed: the alias then says the new one. */
function changes(alias: AliasNode, { steps, holders }: Timeouts, wanted: ReadonlyMap<Call, number>): boolean {
  const step = holders.get(alias.target);
  return step !== undefined && steps.get(step)!.some((call) => wanted.has(call));
}

/** By what they refer to. */
function aliasesIn(root: YamlNode): Map<YamlNode, AliasNode[]> {
  const found = new Map<YamlNode, AliasNode[]>();
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.kind === 'alias') {
      const uses = found.get(node.target);
      if (uses === undefined) found.set(node.target, [node]);
      else uses.push(node);
    } else if (node.kind === 'list') for (const item of node.items) stack.push(item);
    else if (node.kind === 'map') for (const { value } of node.pairs) stack.push(value);
  }
  return found;
}

/** The aliases of the value and of all that stands in it. */
function usesOf(value: YamlNode, aliases: ReadonlyMap<YamlNode, AliasNode[]>): AliasNode[] {
  if (aliases.size === 0) return [];
  const uses: AliasNode[] = [];
  const stack = [value];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const use of aliases.get(node) ?? []) uses.push(use);
    if (node.kind === 'list') for (const item of node.items) stack.push(item);
    else if (node.kind === 'map') for (const { value: inside } of node.pairs) stack.push(inside);
  }
  return uses;
}

/** How often each map stands in the flow when its aliases are written out; the reader has bounded that. */
function timesIn(root: YamlNode): Map<YamlNode, number> {
  const times = new Map<YamlNode, number>();
  const stack = [root];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const node = resolved(top);
    if (node.kind === 'list') for (const item of node.items) stack.push(item);
    else if (node.kind === 'map') {
      times.set(node, (times.get(node) ?? 0) + 1);
      for (const { value } of node.pairs) stack.push(value);
    }
  }
  return times;
}

/** Reads the edited text: the wanted timeouts are there, and with them put into the old tree the trees are equal. */
function prove(before: FlowFile, edited: string, wanted: ReadonlyMap<Call, number>): void {
  const after = readFlow(edited);
  if ('flaws' in after) throw new Error(`an edit of timeouts broke the flow: ${after.flaws[0]?.message}`);
  for (const [{ pointer, key }, ms] of wanted) {
    const step = getAt(before.tree, pointer);
    const timeout: Json | undefined = getAt(after.flow.tree, `${pointer}/timeout`);
    if (!isObject(step) || timeout === undefined || durationOf(timeout) !== formatDuration(ms)) {
      throw new Error(`an edit of timeouts did not set ${key} to ${formatDuration(ms)}`);
    }
    step['timeout'] = timeout;
  }
  if (!equal(before.tree, after.flow.tree)) throw new Error('an edit of timeouts changed more than timeouts');
}
