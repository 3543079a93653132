import type { Environment as EnvironmentDocument } from '../model/generated.ts';
import { isObject, type Json, type JsonObject } from '../model/json.ts';
import { formatPointer, type Pointer } from '../model/pointer.ts';
import { didYouMean } from '../model/suggest.ts';
import type { SourceDocument } from './documents.ts';
import type { Finding } from './finding.ts';
import { limits } from './limits.ts';
import { schemaOf } from './schema.ts';
import { substitute, type VariableProblem, type Variables } from './variables.ts';

/** One environment, valid in itself; whether what it names exists is for `resolve` to say. */
export interface Environment {
  name: string;
  path: string;
  index: number;
  variables: Variables;
  patches: { target: string; patch?: JsonObject; unset: string[]; pointer: Pointer }[];
  ids: Record<string, string>;
  exclude: string[];
}

/**
 * Every environment by name; a broken one is a finding and is left out. `unread` are files that are no good YAML: what is
 * wrong with them is told elsewhere.
 */
export function readEnvironments(
  documents: readonly SourceDocument[],
  directory: string,
  unread: Iterable<string>,
): { environments: Map<string, Environment>; broken: Set<string>; findings: Finding[] } {
  const environments = new Map<string, Environment>();
  const broken = new Set([...unread].flatMap((path) => nameOf(path, directory) ?? []));
  const findings: Finding[] = [];
  for (const { path, index, value } of documents) {
    const name = nameOf(path, directory);
    const report = (code: Finding['code'], message: string, pointer: Pointer, key = false): void => {
      findings.push({ code, message, at: { path, index, pointer, key } });
      if (name !== undefined) broken.add(name);
    };
    if (name === undefined) {
      report('schema', `an environment must stand in ${directory}environments/<name>.yaml`, '/kind');
      continue;
    }
    const misfits = schemaOf('environment.schema.json').check(value);
    for (const misfit of misfits) report(misfit.code, misfit.message, misfit.pointer, misfit.key);
    if (misfits.length > 0 || !isObject(value)) continue;
    const document = value as unknown as EnvironmentDocument;
    const given = document.metadata?.name;
    if (given !== undefined && given !== name) {
      report('schema', `metadata.name must be "${name}", as the file is called, but is "${given}"`, '/metadata/name');
    }
    if (environments.has(name)) report('duplicate-resource', `the environment "${name}" is here twice`, '/kind');
    const { variables, problems } = readVariables(document.variables ?? {});
    for (const problem of problems) report(problem.code, problem.message, `/variables${problem.pointer}`);
    const patches = document.patches ?? [];
    const unset = patches.reduce((sum, patch) => sum + (patch.unset?.length ?? 0), 0);
    const keys = patches.reduce((sum, patch) => sum + keysIn((patch.patch ?? null) as Json), 0);
    const much =
      unset > limits.unsetFields ? 'unset more than' : keys > limits.patchKeys ? 'hold more than' : undefined;
    if (much !== undefined) {
      const what = unset > limits.unsetFields ? `${limits.unsetFields} fields` : `${limits.patchKeys} keys`;
      report('too-large', `the patches of one environment must not ${much} ${what}`, '/patches');
      continue;
    }
    environments.set(name, {
      name,
      path,
      index,
      variables,
      patches: patches.map((patch, i) => ({
        ...patch,
        unset: patch.unset ?? [],
        pointer: formatPointer(['patches', i]),
      })),
      ids: document.ids ?? {},
      exclude: document.exclude ?? [],
    });
  }
  return { environments, broken, findings };
}

function keysIn(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, child) => sum + 1 + keysIn(child), 0);
}

/** Variables are not made of variables; only `$$(` is undone in them. */
function readVariables(written: Variables): {
  variables: Variables;
  problems: VariableProblem[];
} {
  const { value, problems } = substitute({ ...written }, {}, '; one variable cannot use another');
  return { variables: isObject(value) ? value : {}, problems };
}

function nameOf(path: string, directory: string): string | undefined {
  const prefix = `${directory}environments/`;
  const name = path.startsWith(prefix) ? path.slice(prefix.length).replace(/\.ya?ml$/i, '') : '';
  return name === '' || name.includes('/') ? undefined : name;
}

/** What to say where a target names an environment that is not there. */
export function missingEnvironment(name: string, known: Iterable<string>): string {
  const names = [...known].sort();
  const list = names.length === 0 ? 'there is none' : `there is ${names.join(', ')}`;
  return `the environment "${name}" is not in the repository; ${list}${didYouMean(name, names)}`;
}
