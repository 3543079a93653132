import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { answer, answerError, hangUp, maxBytes, type Serving, send, servings, tell } from './answering.ts';
import { auditFileRoutes } from './audit-files.ts';
import { refusalsRecorded } from './audit-refusals.ts';
import { controlRoutes } from './control.ts';
import { Answer, authorize, type Endpoint, Query, readCallBody } from './endpoint.ts';
import { ApiError, errorForStatus, notFound } from './errors.ts';
import { lagOf, tokenPath } from './faults.ts';
import { isAtStore, presignedRoutes } from './flows/presigned.ts';
import { authenticate, type Caller, grantToken } from './oauth.ts';
import { rateHeaders, tooMany } from './rate-limit.ts';
import { redact } from './redact.ts';
import { endpointsOf } from './surfaces.ts';
import { refuseHidden, refuseHiddenFlow } from './visibility.ts';
import { actorOf, type World } from './world.ts';

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
  app.setErrorHandler((error, request, reply) => answerError(request, reply, error));
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('Date', new Date(world.now()).toUTCString());
  });
  app.register(async (control) => controlRoutes(control, world));
  app.register(async (api) => {
    api.addHook('onRequest', (request, reply) => begin(world, request, reply));
    api.addHook('preHandler', (request) => tell(request, 'arrived'));
    api.addHook('onResponse', async (request, reply) => {
      const serving = servings.get(request);
      if (serving) serving.entry.status = reply.statusCode;
    });
    const endpoints = endpointsOf(world);
    for (const sharing of Map.groupBy(endpoints, ({ method, path }) => `${method} ${path}`).values()) {
      serveEndpoints(api, world, sharing);
    }
    api.register(async (login) => serveTokens(login, world));
    api.register(async (files) => presignedRoutes(files, world));
    api.register(async (files) => auditFileRoutes(files, world));
    api.setNotFoundHandler((request, reply) => answerError(request, reply, unknownRoute(endpoints, request)));
  });
  return app;
}

/** Serves what stands at one method and path: the first that knows what it is asked for, else the last. */
function serveEndpoints(api: FastifyInstance, world: World, sharing: readonly Endpoint[]): void {
  const [{ method, path }, last] = [sharing[0]!, sharing.at(-1)!];
  const chosen = (request: FastifyRequest): Endpoint =>
    sharing.find(({ knows }) => knows?.(world, request.params as Record<string, string>) ?? true) ?? last;
  api.route({
    method,
    url: path.replace(/\{(\w+)\}/g, ':$1'),
    onRequest: async (request, reply) => {
      const serving = servings.get(request)!;
      const caller = authenticate(world, request.headers.authorization);
      serving.caller = caller;
      serving.entry.clientId = caller.client.id;
      countRequest(world, caller, reply);
      authorize(chosen(request), caller);
    },
    handler: async (request, reply) => {
      const { entry, effect, caller } = servings.get(request) as Required<Serving>;
      const endpoint = chosen(request);
      const ifMatch = request.headers['if-match'];
      if (request.body !== undefined) entry.body = redact(request.body);
      const params = request.params as Record<string, string>;
      const [pathname = '', search = ''] = request.url.split('?');
      const query = new Query(search);
      refuseHidden(world, caller, params);
      refuseHiddenFlow(world, caller, params['flowId'] ?? query.text('flow'));
      const actor = {
        ...actorOf(world, caller.client.id, request.ip),
        ...(effect.audit && { arrival: effect.audit }),
      };
      const serve = refusalsRecorded(world, endpoint, { params, actor });
      const result = serve(() => ({
        world,
        caller,
        actor,
        params,
        query,
        body: readCallBody(endpoint, request.body, world),
        pathname,
        ...(ifMatch !== undefined && { ifMatch }),
        lag: lagOf(effect),
        ...(effect.job && { fate: effect.job }),
        ...(effect.activation && { activation: effect.activation }),
        ...(effect.auditQuery && { auditQuery: effect.auditQuery }),
        origin: `${request.protocol}://${request.host}`,
      }));
      if (result instanceof Answer) reply.headers(result.headers);
      if (result instanceof Answer) return answer(request, reply, result.status, result.text, result.contentType);
      return answer(request, reply, 200, JSON.stringify(result), 'application/json');
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
    return answer(request, reply, status, JSON.stringify(body), 'application/json');
  });
}

/** Logs the request, lets it wait, and plays a fault that strikes before the request is served. */
async function begin(world: World, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const pathname = request.url.split('?')[0]!;
  const fault = world.faults.strike(request.method, pathname);
  const correlationId = randomUUID();
  const entry = world.log.begin({
    method: request.method,
    path: request.url.replace(/(X-Amz-Signature=)[^&]+/, '$1***'),
    pathTemplate: request.routeOptions.url?.replace(/:(\w+)/g, '{$1}') ?? pathname,
    correlationId,
    at: world.now(),
    ...(fault && { fault: Object.keys(fault).join(', ') }),
  });
  const effect = fault ?? {};
  servings.set(request, { world, entry, effect, told: new Set() });
  if (!isAtStore(pathname)) reply.header('ININ-Correlation-Id', correlationId);
  const delay = world.latencyMs + (effect.delayMs ?? 0);
  if (delay > 0) await wait(delay);
  if (!effect.drop && effect.status === undefined) return undefined;
  await tell(request, 'arrived');
  if (effect.drop) return hangUp(request, reply);
  return sendInstead(request, reply, effect.status!);
}

/** The answer of a fault that names a status. */
function sendInstead(request: FastifyRequest, reply: FastifyReply, status: number): FastifyReply {
  const { entry, effect } = servings.get(request)!;
  const { retryAfter } = effect;
  if (retryAfter !== undefined) reply.header('Retry-After', String(retryAfter));
  const { correlationId: contextId } = entry;
  const standard = { ...errorForStatus(status), status, contextId, messageParams: {}, details: [], errors: [] };
  const { body = standard } = effect;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return send(request, reply, status, text, typeof body === 'string' ? 'text/plain' : 'application/json');
}

function countRequest(world: World, caller: Caller, reply: FastifyReply): void {
  const state = world.rate.take(world.quirks.has('rate-limit-per-token') ? caller.key : caller.client.id);
  if (!state) return;
  reply.headers(rateHeaders(state));
  if (state.count > state.allowed) throw tooMany(state, !world.quirks.has('rate-limit-no-retry-after'));
}

function unknownRoute(endpoints: readonly Endpoint[], request: FastifyRequest): ApiError {
  const pathname = request.url.split('?')[0]!;
  const exists =
    pathname === tokenPath ||
    endpoints.some(({ path }) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname));
  return exists ? new ApiError('method not allowed') : notFound();
}
