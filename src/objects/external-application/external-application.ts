import type { Acceptance, Check, Contributed, Drifted, Index, IndexEntry, Kind } from '../../model/contracts.ts';
import type { ExternalApplicationSpec } from '../../model/generated.ts';
import type { Pointer } from '../../model/pointer.ts';
import type { Problem } from '../../model/problem.ts';
import { type Resource, resourceId } from '../../model/resource.ts';
import { notThere } from '../not-there.ts';

/** How long an external application waits for an answer, and with it every data action that is linked to it. */
export const externalApplicationKind: Kind = {
  name: 'ExternalApplication',
  surface: 'tutorial',
  apiVersion: 'tutorial.genesys-gitops/v1',
  // As tutorial 1 asks for them.
  scopes: [
    'integration:externalapplication:read',
    'integration:externalapplication:write',
    'integration:integrationobject:read',
    'integration:integrationobject:write',
    'integration:dataaction:read',
  ],
  schema: 'external-application.schema.json',
  object: 'external-application',
  owns: false,
  check,
  checksUnfit: true,
  wants: (resource) => [
    { type: 'external-application', id: idOf(resource) },
    ...actionsOf(resource).map(({ id }) => ({ type: 'linked-data-action', id })),
  ],
  contribute,
  toDocument: () => undefined,
  accept,
};

/** Milliseconds (tutorial 1). */
const least = 1000;
const most = 30_000;

/** The schema leaves the range to this, which can say what to do instead. */
function check(resource: Resource): Problem[] {
  const { timeoutMs } = resource.spec;
  if (!Number.isInteger(timeoutMs)) return [];
  const said = { resource: resourceId(resource), pointer: '/spec/timeoutMs' };
  if (Number(timeoutMs) < least) {
    const message = `an external application waits ${least} to ${most} ms, and ${String(timeoutMs)} is less; the nearest allowed value is ${least}`;
    return [{ code: 'timeout-range', message, ...said }];
  }
  if (Number(timeoutMs) > most) {
    const message = `an external application waits ${least} to ${most} ms, and ${String(timeoutMs)} is more; the nearest allowed value is ${most}. Work that takes longer needs an asynchronous pattern: a webhook that is called when it is done, or a queue`;
    return [{ code: 'timeout-range', message, ...said }];
  }
  return [];
}

function idOf({ spec }: Resource): string {
  return (spec as ExternalApplicationSpec).id;
}

function actionsOf({ spec }: Resource): { id: string; at: Pointer }[] {
  const { dataActions = [] } = spec as ExternalApplicationSpec;
  return dataActions.map((id, i) => ({ id, at: `/spec/dataActions/${i}` }));
}

/** Where both sorts of ids are found. */
const where = 'the admin pages';

function contribute(resource: Resource, index: Index): Contributed {
  const { id, timeoutMs } = resource.spec as ExternalApplicationSpec;
  const by = resourceId(resource);
  const [application] = index.find('external-application', id);
  const actions = actionsOf(resource).map((one) => ({ ...one, entry: index.find('linked-data-action', one.id)[0] }));
  const lost = actions.filter(({ entry }) => entry === undefined);
  const problems = [
    ...(application === undefined
      ? [notThere({ label: 'external application', id, where }, { by, at: '/spec/id' })]
      : []),
    ...lost.map((one) => notThere({ label: 'data action', id: one.id, where }, { by, at: one.at })),
  ];
  if (application === undefined || problems.length > 0) return { contributions: [], problems };
  const { type, key, name } = application;
  return {
    contributions: [
      {
        by,
        owns: false,
        target: { type, key, id, name },
        fields: [{ path: '/timeout', value: timeoutMs, at: '/spec/timeoutMs' }],
        checks: actions.map((one) => linked({ ...one, entry: one.entry! }, { id, name, timeoutMs })),
      },
    ],
    problems: [],
  };
}

/** A data action has no timeout of its own (tutorial 1): what it has is that of the application that it is linked to. */
function linked(
  { id, at, entry: { name, attributes } }: { id: string; at: Pointer; entry: IndexEntry },
  application: { id: string; name: string; timeoutMs: number },
): Check {
  const action = `the data action "${name}" (${id})`;
  const other = attributes['externalApplicationId'];
  const elsewhere =
    other === undefined
      ? `no external application, so it does not inherit the timeout of "${application.name}"`
      : `another external application (${String(other)}), and inherits the timeout of that one, not of "${application.name}"`;
  return {
    type: 'linked-data-action',
    id,
    expect: { externalApplicationId: application.id },
    code: 'linked-elsewhere',
    unknown: 'link-unknown',
    holds: `${action} is linked to "${application.name}" and inherits its timeout; its effective timeout is ${application.timeoutMs} ms`,
    fails: `${action} is linked to ${elsewhere}; link it in the admin pages, or take it out of dataActions`,
    at,
  };
}

function accept(_resource: Resource, { live, fields }: Drifted): Acceptance[] {
  const { timeout } = live;
  return fields.map((): Acceptance => {
    const pointer = '/spec/timeoutMs';
    const fits = Number.isInteger(timeout) && Number(timeout) >= least && Number(timeout) <= most;
    if (fits) return { pointer, value: timeout! };
    return { pointer, why: `live it is ${JSON.stringify(timeout)}, which a document cannot say` };
  });
}
