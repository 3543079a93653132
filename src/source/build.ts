import { isObject, type Json, type JsonObject } from '../model/json.ts';
import type { Pointer } from '../model/pointer.ts';
import { didYouMean } from '../model/suggest.ts';
import type { Candidate } from './candidates.ts';
import type { Environment } from './environments.ts';
import type { Finding } from './finding.ts';
import { merge, type Origins, originOf, unset } from './patches.ts';
import { type Schema, schemaOf } from './schema.ts';
import { valuesAt } from './schema-marks.ts';
import { type Budget, substitute, type Variables } from './variables.ts';

/** A document with variables, patches and schema behind it. */
export interface Built {
  candidate: Candidate;
  value: JsonObject;
  /** Absent where nothing was patched. */
  origins?: Origins;
  schema: Schema;
  /** True where the environment has a part in it. */
  fromEnvironment: boolean;
  /** True where every variable has its value: then what is there can be judged, even where it does not fit the schema. */
  filled: boolean;
}

export interface BuildContext {
  environment?: Environment | undefined;
  /** The target's own, which go before those of the environment. */
  variables?: Variables | undefined;
  /** The patches of the environment, by resource. */
  patches: ReadonlyMap<string, Environment['patches']>;
  grants?: ReadonlySet<string> | undefined;
  /** What variables may still produce. */
  budget: Budget;
}

/** Variables, then patches, then schema and secrets. */
export function build(candidate: Candidate, context: BuildContext): { built: Built; findings: Finding[] } {
  const { document } = candidate;
  const findings: Finding[] = [];
  let value: Json = candidate.value;
  context.budget.begin();
  if (document.variables) value = fillIn(value, { ...document, id: candidate.id }, '', context, findings);

  const patches = context.patches.get(candidate.id) ?? [];
  const origins: Origins | undefined = patches.length === 0 ? undefined : new Map();
  if (origins !== undefined && context.environment !== undefined) {
    value = patched(value, candidate.id, patches, { ...context, environment: context.environment }, origins, findings);
  }

  const schema = schemaOf(candidate.kind.schema);
  const at = (pointer: Pointer, key = false): Pick<Finding, 'at' | 'resource' | 'pointer'> => ({
    at: { ...originOf(pointer, document, origins), key },
    resource: candidate.id,
    pointer,
  });
  // A value that could not be filled in would only be reported twice.
  const filled = findings.length === 0;
  if (filled) {
    for (const { code, message, pointer, key } of schema.check(value))
      findings.push({ code, message, ...at(pointer, key) });
    for (const finding of judge(value, schema, context, origins)) {
      findings.push({ code: finding.code, message: finding.message, ...at(finding.pointer) });
    }
  }
  const fromEnvironment = context.environment !== undefined && (document.variables || patches.length > 0);
  const built: Built = { candidate, value: isObject(value) ? value : {}, schema, fromEnvironment, filled };
  if (origins !== undefined) built.origins = origins;
  return { built, findings };
}

function fillIn(
  value: Json,
  from: { path: string; index: number; id: string },
  base: Pointer,
  { environment, variables, budget }: BuildContext,
  findings: Finding[],
): Json {
  const hint =
    environment === undefined ? ', since no environment is chosen' : ` in the environment "${environment.name}"`;
  const all = variables === undefined ? environment?.variables : { ...environment?.variables, ...variables };
  const filled = substitute(value, all ?? {}, hint, budget);
  for (const { code, message, pointer } of filled.problems) {
    const at = { path: from.path, index: from.index, pointer: base + pointer };
    findings.push({ code, message, at, resource: from.id });
  }
  return filled.value;
}

function patched(
  document: Json,
  id: string,
  patches: Environment['patches'],
  context: BuildContext & { environment: Environment },
  origins: Origins,
  findings: Finding[],
): Json {
  const { path, index } = context.environment;
  // One copy, which the patches then change in place.
  let value = structuredClone(document);
  for (const entry of patches) {
    const origin = { path, index, pointer: `${entry.pointer}/patch` };
    if (entry.patch !== undefined) {
      const patch = fillIn(entry.patch, { path, index, id }, origin.pointer, context, findings);
      // A copy by now, so later entries may change it.
      value = merge(value, patch, origin, origins);
    }
    for (const [i, pointer] of entry.unset.entries()) {
      const at = { path, index, pointer: `${entry.pointer}/unset/${i}` };
      if (!unset(value, pointer, at, origins)) {
        const message = `there is nothing at ${pointer} of ${id} to unset`;
        findings.push({ code: 'unknown-patch-target', message, at, resource: id });
      }
    }
  }
  return value;
}

/** What a schema cannot say: granted secrets, and ids that only an environment may give. */
function judge(
  value: Json,
  schema: Schema,
  { grants }: BuildContext,
  origins: Origins | undefined,
): { code: Finding['code']; message: string; pointer: Pointer }[] {
  const found: { code: Finding['code']; message: string; pointer: Pointer }[] = [];
  if (grants !== undefined) {
    for (const mark of schema.secrets) {
      for (const { value: at, pointer } of valuesAt(value, mark.path)) {
        const name = isObject(at) ? at['secret'] : undefined;
        if (typeof name !== 'string' || grants.has(name)) continue;
        const message = `the secret "${name}" is not granted to this target${didYouMean(name, grants)}`;
        found.push({ code: 'secret-not-granted', message, pointer: `${pointer}/secret` });
      }
    }
  }
  for (const mark of schema.environmentOnly) {
    for (const { value: at, pointer } of valuesAt(value, mark.path)) {
      if (!isObject(at) || isPatched(pointer, origins)) continue;
      const message = 'ids differ per organisation: give the name here, or {id: ...} in a patch of an environment';
      found.push({ code: 'schema', message, pointer });
    }
  }
  return found;
}

function isPatched(pointer: Pointer, origins: Origins | undefined): boolean {
  for (let at = pointer; origins !== undefined; at = at.slice(0, at.lastIndexOf('/'))) {
    if (origins.has(at) || origins.has(`${pointer}/id`)) return true;
    if (at === '') break;
  }
  return false;
}
