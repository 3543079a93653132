import { stringify } from 'yaml';
import type { Acceptance, Drifted } from '../../../model/contracts.ts';
import type { AppliedField } from '../../../model/journal.ts';
import { isObject, type Json, type JsonObject } from '../../../model/json.ts';
import type { FieldChange } from '../../../model/plan.ts';
import type { Resource } from '../../../model/resource.ts';
import { timeoutsOf } from '../api/live.ts';
import { eachMap, isPart, mayRefer, partsOf, referenceOf } from '../compare/parts.ts';
import { differences } from '../compare.ts';
import { stepOf, timeoutPath } from '../compose.ts';
import { prepared } from '../prepare.ts';
import { sourceText } from '../source-text.ts';
import { accept } from './accept.ts';

/** A Flow with this file. */
export function flowResource(text: string, spec: JsonObject = {}): Resource {
  return {
    kind: 'Flow',
    name: 'handle',
    surface: 'platform',
    annotations: {},
    spec: { type: 'inboundCall', name: 'Line', file: 'line.yaml', ...spec },
    files: { '/spec/file': { path: 'line.yaml', text } },
    document: { path: 'line.doc.yaml', index: 0 },
    from: [],
  };
}

/** What a server might make of a flow: keys in order, its own refIds, defaults. */
export function rendition(text: string): JsonObject {
  const { flow } = prepared(text, 'a file');
  const tree = structuredClone(flow.tree);
  const parts = partsOf(flow.tree, true);
  const ids = new Map(parts.all.map((part, i) => [part, `${part.name || part.kind}_${i + 10}`]));
  eachMap(tree, (body, path) => {
    for (const [key, value] of Object.entries(body)) {
      if (typeof value !== 'string' || !mayRefer(key)) continue;
      const found = referenceOf(value, flow.type, parts);
      if (found?.part === undefined) continue;
      body[key] =
        `/${flow.type}/${found.path.slice(0, found.path.lastIndexOf('[', found.path.length - found.refId.length - 1))}[${ids.get(found.part)}]`;
    }
    const part = isPart(path) ? parts.all.find((one) => one.path.join('\n') === path.join('\n')) : undefined;
    if (part === undefined) return;
    body['refId'] = ids.get(part)!;
    body['trackingId'] = 7;
    body['madeUp'] = { lit: true };
    body['unset'] = { noValue: true };
  });
  return tree;
}

export function liveOf(tree: JsonObject, { name = 'Line', division = 'Home' } = {}): JsonObject {
  const text = stringify(tree, { sortMapEntries: true, lineWidth: 0 });
  const { calls, digest } = prepared(text, 'live');
  const type = Object.keys(tree)[0]!;
  return { name, type, division, published: '2', content: { digest, text }, timeouts: timeoutsOf(calls) };
}

/** The drift from what was left of the resource to what is live now. */
export function driftOf(resource: Resource, live: JsonObject, left: JsonObject | undefined): Drifted {
  const { flow } = sourceText(resource);
  if (flow === undefined)
    throw new Error(
      sourceText(resource)
        .problems.map(({ message }) => message)
        .join('; '),
    );
  const before = left === undefined ? undefined : liveOf(left);
  const wishes: [string, Json][] = [
    ['/content', flow.content],
    ['/name', flow.name],
    ...(flow.division === undefined ? [] : [['/division', flow.division] as [string, Json]]),
    ...flow.calls.map(({ key, timeout }): [string, Json] => [timeoutPath(key), timeout ?? null]),
  ];
  const at = (of: JsonObject | undefined, path: string): Json | undefined => {
    const step = stepOf(path);
    if (step === undefined) return of?.[path.slice(1)];
    return isObject(of?.['timeouts']) ? of['timeouts'][step] : undefined;
  };
  const fields: Record<string, AppliedField> = {};
  const changes: FieldChange[] = [];
  for (const [path, wanted] of wishes) {
    if (before !== undefined) {
      fields[path] = { wanted, written: true };
      const rendered = at(before, path);
      if (rendered !== undefined) fields[path].rendered = rendered;
    }
    const now = at(live, path);
    const applied = fields[path];
    const field = { wanted, ...(now === undefined ? {} : { live: now }), ...(applied && { applied }) };
    const found = differences(path, field);
    const isMoved = found === undefined ? now !== wanted : found.length > 0;
    if (isMoved) changes.push({ path, ...(now === undefined ? {} : { from: now }), to: wanted, by: 'Flow/handle' });
  }
  const applied = { type: 'flow', id: 'f', revision: 'r', fields };
  return {
    live,
    fields: changes,
    index: { all: () => [], find: () => [] },
    ...(before === undefined ? {} : { applied }),
  };
}

/** The new text of the file, and why not where something cannot be written. */
export function accepted(resource: Resource, drift: Drifted): { text: string; rest: Acceptance[] } {
  const all = accept(resource, drift);
  const text = all.find((one) => 'text' in one);
  return {
    text: text === undefined ? resource.files['/spec/file']!.text : text.text,
    rest: all.filter((one) => one !== text),
  };
}
