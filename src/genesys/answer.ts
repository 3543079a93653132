import { isObject, type Json } from '../model/json.ts';
import type { RawAnswer } from './transport.ts';

/** The body as JSON, or why it cannot be taken for an answer. */
export type Parsed = { body: Json } | { bad: string };

/**
 * Reads the body of a success. A GET has an object for an answer, always; elsewhere nothing is expected after a DELETE
 * and with 202, 204 and 205: then the body is null.
 */
export function readJson(method: string, answer: RawAnswer, redact: (text: string) => string): Parsed {
  const parsed = parse(method, answer, redact);
  return method === 'GET' && 'body' in parsed && !isObject(parsed.body)
    ? { bad: 'the answer is no JSON object' }
    : parsed;
}

function parse(method: string, answer: RawAnswer, redact: (text: string) => string): Parsed {
  if (answer.truncated) return { bad: 'the answer broke off' };
  if (answer.body === '') {
    return method === 'DELETE' || silent.has(answer.status) ? { body: null } : { bad: 'the answer is empty' };
  }
  const type = one(answer.headers['content-type']);
  if (type !== undefined && !/\bjson\b/i.test(type))
    return { bad: `the answer is ${redact(type).slice(0, 100)} and not JSON` };
  try {
    return { body: JSON.parse(answer.body) as Json };
  } catch {
    return { bad: 'the answer is not valid JSON' };
  }
}

const silent = new Set([202, 204, 205]);

/** The body of a refusal, where it is JSON. Its texts are redacted whole: of a secret cut short nothing would be found. */
export function readRefusal(answer: RawAnswer, redact: (text: string) => string): Json | undefined {
  try {
    return JSON.parse(answer.body, (_name, value) => (typeof value === 'string' ? redact(value) : value)) as Json;
  } catch {
    return undefined;
  }
}

export function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

/** The id of a request in Genesys's logs; whatever does not look like one is not kept. */
export function correlationIdOf({ headers }: RawAnswer): string | undefined {
  const id = one(headers['inin-correlation-id']);
  return id !== undefined && /^[A-Za-z0-9-]{1,64}$/.test(id) ? id : undefined;
}

/** A `Date` header as ISO 8601. */
export function isoDate(header: string | undefined): string | undefined {
  const time = header === undefined ? Number.NaN : Date.parse(header);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** Host of a redirect's target; the rest of it may hold secrets. */
export function hostOf(location: string | undefined): string | undefined {
  return location !== undefined && URL.canParse(location) ? new URL(location).host : undefined;
}
