import type { FastifyInstance } from 'fastify';
import { readFault } from './faults.ts';
import type { World } from './world.ts';

/** `/__sandbox/*`: what is not of Genesys. Needs no token, counts towards no limit, is struck by no fault. */
export function controlRoutes(app: FastifyInstance, world: World): void {
  app.post('/__sandbox/faults', async (request, reply) => {
    world.faults.add(readFault(request.body));
    return reply.status(204).send();
  });
  app.delete('/__sandbox/faults', async (_request, reply) => {
    world.faults.clear();
    return reply.status(204).send();
  });
  app.get('/__sandbox/requests', async () => world.log.list());
  app.delete('/__sandbox/requests', async (_request, reply) => {
    world.log.clear();
    return reply.status(204).send();
  });
}
