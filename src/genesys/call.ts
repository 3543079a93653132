import type { Clock } from '../model/clock.ts';
import { Failure, type FailureDetail } from '../model/failure.ts';
import type { Answer, ApiRequest, RequestReceipt } from '../model/http.ts';
import type { Log } from '../model/log.ts';
import { correlationIdOf, hostOf, isoDate, one, readJson, readRefusal } from './answer.ts';
import { classify } from './classify.ts';
import { readErrorBody } from './error-body.ts';
import type { Priority, RateBudget } from './rate-budget.ts';
import { pathOf, queryOf } from './request-url.ts';
import { backoff, longestRetrying, mostAttempts, retryAfter } from './retry.ts';
import type { Token, Tokens } from './token.ts';
import { type Exchange, type RawAnswer, type Transport, TransportError } from './transport.ts';

export interface Parts {
  transport: Transport;
  apiUrl: string;
  budget: RateBudget;
  clock: Clock;
  log: Log;
  random: () => number;
  /** Ends waits when the client is closed; its reason is a Failure. */
  signal: AbortSignal;
  /** Takes secrets out of a text that a server made. */
  redact: (text: string) => string;
  count: (what: 'requests' | 'retries' | 'rateLimited') => void;
}

export interface CallOptions {
  request: ApiRequest;
  priority: Priority;
  /** A write is sent once, but for answers that prove that nothing happened. */
  writes: boolean;
  /** `text`: the body as it is. */
  as?: 'json' | 'text';
}

/** A token this old may lack a role that was given meanwhile: a 403 is tried once with a fresh one. */
const freshFor = 60_000;
/** Tokens that one request may see end while it waits. */
const mostTokens = 20;

/** One call of the API from first try to answer or Failure: token, allowance, retries, meaning. */
export async function call(parts: Parts, tokens: Tokens, options: CallOptions): Promise<Answer> {
  const { request, writes } = options;
  const state = { attempts: 0, begun: parts.clock.now().getTime(), renewed: false };
  const path = pathOf(request.path, request.params);
  const attempt = `${request.method} ${path}`;
  const exchange: Omit<Exchange, 'headers'> = {
    method: request.method,
    url: `${parts.apiUrl}${path}${queryOf(request.query)}`,
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  };
  for (;;) {
    const { token, release } = await admitted(parts, tokens, options.priority);
    state.attempts++;
    const tried = await tryOnce(parts, token, exchange, options).finally(release);
    if (tried instanceof TransportError) {
      const failure = lost(tried, attempt, writes);
      if (!(await again(parts, state, failure, !writes || !tried.sent))) throw failure;
      continue;
    }
    const receipt = receiptOf(request, tried, state.attempts);
    parts.log.debug(receipt, 'genesys request');
    const outcome = read(parts, options, attempt, tried.raw, receipt);
    if (!(outcome instanceof Failure)) return outcome;
    const { status } = tried.raw;
    if (mayRenew(status, token, state, parts.clock)) {
      state.renewed = true;
      await tokens.renew(token);
    } else if (status === 429) {
      if (state.attempts >= mostAttempts) throw outcome;
    } else if (!(await again(parts, state, outcome, !writes))) throw outcome;
  }
}

interface State {
  attempts: number;
  begun: number;
  renewed: boolean;
}

/** A token that is good at the moment when the allowance lets the request go; waiting for it may outlast some. */
async function admitted(
  parts: Parts,
  tokens: Tokens,
  priority: Priority,
): Promise<{ token: Token; release: () => void }> {
  for (let tokensTried = 0; tokensTried < mostTokens; tokensTried++) {
    await tokens.get();
    await parts.budget.acquire(priority);
    const token = tokens.current();
    if (token !== undefined) return { token, release: parts.budget.release };
    parts.budget.giveBack();
  }
  throw new Failure(
    'AuthenticationFailed',
    `${mostTokens} tokens ended before they could be used, one after the other.`,
  );
}

async function tryOnce(
  parts: Parts,
  token: Token,
  exchange: Omit<Exchange, 'headers'>,
  { as, priority }: CallOptions,
): Promise<{ raw: RawAnswer; ms: number } | TransportError> {
  const started = performance.now();
  const headers: Record<string, string> = {
    authorization: `Bearer ${token.value}`,
    accept: as === 'text' ? '*/*' : 'application/json',
  };
  if (exchange.body !== undefined) headers['content-type'] = 'application/json';
  parts.count('requests');
  try {
    const raw = await parts.transport.exchange({ ...exchange, headers });
    parts.budget.observe(raw);
    if (raw.status === 429) pause(parts, raw);
    return { raw, ms: Math.round(performance.now() - started) };
  } catch (error) {
    if (error instanceof TransportError) return error;
    parts.log.error({ method: exchange.method, priority }, 'unexpected transport error');
    throw error;
  }
}

/** Done before the allowance lets the next one go. */
function pause(parts: Parts, raw: RawAnswer): void {
  const after = afterOf(raw, parts);
  parts.count('rateLimited');
  parts.budget.pause(after);
  parts.log.debug({ after }, 'rate limited');
}

function afterOf(raw: RawAnswer, { clock, redact }: Parts): number | undefined {
  return retryAfter(raw.headers['retry-after'], clock.now(), readErrorBody(readRefusal(raw, redact)).message);
}

/** Sleeps before another try where one is allowed and may help. */
async function again(parts: Parts, state: State, failure: Failure, repeatable: boolean): Promise<boolean> {
  const elapsed = parts.clock.now().getTime() - state.begun;
  if (!repeatable || failure.class !== 'Retry' || state.attempts >= mostAttempts || elapsed > longestRetrying)
    return false;
  parts.count('retries');
  parts.log.debug({ attempts: state.attempts, reason: failure.reason }, 'genesys request failed, trying again');
  await parts.clock.sleep(backoff(state.attempts, parts.random, failure.detail.after), parts.signal);
  return true;
}

function mayRenew(status: number, token: Token, state: State, clock: Clock): boolean {
  if (state.renewed) return false;
  return status === 401 || (status === 403 && clock.now().getTime() - token.gotAt > freshFor);
}

/** The answer, or the Failure that it means. */
function read(
  parts: Parts,
  { request, writes, as }: CallOptions,
  attempt: string,
  raw: RawAnswer,
  receipt: RequestReceipt,
): Answer | Failure {
  const { status } = raw;
  const detail: FailureDetail = {
    status,
    receipt,
    ...(receipt.correlationId === undefined ? {} : { correlationId: receipt.correlationId }),
  };
  if (status >= 200 && status < 300) {
    const parsed = as === 'text' && !raw.truncated ? { body: raw.body } : readJson(request.method, raw, parts.redact);
    if ('body' in parsed) return { body: parsed.body, receipt };
    const said = `${attempt}: ${parsed.bad} (status ${status}).`;
    return writes ? new Failure('Unsettled', `${said} ${lookedUp}`, detail) : new Failure('BadAnswer', said, detail);
  }
  const body = readRefusal(raw, parts.redact);
  const said = readErrorBody(body);
  const { reason, message, after } = classify({
    status,
    body,
    method: request.method,
    context: {
      pathTemplate: request.path,
      attempt,
      writes,
      retryAfter: afterOf(raw, parts),
      location: hostOf(one(raw.headers['location'])),
    },
  });
  return new Failure(reason, parts.redact(message), {
    ...detail,
    ...(after === undefined ? {} : { after }),
    ...(said.code === undefined ? {} : { apiCode: said.code }),
  });
}

const lookedUp = 'Whether it took effect is not known; it is looked up before anything is sent again.';

function lost(error: TransportError, attempt: string, writes: boolean): Failure {
  if (writes && error.sent)
    return new Failure('Unsettled', `${attempt}: no answer came (${error.message}). ${lookedUp}`);
  if (error.code === 'ETOOLONG') return new Failure('BadAnswer', `${attempt}: ${error.message}`);
  return new Failure('NetworkError', `${attempt}: Genesys could not be reached (${error.message}).`);
}

function receiptOf(request: ApiRequest, tried: { raw: RawAnswer; ms: number }, attempts: number): RequestReceipt {
  const { headers, status } = tried.raw;
  const correlationId = correlationIdOf(tried.raw);
  const serverDate = isoDate(one(headers['date']));
  return {
    method: request.method,
    pathTemplate: request.path,
    status,
    attempts,
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(serverDate === undefined ? {} : { serverDate }),
    durationMs: tried.ms,
  };
}
