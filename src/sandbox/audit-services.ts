import type { Quirk } from './quirks.ts';

/** Services, their entity types, the actions of each. */
export type ServiceMapping = Record<string, Record<string, readonly string[]>>;

const [create, rest] = ['Create', ['Update', 'Delete']];
const flow = ['Publish', 'Checkin', 'Checkout', 'Save', 'Revert', 'Deactivate'];

/** The last published names (SDK before 2023-04); which entity type belongs to which service is UNCONFIRMED, but obvious. */
const services: ServiceMapping = {
  Architect: {
    Flow: [create, ...rest, ...flow],
    Schedule: [create, ...rest],
    ScheduleGroup: [create, ...rest],
  },
  Datatables: { Row: [create, ...rest] },
  Integrations: {
    Action: [create, ...rest, 'Publish'],
    ActionDraft: [create, ...rest],
    Integration: [create, ...rest],
    Credential: [create, ...rest],
  },
  WebDeployments: {
    Configuration: [create, ...rest],
    ConfigurationVersion: [create, 'Update', 'Publish'],
    Deployment: [create, ...rest],
  },
};

/** What `servicemapping` tells. */
export function servicesOf(quirks: ReadonlySet<Quirk>): ServiceMapping {
  if (!quirks.has('audit-type-in-two-services')) return services;
  return { ...services, Messaging: { Deployment: [create, ...rest] } };
}

/** What `realtime/servicemapping` tells. */
export function realtimeServicesOf(quirks: ReadonlySet<Quirk>, names?: readonly string[]): ServiceMapping {
  const here = (name: string): boolean =>
    names?.includes(name) ??
    (name !== 'Datatables' && !(name === 'WebDeployments' && quirks.has('audit-realtime-lacks-web')));
  return Object.fromEntries(Object.entries(servicesOf(quirks)).filter(([name]) => here(name)));
}

/** Where records of an entity type stand; the last service that lists it. */
export function serviceOf(quirks: ReadonlySet<Quirk>, entityType: string): string {
  const found = Object.entries(servicesOf(quirks)).findLast(([, entities]) => entityType in entities);
  return found?.[0] ?? 'Integrations';
}
