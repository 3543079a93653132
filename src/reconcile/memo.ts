import type { Reader, ReadRequest } from '../model/http.ts';
import type { JsonObject } from '../model/json.ts';
import { stable } from '../model/json.ts';

/** A reader that asks for each list once: what a run sees is one picture, and lists are what a quiet run costs. */
export function memoiseLists(reader: Reader): Reader {
  const lists = new Map<string, Promise<JsonObject[]>>();
  return {
    get: (request) => reader.get(request),
    text: (request) => reader.text(request),
    ask: (request) => reader.ask(request),
    list(request: ReadRequest) {
      const key = stable([request.path, request.params ?? {}, request.query ?? {}]);
      const known = lists.get(key);
      if (known !== undefined) return known;
      const asked = reader.list(request);
      lists.set(key, asked);
      return asked;
    },
  };
}
