import type { AgentOptions } from 'node:http';
import type { Clock } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import type { ApiRequest, Reader, RequestSeen, Writer } from '../model/http.ts';
import type { Log } from '../model/log.ts';
import type { Surface } from '../model/surface.ts';
import { call, type Parts } from './call.ts';
import { type CircuitState, createCircuit } from './circuit.ts';
import { readList } from './paging.ts';
import { fetchText, put } from './presigned.ts';
import { createRateBudget, type Priority } from './rate-budget.ts';
import { createRedactor } from './redact.ts';
import { type Hosts, hostsOf } from './regions.ts';
import { createTokens, type Token, type Tokens } from './token.ts';
import { createTransport, type Timeouts } from './transport.ts';

export interface ClientOptions {
  /** Domain (`mypurecloud.ie`) or AWS region; or `apiUrl`, and `loginUrl` where it is not beside it. */
  region?: string | undefined;
  apiUrl?: string | undefined;
  loginUrl?: string | undefined;
  /** In the place of a region, where tokens come from the API's own host: `acme` for `https://acme.mypurecloud.com`. */
  orgDomain?: string | undefined;
  /** What of it is used, the whole list: tokens are asked for as the first one does it. */
  surfaces: readonly Surface[];
  /** OAuth scopes to ask for, where the first surface names them in its token request. */
  scopes?: readonly string[] | undefined;
  clientId: string;
  /** Asked for each new token, so that a rotated secret is seen. */
  clientSecret: () => Promise<string>;
  clock: Clock;
  log: Log;
  /** Answers 0 <= x < 1; for jitter. */
  random?: (() => number) | undefined;
  /** Share of the rate allowance to use, in percent. Default 80. */
  rateBudget?: number | undefined;
  /** Most requests under way at once. Default 16, and up to 64 where the allowance is high. */
  concurrency?: number | undefined;
  /** PEM certificates trusted in addition to the usual roots. */
  caFile?: string | undefined;
  /**
   * Called with each new token before anything else is sent with it, with a reader that holds it: the check of the
   * organisation. Where it throws, every call fails with that until it passes.
   */
  onToken?: ((reader: Reader) => Promise<void>) | undefined;
  /**
   * Called once for every try that went over the wire, those for a token (`/oauth/token`) and of presigned URLs
   * (`(presigned)`) included; for metrics. What it throws is ignored.
   */
  onRequest?: ((seen: RequestSeen) => void) | undefined;
  timeouts?: Timeouts | undefined;
  /** Where proxies are looked up; default `process.env`. */
  env?: Record<string, string | undefined> | undefined;
  agentOptions?: AgentOptions | undefined;
  /** Longest body that is accepted, in bytes. Default 20 MB. */
  maxBody?: number | undefined;
}

export interface ClientStats {
  /** Requests to the API, every try counted; token requests and presigned URLs not. */
  requests: number;
  tokens: number;
  /** Tries after a failure. */
  retries: number;
  /** Answers with status 429. */
  rateLimited: number;
  /** Milliseconds during which requests were held back for the allowance or a pause. */
  throttledMs: number;
  /**
   * Requests that this client permits itself in one window (its share of the allowance), and those left in the current
   * one. Empty before the first answer with the headers.
   */
  budget: { allowed?: number; left?: number };
  /** `open`: Genesys failed so often that calls fail at once; `probing`: the next try, or one under way, is a probe. */
  circuit: CircuitState;
}

/** One organisation. All readers and writers of a client share its token and its rate budget. */
export interface Client {
  /** Gets a token, and with it the check of `onToken`, where there is none yet. */
  connect(): Promise<void>;
  /** `background` gives way to everything else, and its failures hold nobody else up. The object has no `send`. */
  reader(priority?: 'read' | 'background'): Reader;
  writer(): Writer;
  stats(): ClientStats;
  /** Fails what waits or comes later with `Interrupted`; what is under way still gets its answer. */
  stop(): void;
  /** Stops, and drops the connections. */
  close(): void;
}

/** Throws `ConfigurationInvalid` for a region or CA file that cannot be used; connects to nothing yet. */
export function createClient(options: ClientOptions): Client {
  const { clock, log, onToken } = options;
  const [first] = options.surfaces;
  if (first === undefined) throw new Failure('ConfigurationInvalid', 'A target needs at least one of its `surfaces`.');
  const hosts = hostsOf(options, first.token.at);
  const scopes = first.token.scoped ? (options.scopes ?? []) : undefined;
  const transport = createTransport(options);
  warnOfClearText(hosts, log);
  const budget = createRateBudget({ clock, percent: options.rateBudget ?? 80, concurrency: options.concurrency });
  const redactor = createRedactor();
  const random = options.random ?? Math.random;
  const circuit = createCircuit({ clock, log, random });
  const closing = new AbortController();
  const counts = { requests: 0, tokens: 0, retries: 0, rateLimited: 0 };
  const parts: Parts = {
    transport,
    apiUrl: hosts.api,
    budget,
    circuit,
    clock,
    log,
    random,
    signal: closing.signal,
    redact: redactor.redact,
    count: (what) => {
      counts[what]++;
    },
    seen: (seen) => tell(options, seen),
    scopes,
    asks: new Set(options.surfaces.flatMap(({ asks }) => asks)),
    advise: (refused) => firstOf(options.surfaces, (surface) => surface.advise(refused)),
  };
  const tokens = createTokens({
    transport,
    circuit,
    loginUrl: hosts.login,
    request: first.token,
    scopes,
    advise: first.advise,
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    clock,
    log,
    random,
    signal: closing.signal,
    check:
      onToken === undefined ? undefined : (token) => onToken(readerOf(parts, only(token), 'read', options.clientId)),
    count: () => {
      counts.tokens++;
    },
    seen: parts.seen,
    hide: redactor.hide,
    redact: redactor.redact,
  });
  const stop = (): void => {
    const reason = new Failure('Interrupted', 'The run was asked to stop.');
    closing.abort(reason);
    budget.close(reason);
    circuit.close(reason);
  };
  return {
    async connect() {
      await tokens.get();
    },
    reader: (priority = 'read') => readerOf(parts, tokens, priority, options.clientId),
    writer: () => ({
      ...readerOf(parts, tokens, 'read', options.clientId),
      upload: (upload, before) => put(parts, upload, before),
      send: (request: ApiRequest, before?: () => void) =>
        call(parts, tokens, { request, priority: 'write', writes: true, before }),
    }),
    stats: () => ({ ...counts, throttledMs: budget.throttledMs(), budget: budget.state(), circuit: circuit.state() }),
    stop,
    close() {
      stop();
      transport.close();
    },
  };
}

function tell({ onRequest }: ClientOptions, seen: RequestSeen): void {
  try {
    onRequest?.(seen);
  } catch {
    // A metric that cannot be counted must not fail what it counts.
  }
}

function warnOfClearText(hosts: Hosts, log: Log): void {
  for (const url of new Set([hosts.api, hosts.login])) {
    const { protocol, hostname, host } = new URL(url);
    const here = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
    if (protocol === 'http:' && !here) log.warn({ host }, 'secret and token travel unencrypted: the URL is http');
  }
}

/** What the first of them says that says anything. */
function firstOf<One, Said>(ones: readonly One[], say: (one: One) => Said | undefined): Said | undefined {
  for (const one of ones) {
    const said = say(one);
    if (said !== undefined) return said;
  }
  return undefined;
}

function readerOf(parts: Parts, tokens: Tokens, priority: Priority, clientId: string): Reader {
  const get: Reader['get'] = (request) =>
    call(parts, tokens, { request: { ...request, method: 'GET' }, priority, writes: false });
  return {
    get,
    async text(request) {
      try {
        const answer = await call(parts, tokens, {
          request: { ...request, method: 'GET' },
          priority,
          writes: false,
          as: 'text',
        });
        return String(answer.body);
      } catch (error) {
        if (error instanceof Failure && error.detail.status === 404) return undefined;
        throw error;
      }
    },
    list: (request) => readList(get, request),
    async ask(request) {
      if (!parts.asks.has(request.path)) throw new Error(`${request.path} is not among the POSTs that change nothing`);
      return call(parts, tokens, { request: { ...request, method: 'POST' }, priority, writes: false });
    },
    download: (url) => fetchText(parts, url),
    wait: (ms) => parts.clock.sleep(ms, parts.signal),
    clientId,
  };
}

/** The one token, for the check that has to pass before others may have it. */
function only(token: Token): Tokens {
  return {
    get: () => Promise.resolve(token),
    current: () => token,
    renew: () => Promise.resolve(token),
  };
}
