import { isAlias, isMap, isScalar, isSeq, type ParsedNode } from 'yaml';
import { type Pointer, parsePointer } from '../model/pointer.ts';
import type { Place, Problem } from '../model/problem.ts';
import { cutExcerpt, excerptOf } from './excerpt.ts';
import type { Finding, Origin } from './finding.ts';
import { limits } from './limits.ts';
import { trees } from './parse.ts';
import type { Snapshot, SnapshotFile } from './snapshot.ts';
import { decode, linesOf, type Positions, positions } from './text.ts';
import { keyText } from './to-json.ts';

/** A file parsed once more, for the places of what is wrong in it. */
interface Located {
  text: string;
  lines: ReturnType<typeof linesOf>;
  at: Positions;
  trees: ReturnType<typeof trees> | undefined;
}

/** Gives findings and problems their places and the lines around them. Files are parsed again, each once. */
export class Locator {
  readonly #snapshot: Snapshot;
  readonly #files = new Map<string, Located | undefined>();

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  /** Reads these files in one go; others are read one by one when they are asked for. */
  async prefetch(paths: Iterable<string>): Promise<void> {
    const files = [...new Set(paths)].flatMap((path) => this.#readable(path) ?? []);
    if (files.length === 0) return;
    const bytes = await this.#snapshot.read(files);
    for (const file of files) this.#files.set(file.path, located(bytes.get(file.id)));
  }

  /** The finding as a problem, with its place. */
  finding({ at, ...rest }: Finding): Problem {
    return this.excerpt({ ...rest, place: this.place(at) });
  }

  place(origin: Origin): Place {
    const { path } = origin;
    const file = this.#open(path);
    if (file === undefined) return { path, line: 1, column: 1 };
    file.trees ??= trees(file.text);
    const offset = offsetOf(file.trees[origin.index]?.contents ?? null, origin);
    return { path, ...file.at(offset) };
  }

  /** Adds the lines around the place, where there is one. */
  excerpt(problem: Problem): Problem {
    const { place } = problem;
    const file = place === undefined || problem.excerpt !== undefined ? undefined : this.#open(place.path);
    if (file === undefined || place === undefined) return problem;
    return cutExcerpt({ ...problem, excerpt: excerptOf(file.lines, place.line) });
  }

  /** Lets go of what was read: who keeps a snapshot's problems need not keep its files. */
  forget(): void {
    this.#files.clear();
  }

  #open(path: string): Located | undefined {
    if (!this.#files.has(path)) {
      const file = this.#readable(path);
      this.#files.set(path, file === undefined ? undefined : located(this.#snapshot.readSync(file)));
    }
    return this.#files.get(path);
  }

  #readable(path: string): SnapshotFile | undefined {
    const file = this.#snapshot.files.get(path);
    return file === undefined || file.link !== undefined || file.size > limits.textBytes ? undefined : file;
  }
}

function located(bytes: Uint8Array | undefined): Located | undefined {
  const decoded = bytes === undefined ? undefined : decode(bytes);
  if (decoded === undefined || !('text' in decoded)) return undefined;
  return { text: decoded.text, at: positions(decoded.text), lines: linesOf(decoded.text), trees: undefined };
}

/** The offset of what the pointer names, or of the nearest thing above it that is there. */
export function offsetOf(root: ParsedNode | null, origin: { pointer: Pointer; key?: boolean }): number {
  let anchors: Map<string, ParsedNode> | undefined;
  let node = root;
  let offset = root?.range[0] ?? 0;
  const parts = parsePointer(origin.pointer);
  for (const [i, part] of parts.entries()) {
    if (isAlias(node)) {
      anchors ??= anchorsOf(root);
      node = anchors.get(node.source) ?? null;
    }
    let next: { node: ParsedNode | null; key: number } | undefined;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && keyText(key) === part);
      if (pair !== undefined) next = { node: pair.value as ParsedNode | null, key: pair.key.range?.[0] ?? offset };
    } else if (isSeq(node)) {
      const item = node.items[Number(part)] as ParsedNode | undefined;
      if (item !== undefined) next = { node: item, key: item.range[0] };
    }
    if (next === undefined) return offset;
    const last = i === parts.length - 1;
    // A value that is a block begins on the line below; its key says better where to look.
    const start = next.node?.range[0];
    const block = (isMap(next.node) || isSeq(next.node)) && next.node.flow !== true;
    offset = start === undefined || block || (last && origin.key === true) ? next.key : start;
    node = next.node;
  }
  return offset;
}

function anchorsOf(root: ParsedNode | null): Map<string, ParsedNode> {
  const anchors = new Map<string, ParsedNode>();
  const stack: (ParsedNode | null)[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node === null || isAlias(node)) continue;
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    if (isMap(node)) for (const pair of node.items) stack.push(pair.value as ParsedNode | null);
    else if (isSeq(node)) for (const item of node.items) stack.push(item as ParsedNode);
  }
  return anchors;
}
