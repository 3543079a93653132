import type { Actor, AuditAction } from './audit-log.ts';
import type { Call, Endpoint } from './endpoint.ts';
import { ApiError } from './errors.ts';
import type { World } from './world.ts';

/** Whose write a path is, by its beginning; the first that fits. */
const families: readonly (readonly [prefix: string, entityType: string])[] = [
  ['/api/v2/integrations/actions/{actionId}/draft', 'ActionDraft'],
  ['/api/v2/integrations/actions/drafts', 'ActionDraft'],
  ['/api/v2/integrations/actions', 'Action'],
  ['/api/v2/integrations/credentials', 'Credential'],
  ['/api/v2/integrations', 'Integration'],
  ['/api/v2/architect/schedulegroups', 'ScheduleGroup'],
  ['/api/v2/architect/schedules', 'Schedule'],
  ['/api/v2/webdeployments/configurations/{configurationId}/versions', 'ConfigurationVersion'],
  ['/api/v2/webdeployments/configurations', 'Configuration'],
  ['/api/v2/webdeployments/deployments', 'Deployment'],
  ['/api/v2/flows/{flowId}', 'Flow'],
];

const methods: Partial<Record<Endpoint['method'], AuditAction>> = {
  ...{ POST: 'Create', PUT: 'Update', PATCH: 'Update', DELETE: 'Delete' },
};

type Refused = { params: Record<string, string>; actor: Actor };

/** Serves a call; what is refused is recorded where the organisation records that (quirk `audit-failures-recorded`). */
export function refusalsRecorded(world: World, endpoint: Endpoint, refused: Refused) {
  return (call: () => Call): unknown => {
    try {
      return endpoint.serve(call());
    } catch (error) {
      if (error instanceof ApiError && world.quirks.has('audit-failures-recorded')) record(world, endpoint, refused);
      throw error;
    }
  };
}

function record(world: World, { method, path, audits }: Endpoint, { params, actor }: Refused): void {
  const entityType = audits?.entityType ?? families.find(([prefix]) => path.startsWith(prefix))?.[1];
  const action = path.endsWith('/publish') ? 'Publish' : methods[method];
  if (entityType === undefined || action === undefined || /\/(test|execute)$/.test(path)) return;
  const [id = ''] = Object.values(params);
  const selfUri = path.replace(/\{(\w+)\}/g, (_hole, name: string) => params[name] ?? '');
  world.audit.record({ actor, entityType, action, ...audits, entity: { id, selfUri }, status: 'FAILURE' });
}
