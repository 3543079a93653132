import type { Allowance } from '../../model/contracts.ts';
import type { JsonObject } from '../../model/json.ts';
import { getAt, type Pointer } from '../../model/pointer.ts';
import type { ProblemCode } from '../../model/problem.ts';
import { didYouMean } from '../../model/suggest.ts';

/** An organisation as a document names it. */
export interface Named {
  id: string;
  /** Of the document's `spec`. */
  at: Pointer;
}

export interface Finding {
  code: ProblemCode;
  message: string;
  /** Of the document's `spec`. */
  at: Pointer;
}

/** Each of `organizations`, of which the first is the source. The spec need not fit its schema. */
export function ownOf(spec: JsonObject): Named[] {
  return listed(spec, '/organizations');
}

export function replicatedOf(spec: JsonObject): Named[] {
  return listed(spec, '/replicateTo/organizations');
}

function listed(spec: JsonObject, at: Pointer): Named[] {
  const list = getAt(spec, at);
  if (!Array.isArray(list)) return [];
  return list.flatMap((id, i) => (typeof id === 'string' && id !== '' ? [{ id, at: `${at}/${i}` }] : []));
}

/** Organisations that are named twice, and those that the target does not allow. Without `allowed` no target is known. */
export function* organizations(spec: JsonObject, allowed: Allowance | undefined): Generator<Finding> {
  const [own, replicated] = [ownOf(spec), replicatedOf(spec)];
  const source = own[0]?.id;
  for (const [i, { id, at }] of own.entries()) {
    if (own.findIndex((one) => one.id === id) < i)
      yield { code: 'field-owned-twice', message: `organisation "${id}" is in the list twice`, at };
  }
  for (const [i, { id, at }] of replicated.entries()) {
    if (replicated.findIndex((one) => one.id === id) < i)
      yield { code: 'field-owned-twice', message: `organisation "${id}" is in the list twice`, at };
    if (!own.some((one) => one.id === id)) continue;
    const why =
      id === source
        ? 'it is the source, and cannot be replicated to itself'
        : 'it would be written by itself and by replication';
    const message = `organisation "${id}" is in organizations and in replicateTo.organizations; ${why}: leave it in one of them`;
    yield { code: 'field-owned-twice', message, at };
  }
  if (allowed === undefined) return;
  const known = allowed.organizations;
  for (const { id, at } of [...own, ...replicated]) {
    if (known?.includes(id) === true) continue;
    yield { code: 'organization-not-allowed', message: notAllowed(id, known), at };
  }
}

/** Without a list a pull request could reach every organisation that the client may write to. */
function notAllowed(id: string, known: readonly string[] | undefined): string {
  if (known === undefined || known.length === 0)
    return `the target allows no organisation, so "${id}" cannot be configured; to allow it, write \`organizations: [${id}]\` at the target in the daemon's file`;
  const hint = didYouMean(id, known);
  return `organisation "${id}" is none of those that the target allows${hint}; to allow it, add it to \`organizations\` of the target in the daemon's file`;
}
