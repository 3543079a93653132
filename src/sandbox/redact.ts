import { isObject } from './json.ts';

const secret = /secret|password|token|credentialFields/i;

/** A body as the request log keeps it: without the values of secrets. */
export function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hide(key, item)]));
}

function hide(key: string, value: unknown): unknown {
  if (key === 'credentialFields' && isObject(value)) {
    return Object.fromEntries(Object.keys(value).map((name) => [name, '***']));
  }
  return typeof value === 'string' && secret.test(key) ? '***' : redact(value);
}
