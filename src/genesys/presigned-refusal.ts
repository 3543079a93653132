import type { Reason } from '../model/failure.ts';
import { lookedUp } from './call.ts';
import { oneLine, readErrorBody } from './error-body.ts';

/** What the storage behind a presigned URL says: S3's XML, the JSON of a gateway, or one line of text. */
export interface Said {
  message?: string | undefined;
  code?: string | undefined;
}

/** A refusal never needs more of a body than this, in characters. */
const enough = 20_000;

/** `redact` sees each text whole, before it is cut to one line of bounded length. A page (HTML) says nothing. */
export function readSaid(body: string, redact: (text: string) => string): Said {
  const text = redact(body.slice(0, enough));
  const tag = (name: string): string | undefined => oneLine(new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1]);
  if (/^\s*</.test(text)) return { message: tag('Message'), code: tag('Code') };
  try {
    return readErrorBody(JSON.parse(text));
  } catch {
    return { message: oneLine(text) };
  }
}

/**
 * What an answer other than a success means. Pure; no token is in play, so nothing here is about permissions.
 *
 * | status, or S3's code | upload | download | why |
 * | --- | --- | --- | --- |
 * | 3xx | BadRequest | BadRequest | redirects are not followed: the headers would go along |
 * | `ExpiredToken`, 401, 403, 404, 410 | Gone | Gone | such URLs expire; only a new job has a new one |
 * | 407 | NetworkError | NetworkError | from a proxy |
 * | `RequestTimeout` (a 400), 408, 5xx | Unsettled | ServerError | it may have been stored |
 * | `EntityTooLarge` (a 400), 413 | RequestTooLarge | RequestTooLarge | |
 * | 429 | RateLimited | RateLimited | nothing happened |
 * | 400, 501, other 4xx | BadRequest | BadRequest | |
 */
export function meaningOf(status: number, code: string | undefined, writes: boolean): [Reason, string] {
  if (status < 400) return ['BadRequest', 'Redirects of presigned URLs are not followed.'];
  if (expired.has(code ?? '') || refused.has(status))
    return ['Gone', 'The URL has expired or was refused; a new job is needed, which has a new one.'];
  if (status === 407) return ['NetworkError', 'The proxy asks for credentials; check `HTTPS_PROXY`.'];
  if (code === 'RequestTimeout' || status === 408 || (status >= 500 && status !== 501))
    return writes ? ['Unsettled', lookedUp] : ['ServerError', 'Tried again later.'];
  if (code === 'EntityTooLarge' || status === 413) return ['RequestTooLarge', 'Make the document smaller.'];
  if (status === 429) return ['RateLimited', 'Trying again later.'];
  return ['BadRequest', 'The text, or how it is sent, is not what was agreed on with the URL.'];
}

const refused = new Set([401, 403, 404, 410]);
/** Of the credentials that Genesys signed the URL with; S3 answers them with 400. */
const expired = new Set(['ExpiredToken', 'InvalidToken', 'TokenRefreshRequired']);

/**
 * Takes a presigned URL out of a text: storage and proxies repeat what they were asked, whole or in part, and with `&`
 * written as `&amp;`. Headers that Genesys gave for it are no business of anybody's either.
 */
export function hiding(url: URL, headers: Record<string, string>): (text: string) => string {
  const pairs = url.search.slice(1).split('&');
  const raw = pairs.map((pair) => pair.slice(pair.indexOf('=') + 1));
  const secrets = [url.href, url.pathname, url.search, ...raw, ...url.searchParams.values(), ...Object.values(headers)]
    .filter((secret) => secret.length >= shortest)
    .toSorted((a, b) => b.length - a.length);
  return (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, '(hidden)'), text);
}

/** What is shorter is no secret, and would take words out of every message. */
const shortest = 6;
