import fastify from 'fastify';
import { Failure } from '../model/failure.ts';

/** What a probe is told; plain JSON for people, too. */
export interface Answer {
  well: boolean;
  body: object;
}

export interface Probes {
  /** Whether the loop turns; a daemon that is stuck is best started again. */
  health(): Answer;
  /** Whether it can do its work: the journal is there, and a revision is known. */
  ready(): Promise<Answer>;
  metrics(): Promise<{ type: string; text: string }>;
}

export interface Served {
  address: string;
  close(): Promise<void>;
}

/** `/healthz`, `/readyz` and `/metrics` on `host:port`. */
export async function serve(listen: string, probes: Probes): Promise<Served> {
  const server = fastify({ logger: false, forceCloseConnections: true });
  server.get('/healthz', (_request, reply) => {
    const { well, body } = probes.health();
    return reply.code(well ? 200 : 503).send(body);
  });
  server.get('/readyz', async (_request, reply) => {
    const { well, body } = await probes.ready();
    return reply.code(well ? 200 : 503).send(body);
  });
  server.get('/metrics', async (_request, reply) => {
    const { type, text } = await probes.metrics();
    return reply.type(type).send(text);
  });
  const colon = listen.lastIndexOf(':');
  const host = listen.slice(0, colon).replace(/^\[(.*)\]$/, '$1') || '127.0.0.1';
  const address = await server.listen({ host, port: Number(listen.slice(colon + 1)) }).catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'is in use; does another daemon run here?' : `cannot be used: ${message}.`;
    throw new Failure('ConfigurationInvalid', `\`listen\`: ${listen} ${why}`);
  });
  return { address, close: () => server.close() };
}
