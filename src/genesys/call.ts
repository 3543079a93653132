import type { Clock } from '../model/clock.ts';
import { Failure, type FailureDetail } from '../model/failure.ts';
import type { Answer, ApiRequest, RequestReceipt, RequestSeen } from '../model/http.ts';
import type { Log } from '../model/log.ts';
import type { Refused } from '../model/surface.ts';
import { correlationIdOf, hostOf, isoDate, one, readJson, readRefusal } from './answer.ts';
import type { Circuit, Pass } from './circuit.ts';
import { classify } from './classify.ts';
import { readErrorBody } from './error-body.ts';
import type { Priority, RateBudget } from './rate-budget.ts';
import { pathOf, queryOf } from './request-url.ts';
import { again, mostAttempts, retryAfter } from './retry.ts';
import type { Token, Tokens } from './token.ts';
import { type Exchange, type RawAnswer, type Transport, TransportError } from './transport.ts';
import { judge, judgeLost } from './verdict.ts';

export interface Parts {
  transport: Transport;
  apiUrl: string;
  budget: RateBudget;
  circuit: Circuit;
  clock: Clock;
  log: Log;
  random: () => number;
  /** Ends waits when the client is closed; its reason is a Failure. */
  signal: AbortSignal;
  /** Takes secrets out of a text that a server made. */
  redact: (text: string) => string;
  count: (what: 'requests' | 'retries' | 'rateLimited') => void;
  /** Told every try that went over the wire; never throws. */
  seen: (seen: RequestSeen) => void;
  /** POSTs that change nothing, by the template of their path. */
  asks: ReadonlySet<string>;
  /** OAuth scopes that tokens are asked with, where they are named. */
  scopes: readonly string[] | undefined;
  /** What a surface says of a refusal of one of its endpoints. */
  advise: (refused: Refused) => string | undefined;
}

export interface CallOptions {
  request: ApiRequest;
  priority: Priority;
  /** A write is sent once, but for answers that prove that nothing happened. */
  writes: boolean;
  /** `text`: the body as it is. */
  as?: 'json' | 'text';
  /** Called at the last moment before each try leaves; where it throws, nothing is sent. */
  before?: (() => void) | undefined;
}

/** A token this old may lack a role that was given meanwhile: a 403 is tried once with a fresh one. */
const freshFor = 60_000;
/** Tokens that one request may see end while it waits. */
const mostTokens = 20;

/** One call of the API from first try to answer or Failure: token, allowance, retries, meaning. */
export async function call(parts: Parts, tokens: Tokens, options: CallOptions): Promise<Answer> {
  const { request, writes } = options;
  const state: State = { attempts: 0, begun: parts.clock.now().getTime(), renewed: false };
  const path = pathOf(request.path, request.params);
  const attempt = `${request.method} ${path}`;
  const exchange: Omit<Exchange, 'headers'> = {
    method: request.method,
    url: `${parts.apiUrl}${path}${queryOf(request.query)}`,
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  };
  for (;;) {
    const leave = await admitted(parts, tokens, state, options.priority);
    if (options.priority === 'background') leave.pass = aside(leave.pass);
    state.attempts++;
    const tried = await tryOnce(parts, leave, exchange, options);
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
    if (mayRenew(status, leave.token, state, parts.clock)) {
      state.renewed = true;
      await tokens.renew(leave.token);
    } else if (status === 429) {
      if (state.attempts >= mostAttempts || options.priority === 'background') throw outcome;
    } else if (!(await again(parts, state, outcome, !writes))) throw outcome;
  }
}

interface State {
  attempts: number;
  begun: number;
  renewed: boolean;
}

/** What a try may leave with. */
interface Leave {
  token: Token;
  pass: Pass;
  /** 429s in a row when it left. */
  refusals: number;
}

/**
 * What is asked in the background must never keep a run from its work: that it fails says nothing of the rest of Genesys,
 * and where it is asked to slow down it gives up, and asks nobody else to wait.
 */
function aside(pass: Pass): Pass {
  return { ...pass, failed: pass.unused };
}

/** A token that is good when allowance and circuit let the request go; waiting for them may outlast some. */
async function admitted(parts: Parts, tokens: Tokens, state: State, priority: Priority): Promise<Leave> {
  const { budget, circuit } = parts;
  for (let tokensTried = 0; tokensTried < mostTokens; ) {
    await circuit.wait(state.begun);
    await tokens.get();
    await budget.acquire(priority);
    const token = tokens.current();
    const pass = token === undefined ? undefined : circuit.enter(state);
    if (token !== undefined && pass !== undefined) return { token, pass, refusals: budget.refusals() };
    budget.giveBack();
    if (token === undefined) tokensTried++;
  }
  throw new Failure(
    'AuthenticationFailed',
    `${mostTokens} tokens ended before they could be used, one after the other.`,
  );
}

/** One try over the wire. Nothing is awaited between `before` and the sending. */
async function tryOnce(
  parts: Parts,
  leave: Leave,
  exchange: Omit<Exchange, 'headers'>,
  { request, as, before, priority }: CallOptions,
): Promise<Tried | TransportError> {
  const { budget } = parts;
  try {
    before?.();
  } catch (error) {
    leave.pass.unused();
    budget.giveBack();
    throw error;
  }
  const headers: Record<string, string> = {
    authorization: `Bearer ${leave.token.value}`,
    accept: as === 'text' ? '*/*' : 'application/json',
  };
  if (exchange.body !== undefined) headers['content-type'] = 'application/json';
  if (request.ifMatch !== undefined) headers['if-match'] = request.ifMatch;
  parts.count('requests');
  const seen = seenBy(parts, request);
  const what = `${request.method} ${request.path}`;
  try {
    const raw = await parts.transport.exchange({ ...exchange, headers });
    const ms = seen(raw.status);
    budget.observe(raw);
    const after = raw.status < 400 ? undefined : afterOf(raw, parts);
    if (raw.status === 429) parts.count('rateLimited');
    const despite = raw.status === 429 && priority !== 'background' && pause(parts, leave, after);
    judge(leave.pass, what, raw, { after, despite });
    return { raw, ms };
  } catch (error) {
    if (!(error instanceof TransportError)) {
      parts.log.error({ method: request.method }, 'unexpected transport error');
      throw error;
    }
    seen(0);
    judgeLost(leave.pass, what, error);
    return error;
  } finally {
    leave.pass.unused();
    budget.release();
  }
}

interface Tried {
  raw: RawAnswer;
  ms: number;
}

type What = Pick<ApiRequest, 'method' | 'path'>;

/** Tells of a try when its end is known, and answers its milliseconds. */
export function seenBy({ seen }: Parts, { method, path }: What): (status: number) => number {
  const started = performance.now();
  return (status) => {
    const durationMs = Math.round(performance.now() - started);
    seen({ method, pathTemplate: path, status, durationMs });
    return durationMs;
  };
}

/** Done before the allowance lets the next one go. True where the pause before was sat out and did not help. */
function pause({ budget, log }: Parts, { refusals }: Leave, after: number | undefined): boolean {
  log.debug({ after }, 'rate limited');
  return budget.pause(after, refusals) && refusals > 0;
}

function afterOf(raw: RawAnswer, { clock, redact }: Parts): number | undefined {
  return retryAfter(raw.headers['retry-after'], clock.now(), readErrorBody(readRefusal(raw, redact)).message);
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
    const etag = one(raw.headers['etag']);
    if ('body' in parsed) return { body: parsed.body, receipt, ...(etag ? { etag } : {}) };
    const said = `${attempt}: ${parsed.bad} (status ${status}).`;
    return writes ? new Failure('Unsettled', `${said} ${lookedUp}`, detail) : new Failure('BadAnswer', said, detail);
  }
  const body = readRefusal(raw, parts.redact);
  const said = readErrorBody(body);
  const { reason, message, after } = classify({
    status,
    body,
    context: {
      attempt,
      writes,
      retryAfter: afterOf(raw, parts),
      location: hostOf(one(raw.headers['location'])),
      advice: parts.advise({
        ...{ status, method: request.method, pathTemplate: request.path, params: request.params ?? {}, body },
        ...(parts.scopes === undefined ? {} : { scopes: parts.scopes }),
      }),
    },
  });
  return new Failure(reason, parts.redact(message), {
    ...detail,
    ...(after === undefined ? {} : { after }),
    ...(said.code === undefined ? {} : { apiCode: said.code }),
    ...((status === 409 || status === 412) && said.version !== undefined ? { version: said.version } : {}),
    ...((status === 400 || status === 422) && said.faults.length > 0 ? { fields: said.faults } : {}),
  });
}

/** What becomes of a write whose answer is lost. */
export const lookedUp = 'Whether it took effect is not known; it is looked up before anything is sent again.';

function lost(error: TransportError, attempt: string, writes: boolean): Failure {
  if (writes && error.sent)
    return new Failure('Unsettled', `${attempt}: no answer came (${error.message}). ${lookedUp}`);
  if (error.code === 'ETOOLONG') return new Failure('BadAnswer', `${attempt}: ${error.message}`);
  return new Failure('NetworkError', `${attempt}: Genesys could not be reached (${error.message}).`);
}

/** What one call cost: the last of its tries, and how many there were. */
export function receiptOf(request: What, tried: Tried, attempts: number): RequestReceipt {
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
