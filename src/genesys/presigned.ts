import { isUtf8 } from 'node:buffer';
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { Failure } from '../model/failure.ts';
import type { Answer, RequestReceipt, Upload } from '../model/http.ts';
import { lookedUp, type Parts, receiptOf, seenBy } from './call.ts';
import { hiding, meaningOf, readSaid } from './presigned-refusal.ts';
import { again, retryAfter } from './retry.ts';
import { type RawAnswer, TransportError } from './transport.ts';

/** Such URLs are secrets while they are valid: logs, receipts and messages name them so. */
const path = '(presigned)';

/**
 * What both ways have in common. Storage is no part of the organisation: neither its rate allowance nor its circuit has
 * to do with what goes there, and its token is never sent.
 */
interface Order {
  method: 'GET' | 'PUT';
  url: URL;
  headers: Record<string, string>;
  body?: string;
  before?: (() => void) | undefined;
  redact: (text: string) => string;
}

/** One PUT, with exactly the headers that Genesys gave; tried again only where no byte of it left. */
export async function put(parts: Parts, { url, headers, text }: Upload, before?: () => void): Promise<Answer> {
  const order = orderOf(parts, { method: 'PUT', url, headers: fitting(headers), body: text, before });
  const { receipt } = await carryOut(parts, order);
  return { body: null, receipt };
}

/** The text as it is, with its byte order mark and line ends; tried again like every GET. */
export async function fetchText(parts: Parts, url: string): Promise<string> {
  const order = orderOf(parts, { method: 'GET', url, headers: {} });
  const { raw, receipt } = await carryOut(parts, order);
  // Anything else would be changed by reading it, and compared as if that were live.
  if (raw.status === 200 && isUtf8(raw.bytes)) return Buffer.from(raw.bytes).toString('utf8');
  const why = raw.status === 200 ? 'no UTF-8 text' : `status ${raw.status} in place of a text`;
  throw new Failure('BadAnswer', `${nameOf(order)}: ${why}.`, { status: raw.status, receipt });
}

/** Throws `BadAnswer` for a URL that is none, or that would carry the text in clear where the API itself does not. */
function orderOf(parts: Parts, { url: given, ...more }: Omit<Order, 'url' | 'redact'> & { url: string }): Order {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const usual = url?.protocol === 'https:' || (url?.protocol === 'http:' && parts.apiUrl.startsWith('http:'));
  if (url === undefined || !usual || url.username !== '' || url.password !== '') {
    const why = url === undefined ? 'is none' : usual ? 'holds credentials' : `begins with ${url.protocol}`;
    throw new Failure('BadAnswer', `${more.method} ${path}: the URL that Genesys gave ${why}. Nothing was sent.`);
  }
  const hide = hiding(url, more.headers);
  return { ...more, url, redact: (text) => parts.redact(hide(text)) };
}

/** Without those of the framing, which are ours; throws `BadAnswer` for one that cannot be sent. */
function fitting(headers: Record<string, string>): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !/^(content-length|transfer-encoding)$/i.test(name));
  try {
    for (const [name, value] of kept) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
  } catch {
    throw new Failure('BadAnswer', `PUT ${path}: Genesys gave a header that cannot be sent. Nothing was sent.`);
  }
  return Object.fromEntries(kept);
}

async function carryOut(parts: Parts, order: Order): Promise<{ raw: RawAnswer; receipt: RequestReceipt }> {
  const { method } = order;
  const state = { attempts: 0, begun: parts.clock.now().getTime() };
  for (;;) {
    parts.signal.throwIfAborted();
    order.before?.();
    state.attempts++;
    const tried = await tryOnce(parts, order);
    if (tried instanceof TransportError) {
      const failure = lost(tried, order);
      // What is too long is so the next time as well.
      const repeatable = method === 'GET' ? tried.code !== 'ETOOLONG' : !tried.sent;
      if (!(await again(parts, state, failure, repeatable))) throw failure;
      continue;
    }
    const receipt = receiptOf({ method, path }, tried, state.attempts);
    parts.log.debug(receipt, 'presigned request');
    const failure = failureOf(parts, order, tried.raw, receipt);
    if (failure === undefined) return { raw: tried.raw, receipt };
    if (!(await again(parts, state, failure, method === 'GET'))) throw failure;
  }
}

async function tryOnce(parts: Parts, order: Order): Promise<{ raw: RawAnswer; ms: number } | TransportError> {
  const { method, url, headers, body } = order;
  const seen = seenBy(parts, { method, path });
  try {
    const exchange = { method, url: url.href, headers, ...(body === undefined ? {} : { body }) };
    const raw = await parts.transport.exchange(exchange);
    return { raw, ms: seen(raw.status) };
  } catch (error) {
    // As text only: the error holds the request, and with it the URL.
    if (!(error instanceof TransportError)) throw new Failure('Unexpected', order.redact(String(error)));
    seen(0);
    return error;
  }
}

function failureOf(parts: Parts, order: Order, raw: RawAnswer, receipt: RequestReceipt): Failure | undefined {
  const { status, truncated } = raw;
  const writes = order.method === 'PUT';
  const detail = { status, receipt };
  if (status >= 200 && status < 300) {
    if (!truncated) return undefined;
    const what = `${nameOf(order)}: the answer broke off (status ${status}).`;
    return writes ? new Failure('Unsettled', `${what} ${lookedUp}`, detail) : new Failure('BadAnswer', what, detail);
  }
  const { message, code } = readSaid(raw.body, order.redact);
  const [reason, advice] = meaningOf(status, code, writes);
  const said = message === undefined ? '' : `: ${message.replace(/[.\s]+$/, '')}`;
  const coded = code === undefined ? '' : ` (code ${code})`;
  const after = retryAfter(raw.headers['retry-after'], parts.clock.now());
  return new Failure(reason, `${nameOf(order)}: status ${status}${said}${coded}. ${advice}`, {
    ...detail,
    ...(after === undefined ? {} : { after }),
  });
}

function lost(error: TransportError, order: Order): Failure {
  const said = order.redact(error.message);
  const what = nameOf(order);
  if (order.method === 'PUT' && error.sent)
    return new Failure('Unsettled', `${what}: no answer came (${said}). ${lookedUp}`);
  if (error.code === 'ETOOLONG') return new Failure('BadAnswer', `${what}: ${said}`);
  return new Failure('NetworkError', `${what}: no connection (${said}).`);
}

/** The host is no secret, and whoever has to open a firewall needs it. */
function nameOf({ method, url }: Order): string {
  return `${method} ${path} at ${url.host}`;
}
