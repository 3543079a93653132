import { stringify } from 'yaml';
import { isObject, type Json, type JsonObject } from '../model/json.ts';

export interface DocumentToWrite {
  apiVersion: string;
  kind: string;
  handle: string;
  spec: JsonObject;
}

/** Documents as files of a config repository, by path: `data-action/get-customer.yaml`. Read back, each is itself. */
export function writeDocuments(documents: readonly DocumentToWrite[]): Map<string, string> {
  return new Map(
    documents.map(({ apiVersion, kind, handle, spec }) => {
      const folder = kind.replace(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase();
      const document = { apiVersion, kind, metadata: { name: handle }, spec: escaped(spec) };
      return [`${folder}/${handle}.yaml`, stringify(document, { lineWidth: 0, blockQuote: 'literal' })];
    }),
  );
}

/** A `$(` of the live object is text, not a variable of ours. */
function escaped(value: Json): Json {
  if (typeof value === 'string') return value.replaceAll('$(', '$$$$(');
  if (Array.isArray(value)) return value.map(escaped);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, escaped(child)]));
}
