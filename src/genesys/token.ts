import type { Clock } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import type { RequestSeen } from '../model/http.ts';
import { isObject, type Json } from '../model/json.ts';
import type { Log } from '../model/log.ts';
import type { Refused, TokenRequest } from '../model/surface.ts';
import { readRefusal } from './answer.ts';
import type { Circuit, Pass } from './circuit.ts';
import { oneLine, readErrorBody } from './error-body.ts';
import { backoff, mostAttempts, retryAfter } from './retry.ts';
import { type Exchange, type RawAnswer, type Transport, TransportError } from './transport.ts';
import { judge, judgeLost } from './verdict.ts';

export interface Token {
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly gotAt: number;
  readonly goodUntil: number;
}

/** Where calls get their token from. */
export interface Tokens {
  get(): Promise<Token>;
  /** The token at hand where it is good still; so that a call that waited can look without waiting again. */
  current(): Token | undefined;
  /** A token other than `refused`; where somebody else got one meanwhile, that one. */
  renew(refused: Token): Promise<Token>;
}

export interface TokenOptions {
  transport: Transport;
  circuit: Circuit;
  /** Where `/oauth/token` is, without a slash at the end. */
  loginUrl: string;
  request: TokenRequest;
  /** Named in the request; undefined where it names none. */
  scopes: readonly string[] | undefined;
  /** What a surface says of a refusal, `/oauth/token` being its path. */
  advise: (refused: Refused) => string | undefined;
  clientId: string;
  clientSecret: () => Promise<string>;
  clock: Clock;
  log: Log;
  random: () => number;
  /** Ends waits when the client is closed. */
  signal: AbortSignal;
  /** Runs with each new token before anybody else gets it; where it throws, so does `get`, and it is asked again. */
  check?: ((token: Token) => Promise<void>) | undefined;
  /** Called for every token got. */
  count: () => void;
  /** Told every try; never throws. */
  seen: (seen: RequestSeen) => void;
  /** Told each secret that must not appear in any message. */
  hide: (secret: string) => void;
  /** Takes them out of a text that a server made. */
  redact: (text: string) => string;
}

/** Client-credentials tokens: one request under way at most, kept until a minute before they end. */
export function createTokens(options: TokenOptions): Tokens {
  const { clock } = options;
  let token: Token | undefined;
  let checked: Token | undefined;
  let pending: Promise<Token> | undefined;

  const good = (candidate: Token | undefined): candidate is Token => {
    const now = clock.now().getTime();
    // A clock set back would otherwise make a token seem young for ever.
    return candidate !== undefined && now < candidate.goodUntil && now >= candidate.gotAt - 60_000;
  };
  const current = (): Token | undefined => (good(checked) ? checked : undefined);

  async function obtain(): Promise<Token> {
    const fresh = good(token) ? token : await requestToken(options);
    token = fresh;
    try {
      await options.check?.(fresh);
    } catch (error) {
      // Anything but a refused token is asked again with the same one.
      if (error instanceof Failure && error.reason === 'AuthenticationFailed') token = undefined;
      throw error;
    }
    checked = fresh;
    return fresh;
  }

  function get(): Promise<Token> {
    const kept = current();
    if (kept !== undefined) return Promise.resolve(kept);
    pending ??= obtain().finally(() => {
      pending = undefined;
    });
    return pending;
  }

  return {
    get,
    current,
    renew(refused) {
      if (token?.value === refused.value) {
        token = undefined;
        checked = undefined;
      }
      return get();
    },
  };
}

async function requestToken(options: TokenOptions): Promise<Token> {
  const { clock, log } = options;
  const asking = askingWith(options, await options.clientSecret());
  const call = { begun: clock.now().getTime() };
  for (let attempt = 1; ; attempt++) {
    const answer = await send(options, asking, await options.circuit.admit(call, call.begun), attempt > 1);
    const token = answer instanceof Failure ? undefined : tokenFrom(answer, clock.now().getTime(), options.request);
    if (token !== undefined) {
      options.hide(token.value);
      options.count();
      const validMs = token.goodUntil - token.gotAt;
      log.debug({ validMs }, 'new token');
      if (validMs >= shortestUse) return token;
    }
    const failure =
      token !== undefined ? useless(options) : answer instanceof Failure ? answer : refusal(answer, options);
    const most = token === undefined ? mostAttempts : mostUseless;
    if (attempt >= most || (token === undefined && failure.class === 'TargetStalled')) throw failure;
    log.debug({ attempt, reason: failure.reason }, 'token request failed, trying again');
    await clock.sleep(backoff(attempt, options.random, failure.detail.after), options.signal);
  }
}

/** A token that is good for less, in milliseconds, is none: it would be asked for again and again. */
const shortestUse = 2_000;
const mostUseless = 3;

function useless({ loginUrl, clientId }: TokenOptions): Failure {
  return new Failure(
    'AuthenticationFailed',
    `${loginUrl} gives the client ${clientId} tokens that end at once. Check the token duration of the OAuth client.`,
  );
}

type Asking = Pick<Exchange, 'headers'> & { body: string };

/** Headers and form of the request; from here on no message holds the secret in any form that goes over the wire. */
function askingWith({ clientId, request, scopes, hide }: TokenOptions, secret: string): Asking {
  const scope = scopes === undefined || scopes.length === 0 ? {} : { scope: scopes.join(' ') };
  const inForm = request.credentials === 'form' ? { client_id: clientId, client_secret: secret } : {};
  // Not form-encoded first, as RFC 6749 has it: the official SDKs do not either.
  const basic = Buffer.from(`${clientId}:${secret}`).toString('base64');
  for (const each of [secret, basic, encodeURIComponent(secret), String(new URLSearchParams([['', secret]])).slice(1)])
    hide(each);
  return {
    headers: {
      ...(request.credentials === 'header' ? { authorization: `Basic ${basic}` } : {}),
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: String(new URLSearchParams({ grant_type: 'client_credentials', ...inForm, ...scope })),
  };
}

async function send(options: TokenOptions, asking: Asking, pass: Pass, despite: boolean): Promise<RawAnswer | Failure> {
  const { transport, loginUrl, clock } = options;
  const started = performance.now();
  const seen = (status: number): void =>
    options.seen({ ...endpoint, status, durationMs: Math.round(performance.now() - started) });
  const what = `${endpoint.method} ${loginUrl}${endpoint.pathTemplate}`;
  try {
    const answer = await transport.exchange({
      method: 'POST',
      url: `${loginUrl}/oauth/token`,
      ...asking,
    });
    seen(answer.status);
    // A login host that answers says nothing of the API: it closes no circuit.
    judge({ ...pass, succeeded: pass.unused }, what, answer, { ...afterOf(answer, clock.now()), despite });
    return answer;
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    seen(0);
    judgeLost(pass, what, error);
    return new Failure('NetworkError', `${loginUrl} did not answer the request for a token: ${error.message}`);
  } finally {
    pass.unused();
  }
}

const endpoint = { method: 'POST', pathTemplate: '/oauth/token' };

/** `access_token` and `expires_in` (seconds); a minute is kept in hand, of very short lives the half. */
function tokenFrom(answer: RawAnswer, now: number, { expiresIn }: TokenRequest): Token | undefined {
  if (answer.status !== 200 || answer.truncated) return undefined;
  const body = parsed(answer.body);
  if (!isObject(body)) return undefined;
  const value = body['access_token'];
  const told = body['expires_in'];
  const seconds = typeof told === 'number' ? told : expiresIn;
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value) || seconds === undefined) return undefined;
  const life = seconds * 1000;
  return { value, gotAt: now, goodUntil: now + life - Math.min(60_000, life / 2) };
}

function refusal(answer: RawAnswer, options: TokenOptions): Failure {
  const { loginUrl, clientId, clock, redact, scopes } = options;
  const { status } = answer;
  const body = readRefusal(answer, redact);
  const detail = { status, ...afterOf(answer, clock.now()) };
  const known = { status, method: endpoint.method, pathTemplate: endpoint.pathTemplate, params: {}, body };
  const advice = options.advise({ ...known, ...(scopes === undefined ? {} : { scopes }) });
  // RFC 6749: invalid_client is 401 (Genesys also uses 400), with the words in `error_description`.
  if (status === 400 || status === 401 || status === 403) {
    const described = isObject(body) ? oneLine(body['error_description']) : undefined;
    const said = described ?? readErrorBody(body).message ?? 'no reason given';
    return new Failure(
      'AuthenticationFailed',
      `${loginUrl} refused the client ${clientId} (${status}: ${said.slice(0, 200)}). ${advice ?? usualAdvice}`,
      detail,
    );
  }
  const said = `${loginUrl} answered the request for a token with ${status}`;
  if (status === 429) return new Failure('RateLimited', `${said}. ${advice ?? 'Trying again later.'}`, detail);
  if (status >= 500 || status === 408) return new Failure('ServerError', `${said}; trying again later.`, detail);
  return new Failure('BadAnswer', `${said} and without a token. ${advice ?? 'Check `region` or `loginUrl`.'}`, detail);
}

const usualAdvice =
  'Check the client id, the client secret, that the OAuth client uses client credentials, and that it belongs to this region.';

function afterOf(answer: RawAnswer, now: Date): { after?: number } {
  const after = retryAfter(answer.headers['retry-after'], now);
  return after === undefined ? {} : { after };
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
