import { isObject, type Json, type JsonObject } from '../../../model/json.ts';
import { formatPointer } from '../../../model/pointer.ts';
import { isPart, mayRefer, type Part, type Parts, type Path, referenceOf, refIdOf } from '../compare/parts.ts';
import type { FlowFile } from '../model.ts';
import { atPath } from './patch.ts';

export interface Side {
  flow: FlowFile;
  parts: Parts;
}

/**
 * Values of the live flow as the file says them: Genesys spells refIds its own way, and the file keeps its own. Partners
 * (the part of the file that a live part is) have to be told before anything is taken.
 */
export interface References {
  partner(live: Path, file: Path): void;
  /** The live value at the path; `old` is what stands in the file there. */
  taken(live: Path, old?: Json): Json;
  /** The id under which the file has to know this live part, where something in live refers to it. */
  wantedId(live: Path): string | undefined;
}

export function references(file: Side, live: Side): References {
  const partners = new Map<string, Path>();
  const given = new Map<string, string>();
  const taken = new Set(
    [...file.parts.known].flatMap(([kind, ids]) => [...ids.keys()].map((id) => kind + separator + id)),
  );
  const referred = referredIn(live);

  function idOf(part: Part): string {
    const at = formatPointer(part.path);
    const known = given.get(at);
    if (known !== undefined) return known;
    const partner = partners.get(at);
    const own = partner === undefined ? undefined : atPath(file.flow.tree, partner);
    let id = (isObject(own) ? refIdOf(own) : undefined) ?? '';
    if (id === '') {
      id = part.refId ?? `${part.name || part.kind}_1`;
      while (taken.has(part.kind + separator + id)) id += '_';
      taken.add(part.kind + separator + id);
    }
    given.set(at, id);
    return id;
  }

  function said(text: string, old: Json | undefined): string {
    const found = referenceOf(text, live.flow.type, live.parts);
    if (found?.part === undefined) return text;
    const partner = partners.get(formatPointer(found.part.path));
    const before = typeof old === 'string' ? referenceOf(old, file.flow.type, file.parts)?.part : undefined;
    // It leads there already, in the file's own spelling.
    if (partner !== undefined && before !== undefined && formatPointer(before.path) === formatPointer(partner)) {
      return old as string;
    }
    const outer = text.slice(0, -(found.refId.length + 1)).replaceAll(/(\w+)\[([^[\]]*)\]/g, (all, kind, id) => {
      const part = live.parts.known.get(kind)?.get(id);
      return part === undefined ? all : `${kind}[${idOf(part)}]`;
    });
    return `${outer}${idOf(found.part)}]`;
  }

  function copied(value: Json, path: (string | number)[], old?: Json): Json {
    const last = path.at(-1);
    if (typeof value === 'string')
      return mayRefer(typeof last === 'number' ? path.at(-2) : last) ? said(value, old) : value;
    if (Array.isArray(value)) return value.map((item, i) => copied(item, [...path, i]));
    if (!isObject(value)) return value;
    const result: JsonObject = {};
    for (const [key, child] of Object.entries(value)) {
      // Genesys counts steps by it, each once: it gives the new ones their own.
      if (key === 'trackingId' && isPart(path)) continue;
      if (key === 'refId' && isPart(path) && typeof child !== 'object') {
        const part = partAt(path);
        // Where nothing refers to it, it is one more line that nobody wrote; unless the file has one on each step.
        if (part !== undefined && (referred.has(part) || file.parts.known.has(part.kind))) result[key] = idOf(part);
      } else result[key] = copied(child, [...path, key]);
    }
    return result;
  }

  const parts = new Map(live.parts.all.map((part) => [formatPointer(part.path), part]));
  const partAt = (path: Path): Part | undefined => parts.get(formatPointer(path));
  return {
    partner: (at, own) => partners.set(formatPointer(at), own),
    taken: (path, old) => copied(atPath(live.flow.tree, path), [...path], old),
    wantedId: (path) => {
      const part = partAt(path);
      return part !== undefined && referred.has(part) ? idOf(part) : undefined;
    },
  };
}

const separator = '\n';

/** The parts that something refers to. */
function referredIn({ flow, parts }: Side): Set<Part> {
  const found = new Set<Part>();
  const walk = (value: Json, key: string): void => {
    if (Array.isArray(value)) for (const item of value) walk(item, key);
    else if (isObject(value)) for (const [name, child] of Object.entries(value)) walk(child, name);
    else if (typeof value === 'string' && mayRefer(key)) {
      const part = referenceOf(value, flow.type, parts)?.part;
      if (part !== undefined) found.add(part);
    }
  };
  walk(flow.tree, '');
  return found;
}
