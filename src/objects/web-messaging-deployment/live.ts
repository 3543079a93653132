import type { Summary } from '../../model/contracts.ts';
import { asFailure, Failure } from '../../model/failure.ts';
import type { Reader } from '../../model/http.ts';
import { isObject, type Json, type JsonObject, stable } from '../../model/json.ts';
import { listed } from '../listed.ts';
import { paths } from './paths.ts';

/** What the server alone writes. Everything else is content: an unknown field too, since a PUT without it would clear it. */
const readOnly = new Set([...['id', 'selfUri', 'snippet', 'dateCreated', 'dateModified', 'lastModifiedUser', 'stamp']]);

/** Parts of references that are written; the rest of them is told beside. A field may have any name, `constructor` too. */
const referring: ReadonlyMap<string, readonly string[]> = new Map([
  ['configuration', ['id', 'version']],
  ['flow', ['id']],
  ['supportedContent', ['id']],
]);

/** Every deployment. A page tells all of each, so that a fingerprint speaks of everything but the status. */
export async function list(reader: Reader): Promise<Summary[]> {
  const items = await reader.list({ path: paths.deployments, cursor: true });
  return listed(items, paths.deployments)
    .filter(({ status }) => status !== 'Deleting')
    .map((item) => {
      const { id, name } = item;
      const fingerprint = stampOf(item);
      return {
        id,
        key: name,
        name,
        ...(fingerprint === undefined ? {} : { fingerprint }),
        attributes: { status: item['status'] ?? '' },
      };
    });
}

/** A deployment as the server tells it; undefined where it is gone. */
export async function readRaw(reader: Reader, id: string): Promise<JsonObject | undefined> {
  try {
    const { body } = await reader.get({ path: paths.deployment, params: { deploymentId: id } });
    if (!isObject(body)) throw new Failure('BadAnswer', `Genesys answered for deployment ${id} with something else`);
    return body['status'] === 'Deleting' ? undefined : body;
  } catch (error) {
    if (asFailure(error).reason === 'Gone') return undefined;
    throw error;
  }
}

export async function readLive(reader: Reader, { id }: { id: string }): Promise<JsonObject | undefined> {
  const raw = await readRaw(reader, id);
  if (raw === undefined) return undefined;
  const stamp = stampOf(raw);
  return normalise({ ...raw, ...(stamp === undefined ? {} : { stamp }) });
}

/** Content in the canonical form: domains in order, references with their id and name. */
export function normalise(live: JsonObject): JsonObject {
  const { stamp } = live;
  const kept = Object.entries(live).filter(([name]) => !readOnly.has(name));
  const named = kept.map(([name, value]) => [name, referring.has(name) ? part(value, name, ['name']) : value]);
  const { allowedDomains, ...rest } = Object.fromEntries(named) as JsonObject;
  return {
    ...rest,
    ...(Array.isArray(allowedDomains) ? { allowedDomains: domains(allowedDomains) } : {}),
    ...(stamp === undefined ? {} : { stamp }),
  };
}

/** Domains as they are compared: a set, in small letters. What is no text is kept as its JSON: it may have a `toString` of its own. */
export function domains(list: readonly Json[]): Json[] {
  return [
    ...new Set(list.map((domain) => (typeof domain === 'string' ? domain.toLowerCase() : stable(domain)))),
  ].sort();
}

/** What a PUT takes, of what the server tells. The status is left out: which ones it takes is UNCONFIRMED. */
export function bodyOf({ status: _status, ...raw }: JsonObject): JsonObject {
  const kept = Object.entries(raw).filter(([name]) => !readOnly.has(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, referring.has(name) ? part(value, name) : value]));
}

function part(value: Json, name: string, beside: readonly string[] = []): Json {
  if (!isObject(value)) return value;
  const wanted = [...(referring.get(name) ?? []), ...beside];
  return Object.fromEntries(wanted.flatMap((field) => (value[field] === undefined ? [] : [[field, value[field]]])));
}

/** By what the list tells that a deployment moved. */
export function stampOf({ dateModified, configuration }: JsonObject): string | undefined {
  const version = isObject(configuration) ? configuration['version'] : undefined;
  return typeof dateModified === 'string' && typeof version === 'string' ? `${dateModified} v${version}` : undefined;
}
