import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { slotLists, slotsOf } from './spec.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A script as it is sent: base64 of its UTF-8 bytes. */
export function encoded(script: string): string {
  return Buffer.from(script, 'utf8').toString('base64');
}

/** The text of a script that is live, or why it has none. */
export function decoded(code: Json | undefined): { text: string } | { why: string } {
  if (typeof code !== 'string' || code === '') return { why: 'it has no script' };
  // Lines of 76 characters are base64 all the same.
  const bare = code.replace(/\s+/g, '');
  const bytes = Buffer.from(bare, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') !== bare.replace(/=+$/, '')) {
    return { why: 'its script is no base64' };
  }
  try {
    const text = decoder.decode(bytes);
    return text.includes('\0') ? { why: `its script is no text (${bytes.length} bytes)` } : { text };
  } catch {
    return { why: `its script is no text (${bytes.length} bytes that are not UTF-8)` };
  }
}

/**
 * What can be wished, and the version. The script is its text; where that cannot be told, `unreadable` says why. Of an object
 * that is in this form already nothing changes.
 */
export function normalise(live: JsonObject): JsonObject {
  const definition = isObject(live['definition']) ? live['definition'] : {};
  const isWire = live['script'] === undefined && live['unreadable'] === undefined;
  const whole: JsonObject = isWire ? { ...live, ...fromWire(definition) } : live;
  const known: [string, Json | undefined][] = [
    ...['id', 'name', 'description'].map((field): [string, Json | undefined] => [field, whole[field]]),
    ['definition', pick(definition, ['name', 'description'])],
    ...slotLists.map((which): [string, Json | undefined] => [which, slotsOf(whole[which], which)]),
    ...['script', 'unreadable', 'language', 'version'].map((field): [string, Json | undefined] => [
      field,
      whole[field],
    ]),
  ];
  return Object.fromEntries(known.filter((field): field is [string, Json] => field[1] !== undefined));
}

function fromWire({ inputs, outputs, language, code }: JsonObject): JsonObject {
  const script = decoded(code);
  return {
    inputs: inputs ?? [],
    outputs: outputs ?? [],
    ...(language === undefined ? {} : { language }),
    ...('text' in script ? { script: script.text } : { unreadable: script.why }),
  };
}

function pick(from: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(fields.flatMap((field) => (from[field] === undefined ? [] : [[field, from[field]]])));
}
