import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from './errors.ts';
import type { FaultEffect } from './faults.ts';
import type { Caller } from './oauth.ts';
import type { RequestEvent } from './request-events.ts';
import type { ServedRequest } from './request-log.ts';
import type { World } from './world.ts';

/** The published limit `request.bytes.max`. */
export const maxBytes = 512_000;

/** What the sandbox knows of a request that it is serving. */
export interface Serving {
  world: World;
  entry: ServedRequest;
  effect: FaultEffect;
  caller?: Caller;
  /** The phases that listeners were told of. */
  told: Set<RequestEvent['phase']>;
}

export const servings = new WeakMap<FastifyRequest, Serving>();

/** Tells listeners of a phase of a request, once, and waits for them. */
export async function tell(request: FastifyRequest, phase: RequestEvent['phase'], status?: number): Promise<void> {
  const serving = servings.get(request);
  if (!serving || serving.told.has(phase)) return;
  serving.told.add(phase);
  const { n, method, path, pathTemplate } = serving.entry;
  await serving.world.events.tell({ n, method, path, pathTemplate, phase, ...(status !== undefined && { status }) });
}

/** Answers a request that was served or refused, unless the fault that struck spoils the answer. */
export async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  text: string | Buffer = '',
  contentType?: string,
): Promise<FastifyReply> {
  // A refusal may come before the body was read; it has arrived all the same.
  await tell(request, 'arrived');
  await tell(request, 'served', status);
  return send(request, reply, status, text, contentType);
}

/** Sends an answer without telling anybody: what is sent instead of serving a request. */
export function send(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  text: string | Buffer = '',
  contentType?: string,
): FastifyReply {
  const { effect = {}, world } = servings.get(request) ?? {};
  if (world) reply.header('Date', new Date(world.now()).toUTCString());
  if (effect.lostResponse) return hangUp(request, reply);
  const body = effect.instead?.body ?? text;
  const type = effect.contentType ?? (body.length === 0 ? undefined : contentType);
  reply.status(effect.instead?.status ?? status);
  if (type !== undefined) reply.header('content-type', type);
  if (effect.truncate) return cutShort(reply, body);
  return reply.send(
    effect.emptyBody || body.length === 0 ? undefined : typeof body === 'string' ? Buffer.from(body) : body,
  );
}

/** Cuts the connection. */
export function hangUp(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.hijack();
  request.raw.socket.destroy();
  return reply;
}

function cutShort(reply: FastifyReply, text: string | Buffer): FastifyReply {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const headers = { ...reply.getHeaders(), 'content-length': bytes.length } as Record<string, string | number>;
  reply.hijack();
  reply.raw.writeHead(reply.statusCode, headers);
  reply.raw.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => reply.raw.socket?.destroy());
  return reply;
}

/** Answers an error in the API's form. */
export async function answerError(request: FastifyRequest, reply: FastifyReply, error: unknown): Promise<FastifyReply> {
  const known = error instanceof ApiError ? error : translate(error);
  reply.headers(known.extra.headers ?? {});
  const entry = servings.get(request)?.entry;
  const body = known.toBody(entry?.correlationId ?? randomUUID());
  return answer(request, reply, known.status, JSON.stringify(body), 'application/json');
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
