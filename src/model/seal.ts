import { createHmac } from 'node:crypto';
import { isObject, type Json, type JsonObject } from './json.ts';
import { formatPointer, getAt, matches, type Pointer, setAt } from './pointer.ts';

const sealedForm = /^\(sensitive, hmac:[0-9a-f]{16}\)$/;
const credentialName = /auth|token|secret|key$|passw|cookie|credential|signature/i;
/** Velocity references (`${credentials.x}`, `$!{x}`, `$x.y("...")` is not one) and the names of schemes hold no secret. */
const harmless = /\$!?\{[^{}]*\}|\$!?[A-Za-z][\w.]*(?![\w.(])|\b(Basic|Bearer|Token)\b|\s/g;

/** Keeps sensitive values out of everything that is printed or stored, and puts them back on their way to Genesys. */
export interface Vault {
  /**
   * A copy in which values at `places` are `(sensitive, hmac:...)`. At a place in a map called `headers` a literal is
   * sensitive if its name reads like a credential's; `{secret: name}` is filled in at any place named.
   */
  seal(value: JsonObject, places: readonly Pointer[]): JsonObject;
  /** A copy in which the texts at exactly these pointers are sealed too; the same object where nothing changes. */
  sealAt(sealed: JsonObject, pointers: readonly Pointer[]): JsonObject;
  /** The real values again. Only for a request body, immediately before it is sent. */
  open(value: Json): Json;
  /** Somebody else's text, in which a sealed value may be quoted: sealed there too. */
  redact(text: string): string;
}

/** `key` makes the same value look the same from run to run; `secrets` are what the target grants, by name. */
export function createVault(key: string, secrets: Readonly<Record<string, string>>): Vault {
  const contents = new Map<string, string>();
  const granted = new Set(Object.values(secrets).filter((value) => value !== ''));

  function sealText(text: string): string {
    const sealed = `(sensitive, hmac:${createHmac('sha256', key).update(text).digest('hex').slice(0, 16)})`;
    contents.set(sealed, text);
    return sealed;
  }

  function sealAt(value: Json, at: string[], places: readonly Pointer[]): Json {
    const here = places.some((place) => matches(place, at));
    if (here && isObject(value)) {
      const name = value['secret'];
      if (typeof name === 'string' && Object.hasOwn(secrets, name)) return sealText(secrets[name]!);
    }
    if (typeof value === 'string') {
      // Whatever already looks sealed is sealed once more: else a document (or a person in the admin pages) could write
      // down the seal of somebody else's secret, and `open` would put the secret in its place.
      if (sealedForm.test(value) || granted.has(value) || (here && isSensitive(value, at))) return sealText(value);
      return value;
    }
    if (Array.isArray(value)) return value.map((item, i) => sealAt(item, [...at, String(i)], places));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, child]) => [name, sealAt(child, [...at, name], places)]),
    );
  }

  function open(value: Json): Json {
    if (typeof value === 'string') return contents.get(value) ?? value;
    if (Array.isArray(value)) return value.map(open);
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, open(child)]));
  }

  function redact(text: string): string {
    // Short values would be found by chance, and a message full of seals tells nothing.
    const quoted = [...contents].filter(([, value]) => value.length >= 6 && text.includes(value));
    return quoted.reduce((result, [sealed, value]) => result.replaceAll(value, sealed), text);
  }

  /** What came from `seal` holds no seal but its own, so a text that looks sealed is, and is left alone. */
  function sealAlso(sealed: JsonObject, pointers: readonly Pointer[]): JsonObject {
    return pointers.reduce((result, pointer) => {
      const text = getAt(result, pointer);
      return typeof text === 'string' && !sealedForm.test(text) ? setAt(result, pointer, sealText(text)) : result;
    }, sealed);
  }

  return { sealAt: sealAlso, seal: (value, places) => sealAt(value, [], places) as JsonObject, open, redact };
}

function isSensitive(text: string, at: readonly string[]): boolean {
  if (at.at(-2) !== 'headers') return true;
  return credentialName.test(at.at(-1) ?? '') && text.replace(harmless, '') !== '';
}

/** The pointers of the sealed values within a value that stands at `at`. */
export function sealedPointers(value: Json, at: Pointer): Pointer[] {
  if (typeof value === 'string') return sealedForm.test(value) ? [at] : [];
  if (Array.isArray(value)) return value.flatMap((item, i) => sealedPointers(item, `${at}${formatPointer([i])}`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => sealedPointers(child, `${at}${formatPointer([key])}`));
}

/** Whether a value is one that `seal` put there. */
export function isSealed(value: Json | undefined): boolean {
  return typeof value === 'string' && sealedForm.test(value);
}
