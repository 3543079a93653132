import type { Candidate } from './candidates.ts';
import type { Environment } from './environments.ts';
import { resolvePath } from './references.ts';
import { schemaOf } from './schema.ts';
import { valuesAt } from './schema-marks.ts';
import type { Snapshot } from './snapshot.ts';
import { decode } from './text.ts';
import { substitute } from './variables.ts';

/** Paths with variables are tried under so many environments in all; honest repositories need some hundreds. */
const tries = 100_000;

/**
 * The files that documents refer to under any environment, chosen or not, and also where a document is excluded or does
 * not fit its schema: a flow that only production publishes is no stray file in staging.
 */
export function mentioned(
  candidates: readonly Candidate[],
  environments: Iterable<Environment>,
  snapshot: Snapshot,
): Set<string> {
  const all = [...environments];
  const byId = new Map(candidates.map((candidate) => [candidate.id, candidate]));
  const found = new Set<string>();
  let left = tries;
  const add = (written: unknown, from: string, under: readonly Environment[]): void => {
    if (typeof written !== 'string') return;
    const paths: unknown[] = written.includes('$(')
      ? under.slice(0, Math.max(0, left)).map((environment) => filled(written, environment))
      : [written];
    left -= written.includes('$(') ? under.length : 0;
    for (const path of paths) {
      const file = typeof path === 'string' ? resolvePath(path, from, snapshot) : undefined;
      if (file !== undefined && 'id' in file) found.add(file.path);
    }
  };
  for (const { kind, value, document } of candidates) {
    for (const { path } of schemaOf(kind.schema).files) {
      for (const { value: written } of valuesAt(value, path)) add(written, document.path, all);
    }
  }
  for (const environment of all) {
    for (const { target, patch } of environment.patches) {
      const candidate = patch === undefined ? undefined : byId.get(target);
      if (candidate === undefined) continue;
      for (const { path } of schemaOf(candidate.kind.schema).files) {
        for (const { value: written } of valuesAt(patch, path)) add(written, candidate.document.path, [environment]);
      }
    }
  }
  return found;
}

function filled(written: string, { variables }: Environment): unknown {
  const { value, problems } = substitute(written, variables, '');
  return problems.length === 0 ? value : undefined;
}

/** Longer names of files are not looked for in broken documents, nor names of more words. */
const longest = 200;
const words = 12;

/**
 * Names of YAML files that stand in documents that could not be read. Nobody knows what these refer to, so the files that
 * they name are not called strays: what is wrong with them would be noise around the one mistake.
 */
export function namesIn(contents: Iterable<Uint8Array>): Set<string> {
  const names = new Set<string>();
  for (const bytes of contents) {
    const decoded = decode(bytes);
    if (!('text' in decoded)) continue;
    for (const { 0: ending, index } of decoded.text.matchAll(/\.ya?ml\b/gi)) {
      const end = index + ending.length;
      let name = decoded.text
        .slice(Math.max(0, end - longest), end)
        .replace(/^[\s\S]*[/\n\r"'`]/, '')
        .trimStart();
      // Without quotes nothing says where a name with spaces begins.
      for (let i = 0; i < words && name !== ''; i++) {
        names.add(name);
        const space = name.indexOf(' ');
        name = space === -1 ? '' : name.slice(space + 1);
      }
    }
  }
  return names;
}
