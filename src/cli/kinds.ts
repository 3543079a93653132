import { readdirSync, readFileSync } from 'node:fs';
import { nearest } from '../model/suggest.ts';
import { Refusal } from './exit.ts';

/** The kinds that a document may be, by the schemas that are published with this program. */
function kindNames(): string[] {
  const folder = new URL('../../schemas/', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.schema.json'));
  return files.flatMap((name) => {
    const schema = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Schema;
    const { kind, metadata } = schema.properties ?? {};
    // An environment has no handle that anything could be asked of by.
    return metadata === undefined || kind?.const === undefined || kind.const === 'Environment' ? [] : [kind.const];
  });
}

interface Schema {
  properties?: { kind?: { const?: string }; metadata?: object };
}

/** `Kind/handle` as a command was given it. Throws a Refusal that says the nearest right word. */
export function resourceNamed(text: string): string {
  const [, kind, handle] = /^([^/]*)\/(.+)$/s.exec(text) ?? [];
  const kinds = kindNames();
  if (kind === undefined || handle === undefined) {
    const near = nearest(text, kinds);
    const example = near === undefined ? 'DataAction/get-customer' : `${near}/get-customer`;
    throw new Refusal(`${JSON.stringify(text)} is no resource; one is named by kind and handle, as ${example}`);
  }
  if (kinds.includes(kind)) return text;
  const near = nearest(kind, kinds);
  const hint = near === undefined ? `; there are: ${kinds.join(', ')}` : ` (did you mean "${near}/${handle}"?)`;
  throw new Refusal(`there is no kind "${kind}"${hint}`);
}
