import type { Reader } from '../../../model/http.ts';
import { paths } from './paths.ts';

const guid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const anyId = /[0-9a-f]{8}-[0-9a-f]{4}-/i;
/** A line whose whole value is an id; ids within texts and expressions are left alone. */
const idLine = new RegExp(`^([ \\t]*(?:- )*(?:[\\w. -]+: )?)(["']?)(${guid})\\2([ \\t]*\\r?)$`, 'gim');
/** Whose names may stand for their ids, by the lists that a run asks for anyway. */
const lists = [paths.flows, '/api/v2/integrations/actions', '/api/v2/integrations'];

/** The text with ids that have names replaced by the names: ids differ from organisation to organisation. */
export async function withNames(reader: Reader, text: string): Promise<string> {
  // Most texts hold no id at all, and to look for one costs a hundredth of looking for its line.
  if (!anyId.test(text) || text.search(idLine) === -1) return text;
  const items = (await Promise.all(lists.map((path) => reader.list({ path })))).flat();
  const names = new Map(items.map((item) => [String(item['id']).toLowerCase(), String(item['name'])]));
  return text.replaceAll(idLine, (line: string, before: string, _quote: string, id: string, after: string) => {
    const name = names.get(id.toLowerCase());
    return name === undefined ? line : `${before}${JSON.stringify(name)}${after}`;
  });
}
