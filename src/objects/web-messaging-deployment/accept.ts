import type { Acceptance, Drifted, Index } from '../../model/contracts.ts';
import { isEmpty, type Json, type JsonObject } from '../../model/json.ts';
import { getAt, type Pointer } from '../../model/pointer.ts';
import type { Resource } from '../../model/resource.ts';
import { domains } from './live.ts';

/** What moved, as a document says it: names for ids, domains in its own order, the version that pages get. */
export function accept(resource: Resource, { live, fields, index }: Drifted): Acceptance[] {
  const places = new Set(fields.map(({ path }) => `/${path.split('/')[1]}`));
  // Of the configuration, id and version are two fields of the document.
  const isOther = fields.some(({ path }) => path === '/configuration/id');
  const isMoved = fields.some(({ path }) => path === '/configuration/version');
  return [...places].flatMap((path): Acceptance[] => {
    const now = live[path.slice(1)];
    const pointer: Pointer = `/spec${path}`;
    if (path === '/configuration') {
      return [
        ...(isOther
          ? [referenceTo(getAt(live, '/configuration/id'), 'web-messaging-configuration', pointer, index)]
          : []),
        ...(isMoved ? [versionOf(live, resource.spec)] : []),
      ];
    }
    if (path === '/flow' || path === '/supportedContent') {
      const type = path === '/flow' ? 'flow' : 'supported-content';
      return [isEmpty(now) ? { pointer, value: null } : referenceTo(getAt(now, '/id'), type, pointer, index)];
    }
    if (path === '/allowedDomains') return [{ pointer, value: domainsIn(now, resource.spec['allowedDomains']) }];
    if (path === '/status' && now !== 'Active' && now !== 'Inactive') {
      return [{ pointer, why: `its status is ${String(now)}, which no document can wish` }];
    }
    return [{ pointer, value: now === undefined ? null : now }];
  });
}

/** The number that is live, in the form in which the document gives one; it is what pages get, whatever is the newest. */
function versionOf(live: JsonObject, { version }: JsonObject): Acceptance {
  const now = String(getAt(live, '/configuration/version'));
  const pointer = '/spec/version';
  if (!/^[1-9]\d{0,8}$/.test(now)) return { pointer, why: `the version that is live ("${now}") is no number` };
  return { pointer, value: typeof version === 'string' && version !== 'latest' ? now : Number(now) };
}

function referenceTo(id: Json | undefined, type: string, pointer: Pointer, index: Index): Acceptance {
  const all = index.all(type);
  const entry = all.find((one) => one.id === id);
  if (entry === undefined) return { pointer, why: `what it refers to (${String(id)}) cannot be seen` };
  const twins = all.filter(({ name }) => name === entry.name);
  if (twins.length === 1) return { pointer, value: entry.name };
  return {
    pointer,
    why: `${twins.length} are called "${entry.name}", and only an id in an environment can say which is meant`,
  };
}

function domainsIn(now: Json | undefined, written: Json | undefined): Json {
  const live = Array.isArray(now) ? now : [];
  const items = Array.isArray(written) ? written : [];
  const kept = items.filter((item) => live.includes(domains([item])[0]!));
  const known = new Set(domains(kept));
  return [...kept, ...live.filter((domain) => !known.has(domain))];
}
