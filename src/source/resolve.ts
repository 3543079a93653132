import type { Allowance, Kind } from '../model/contracts.ts';
import type { Pointer } from '../model/pointer.ts';
import type { Problem } from '../model/problem.ts';
import { type Desired, isExcluded, type Resource, type ResourceId } from '../model/resource.ts';
import { didYouMean } from '../model/suggest.ts';
import { attachFiles, resourceOf } from './attach.ts';
import { type Built, build } from './build.ts';
import { type Candidate, candidateOf, notEnabled } from './candidates.ts';
import type { SourceDocument } from './documents.ts';
import { type Environment, missingEnvironment, readEnvironments } from './environments.ts';
import type { Finding, Origin } from './finding.ts';
import { judgeResources } from './judge.ts';
import { Locator } from './locate.ts';
import { mentioned } from './mentions.ts';
import { sortProblems } from './order.ts';
import { originOf } from './patches.ts';
import { sortDocuments } from './roles.ts';
import { readRules } from './rules.ts';
import type { Snapshot } from './snapshot.ts';
import { judgeFiles } from './strays.ts';
import { Budget, type Variables } from './variables.ts';

export interface ResolveOptions {
  /** The overlay; without one, the documents as they are. */
  environment?: string | undefined;
  kinds: readonly Kind[];
  /** Surfaces that the target enables, all of them; undefined: every one there is. */
  surfaces?: readonly string[] | undefined;
  /** The target's own variables, which go before those of its environment. */
  variables?: Variables | undefined;
  /** What the target allows its documents; undefined: no target is known. */
  allowed?: Allowance | undefined;
  /** Names of granted secrets; undefined: not checked (offline). */
  grants?: readonly string[] | undefined;
  /** True where the target makes problems of what else are warnings. */
  rulesRequired?: boolean;
}

/** How each resolved snapshot finds the places of problems that are found later. */
const locators = new WeakMap<Desired, (problem: Problem) => Problem>();

/**
 * A problem that the planner or a kind found (by `resource` and `pointer`) with its place and lines: in the document,
 * in the environment that patched it, or, for a pointer below a file reference, in the referenced file.
 */
export function locate(desired: Desired, problem: Problem): Problem {
  return locators.get(desired)?.(problem) ?? problem;
}

/** Where the values of each resolved snapshot were written. */
const origins = new WeakMap<Desired, (resource: ResourceId, pointer: Pointer) => Origin | undefined>();

/** Where the value at a pointer of a resource's document was written; undefined for a resource that is not there. */
export function originIn(desired: Desired, resource: ResourceId, pointer: Pointer): Origin | undefined {
  return origins.get(desired)?.(resource, pointer);
}

/** The names of the environments of a snapshot, sorted. */
export async function environmentNames(snapshot: Snapshot, kinds: readonly Kind[]): Promise<string[]> {
  const { environments, broken } = await sortDocuments(snapshot, new Map(kinds.map((kind) => [kind.name, kind])));
  const read = readEnvironments(environments, snapshot.directory, broken);
  return [...new Set([...read.environments.keys(), ...read.broken])].sort();
}

/** One snapshot as one target reads it: every resource, or every problem, at once. */
export async function resolve(snapshot: Snapshot, options: ResolveOptions): Promise<Desired> {
  const kinds = new Map(options.kinds.map((kind) => [kind.name, kind]));
  const locator = new Locator(snapshot);
  const sorted = await sortDocuments(snapshot, kinds);
  const problems: Problem[] = [...sorted.problems];
  const findings: Finding[] = [];

  const environments = readEnvironments(sorted.environments, snapshot.directory, sorted.broken);
  findings.push(...environments.findings);
  const environment =
    options.environment === undefined ? undefined : environments.environments.get(options.environment);
  if (options.environment !== undefined && environment === undefined && !environments.broken.has(options.environment)) {
    const message = missingEnvironment(options.environment, environments.environments.keys());
    problems.push({ code: 'environment-not-found', message });
  }

  const rules = readRules(sorted.rules, snapshot.directory);
  findings.push(...rules.findings);
  const { candidates, seconds, duplicates } = heads(sorted.resources, kinds, options.surfaces, findings);
  const broken = new Set([...sorted.broken, ...findings.map(({ at }) => at.path)]);
  const excluded = environment?.exclude ?? [];
  if (environment !== undefined) findings.push(...unknownTargets(environment, candidates, kinds));

  const built: Built[] = [];
  const unfit: Built[] = [];
  // Without its environment nothing but noise would be said about what is in a document, and whether it is there at all.
  const hasEnvironment = options.environment === undefined || environment !== undefined;
  const patches = Map.groupBy(environment?.patches ?? [], (patch) => patch.target);
  const grants = options.grants === undefined ? undefined : new Set(options.grants);
  const budget = new Budget();
  for (const candidate of candidates.values()) {
    if (isExcluded(excluded, candidate.id) || !hasEnvironment) continue;
    if (candidate.isForeign) {
      findings.push(notEnabled(candidate));
      continue;
    }
    const result = build(candidate, { environment, variables: options.variables, patches, grants, budget });
    findings.push(...result.findings);
    if (result.findings.length === 0) built.push(result.built);
    else if (result.built.filled) unfit.push(result.built);
  }

  const attached = await attachFiles(built, snapshot, environment);
  findings.push(...attached.findings);
  problems.push(...attached.problems);
  const heard = [...candidates.values(), ...seconds];
  const mentions = mentioned(heard, environments.environments.values(), snapshot);
  const referenced = new Set([...mentions, ...attached.referenced]);
  const files = await judgeFiles(sorted, snapshot, kinds, { referenced, broken });
  // A file that is both a document and referred to is read, and refused, twice.
  const told = new Set(attached.problems.map(sayingOf));
  problems.push(...files.problems.filter((problem) => !told.has(sayingOf(problem))));
  findings.push(...files.findings);

  const byId = new Map([...built, ...unfit].map((one) => [one.candidate.id, one]));
  const locateOne = (problem: Problem): Problem => {
    const one = problem.resource === undefined ? undefined : byId.get(problem.resource);
    if (problem.place !== undefined || one === undefined) return locator.excerpt(problem);
    const resource = attached.byId.get(one.candidate.id);
    return locator.finding({ ...problem, at: placeIn(one, resource, problem.pointer ?? '/metadata/name') });
  };

  const used = new Set([
    ...attached.resources.map(({ kind }) => kind),
    ...unfit.map(({ candidate }) => candidate.kind.name),
  ]);
  await Promise.all([...used].map((kind) => kinds.get(kind)?.prepare?.()));
  const judged = judgeResources(
    kinds,
    { rules: { spec: rules.spec, required: options.rulesRequired === true }, allowed: options.allowed },
    { resources: attached.resources, unfit: unfit.map((one) => resourceOf(one, {}, environment)), findings },
  );
  problems.push(...judged.problems);
  const warnings = [...files.warnings, ...judged.warnings];
  const prefetch = [...problems, ...warnings].map((problem) => problem.place?.path ?? '');
  await locator.prefetch([...prefetch, ...findings.map((finding) => finding.at.path)]);
  for (const finding of findings) problems.push(locator.finding(finding));
  for (const twice of [...duplicates, ...rules.late]) problems.push(twice(locator));
  const desired: Desired = {
    revision: snapshot.revision,
    ...(snapshot.content === undefined ? {} : { content: snapshot.content }),
    resources: attached.resources,
    problems: sortProblems(problems.map(locateOne)),
    warnings: sortProblems(warnings.map(locateOne)),
    ids: environment?.ids ?? {},
    excluded: [...excluded],
    empty: sorted.resources.length === 0,
  };
  locator.forget();
  locators.set(desired, locateOne);
  origins.set(desired, (id, pointer) => {
    const one = byId.get(id);
    return one === undefined ? undefined : placeIn(one, attached.byId.get(id), pointer);
  });
  return desired;
}

/** Candidates by id; a handle that is taken is a problem at the second document, which names the first. */
function heads(
  documents: readonly SourceDocument[],
  kinds: ReadonlyMap<string, Kind>,
  surfaces: readonly string[] | undefined,
  findings: Finding[],
): { candidates: Map<string, Candidate>; seconds: Candidate[]; duplicates: ((locator: Locator) => Problem)[] } {
  const candidates = new Map<string, Candidate>();
  const twice: { first: Candidate; second: Candidate }[] = [];
  for (const document of documents) {
    const head = candidateOf(document, kinds, surfaces);
    if ('findings' in head) {
      findings.push(...head.findings);
      continue;
    }
    const first = candidates.get(head.candidate.id);
    if (first === undefined) candidates.set(head.candidate.id, head.candidate);
    else twice.push({ first, second: head.candidate });
  }
  const duplicates = twice.map(({ first, second }) => (locator: Locator): Problem => {
    const other = locator.place({ ...first.document, pointer: '/metadata/name' });
    const message = `${second.id} is also at ${other.path}:${other.line}:${other.column}`;
    const at = { path: second.document.path, index: second.document.index, pointer: '/metadata/name' };
    return locator.finding({ code: 'duplicate-resource', message, at, resource: second.id });
  });
  return { candidates, seconds: twice.map(({ second }) => second), duplicates };
}

function unknownTargets(
  environment: Environment,
  candidates: ReadonlyMap<string, Candidate>,
  kinds: ReadonlyMap<string, Kind>,
): Finding[] {
  const { path, index, patches, exclude, ids } = environment;
  const named = [
    ...patches.map((patch) => ({ id: patch.target, pointer: `${patch.pointer}/target`, key: false })),
    ...exclude.map((id, i) => ({ id, pointer: `/exclude/${i}`, key: false })),
    ...Object.keys(ids).map((id) => ({ id, pointer: `/ids/${id.replace('/', '~1')}`, key: true })),
  ];
  const kindIn = (id: string): string | undefined => (id.endsWith('/*') ? id.slice(0, -'/*'.length) : undefined);
  // A kind of which there is no document yet may be excluded for those to come.
  const isKnown = (id: string): boolean => candidates.has(id) || kinds.has(kindIn(id) ?? '');
  const missing = (id: string): string => {
    const kind = kindIn(id);
    if (id.startsWith('Rules/'))
      return 'the rules are the same in every environment: no environment can change them or be spared';
    if (kind !== undefined) return `there is no kind "${kind}"${didYouMean(kind, kinds.keys())}`;
    return `there is no ${id} in the repository${didYouMean(id, candidates.keys())}`;
  };
  return named
    .filter(({ id }) => !isKnown(id))
    .map(({ id, pointer, key }) => ({
      code: 'unknown-patch-target',
      message: missing(id),
      at: { path, index, pointer, key },
    }));
}

function sayingOf({ message, place }: Problem): string {
  return `${place?.path}: ${message}`;
}

/** The place of a pointer of a resource: in its document, in the environment, or within a referenced file. */
function placeIn(built: Built, resource: Resource | undefined, pointer: string): Finding['at'] {
  for (const [at, file] of Object.entries(resource?.files ?? {})) {
    if (pointer.startsWith(`${at}/`)) return { path: file.path, index: 0, pointer: pointer.slice(at.length) };
  }
  return originOf(pointer, built.candidate.document, built.origins);
}
