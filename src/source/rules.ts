import { isObject, type JsonObject } from '../model/json.ts';
import type { Problem } from '../model/problem.ts';
import type { SourceDocument } from './documents.ts';
import type { Finding } from './finding.ts';
import type { Locator } from './locate.ts';
import { schemaOf } from './schema.ts';

/** What is read of the documents of `kind: Rules`. */
export interface RulesRead {
  /** The rules' `spec`; empty where there are none, or where they are broken. */
  spec: JsonObject;
  findings: Finding[];
  /** Problems that name the place of another document. */
  late: ((locator: Locator) => Problem)[];
}

/** True for `rules.yaml` and `rules.yml` at the top of the source's directory. */
export function isRulesFile(path: string, directory: string): boolean {
  return path.startsWith(directory) && /^rules\.ya?ml$/i.test(path.slice(directory.length));
}

/**
 * The repository's rules: one document in `rules.yaml` or `rules.yml` at the top of the source's directory. One of another
 * place would be a rule that nobody finds, and of two nobody knows which holds, so both are problems.
 */
export function readRules(documents: readonly SourceDocument[], directory: string): RulesRead {
  const read: RulesRead = { spec: {}, findings: [], late: [] };
  let first: SourceDocument | undefined;
  for (const document of documents.toSorted((a, b) =>
    a.path === b.path ? a.index - b.index : a.path < b.path ? -1 : 1,
  )) {
    const { path, index, value } = document;
    const at = (pointer: string, key = false): Finding['at'] => ({ path, index, pointer, key });
    if (!isRulesFile(path, directory)) {
      const message = `rules must stand in ${directory}rules.yaml: they hold for the whole repository`;
      read.findings.push({ code: 'rules-misplaced', message, at: at('/kind') });
      continue;
    }
    if (first !== undefined) {
      const earlier = first;
      read.late.push((locator) => {
        const { path: other, line, column } = locator.place({ ...earlier, pointer: '/kind' });
        const message = `there is one set of rules for a repository, and it is at ${other}:${line}:${column} already`;
        return locator.finding({ code: 'rules-misplaced', message, at: at('/kind') });
      });
      continue;
    }
    first = document;
    const misfits = schemaOf('rules.schema.json').check(value);
    for (const { code, message, pointer, key } of misfits) read.findings.push({ code, message, at: at(pointer, key) });
    if (misfits.length === 0 && isObject(value) && isObject(value['spec'])) read.spec = value['spec'];
  }
  return read;
}
