import { readFileSync } from 'node:fs';
import { type AgentOptions, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { createSecureContext, getCACertificates } from 'node:tls';
import got, { RequestError, TimeoutError } from 'got';
import { Failure } from '../model/failure.ts';
import { oneLine } from './error-body.ts';

/** One HTTP request, once: no retries, no redirects, no meaning. */
export interface Exchange {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
}

export interface RawAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** As text, without a byte order mark. */
  body: string;
  /** As it came, after decompression. */
  bytes: Uint8Array;
  /** True where the headers came and the body broke off (then `body` is empty). */
  truncated: boolean;
}

/** No answer. `sent` is false only where it is certain that no byte of the request reached the server. */
export class TransportError extends Error {
  readonly sent: boolean;
  readonly code: string;

  constructor(message: string, code: string, sent: boolean) {
    super(message);
    this.name = 'TransportError';
    this.code = code;
    this.sent = sent;
  }
}

export interface Timeouts {
  /** Milliseconds for each of name lookup, TCP and TLS. Default 10 s. */
  connect?: number;
  /** From the request sent to the first byte of the answer. Default 60 s. */
  response?: number;
  /** From the start to the last byte. Default 120 s. */
  total?: number;
}

export interface TransportOptions {
  timeouts?: Timeouts | undefined;
  /** Certificates in PEM form that are trusted in addition to the usual roots. */
  caFile?: string | undefined;
  /** Where `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` are looked up. */
  env?: Record<string, string | undefined> | undefined;
  agentOptions?: AgentOptions | undefined;
  /** Longest body that is accepted, in bytes. Default 20 MB. */
  maxBody?: number | undefined;
}

export interface Transport {
  exchange(request: Exchange): Promise<RawAnswer>;
  close(): void;
}

/** An idle connection is dropped before the server drops it, so that a write seldom meets a connection just closed. */
const idleMs = 15_000;

export function createTransport(options: TransportOptions = {}): Transport {
  const { connect = 10_000, response = 60_000, total = 120_000 } = options.timeouts ?? {};
  const maxBody = options.maxBody ?? 20_000_000;
  const shared: AgentOptions = {
    keepAlive: true,
    timeout: idleMs,
    proxyEnv: options.env ?? process.env,
    ...options.agentOptions,
  };
  const agent = {
    http: new HttpAgent(shared),
    https: new HttpsAgent(options.caFile === undefined ? shared : { ...shared, ...trusting(options.caFile) }),
  };
  const client = got.extend({
    agent,
    retry: { limit: 0 },
    throwHttpErrors: false,
    followRedirect: false,
    responseType: 'text',
    timeout: { lookup: connect, connect, secureConnect: connect, response, request: total },
    headers: { 'user-agent': 'genesys-gitops' },
  });

  async function exchange(request: Exchange): Promise<RawAnswer> {
    const abort = new AbortController();
    const promise = client(request.url, {
      method: request.method as 'GET',
      headers: request.headers,
      signal: abort.signal,
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    // Counts what came out of decompression, so that a small bomb is a large body.
    promise.on('downloadProgress', ({ transferred }) => {
      if (transferred > maxBody) abort.abort();
    });
    try {
      const answer = await promise;
      return {
        status: answer.statusCode,
        headers: answer.headers,
        body: answer.body,
        bytes: answer.rawBody,
        truncated: false,
      };
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      if (abort.signal.aborted)
        throw new TransportError(`The answer is longer than ${maxBody} bytes.`, 'ETOOLONG', true);
      if (error.response !== undefined) {
        const { statusCode: status, headers } = error.response;
        return { status, headers, body: '', bytes: new Uint8Array(), truncated: true };
      }
      throw asTransportError(error);
    }
  }

  return {
    exchange,
    close() {
      agent.http.destroy();
      agent.https.destroy();
    },
  };
}

/** The message and code only: got's error holds the request's headers, and with them the token. */
function asTransportError(error: RequestError): TransportError {
  const early = error instanceof TimeoutError && ['lookup', 'connect', 'secureConnect'].includes(error.event);
  const unsent = early || neverSent.test(error.code) || beforeTls.test(error.message);
  // A proxy's own words are in some of the messages.
  return new TransportError(`${oneLine(error.message) ?? error.code}${adviceOf(error)}`, error.code, !unsent);
}

function adviceOf({ code, message }: RequestError): string {
  if (!code.startsWith('ERR_PROXY_')) return '';
  return / 407\b/.test(message)
    ? '; the proxy asks for credentials: give them in `HTTPS_PROXY`'
    : '; check the proxy that `HTTPS_PROXY` names';
}

/** No connection, no name, a certificate that is not trusted, a proxy that opened no tunnel: nothing was sent yet. */
const neverSent =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ERR_PROXY_|ERR_TLS_|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;

/** Node's words for a connection that ended in the handshake; a request leaves after it. */
const beforeTls = /before secure TLS connection was established/;

function trusting(caFile: string): Pick<import('node:https').AgentOptions, 'secureContext'> {
  try {
    const own = readFileSync(caFile, 'utf8');
    // Made once: parsing all roots for every connection is slow.
    return { secureContext: createSecureContext({ ca: [...getCACertificates('default'), own] }) };
  } catch (error) {
    throw new Failure('ConfigurationInvalid', `The CA file ${caFile} cannot be used: ${(error as Error).message}.`);
  }
}
