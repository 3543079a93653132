import fastify from 'fastify';

export interface HealthReport {
  healthy: boolean;
  /** Plain JSON for people and probes. */
  body: object;
}

/** `/healthz`: 200 while the loop turns, 503 when it is stuck. Genesys or git being away is not illness. */
export async function serveHealth(
  listen: string,
  report: () => HealthReport,
): Promise<{ address: string; close(): Promise<void> }> {
  const server = fastify({ logger: false, forceCloseConnections: true });
  server.get('/healthz', (_request, reply) => {
    const { healthy, body } = report();
    return reply.code(healthy ? 200 : 503).send(body);
  });
  const colon = listen.lastIndexOf(':');
  const host = listen.slice(0, colon) || '127.0.0.1';
  const address = await server.listen({ host, port: Number(listen.slice(colon + 1)) });
  return { address, close: () => server.close() };
}
