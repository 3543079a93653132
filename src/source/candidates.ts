import type { Kind } from '../model/contracts.ts';
import { isObject, type JsonObject } from '../model/json.ts';
import { didYouMean } from '../model/suggest.ts';
import type { SourceDocument } from './documents.ts';
import type { Finding } from './finding.ts';
import { schemaOf } from './schema.ts';

/** A document whose head is right: it is of a kind, and has a handle. */
export interface Candidate {
  document: SourceDocument;
  value: JsonObject;
  kind: Kind;
  name: string;
  /** `Kind/handle`. */
  id: string;
  /** Of a surface that the target lacks: such a document is not read any further. */
  isForeign: boolean;
}

/**
 * Reads the head of a document (apiVersion, kind, metadata.name), in which nothing is ever resolved. `surfaces` are those of the
 * target (undefined: all).
 */
export function candidateOf(
  document: SourceDocument,
  kinds: ReadonlyMap<string, Kind>,
  surfaces: readonly string[] | undefined,
): { candidate: Candidate } | { findings: Finding[] } {
  const findings: Finding[] = [];
  const { path, index, value } = document;
  if (!isObject(value)) return { findings };
  const report = (code: Finding['code'], message: string, pointer: string, key = false): void => {
    findings.push({ code, message, at: { path, index, pointer, key } });
  };

  const kind = kindOf(value, kinds, report);
  const misfits = schemaOf('envelope.schema.json').check({ ...value, spec: {} });
  for (const misfit of misfits) {
    // What `kindOf` said already, in better words.
    if (/^(\/(apiVersion|kind))?$/.test(misfit.pointer) && kind === undefined && /apiVersion|kind/.test(misfit.message))
      continue;
    if (misfit.pointer === '/apiVersion') continue;
    // Annotations may hold variables; they are judged after resolution.
    if (misfit.pointer.startsWith('/metadata/annotations')) continue;
    report(misfit.code, misfit.message, misfit.pointer, misfit.key);
  }
  const { metadata } = value;
  const name = isObject(metadata) ? metadata['name'] : undefined;
  if (kind === undefined || findings.length > 0 || typeof name !== 'string') return { findings };
  const isForeign = surfaces !== undefined && !surfaces.includes(kind.surface);
  return { candidate: { document, value, kind, name, id: `${kind.name}/${name}`, isForeign } };
}

/** A document that the target's surfaces do not reach, and that its environment does not release. */
export function notEnabled({ document: { path, index }, kind, id }: Candidate): Finding {
  const way = `exclude ${id} (or ${kind.name}/*) in its environment, or add the surface to the target`;
  const message = `${kind.name} belongs to the surface "${kind.surface}", which this target does not enable: ${way}`;
  return { code: 'surface-not-enabled', message, at: { path, index, pointer: '/apiVersion' }, resource: id };
}

function kindOf(
  { apiVersion, kind: named }: JsonObject,
  kinds: ReadonlyMap<string, Kind>,
  report: (code: Finding['code'], message: string, pointer: string, key?: boolean) => void,
): Kind | undefined {
  const versions = new Set([...kinds.values()].map((one) => one.apiVersion));
  const kind = typeof named === 'string' ? kinds.get(named) : undefined;
  if (named === undefined) report('schema', 'the field "kind" is missing', '', true);
  else if (typeof named !== 'string') report('schema', 'kind must be a text', '/kind');
  else if (kind === undefined) {
    const names = [...kinds.keys(), 'Environment', 'Rules'];
    report('unknown-kind', `there is no kind "${named}"${didYouMean(named, names)}`, '/kind');
  }
  if (apiVersion === undefined) {
    report('schema', 'the field "apiVersion" is missing', '', true);
    return undefined;
  }
  const wanted = kind?.apiVersion;
  if (wanted !== undefined && apiVersion !== wanted) {
    report(
      'schema',
      `the apiVersion of ${kind?.name} must be "${wanted}", but is ${JSON.stringify(apiVersion)}`,
      '/apiVersion',
    );
    return undefined;
  }
  if (wanted === undefined && !(typeof apiVersion === 'string' && versions.has(apiVersion))) {
    const near = didYouMean(String(apiVersion), versions);
    report('schema', `the apiVersion ${JSON.stringify(apiVersion)} is unknown${near}`, '/apiVersion');
  }
  return kind;
}
