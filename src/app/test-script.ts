import { existsSync } from 'node:fs';
import { Failure } from '../model/failure.ts';
import { equal, isObject, type JsonObject } from '../model/json.ts';
import { silent } from '../model/log.ts';
import type { Problem } from '../model/problem.ts';
import { type Desired, type Resource, resourceId } from '../model/resource.ts';
import { didYouMean } from '../model/suggest.ts';
import { kinds } from '../objects/kinds.ts';
import { openSource, resolve } from '../source/index.ts';
import { callMain, findPython, type Ran } from './test-script-python.ts';

const kind = 'ScriptDataAction';

export interface TestedScript {
  /** `ScriptDataAction/user-lookup`. */
  resource: string;
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
  const desired = await read(folder, environment);
  const id = idOf(wanted, desired);
  const problems = desired.problems.filter(({ resource }) => resource === id);
  const resource = desired.resources.find((one) => resourceId(one) === id);
  if (problems.length > 0 || resource === undefined) return { resource: id, problems, tests: [] };
  const tests = testsOf(resource);
  const script = resource.files['/spec/script']!.text;
  const python = tests.length === 0 ? '' : findPython(env);
  const outcomes: TestOutcome[] = [];
  for (const { name, input, output: expected } of tests) {
    if (signal?.aborted) break;
    const ran = await callMain(script, input, { python, timeoutMs, signal });
    outcomes.push({ name, expected, passed: ran.output !== undefined && equal(ran.output, expected), ...ran });
  }
  return { resource: id, problems: [], tests: outcomes };
}

async function read(folder: string, environment: string | undefined): Promise<Desired> {
  if (!existsSync(folder)) throw new Failure('ConfigurationInvalid', `there is no folder ${folder}`);
  const readSecret = (): never => {
    throw new Failure('Unexpected', 'a folder needs no secret');
  };
  const source = await openSource({ path: folder }, { baseDir: process.cwd(), cacheDir: '', log: silent, readSecret });
  try {
    return await resolve(await source.read(), { kinds, ...(environment === undefined ? {} : { environment }) });
  } finally {
    await source.close();
  }
}

/** By handle, with or without the kind, or by the live name. A document that is not valid is known by its problems only. */
function idOf(wanted: string, { resources, problems }: Desired): string {
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
