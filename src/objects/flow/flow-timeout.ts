import type { Contributed, Field, Index, Kind } from '../../model/contracts.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import { keyOf } from '../../model/key.ts';
import type { Problem } from '../../model/problem.ts';
import { type Resource, resourceId } from '../../model/resource.ts';
import { didYouMean } from '../../model/suggest.ts';
import { acceptTimeouts } from './accept/timeouts.ts';
import { type Selector, selectorPath } from './compose.ts';
import { durationFlaw, parseDuration } from './yaml/duration.ts';

/** The timeouts of data-action steps of one flow, whoever owns it, and nothing else of it. */
export const flowTimeoutKind: Kind = {
  name: 'FlowTimeout',
  surface: 'platform',
  apiVersion: 'genesys-gitops/v1',
  schema: 'flow-timeout.schema.json',
  object: 'flow',
  owns: false,
  check: (resource) => stepsOf(resource).flatMap((step, i) => invalid(step, `/spec/steps/${i}/timeout`, resource)),
  contribute,
  toDocument: () => undefined,
  accept: acceptTimeouts,
};

function stepsOf({ spec }: Resource): JsonObject[] {
  const steps = spec['steps'];
  return Array.isArray(steps) ? steps.filter(isObject) : [];
}

function invalid({ timeout }: JsonObject, pointer: string, resource: Resource): Problem[] {
  const flaw = durationFlaw(String(timeout));
  return flaw === undefined
    ? []
    : [{ code: 'timeout-invalid', message: flaw, resource: resourceId(resource), pointer }];
}

function contribute(resource: Resource, index: Index): Contributed {
  const by = resourceId(resource);
  const { type = '', name = '' } = resource.spec['flow'] as JsonObject;
  const key = keyOf(String(type), String(name));
  const found = index.find('flow', key);
  if (found.length !== 1) return { contributions: [], problems: [notFound(String(type), String(name), by, index)] };
  const entry = found[0]!;
  const forceUnlock = resource.annotations['genesys-gitops/force-unlock'];
  return {
    contributions: [
      {
        by,
        owns: false,
        target: { type: 'flow', key, name: entry.name, ...(entry.id === undefined ? {} : { id: entry.id }) },
        fields: stepsOf(resource).map((step, i): Field => {
          return {
            path: selectorPath(by, i),
            value: selectorOf(step) as unknown as JsonObject,
            at: `/spec/steps/${i}`,
          };
        }),
        ...(forceUnlock === undefined ? {} : { directives: { onLocked: 'unlock', forceUnlock } }),
      },
    ],
    problems: [],
  };
}

function selectorOf({ step, dataAction, timeout }: JsonObject): Selector {
  const ms = parseDuration(String(timeout))!;
  if (typeof step === 'string') return { step, ms };
  const { category = '', name = '' } = dataAction as JsonObject;
  return { category: String(category), action: String(name), ms };
}

function notFound(type: string, name: string, by: string, index: Index): Problem {
  const names = index
    .all('flow')
    .filter(({ key }) => key.startsWith(`${type}/`))
    .map((entry) => entry.name);
  const message = `no flow "${name}" of type ${type} is there, neither live nor in this repository${didYouMean(name, names)}`;
  return { code: 'flow-not-found', message, resource: by, pointer: '/spec/flow/name' };
}
