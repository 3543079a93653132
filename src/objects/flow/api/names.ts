import type { Reader } from '../../../model/http.ts';
import { paths } from './paths.ts';

const guid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
/** What may stand before a line's value. A key begins with no space, so that there is one way to read a line. */
const beforeValue = /^[ \t]*(?:(?:- )*|[\w.-][\w. -]*: |: )$/;
const restOfLine = /[ \t]*\r?(?=\n|$)/y;
/** Whose names may stand for their ids, by the lists that a run asks for anyway. */
const lists = [paths.flows, '/api/v2/integrations/actions', '/api/v2/integrations'];

/** An id that is the whole value of its line, with its quotes. */
interface IdValue {
  id: string;
  start: number;
  end: number;
}

/** The text with ids that have names replaced by the names: ids differ from organisation to organisation. */
export async function withNames(reader: Reader, text: string): Promise<string> {
  const values = idValues(text);
  if (values.length === 0) return text;
  const items = (await Promise.all(lists.map((path) => reader.list({ path })))).flat();
  const names = new Map(items.map((item) => [String(item['id']).toLowerCase(), String(item['name'])]));
  let result = '';
  let copied = 0;
  for (const { id, start, end } of values) {
    const name = names.get(id.toLowerCase());
    if (name === undefined) continue;
    result += text.slice(copied, start) + JSON.stringify(name);
    copied = end;
  }
  return result + text.slice(copied);
}

/**
 * Ids within texts and expressions are left alone. The ids are found first, and of each line only the last one is looked
 * at more closely: exports are as long as people make them.
 */
function idValues(text: string): IdValue[] {
  const values: IdValue[] = [];
  for (const { index, 0: id } of text.matchAll(guid)) {
    const mark = text[index - 1];
    const isQuoted = mark === '"' || mark === "'";
    const start = isQuoted ? index - 1 : index;
    const end = index + id.length + (isQuoted ? 1 : 0);
    if (isQuoted && text[end - 1] !== mark) continue;
    restOfLine.lastIndex = end;
    if (!restOfLine.test(text)) continue;
    const lineStart = start === 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1;
    if (beforeValue.test(text.slice(lineStart, start))) values.push({ id, start, end });
  }
  return values;
}
