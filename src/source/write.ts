import { Document, visit } from 'yaml';
import { isObject, type Json, type JsonObject } from '../model/json.ts';
import { type Pointer, setAt } from '../model/pointer.ts';

export interface DocumentToWrite {
  apiVersion: string;
  kind: string;
  handle: string;
  spec: JsonObject;
  /** Files beside the document, by the pointer within the spec where their name goes. */
  files?: Record<Pointer, { suffix: string; text: string }>;
}

/** Documents as files of a config repository, by path: `data-action/get-customer.yaml`. Read back, each is itself. */
export function writeDocuments(documents: readonly DocumentToWrite[]): Map<string, string> {
  return new Map(
    documents.flatMap(({ apiVersion, kind, handle, spec, files = {} }) => {
      const folder = kind.replace(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase();
      const beside = Object.entries(files).map(([pointer, file]) => ({
        pointer,
        name: handle + file.suffix,
        text: file.text,
      }));
      const named = beside.reduce(
        (whole, { pointer, name }) => setAt(whole, pointer, name),
        escaped(spec) as JsonObject,
      );
      const document = { apiVersion, kind, metadata: { name: handle }, spec: named };
      return [
        [`${folder}/${handle}.yaml`, textOf(document)],
        ...beside.map(({ name, text }): [string, string] => [`${folder}/${name}`, text]),
      ];
    }),
  );
}

// What YAML does not allow as it is, and the byte order mark, which readers take away.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
export const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufeff]/;

/** YAML whose control characters are escapes, so that it can be read back. */
function textOf(value: JsonObject): string {
  const document = new Document(value);
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && control.test(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return document
    .toString({ lineWidth: 0, blockQuote: 'literal' })
    .replace(/[\u007f-\u009f\ufeff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A `$(` of the live object is text, not a variable of ours. */
export function escaped(value: Json): Json {
  if (typeof value === 'string') return value.replaceAll('$(', '$$$$(');
  if (Array.isArray(value)) return value.map(escaped);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, escaped(child)]));
}
