import type { Allowance, Kind } from '../model/contracts.ts';
import { durationOf } from '../model/duration.ts';
import { formatPointer } from '../model/pointer.ts';
import type { Problem } from '../model/problem.ts';
import { type Resource, resourceId } from '../model/resource.ts';
import type { Rules } from '../model/rules.ts';
import type { Finding } from './finding.ts';

/** By what a target's documents are judged. */
export interface Measure {
  rules: Rules;
  /** Undefined where no target is known. */
  allowed: Allowance | undefined;
}

/**
 * What the kinds find wrong with resources, and with `unfit` ones: documents that do not fit their schema, whose `findings`
 * are known. Of these, a kind is heard only on places of which nothing was said yet.
 */
export function judgeResources(
  kinds: ReadonlyMap<string, Kind>,
  { rules, allowed }: Measure,
  { resources, unfit, findings }: { resources: readonly Resource[]; unfit: readonly Resource[]; findings: Finding[] },
): { problems: Problem[]; warnings: Problem[] } {
  const judged: { problems: Problem[]; warnings: Problem[] } = { problems: [], warnings: [] };
  const told = new Set(unfit.length === 0 ? [] : findings.map(({ resource, pointer }) => `${resource} ${pointer}`));
  const isNew = ({ resource, pointer }: Problem): boolean => !told.has(`${resource} ${pointer}`);
  for (const resource of resources) {
    const kind = kinds.get(resource.kind);
    judged.problems.push(...pauseTooLong(resource), ...(kind?.check(resource, rules, allowed) ?? []));
    judged.warnings.push(...(kind?.advise?.(resource, rules, allowed) ?? []));
  }
  for (const resource of unfit) {
    const kind = kinds.get(resource.kind);
    if (kind?.checksUnfit !== true) continue;
    judged.problems.push(...kind.check(resource, rules, allowed).filter(isNew));
    judged.warnings.push(...(kind.advise?.(resource, rules, allowed).filter(isNew) ?? []));
  }
  return judged;
}

/** The longest that a document may let drift stand; an operator who wants more has the target's policy. */
const longestPause = '90d';

function pauseTooLong(resource: Resource): Problem[] {
  const name = 'genesys-gitops/drift-pause';
  const written = resource.annotations[name];
  const wanted = written === undefined ? undefined : durationOf(written);
  if (wanted === undefined || wanted <= durationOf(longestPause)!) return [];
  const message = `a document can pause the healing of drift for ${longestPause} at most; to leave it alone for good, write "genesys-gitops/drift: report"`;
  const pointer = formatPointer(['metadata', 'annotations', name]);
  return [{ code: 'schema', message, resource: resourceId(resource), pointer }];
}
