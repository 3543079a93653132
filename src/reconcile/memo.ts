import type { Reader, ReadRequest } from '../model/http.ts';
import type { JsonObject } from '../model/json.ts';
import { stable } from '../model/json.ts';

export interface ListMemo extends Reader {
  /** What was asked for: each list with its answer, and how many calls were anything else. */
  asked(): Promise<{ lists: { request: ReadRequest; items: JsonObject[] }[]; others: number }>;
}

/** A reader that asks for each list once: what a run sees is one picture, and lists are what a quiet run costs. */
export function memoiseLists(reader: Reader): ListMemo {
  const lists = new Map<string, { request: ReadRequest; asked: Promise<JsonObject[]> }>();
  let others = 0;
  const other = <T>(answer: T): T => {
    others++;
    return answer;
  };
  return {
    get: (request) => other(reader.get(request)),
    text: (request) => other(reader.text(request)),
    ask: (request) => other(reader.ask(request)),
    download: (url) => other(reader.download(url)),
    wait: (ms) => reader.wait(ms),
    clientId: reader.clientId,
    list(request: ReadRequest) {
      const key = stable([request.path, request.params ?? {}, request.query ?? {}]);
      const known = lists.get(key);
      if (known !== undefined) return known.asked;
      const asked = reader.list(request);
      lists.set(key, { request, asked });
      return asked;
    },
    async asked() {
      const answered = [...lists.values()].map(async ({ request, asked }) => ({ request, items: await asked }));
      return { lists: await Promise.all(answered), others };
    },
  };
}
