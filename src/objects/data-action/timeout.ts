import type { Contributed, Contribution, Index, IndexEntry, Kind } from '../../model/contracts.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Pointer } from '../../model/pointer.ts';
import type { Problem } from '../../model/problem.ts';
import { type Resource, resourceId } from '../../model/resource.ts';
import { didYouMean } from '../../model/suggest.ts';
import { acceptTimeout } from './accept.ts';
import { findIntegration, functionType, type IntegrationName } from './spec.ts';

/** `config.timeoutSeconds` of all actions of an integration (or of those named), and nothing else of them. */
export const timeoutKind: Kind = {
  name: 'Timeout',
  surface: 'platform',
  apiVersion: 'genesys-gitops/v1',
  schema: 'timeout.schema.json',
  object: 'data-action',
  owns: false,
  check,
  contribute,
  toDocument: () => undefined,
  accept: acceptTimeout,
};

interface TimeoutSpec extends JsonObject {
  integration: IntegrationName;
  timeoutSeconds: number;
}

/** An action that is excepted twice has two timeouts. */
function check(resource: Resource): Problem[] {
  const names = list(resource.spec['exceptions']).map((one) => (one as { name: string }).name);
  return names.flatMap((name, i): Problem[] => {
    if (names.indexOf(name) === i) return [];
    const message = `"${name}" is an exception twice; an action has one timeout`;
    return [
      { code: 'field-owned-twice', message, resource: resourceId(resource), pointer: `/spec/exceptions/${i}/name` },
    ];
  });
}

interface Wish {
  name: string;
  pointer: Pointer;
}

function contribute(resource: Resource, index: Index): Contributed {
  const spec = resource.spec as TimeoutSpec;
  const by = resourceId(resource);
  const found = findIntegration(spec.integration, index, by);
  if ('problem' in found) return { contributions: [], problems: [found.problem] };
  const { integration } = found;
  const actions = index.all('data-action').filter((entry) => entry.attributes['integrationId'] === integration.id);

  const named = list(spec['actions']).map((name, i): Wish => ({ name: String(name), pointer: `/spec/actions/${i}` }));
  const exceptions = list(spec['exceptions']).map((one, i) => ({
    ...(one as { name: string; timeoutSeconds: number }),
    pointer: `/spec/exceptions/${i}/name`,
  }));
  const problems = [...named, ...exceptions].flatMap((wish) => missing(wish, actions, integration.name, by));
  const explicit = new Set([...named, ...exceptions].map((wish) => wish.name));
  const timeouts = new Map(exceptions.map((one) => [one.name, one.timeoutSeconds]));
  const reached = actions.filter(({ name }) => spec['actions'] === undefined || explicit.has(name));
  const writable = reached.filter((entry) => whyNot(entry) === undefined);

  return {
    contributions: writable.map((entry) => wishFor(entry, by, timeouts.get(entry.name) ?? spec.timeoutSeconds)),
    problems,
    warnings: [
      ...[...named, ...exceptions].flatMap(({ name, pointer }) =>
        actions.some((entry) => entry.name === name && entry.leaving === true) ? [leaves(name, by, pointer)] : [],
      ),
      ...reached
        .filter((entry) => whyNot(entry) !== undefined && !explicit.has(entry.name))
        .map((entry): Problem => ({ code: 'read-only-object', message: readOnly(entry), resource: by })),
      ...(writable.length === 0 && problems.length === 0 ? [reachesNothing(integration.name, by)] : []),
    ],
  };
}

function wishFor(entry: IndexEntry, by: string, timeoutSeconds: number): Contribution {
  const { type, key, name, id } = entry;
  return {
    by,
    owns: false,
    target: { type, key, name, ...(id === undefined ? {} : { id }) },
    fields: [{ path: '/config/timeoutSeconds', value: timeoutSeconds }],
  };
}

function missing(wish: Wish, actions: readonly IndexEntry[], integration: string, by: string): Problem[] {
  const matching = actions.filter((entry) => entry.name === wish.name);
  const said = { resource: by, pointer: wish.pointer };
  if (matching.length === 0) {
    const hint = didYouMean(
      wish.name,
      actions.map((entry) => entry.name),
    );
    const message = `"${integration}" has no data action "${wish.name}", neither live nor in this repository${hint}`;
    return [{ code: 'action-not-found', message, ...said }];
  }
  const blocked = matching.filter((entry) => whyNot(entry) !== undefined);
  return blocked.map((entry) => ({ code: 'read-only-object', message: readOnly(entry), ...said }));
}

function whyNot(entry: IndexEntry): string | undefined {
  if (entry.attributes['integrationType'] === functionType)
    return 'function data actions are not managed by this version';
  return entry.live?.readOnly;
}

function readOnly(entry: IndexEntry): string {
  return `the timeout of "${entry.name}" cannot be set: ${whyNot(entry)}`;
}

function leaves(name: string, resource: string, pointer: Pointer): Problem {
  const message = `"${name}" left the repository; once it is deleted, naming it here is a problem`;
  return { code: 'action-leaving', message, resource, pointer };
}

function reachesNothing(integration: string, by: string): Problem {
  return { code: 'timeout-without-actions', message: `"${integration}" has no data action to set`, resource: by };
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
