import { parseDocument, stringify } from 'yaml';
import { isObject, type JsonObject } from '../json.ts';
import { type FlowType, typeOfKey } from './flow-types.ts';

/** What a YAML text says it is; the tree is what stands under the top key. */
export interface FlowText {
  type: FlowType;
  name: string;
  tree: JsonObject;
}

/** A text that is no flow. Jobs fail with its message. */
export class FlowTextError extends Error {}

/** Reads YAML 1.2, in which `yes` and `no` are plain keys. @throws FlowTextError */
export function readFlowText(source: string): FlowText {
  const document = parseDocument(source, { stringKeys: true });
  const [fault] = document.errors;
  if (fault) throw new FlowTextError(`The file could not be parsed as YAML: ${fault.message}`);
  const value = readValue(() => document.toJS({ maxAliasCount: 100 }));
  if (!isObject(value) || Object.keys(value).length !== 1) {
    throw new FlowTextError('The file must have exactly one key at the top, the type of the flow.');
  }
  const [[key, tree]] = Object.entries(value) as [[string, unknown]];
  const type = typeOfKey(key);
  if (!type) throw new FlowTextError(`"${key}" is not a known flow type.`);
  const name = isObject(tree) ? tree['name'] : undefined;
  if (!isObject(tree) || typeof name !== 'string' || name.trim() === '') {
    throw new FlowTextError(`The flow has no name: "${key}.name" is missing or empty.`);
  }
  return { type, name, tree };
}

function readValue(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    throw new FlowTextError(`The file could not be parsed as YAML: ${(error as Error).message}`);
  }
}

/** The server's own YAML: its indentation and quotes, and no comments. */
export function writeFlowText(type: FlowType, tree: JsonObject): string {
  return stringify({ [type]: tree }, { lineWidth: 0, aliasDuplicateObjects: false });
}
