import { Document, visit } from 'yaml';
import { isObject, type Json, type JsonObject } from '../model/json.ts';
import { type Pointer, setAt } from '../model/pointer.ts';
import { unprintable } from '../model/unprintable.ts';

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

/**
 * Whether a text holds what YAML does not allow as it is, or what nobody would see in a file or a patch: it stands in double
 * quotes then, with escapes. Line breaks and tabs are seen.
 */
export function isHidden(text: string): boolean {
  return text.replace(/[\n\t]/g, '').search(unprintable) !== -1;
}

/** YAML in which what nobody sees are escapes. Such texts are in double quotes. */
export function shown(yaml: string): string {
  return yaml.replace(unprintable, (one) => {
    const code = (one.codePointAt(0) ?? 0).toString(16);
    if (one === '\n' || one === '\t') return one;
    return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
  });
}

/** YAML that can be read back, and by people. */
function textOf(value: JsonObject): string {
  const document = new Document(value);
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && isHidden(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return shown(document.toString({ lineWidth: 0, blockQuote: 'literal' }));
}

/** A `$(` of the live object is text, not a variable of ours. */
export function escaped(value: Json): Json {
  if (typeof value === 'string') return value.replaceAll('$(', '$$$$(');
  if (Array.isArray(value)) return value.map(escaped);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, escaped(child)]));
}
