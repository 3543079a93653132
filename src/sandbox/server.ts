import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { controlRoutes } from './control.ts';
import { Answer, authorize, type Endpoint, Query, readCallBody } from './endpoint.ts';
import { ApiError, errorForStatus, notFound } from './errors.ts';
import type { FaultEffect } from './faults.ts';
import { authenticate, type Caller, grantToken } from './oauth.ts';
import { rateHeaders, tooMany } from './rate-limit.ts';
import { redact } from './redact.ts';
import type { ServedRequest } from './request-log.ts';
import { endpoints } from './routes/index.ts';
import { actorOf, type World } from './world.ts';

/** The published limit `request.bytes.max`. */
const maxBytes = 512_000;

/** What the sandbox knows of a request that it is serving. */
interface Serving {
  entry: ServedRequest;
  effect: FaultEffect;
  caller?: Caller;
}

const servings = new WeakMap<FastifyRequest, Serving>();
const tokenPath = '/oauth/token';

/** The HTTP server of a world, not listening yet. */
export function createServer(world: World): FastifyInstance {
  const app = Fastify({ forceCloseConnections: true, bodyLimit: maxBytes, exposeHeadRoutes: false, logger: false });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(/^application\/json\b/, { parseAs: 'string' }, (_request, text, done) => {
    if (text === '') return done(null, undefined);
    try {
      done(null, JSON.parse(text as string));
    } catch {
      done(new ApiError('bad.request'));
    }
  });
  app.setErrorHandler((error, request, reply) => sendError(request, reply, error));
  app.register(async (control) => controlRoutes(control, world));
  app.register(async (api) => {
    api.addHook('onRequest', (request, reply) => begin(world, request, reply));
    api.addHook('onResponse', async (request, reply) => {
      const serving = servings.get(request);
      if (serving) serving.entry.status = reply.statusCode;
    });
    for (const endpoint of endpoints) serveEndpoint(api, world, endpoint);
    api.register(async (login) => serveTokens(login, world));
    api.setNotFoundHandler((request, reply) => sendError(request, reply, unknownRoute(request)));
  });
  return app;
}

function serveEndpoint(api: FastifyInstance, world: World, endpoint: Endpoint): void {
  api.route({
    method: endpoint.method,
    url: endpoint.path.replace(/\{(\w+)\}/g, ':$1'),
    onRequest: async (request, reply) => {
      const serving = servings.get(request)!;
      serving.entry.pathTemplate = endpoint.path;
      const caller = authenticate(world, request.headers.authorization);
      serving.caller = caller;
      serving.entry.clientId = caller.client.id;
      countRequest(world, caller, reply);
      authorize(endpoint, caller);
    },
    handler: async (request, reply) => {
      const { entry, effect, caller } = servings.get(request) as Required<Serving>;
      if (request.body !== undefined) entry.body = redact(request.body);
      const [pathname = '', search = ''] = request.url.split('?');
      const result = endpoint.serve({
        world,
        caller,
        actor: actorOf(world, caller.client.id, request.ip),
        params: request.params as Record<string, string>,
        query: new Query(search),
        body: readCallBody(endpoint, request.body, world),
        pathname,
        lagMs: (effect.stale ?? 0) * 1000,
      });
      if (result instanceof Answer) return send(request, reply, result.status, result.text, result.contentType);
      return send(request, reply, 200, JSON.stringify(result), 'application/json');
    },
  });
}

/** The token endpoint of the login host, which is the same host here; it takes a form and is not rate limited. */
function serveTokens(login: FastifyInstance, world: World): void {
  login.removeAllContentTypeParsers();
  login.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => done(null, text));
  login.post(tokenPath, async (request, reply) => {
    const form = new URLSearchParams(typeof request.body === 'string' ? request.body : '');
    const { status, body } = grantToken(world, request.headers.authorization, form);
    return send(request, reply, status, JSON.stringify(body), 'application/json');
  });
}

/** Logs the request, lets it wait, and plays a fault that strikes before the request is served. */
async function begin(world: World, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const pathname = request.url.split('?')[0]!;
  const fault = world.faults.strike(request.method, pathname);
  const correlationId = randomUUID();
  const entry = world.log.begin({
    method: request.method,
    path: request.url,
    pathTemplate: pathname,
    correlationId,
    at: world.now(),
    ...(fault && { fault: Object.keys(fault.then).join(', ') }),
  });
  const effect = fault?.then ?? {};
  servings.set(request, { entry, effect });
  reply.header('ININ-Correlation-Id', correlationId);
  const delay = world.latencyMs + (effect.delayMs ?? 0);
  if (delay > 0) await wait(delay);
  if (effect.drop) return hangUp(request, reply);
  if (effect.status === undefined) return undefined;
  if (effect.retryAfter !== undefined) reply.header('Retry-After', String(effect.retryAfter));
  const {
    status,
    body = { ...errorForStatus(status), status, contextId: correlationId, messageParams: {}, details: [], errors: [] },
  } = effect;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return send(request, reply, status, text, typeof body === 'string' ? 'text/plain' : 'application/json');
}

function countRequest(world: World, caller: Caller, reply: FastifyReply): void {
  const state = world.rate.take(world.quirks.has('rate-limit-per-token') ? caller.key : caller.client.id);
  if (!state) return;
  reply.headers(rateHeaders(state));
  if (state.count > state.allowed) throw tooMany(state, !world.quirks.has('rate-limit-no-retry-after'));
}

/** Sends an answer, unless the fault that struck spoils it. */
function send(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  text = '',
  contentType?: string,
): FastifyReply {
  const effect = servings.get(request)?.effect ?? {};
  if (effect.lostResponse) return hangUp(request, reply);
  const type = effect.contentType ?? (text === '' ? undefined : contentType);
  reply.status(status);
  if (type !== undefined) reply.header('content-type', type);
  if (effect.truncate) return cutShort(reply, text);
  return reply.send(effect.emptyBody || text === '' ? undefined : Buffer.from(text));
}

function hangUp(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.hijack();
  request.raw.socket.destroy();
  return reply;
}

function cutShort(reply: FastifyReply, text: string): FastifyReply {
  const bytes = Buffer.from(text);
  const headers = { ...reply.getHeaders(), 'content-length': bytes.length } as Record<string, string | number>;
  reply.hijack();
  reply.raw.writeHead(reply.statusCode, headers);
  reply.raw.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => reply.raw.socket?.destroy());
  return reply;
}

function sendError(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const known = error instanceof ApiError ? error : translate(error);
  reply.headers(known.extra.headers ?? {});
  const entry = servings.get(request)?.entry;
  const body = known.toBody(entry?.correlationId ?? randomUUID());
  return send(request, reply, known.status, JSON.stringify(body), 'application/json');
}

/** Errors of the web server, in the API's words. */
function translate(error: unknown): ApiError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new ApiError('request.entity.too.large', { bytes: String(maxBytes) });
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new ApiError('unsupported.media.type');
  if (typeof code === 'string' && code.startsWith('FST_')) return new ApiError('bad.request');
  process.emitWarning(error instanceof Error ? error : String(error), 'SandboxError');
  return new ApiError('internal.server.error');
}

const known = endpoints.map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
}));

function unknownRoute(request: FastifyRequest): ApiError {
  const pathname = request.url.split('?')[0]!;
  const exists = pathname === tokenPath || known.some(({ pattern }) => pattern.test(pathname));
  return exists ? new ApiError('method not allowed') : notFound();
}
