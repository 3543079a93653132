import type { FastifyInstance } from 'fastify';
import { auditControlRoutes } from './audit-control.ts';
import { type ChaosOptions, chaosShape } from './chaos.ts';
import { type ConsumerSeed, type TrackingState, trackingStates } from './consumers.ts';
import { readFault } from './fault-form.ts';
import { flowControlRoutes } from './flows/flow-control.ts';
import { consumerShape } from './seed.ts';
import { list, oneOf, readBody, type Shape, string } from './shapes.ts';
import { stateOf } from './state.ts';
import { surfaceControlRoutes } from './surfaces.ts';
import type { HiddenActions } from './visibility.ts';
import { webControlRoutes } from './web/web-control.ts';
import type { World } from './world.ts';

const object = (name: string, required: string[], fields: Record<string, Shape>): Shape => ({
  type: 'object',
  name,
  required,
  fields,
});
const permissionsShape = object('Permissions', [], { take: list(string()), give: list(string()) });
const trackingShape = object('DependencyTracking', ['state'], { state: oneOf(...trackingStates) });
const hiddenShape = object('HiddenActions', ['actions'], {
  actions: list(string()),
  flows: list(string()),
  answer: { type: 'integer', min: 403, max: 404 },
});

/** `/__sandbox/*`: what is not of Genesys. Needs no token, counts towards no limit, is struck by no fault. */
export function controlRoutes(app: FastifyInstance, world: World): void {
  const state = stateOf(world);

  /** A command: a body of this shape, and no answer but 204. */
  function command(method: 'POST' | 'PUT' | 'DELETE', url: string, run: (body: unknown, id: string) => void): void {
    app.route({
      method,
      url: `/__sandbox/${url}`,
      handler: async (request, reply) => {
        run(request.body, (request.params as { id?: string }).id ?? '');
        return reply.status(204).send();
      },
    });
  }

  command('POST', 'faults', (body) => world.faults.add(readFault(body)));
  command('DELETE', 'faults', () => world.faults.clear());
  command('POST', 'chaos', (body) => world.faults.chaos(readBody(chaosShape, body) as unknown as ChaosOptions));
  command('DELETE', 'chaos', () => world.faults.calm());
  app.get('/__sandbox/chaos', async () => world.faults.report() ?? { calls: 0, played: {} });
  app.get('/__sandbox/requests', async () => world.log.list());
  command('DELETE', 'requests', () => world.log.clear());

  auditControlRoutes(app, world);
  flowControlRoutes(app, world);
  webControlRoutes(app, world);
  surfaceControlRoutes(app, world);

  command('PUT', 'dependencytracking', (body) => {
    state.dependencyTracking = readBody(trackingShape, body)['state'] as TrackingState;
  });
  app.get('/__sandbox/consumers', async () => state.consumers());
  app.post('/__sandbox/consumers', async (request) =>
    state.addConsumer(readBody(consumerShape, request.body) as unknown as ConsumerSeed),
  );
  command('DELETE', 'consumers/:id', (_body, id) => state.removeConsumer(id));

  command('POST', 'clients/:id/permissions', (body, id) => {
    const { take = [], give = [] } = readBody(permissionsShape, body) as { take?: string[]; give?: string[] };
    state.takePermissions(id, ...take);
    state.givePermissions(id, ...give);
  });
  command('POST', 'clients/:id/scopes', (body, id) => {
    const { take = [], give = [] } = readBody(permissionsShape, body) as { take?: string[]; give?: string[] };
    state.takeScopes(id, ...take);
    state.giveScopes(id, ...give);
  });
  command('PUT', 'clients/:id/hidden', (body, id) =>
    state.hideActions(id, readBody(hiddenShape, body) as unknown as HiddenActions),
  );
  command('DELETE', 'clients/:id/hidden', (_body, id) => state.showActions(id));
}
