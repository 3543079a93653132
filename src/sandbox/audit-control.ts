import type { FastifyInstance } from 'fastify';
import type { AuditOptions } from './audit-arrival.ts';
import type { AuditRecord } from './audit-log.ts';
import { auditOptionsShape, auditSeedShape } from './audit-shapes.ts';
import { type AuditSeed, auditStateOf } from './audit-state.ts';
import { viewAudit } from './audit-view.ts';
import { integer, readBody, type Shape, string } from './shapes.ts';
import type { World } from './world.ts';

const clockShape: Shape = { type: 'object', name: 'Clock', required: ['skewMs'], fields: { skewMs: integer } };
const userShape: Shape = { type: 'object', name: 'User', required: ['name'], fields: { id: string(), name: string() } };

/** `/__sandbox/audits`, `/__sandbox/clock`, `/__sandbox/users`: what the log says of whom, and when. */
export function auditControlRoutes(app: FastifyInstance, world: World): void {
  const state = auditStateOf(world);
  const root = '/__sandbox/audits';
  const idOf = (request: { params: unknown }) => (request.params as { id: string }).id;
  const shown = (record: AuditRecord) => ({
    ...viewAudit(world, record, true),
    arrives: record.seenAt === Number.POSITIVE_INFINITY ? null : new Date(record.seenAt).toISOString(),
    twice: record.twice,
  });

  app.get(root, async () => state.allAudits().map(shown));
  app.post(root, async (request) =>
    shown(state.addAudit(readBody(auditSeedShape, request.body) as unknown as AuditSeed)),
  );
  app.put(root, async (request, reply) => {
    state.arriveAudits(readBody(auditOptionsShape, request.body) as AuditOptions);
    return reply.status(204).send();
  });
  app.post(`${root}/release`, async (_request, reply) => {
    state.releaseAudits();
    return reply.status(204).send();
  });
  app.put('/__sandbox/clock', async (request, reply) => {
    state.skewClock(readBody(clockShape, request.body)['skewMs'] as number);
    return reply.status(204).send();
  });
  app.post('/__sandbox/users', async (request) =>
    state.addUser(readBody(userShape, request.body) as { id?: string; name: string }),
  );
  app.delete('/__sandbox/users/:id', async (request, reply) => {
    state.deleteUser(idOf(request));
    return reply.status(204).send();
  });
  app.delete('/__sandbox/clients/:id', async (request, reply) => {
    state.deleteClient(idOf(request));
    return reply.status(204).send();
  });
}
