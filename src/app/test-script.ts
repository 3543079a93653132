import { existsSync } from 'node:fs';
import { Failure } from '../model/failure.ts';
import { equal, isObject, type JsonObject } from '../model/json.ts';
import { silent } from '../model/log.ts';
import type { Problem } from '../model/problem.ts';
import { type Desired, type Resource, resourceId } from '../model/resource.ts';
import { didYouMean } from '../model/suggest.ts';
import { kinds } from '../objects/kinds.ts';
import { environmentNames, openSource, resolve } from '../source/index.ts';
import { callMain, findPython, type Ran } from './test-script-python.ts';

const kind = 'ScriptDataAction';

export interface TestedScript {
  /** `ScriptDataAction/user-lookup`. */
  resource: string;
  /** As which environment it was read, where that is so. */
  environment?: string;
  /** What is wrong with the document or its script: then nothing was run. */
  problems: Problem[];
  tests: TestOutcome[];
}

/** One test of a document: whether `main` returned exactly what it expects, and what it returned. */
export interface TestOutcome extends Ran {
  name: string;
  passed: boolean;
  expected: JsonObject;
}

export interface TestOptions {
  folder: string;
  environment?: string | undefined;
  /** Milliseconds that one test may take. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Runs the tests of one document with the python3 of this machine, one after the other. A person asks for that; the daemon
 * never does. Throws where the document is not there, or python3 is not.
 */
export async function testScript(wanted: string, options: TestOptions): Promise<TestedScript> {
  const { folder, environment, timeoutMs, signal, env = process.env } = options;
  const read = await readings(folder, environment);
  const id = idOf(wanted, read);
  const found = read.find(({ desired }) => of(id, desired) !== undefined) ?? read[0]!;
  const as = found.name === undefined ? {} : { environment: found.name };
  const resource = of(id, found.desired);
  if (resource === undefined) {
    const problems = found.desired.problems.filter((problem) => problem.resource === id);
    return { resource: id, ...as, problems, tests: [] };
  }
  const tests = testsOf(resource);
  const script = resource.files['/spec/script']!.text;
  const python = tests.length === 0 ? '' : findPython(env);
  const outcomes: TestOutcome[] = [];
  for (const { name, input, output: expected } of tests) {
    if (signal?.aborted) break;
    const ran = await callMain(script, input, { python, timeoutMs, signal });
    outcomes.push({ name, expected, passed: ran.output !== undefined && equal(ran.output, expected), ...ran });
  }
  return { resource: id, ...as, problems: [], tests: outcomes };
}

interface Reading {
  /** The environment, where it was read as one. */
  name?: string;
  desired: Desired;
}

/** The repository as the environment reads it that is named; else as it is, and then as each of them does. */
async function readings(folder: string, environment: string | undefined): Promise<Reading[]> {
  if (!existsSync(folder)) throw new Failure('ConfigurationInvalid', `there is no folder ${folder}`);
  const readSecret = (): never => {
    throw new Failure('Unexpected', 'a folder needs no secret');
  };
  const source = await openSource({ path: folder }, { baseDir: process.cwd(), cacheDir: '', log: silent, readSecret });
  try {
    const snapshot = await source.read();
    const names = environment === undefined ? [undefined, ...(await environmentNames(snapshot, kinds))] : [environment];
    return await Promise.all(
      names.map(async (name) => {
        const as = name === undefined ? {} : { environment: name };
        return { ...(name === undefined ? {} : { name }), desired: await resolve(snapshot, { kinds, ...as }) };
      }),
    );
  } finally {
    await source.close();
  }
}

/** The document, where it is valid. */
function of(id: string, { resources, problems }: Desired): Resource | undefined {
  if (problems.some(({ resource }) => resource === id)) return undefined;
  return resources.find((one) => resourceId(one) === id);
}

/** By handle, with or without the kind, or by the live name. A document that is not valid is known by its problems only. */
function idOf(wanted: string, read: readonly Reading[]): string {
  const resources = read.flatMap(({ desired }) => desired.resources);
  const problems = read.flatMap(({ desired }) => desired.problems);
  const handle = wanted.startsWith(`${kind}/`) ? wanted.slice(kind.length + 1) : wanted;
  const scripts = resources.filter((one) => one.kind === kind);
  const named = scripts.filter(({ name, spec }) => name === handle || spec['name'] === wanted);
  const [found] = named.filter(({ name }) => name === handle).concat(named);
  if (found !== undefined) return resourceId(found);
  const broken = problems.flatMap(({ resource }) => (resource?.startsWith(`${kind}/`) ? [resource] : []));
  const id = `${kind}/${handle}`;
  if (broken.includes(id)) return id;
  const missing = problems.find(({ code }) => code === 'environment-not-found');
  if (missing !== undefined) throw new Failure('ReferenceNotFound', missing.message);
  const words = [...scripts.map(({ name }) => name), ...broken.map((one) => one.slice(kind.length + 1))];
  const hint = didYouMean(handle, words);
  throw new Failure('ReferenceNotFound', `there is no ${kind} "${handle}" in the repository${hint}`);
}

function testsOf({ spec }: Resource): { name: string; input: JsonObject; output: JsonObject }[] {
  const tests = Array.isArray(spec['tests']) ? spec['tests'] : [];
  return tests.filter(isObject).map(({ name, input, output }) => ({
    name: String(name),
    input: isObject(input) ? input : {},
    output: isObject(output) ? output : {},
  }));
}
