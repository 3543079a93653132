import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type FakeClock, fakeClock } from '../../test/support/clock.ts';
import type { Json } from '../model/json.ts';
import type { Log } from '../model/log.ts';
import { platform } from '../objects/surfaces/platform.ts';
import { type Client, type ClientOptions, createClient } from './index.ts';

/** A request as the server saw it. */
export interface Seen {
  method: string;
  url: URL;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Answers one request to the API; `nth` counts them from 1, token requests not included. */
export type Play = (response: ServerResponse, seen: Seen, nth: number) => void;

export interface World {
  client: Client;
  clock: FakeClock;
  url: string;
  /** Requests to the API. */
  seen: Seen[];
  /** Requests for a token. */
  tokenRequests: Seen[];
  lines: { level: string; fields: object; message: string }[];
  /** Ends all connections of the server. */
  dropConnections(): void;
}

export interface WorldOptions extends Partial<ClientOptions> {
  /** Answers token requests; default: a new token each time, good for an hour. */
  token?: Play;
}

export const secret = 'the-client-secret-0815';
export const path = '/api/v2/integrations/actions/{actionId}';
export const params = { actionId: 'a1' };

/** A server on loopback that plays the given answers, and a client of it with a clock of its own. */
export async function world(play: Play, { token, ...options }: WorldOptions = {}): Promise<World> {
  const seen: Seen[] = [];
  const tokenRequests: Seen[] = [];
  const server = createServer(async (request, response) => {
    const one = await seenOf(request);
    const isToken = one.url.pathname === '/oauth/token';
    const list = isToken ? tokenRequests : seen;
    list.push(one);
    if (!isToken) play(response, one, list.length);
    else if (token !== undefined) token(response, one, list.length);
    else json(response, 200, { access_token: `token-number-${list.length}`, token_type: 'bearer', expires_in: 3600 });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clock = fakeClock();
  const lines: World['lines'] = [];
  const client = createClient({
    apiUrl: url,
    surfaces: [platform],
    clientId: 'the-client',
    clientSecret: async () => secret,
    clock,
    log: capture(lines),
    random: () => 0.5,
    env: {},
    ...options,
  });
  onTestFinished(() => {
    client.close();
    server.closeAllConnections();
    server.close();
  });
  return { client, clock, url, seen, tokenRequests, lines, dropConnections: () => server.closeAllConnections() };
}

async function seenOf(request: IncomingMessage): Promise<Seen> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const url = new URL(request.url ?? '', 'http://localhost');
  return { method: request.method ?? '', url, headers: request.headers, body };
}

export function json(response: ServerResponse, status: number, body: Json, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', 'inin-correlation-id': 'corr-1', ...headers });
  response.end(JSON.stringify(body));
}

/** Ends the connection without an answer. */
export function drop(response: ServerResponse): void {
  response.socket?.destroy();
}

/** Promises more than it sends, then ends the connection. */
export function truncate(response: ServerResponse, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"id":"a1"', () => response.socket?.destroy());
}

function capture(lines: World['lines']): Log {
  const at = (level: string) => (fields: object, message: string) => {
    lines.push({ level, fields, message });
  };
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), child: () => log };
  return log;
}

/** The Failure that a call ends with; time moves as it needs. */
export async function failureOf(w: World, promise: Promise<unknown>): Promise<import('../model/failure.ts').Failure> {
  const { Failure } = await import('../model/failure.ts');
  const error: unknown = await w.clock.drive(promise).then(
    () => undefined,
    (e: unknown) => e,
  );
  if (error instanceof Failure) return error;
  throw new Error('expected a Failure', { cause: error });
}
