import type { FastifyInstance } from 'fastify';
import { answer } from './answering.ts';
import { queryState } from './audit-queries.ts';
import { viewAudit } from './audit-view.ts';
import type { World } from './world.ts';

/** Serves the whole result of a query by the URL that `allowRedirect` gives (quirk `audit-results-by-url`): no token, no expansion. */
export function auditFileRoutes(app: FastifyInstance, world: World): void {
  app.get<{ Params: { id: string } }>('/audit-files/:id', async (request, reply) => {
    if (request.headers.authorization !== undefined)
      return answer(request, reply, 400, 'Only one auth mechanism allowed.');
    const execution = world.auditQueries.get(request.params.id);
    if (!execution || queryState(world, execution) !== 'Succeeded') return answer(request, reply, 404, 'NoSuchKey');
    const { id, found } = execution;
    const body = { id, pageSize: found.length, entities: found.map((record) => viewAudit(world, record)) };
    return answer(request, reply, 200, JSON.stringify(body), 'application/json');
  });
}
