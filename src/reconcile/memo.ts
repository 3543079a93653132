import type { ObjectType, Summary } from '../model/contracts.ts';
import type { Reader, ReadRequest } from '../model/http.ts';
import type { JsonObject } from '../model/json.ts';
import { stable } from '../model/json.ts';

/** What there is of a type without a list, by the ids that are wanted of it. */
export interface Looked {
  type: ObjectType;
  ids: readonly string[];
  seen?: boolean;
  summaries: Summary[];
}

export interface ListMemo extends Reader {
  /** The list of a type that has none: its wanted ids, each looked at once. `seen`: as `ObjectType.list` has it. */
  look(type: ObjectType, ids: readonly string[], seen?: boolean): Promise<Summary[]>;
  /** What was asked for: each list with its answer, and how many calls were anything else. */
  asked(): Promise<{ lists: { request: ReadRequest; items: JsonObject[] }[]; looks: Looked[]; others: number }>;
}

/** A reader that asks for each list once: what a run sees is one picture, and lists are what a quiet run costs. */
export function memoiseLists(reader: Reader): ListMemo {
  const lists = new Map<string, { request: ReadRequest; asked: Promise<JsonObject[]> }>();
  const looks = new Map<string, Omit<Looked, 'summaries'> & { asked: Promise<Summary[]> }>();
  let others = 0;
  const other = <T>(answer: T): T => {
    others++;
    return answer;
  };
  const memo: ListMemo = {
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
    look(type, ids, seen) {
      const known = looks.get(type.type);
      if (known !== undefined) return known.asked;
      // Its GETs stand for a list: they are what a quiet run costs, too.
      const asked = type.list({ ...reader, list: memo.list }, ids, seen);
      looks.set(type.type, { type, ids, ...(seen === undefined ? {} : { seen }), asked });
      return asked;
    },
    async asked() {
      const answered = [...lists.values()].map(async ({ request, asked }) => ({ request, items: await asked }));
      const looked = [...looks.values()].map(async ({ asked, ...rest }) => ({ ...rest, summaries: await asked }));
      return { lists: await Promise.all(answered), looks: await Promise.all(looked), others };
    },
  };
  return memo;
}
