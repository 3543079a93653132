import type { Json, JsonObject } from './json.ts';
import type { Pointer } from './pointer.ts';

/** A file that a document refers to, read from the same snapshot. `value` is there where the schema says `x-file: json`. */
export interface ReferencedFile {
  path: string;
  text: string;
  value?: Json;
}

/** One valid document with variables and patches resolved. Plain JSON. */
export interface Resource<Spec = JsonObject> {
  kind: string;
  /** `metadata.name`: the handle, unique per kind. */
  name: string;
  surface: string;
  annotations: Record<string, string>;
  spec: Spec;
  /** Contents of referenced files, by the pointer of the reference within the document (`/spec/file`). */
  files: Record<Pointer, ReferencedFile>;
  /** Where it stands: file and index of the document in it. */
  document: { path: string; index: number };
  /** Every file that it was made of: document, environment, referenced files. */
  from: string[];
}

/** `DataAction/get-customer`: how plans, logs and `--only` name a resource. */
export type ResourceId = string;

export function resourceId(resource: { kind: string; name: string }): ResourceId {
  return `${resource.kind}/${resource.name}`;
}

export function isExcluded(excluded: Desired['excluded'], id: ResourceId): boolean {
  return excluded.includes(id) || excluded.includes(`${id.slice(0, id.indexOf('/'))}/*`);
}

/** What a target reads of one snapshot under one environment. */
export interface Desired {
  /** `main@sha1:<hex>`, or `folder@sha256:<hex>` for a folder. */
  revision: string;
  /** The same for revisions with the same files: what a revert in git goes back to. Absent where `revision` says so. */
  content?: string;
  resources: Resource[];
  /** Problems stop a run; warnings do not. */
  problems: import('./problem.ts').Problem[];
  warnings: import('./problem.ts').Problem[];
  /** Ids pinned by the environment: `Kind/handle` to id. */
  ids: Record<ResourceId, string>;
  /** Resources that the environment releases: neither managed nor deleted. `Kind/*` is every one of a kind, here or gone. */
  excluded: ResourceId[];
  /** True where the snapshot holds no resource document at all; nothing is pruned then. */
  empty: boolean;
}
