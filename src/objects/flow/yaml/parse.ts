import { isObject } from '../../../model/json.ts';
import { type Pointer, parsePointer } from '../../../model/pointer.ts';
import type { Flaw, FlowFile } from '../model.ts';
import { readFully } from './parse-full.ts';
import { pairOf, resolved, toJson, type YamlNode } from './parse-node.ts';
import { readQuickly } from './parse-quick.ts';

/** Characters that YAML forbids; some of them are marks of the yaml package's lexer. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const forbidden = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]/;

/** Architect YAML (1.2, core schema) as a flow; everything wrong with it at once, each with its place. */
export function parseFlow(text: string): { flow: FlowFile } | { flaws: Flaw[] } {
  const read = readFlow(text);
  return 'flaws' in read ? read : { flow: read.flow };
}

/** The same with the nodes and their places, which the returned flow does not hold on to. */
export function readFlow(text: string): { flow: FlowFile; root: YamlNode } | { flaws: Flaw[] } {
  const root = readNodes(text);
  if (Array.isArray(root)) return { flaws: root };
  const { value: tree, flaws } = toJson(root);
  if (flaws.length > 0) return { flaws };
  const top = isObject(tree) ? Object.entries(tree) : [];
  const [type, body] = top[0] ?? [];
  if (!isObject(tree) || type === undefined || !isObject(body) || top.length > 1) {
    return { flaws: [{ code: 'yaml', message: shapeMessage(top.length, type), offset: root.start }] };
  }
  return { root, flow: { type, tree, body, offsetOf: locator(text) } };
}

function readNodes(text: string): YamlNode | Flaw[] {
  const character = forbidden.exec(text);
  if (character !== null) {
    const code = character[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return [{ code: 'yaml', message: `the character U+${code} is not allowed in YAML`, offset: character.index }];
  }
  return readQuickly(text) ?? readFully(text);
}

function shapeMessage(keys: number, type: string | undefined): string {
  const wanted = 'a flow file is a map with one key, the type of the flow, such as "inboundCall:"';
  if (keys > 1) return `${wanted}; this one has ${keys} keys`;
  return type === undefined ? wanted : `the name, the settings and the steps of the flow must stand under "${type}:"`;
}

/** Reads the text once more when the first place is asked for: most flows are read and nothing is wrong in them. */
function locator(text: string): FlowFile['offsetOf'] {
  let root: YamlNode | undefined;
  return (pointer: Pointer, key = false) => {
    if (root === undefined) {
      const read = readNodes(text);
      if (Array.isArray(read)) return 0;
      root = read;
    }
    return offsetIn(root, pointer, key);
  };
}

/** The offset of what the pointer names, or of the nearest thing above it that is there. */
function offsetIn(root: YamlNode, pointer: Pointer, wantsKey: boolean): number {
  let node = root;
  let offset = root.start;
  const parts = parsePointer(pointer);
  for (const [i, part] of parts.entries()) {
    const inside = resolved(node);
    const pair = inside.kind === 'map' ? pairOf(inside, part) : undefined;
    const next = pair?.value ?? (inside.kind === 'list' ? inside.items[Number(part)] : undefined);
    if (next === undefined) return offset;
    const last = i === parts.length - 1;
    // A value that is a block begins on the line below; its key says better where to look.
    const block = (next.kind === 'map' || next.kind === 'list') && !next.flow;
    offset = pair !== undefined && (block || (last && wantsKey)) ? pair.start : next.start;
    node = next;
  }
  return offset;
}
