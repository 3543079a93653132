import { asFailure, Failure } from '../../model/failure.ts';
import type { Reader } from '../../model/http.ts';
import { equal, isObject, type Json, type JsonObject } from '../../model/json.ts';
import type { Pointer } from '../../model/pointer.ts';
import { paths } from './paths.ts';

/** The optimistic lock of the API, as a fingerprint: it counts up with every published change. */
export function versionOf(live: JsonObject): string | undefined {
  return live['version'] === undefined ? undefined : String(live['version']);
}

/** The whole action, canonical; undefined where it is gone. */
export async function read(reader: Reader, { id }: { id: string }): Promise<JsonObject | undefined> {
  try {
    const { body } = await reader.get({
      path: paths.action,
      params: { actionId: id },
      query: { expand: 'contract', includeConfig: true },
    });
    if (!isObject(body)) throw new Failure('BadAnswer', `Genesys answered for data action ${id} with something else`);
    return normalise(await withTemplates(reader, { path: paths.template, actionId: id }, body));
  } catch (error) {
    if (asFailure(error).reason === 'Gone') return undefined;
    throw error;
  }
}

/** A template may come back as a URI instead of text (Terraform provider, integration_action); 404 there means none. */
export async function withTemplates(
  reader: Reader,
  { path, actionId }: { path: typeof paths.template | typeof paths.draftTemplate; actionId: string },
  action: JsonObject,
): Promise<JsonObject> {
  const config = isObject(action['config']) ? action['config'] : {};
  const fill = async (part: string, field: string, fileName: string): Promise<JsonObject> => {
    const section = isObject(config[part]) ? config[part] : {};
    if (section[field] !== undefined || section[`${field}Uri`] === undefined) return section;
    const text = await reader.text({ path, params: { actionId, fileName } });
    return text === undefined ? section : { ...section, [field]: text };
  };
  const [request, response] = await Promise.all([
    fill('request', 'requestTemplate', 'requesttemplate.vm'),
    fill('response', 'successTemplate', 'successtemplate.vm'),
  ]);
  return { ...action, config: { ...config, request, response } };
}

/** Removes what the server makes (`*Uri`, `*Flattened`, `errorSchema`) at the places where it makes it, and nowhere else. */
export function normalise(live: JsonObject): JsonObject {
  const { id: _id, selfUri: _selfUri, ...action } = live;
  const part = (parent: Json | undefined, name: string): JsonObject => {
    const child = isObject(parent) ? parent[name] : undefined;
    return isObject(child) ? child : {};
  };
  const clean = (value: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(value).filter(
        ([key]) => !key.endsWith('Uri') && !key.endsWith('Flattened') && key !== 'errorSchema',
      ),
    );
  const config = isObject(action['config']) ? action['config'] : {};
  return {
    ...action,
    config: { ...config, request: clean(part(config, 'request')), response: clean(part(config, 'response')) },
    contract: {
      input: clean(part(action['contract'], 'input')),
      output: clean(part(action['contract'], 'output')),
    },
  };
}

/** What `JsonSchemaDocument` models; whether other top-level keywords survive is unconfirmed (genesys-api, Data actions). */
const modelledKeywords = [
  'id',
  '$schema',
  'title',
  'description',
  'type',
  'required',
  'properties',
  'additionalProperties',
];
export const schemas: readonly Pointer[] = ['/contract/input/inputSchema', '/contract/output/successSchema'];

/**
 * A server that drops keywords outside its model, or fills in those of its model that are absent, has kept our schema as
 * well as it can: what of the wish is in its model is there, and nothing else is.
 */
export function renders(path: Pointer, wanted: Json, live: Json | undefined): boolean {
  if (!schemas.includes(path) || !isObject(wanted) || !isObject(live)) return false;
  return (
    modelledKeywords.every((word) => wanted[word] === undefined || equal(wanted[word], live[word])) &&
    Object.keys(live).every((word) =>
      Object.hasOwn(wanted, word) ? equal(wanted[word], live[word]) : modelledKeywords.includes(word),
    )
  );
}
