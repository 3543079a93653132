import { createHmac } from 'node:crypto';
import { isObject, type Json, type JsonObject } from './json.ts';
import { formatPointer, getAt, matches, type Pointer, setAt } from './pointer.ts';

const sealedForm = /^\(sensitive, hmac:[0-9a-f]{16}\)$/;
const credentialName = /auth|token|secret|key|passw|pwd|cookie|credential|signature|session|private/i;
/** Velocity references to what Genesys fills in, and the names of schemes, hold no secret. A bare `$word` may well be one. */
const harmless = /\$!?\{(input|credentials|authResponse|rawResult|context)(\.\w+)*\}|\b(Basic|Bearer|Token)\b|\s/gi;

/** Keeps sensitive values out of everything that is printed or stored, and puts them back on their way to Genesys. */
export interface Vault {
  /**
   * A copy in which values at `places` are `(sensitive, hmac:...)`. At a place in a map called `headers` a literal is
   * sensitive if its name reads like a credential's; `{secret: name}` is filled in at any place named. Live values that
   * equal a granted secret are sealed wherever they stand; wishes are not, else a document full of guesses would show
   * which of them is right.
   */
  seal(value: JsonObject, places: readonly Pointer[], side?: 'live' | 'wish'): JsonObject;
  /** A copy in which the texts at exactly these pointers are sealed too; the same object where nothing changes. */
  sealAt(sealed: JsonObject, pointers: readonly Pointer[]): JsonObject;
  /** The real values again. Only for a request body, immediately before it is sent. */
  open(value: Json): Json;
  /** Somebody else's text, in which a sealed value or a granted secret may be quoted: sealed there too. */
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
  // What Genesys quotes may come before anything was sealed: after a restart.
  for (const value of granted) sealText(value);

  function sealAt(value: Json, at: string[], places: readonly Pointer[], isLive: boolean): Json {
    const here = places.some((place) => matches(place, at));
    if (here && isObject(value)) {
      const name = value['secret'];
      if (typeof name === 'string' && Object.hasOwn(secrets, name)) return sealText(secrets[name]!);
    }
    if (typeof value === 'string') {
      // Whatever already looks sealed is sealed once more: else a document (or a person in the admin pages) could write
      // down the seal of somebody else's secret, and `open` would put the secret in its place.
      const known = isLive && granted.has(value);
      return sealedForm.test(value) || known || (here && isSensitive(value, at)) ? sealText(value) : value;
    }
    if (Array.isArray(value)) return value.map((item, i) => sealAt(item, [...at, String(i)], places, isLive));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, child]) => [name, sealAt(child, [...at, name], places, isLive)]),
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
    const quoted = [...contents].filter(([, value]) => value.length >= 6);
    // The longest first: one may be the beginning of another.
    const ordered = quoted.sort(([, a], [, b]) => b.length - a.length);
    return ordered.reduce((result, [sealed, value]) => {
      const forms = [value, JSON.stringify(value).slice(1, -1), value.replace(/\s+/g, ' '), inAddress(value)];
      return forms.reduce((some, form) => some.replaceAll(form, sealed), result);
    }, text);
  }

  /** What came from `seal` holds no seal but its own, so a text that looks sealed is, and is left alone. */
  function sealAlso(sealed: JsonObject, pointers: readonly Pointer[]): JsonObject {
    return pointers.reduce((result, pointer) => {
      const text = getAt(result, pointer);
      return typeof text === 'string' && !sealedForm.test(text) ? setAt(result, pointer, sealText(text)) : result;
    }, sealed);
  }

  return {
    sealAt: sealAlso,
    seal: (value, places, side = 'live') => sealAt(value, [], places, side === 'live') as JsonObject,
    open,
    redact,
  };
}

/** Whether a name reads like that of a credential. */
export function isCredentialName(name: string): boolean {
  return credentialName.test(name);
}

/** As it stands in an address; half a character cannot stand there. */
function inAddress(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : text;
}

function isSensitive(text: string, at: readonly string[]): boolean {
  if (at.at(-2) !== 'headers') return true;
  return isCredentialName(at.at(-1) ?? '') && text.replace(harmless, '') !== '';
}

/** A copy in which every text, however deep, is redacted: what is live may hold a secret in the midst of a text. */
export function redacted(value: Json, vault: Pick<Vault, 'redact'>): Json {
  if (typeof value === 'string') return vault.redact(value);
  if (Array.isArray(value)) return value.map((item) => redacted(item, vault));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [vault.redact(name), redacted(child, vault)]));
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
