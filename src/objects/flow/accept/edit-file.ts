import { equal, isObject, type Json, type JsonObject } from '../../../model/json.ts';
import { formatPointer } from '../../../model/pointer.ts';
import { below, item, labelsOf, said, short, top } from '../compare/naming.ts';
import type { Call, FlowFile } from '../model.ts';
import { Lines } from '../yaml/edit-lines.ts';
import { applied, Overlap } from '../yaml/edit-text.ts';
import { parseFlow } from '../yaml/parse.ts';
import { nodeAt, type YamlNode } from '../yaml/parse-node.ts';
import { findCalls } from '../yaml/steps.ts';
import { substitute } from '../yaml/substitutions.ts';
import { type Patch, type Path, patched } from './patch.ts';
import { styleOf } from './render.ts';
import { hasComment, type SourceFile, sourceFile } from './source-file.ts';
import { walkBoth } from './walk.ts';
import { edits, type Writing } from './write.ts';

export interface FileEdit {
  /** As it is written, tokens and all. */
  text: string;
  path: string;
  values: Readonly<Record<string, string>>;
  live: FlowFile;
  /** What Genesys made of the file when it was published. */
  left?: FlowFile;
  /** True where more than timeouts moved. */
  content: boolean;
  /** `Call.key` of the steps whose timeouts moved. */
  timeouts: ReadonlySet<string>;
  /** What the flow is called and where it stands now, where that moved. */
  name?: string;
  division?: string;
}

export interface Edited {
  text: string;
  /** The flow as all edits would make it, those that cannot be written included. */
  whole: FlowFile;
  /** What is not written, in sentences; `token`: it comes from there. */
  whys: { why: string; token?: string }[];
  /** Of the flow's own name and division, what cannot be written. */
  kept: ReadonlySet<string>;
}

/** The file with all edits that can be written, proven to be what was to become of it. */
export function editFile(wish: FileEdit): Edited | { why: string } {
  const { text, path, values, live } = wish;
  const source = sourceFile(text, values);
  if (source === undefined) return { why: `${path} cannot be read` };
  const { flow, root } = source;
  const calls = findCalls(flow);
  const renumbered = new Set(calls.filter(({ key }) => wish.timeouts.has(key)).map(groupOf));
  const {
    patch: found,
    lost,
    went,
    came,
  } = walkBoth({
    file: flow,
    live,
    ...(wish.left === undefined ? {} : { left: wish.left }),
    content: wish.content,
    timeouts: new Set(calls.filter((call) => renumbered.has(groupOf(call))).map(({ pointer }) => pointer)),
  });
  const patch = titled(found, flow, wish);
  const whole = patched(flow.tree, patch, flow.tree, new Set()) as JsonObject;
  const lines = new Lines(text);
  const writing: Writing = { source, lines, style: styleOf(lines, root), refused: new Map() };
  const put = editedText(root, patch, writing);
  const fresh = new Set(came.flatMap(scalarsOf));
  const moved = went.find(({ path: at, doubtful }) => {
    const { node } = nodeAt(root, formatPointer(at));
    // Under another name in another place: then what its tokens brought stands there.
    if (tokenValues(node, source).some((value) => fresh.has(value))) return true;
    return doubtful && (source.tokensIn(node.start, node.end).length > 0 || hasComment(lines, node));
  })?.path;
  if (moved !== undefined) {
    const said = placeOf(flow.tree, moved);
    return {
      why: `${said} may stand elsewhere in the flow now, and which step it is cannot be told for sure; comments or tokens of ${path} would go`,
    };
  }
  const expected = patched(flow.tree, patch, flow.tree, new Set(writing.refused.keys()));
  const again = parseFlow(substitute(put ?? '', values).text);
  if (put === undefined || 'flaws' in again || !equal(again.flow.tree, expected)) {
    return {
      why: `what is live cannot be edited into ${path} for sure; export the flow, and put it in its place by hand`,
    };
  }
  const whys = [...writing.refused].flatMap(([refused, { path: at, why }]) => {
    const place = placeOf(flow.tree, at);
    const now =
      refused.kind === 'set' ? ` is ${JSON.stringify(short(refused.value.value()))} in Genesys` : ' differs in Genesys';
    const rest = why.tokens.map((token) => ({
      token,
      why: `${place}${now}; in ${path} it comes from {{${token}}}, whose value stands under spec.substitutions: change it there`,
    }));
    return rest.length > 0 ? rest : [{ why: `${place}${now}; it is not written into ${path}: ${why.message}` }];
  });
  const gone = lost.map((at) => ({
    why: `${placeOf(flow.tree, at)} is no longer set in Genesys, which had filled it in; ${path} cannot say so`,
  }));
  const kept = [...writing.refused.values()].flatMap(({ path: at }) => (at.length === 2 ? [String(at[1])] : []));
  return {
    text: put,
    whole: { ...again.flow, tree: whole, body: whole[flow.type] as JsonObject },
    whys: [...whys, ...gone],
    kept: new Set(kept),
  };
}

/** Undefined where two edits would be in each other's way. */
function editedText(root: YamlNode, patch: Patch | undefined, writing: Writing): string | undefined {
  const { text } = writing.source;
  if (patch === undefined) return text;
  try {
    return applied(text, edits(root, patch, { path: [], dash: 0, flow: false }, writing));
  } catch (error) {
    if (error instanceof Overlap) return undefined;
    throw error;
  }
}

/** Texts that a token has a part in. */
function tokenValues(node: YamlNode, source: SourceFile): Json[] {
  if (node.kind === 'list') return node.items.flatMap((item) => tokenValues(item, source));
  if (node.kind === 'map') return node.pairs.flatMap(({ value }) => tokenValues(value, source));
  return node.kind === 'scalar' && source.tokensIn(node.start, node.end).length > 0 ? [node.value] : [];
}

function scalarsOf(value: Json): Json[] {
  if (Array.isArray(value)) return value.flatMap(scalarsOf);
  return isObject(value) ? Object.values(value).flatMap(scalarsOf) : [value];
}

/** Steps of one name are numbered, and each may have another number now. */
function groupOf({ container, label }: Call): string {
  return `${container}\n${label}`;
}

/** The patch with the flow's own name and division, which are no part of its content. */
function titled(patch: Patch | undefined, flow: FlowFile, { name, division }: FileEdit): Patch | undefined {
  const title = Object.entries({ name, division }).filter(([key, value]) => {
    return value !== undefined && flow.body[key] !== undefined && flow.body[key] !== value;
  });
  if (title.length === 0) return patch;
  const top =
    patch?.kind === 'map' ? patch : { kind: 'map' as const, pairs: new Map<string, Patch | 'removed'>(), added: [] };
  const known = top.pairs.get(flow.type);
  const body =
    known !== undefined && known !== 'removed' && known.kind === 'map'
      ? known
      : { kind: 'map' as const, pairs: new Map<string, Patch | 'removed'>(), added: [] };
  for (const [key, value] of title)
    body.pairs.set(key, { kind: 'set', value: { value: () => value as Json, holes: [] } });
  top.pairs.set(flow.type, body);
  return top;
}

/** A place of the file as people find it: `Main › First › timeout`. */
function placeOf(tree: JsonObject, path: Path): string {
  const labels = labelsOf(tree);
  let place = top;
  let at: Json | undefined = tree;
  for (let i = 0; i < path.length; i++) {
    const part = path[i]!;
    const inside: Json | undefined = Array.isArray(at) ? at[Number(part)] : isObject(at) ? at[part] : undefined;
    if (Array.isArray(at) && inside !== undefined) {
      place = item(place, inside, Number(part), labels);
      // The kind of a step is not worth a word of the path.
      if (isObject(inside) && path[i + 1] === place.key) {
        at = inside[place.key];
        i++;
        continue;
      }
    } else if (i > 0) place = below(place, String(part));
    at = inside;
  }
  return said(place) || 'the flow';
}
