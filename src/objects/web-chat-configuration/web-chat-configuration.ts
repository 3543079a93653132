import type { Allowance, Contributed, Contribution, Field, Kind } from '../../model/contracts.ts';
import { getAt } from '../../model/pointer.ts';
import type { Problem } from '../../model/problem.ts';
import { type Resource, resourceId } from '../../model/resource.ts';
import type { Rules } from '../../model/rules.ts';
import { accept } from './accept.ts';
import { bodyFields } from './body.ts';
import { claim, contrast } from './contrast.ts';
import { hours, neverOpen } from './hours.ts';
import { type Finding, organizations, ownOf, replicatedOf } from './organizations.ts';

const type = 'web-chat-configuration';

/** One configuration for several organisations: some are written, the others get it by replication from the first. */
export const webChatConfigurationKind: Kind = {
  name: 'WebChatConfiguration',
  surface: 'tutorial',
  apiVersion: 'tutorial.genesys-gitops/v1',
  scopes: ['webchat:configuration:read', 'webchat:configuration:write', 'audit:read'],
  schema: 'web-chat-configuration.schema.json',
  object: type,
  // An organisation is always there, and its configuration is never deleted.
  owns: false,
  check,
  checksUnfit: true,
  advise: (resource) => told(resource, [...claim(resource.spec), ...neverOpen(resource.spec)]),
  wants: ({ spec }) => [...ownOf(spec), ...replicatedOf(spec)].map(({ id }) => ({ type, id })),
  contribute,
  toDocument: () => undefined,
  accept,
};

function check(resource: Resource, _rules: Rules, allowed?: Allowance): Problem[] {
  const { spec } = resource;
  return told(resource, [...organizations(spec, allowed), ...contrast(spec), ...hours(spec)]);
}

function told(resource: Resource, findings: Iterable<Finding>): Problem[] {
  const by = resourceId(resource);
  return [...findings].map(({ code, message, at }) => ({ code, message, resource: by, pointer: `/spec${at}` }));
}

/** The same fields for each organisation. Those that are replicated to wait until the source has them. */
function contribute(resource: Resource): Contributed {
  const { spec } = resource;
  const by = resourceId(resource);
  const fields: Field[] = bodyFields(spec);
  const wish = ({ id }: { id: string }): Contribution => ({
    by,
    owns: false,
    target: { type, key: id, id, name: id },
    fields,
  });
  const own = ownOf(spec);
  const source = own[0];
  const overwriteExisting = getAt(spec, '/replicateTo/overwriteExisting') === true;
  const replicated = source === undefined ? [] : replicatedOf(spec);
  return {
    contributions: [
      ...own.map(wish),
      ...replicated.map((organization): Contribution => {
        const message = `organisation "${organization.id}" has another configuration, and overwriteExisting is false; set replicateTo.overwriteExisting to true, or take it out of replicateTo`;
        return {
          ...wish(organization),
          uses: [{ type, key: source!.id, asWished: true }],
          whole: true,
          directives: { replicateFrom: source!.id, overwriteExisting },
          ...(overwriteExisting ? {} : { holds: { reason: 'OverwriteRefused', message } }),
        };
      }),
    ],
    problems: [],
  };
}
