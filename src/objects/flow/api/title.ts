import { Failure } from '../../../model/failure.ts';
import type { Reader } from '../../../model/http.ts';
import { equal, type JsonObject } from '../../../model/json.ts';
import { formatPointer } from '../../../model/pointer.ts';
import { prepared } from '../prepare.ts';
import { readFlow as readNodes } from '../yaml/parse.ts';
import { nodeAt, type YamlNode } from '../yaml/parse-node.ts';
import { readFlow, typeOf } from './head.ts';
import { paths } from './paths.ts';
import { nameOf } from './told.ts';

/** What a job finds its flow by: a text that has another flow's is published over that one. */
export interface Title {
  type: string;
  name: string;
}

/** Genesys takes no flow of a longer name. */
const longest = 1000;

export function titleOf(text: string, what: string): Title {
  const { type, body } = prepared(text, what).flow;
  const { name } = body;
  const said = typeof name === 'number' || typeof name === 'boolean' ? asWritten(text, type) : name;
  if (typeof said === 'string' && said !== '' && said.length <= longest) return { type, name: said };
  throw new Failure('ExportFailed', `${what} has no name`);
}

/** A name such as 007 is what is written, and not the number. */
function asWritten(text: string, type: string): string | undefined {
  const node = nameNode(text, type);
  return node === undefined ? undefined : text.slice(node.start, node.end);
}

export function isTitled(flow: JsonObject, { type, name }: Title): boolean {
  return flow['name'] === name && isType(typeOf(flow), type);
}

function isType(ofFlow: string, ofText: string): boolean {
  return ofFlow.toLowerCase() === ofText.toLowerCase();
}

/**
 * The name of the flow whose export this is. One that was renamed since it was published may still be exported under its
 * old name; unless another flow is called so, whose export it may then as well be. Throws `ExportFailed` for another's.
 */
export async function ownerName(
  reader: Reader,
  text: string,
  { id, type, name }: Title & { id: string },
): Promise<string> {
  const title = titleOf(text, `the export of flow ${id}`);
  if (!isType(type, title.type)) throw another(id, { type, name }, title);
  if (title.name === name) return name;
  const flow = await readFlow(reader, id);
  if (flow === undefined) throw new Failure('Gone', `flow ${id} is no longer there`);
  const now = String(flow['name']);
  if (title.name === now) return now;
  const named = await reader.list({ path: paths.flows, query: { name: title.name } });
  if (named.some((one) => isAnother(one, id, title))) throw another(id, { type, name: now }, title);
  return now;
}

function isAnother(flow: JsonObject, id: string, { type, name }: Title): boolean {
  const called = flow['name'];
  const isCalled = typeof called === 'string' && called.toLowerCase() === name.toLowerCase();
  return flow['id'] !== id && flow['deleted'] !== true && isCalled && isType(typeOf(flow), type);
}

function another(id: string, flow: Title, title: Title): Failure {
  const [is, says] = [flow, title].map((one) => `${nameOf(one.type)} "${nameOf(one.name)}"`);
  const message = `the export of flow ${id}, ${is}, is one of ${says}, so it is not used; where the flow was renamed, publish it once in Architect`;
  return new Failure('ExportFailed', message);
}

/** The text under another name, and nothing else of it changed. */
export function withName(text: string, name: string, what: string): string {
  const { type, tree, body } = prepared(text, what).flow;
  const node = nameNode(text, type);
  const edited = node === undefined ? text : text.slice(0, node.start) + JSON.stringify(name) + text.slice(node.end);
  const after = readNodes(edited);
  const isSo = !('flaws' in after) && equal(after.flow.tree, { ...tree, [type]: { ...body, name } });
  if (isSo) return edited;
  const message = `${what} has an old name, which cannot be changed to "${nameOf(name)}"; publish it once in Architect`;
  throw new Failure('ExportFailed', message);
}

function nameNode(text: string, type: string): YamlNode | undefined {
  const read = readNodes(text);
  if ('flaws' in read) return undefined;
  const { node } = nodeAt(read.root, formatPointer([type, 'name']));
  return node.kind === 'scalar' ? node : undefined;
}
