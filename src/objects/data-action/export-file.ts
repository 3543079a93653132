import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { dotted, getAt, type Pointer, setAt } from '../../model/pointer.ts';
import type { Problem } from '../../model/problem.ts';
import { type Resource, resourceId } from '../../model/resource.ts';

/** Old exports put the date into the name: `Get state - Exported 2021-10-22 @ 14:08`. */
const exportedSuffix = / - Exported \d{4}-\d{2}-\d{2} @ \d{1,2}:\d{2}$/;

/**
 * What counts of an export as the admin interface downloads it (`*.custom.json`), which is also the API's create shape:
 * `config`, `contract`, `secure`, and `name` as a default. Ids and categories in it belong to another organisation.
 */
export interface ExportedAction {
  name?: string;
  integrationType?: string;
  /** `config`, `contract` and `secure`, as far as they are there. */
  fields: JsonObject;
}

/** The export that `spec.file` refers to; undefined where the document has none. */
export function exportedAction(resource: Resource): ExportedAction | undefined {
  const value = resource.files['/spec/file']?.value;
  if (!isObject(value)) return undefined;
  const { name, integrationType, config, contract, secure } = value;
  return {
    ...(typeof name === 'string' ? { name: name.replace(exportedSuffix, '') } : {}),
    ...(typeof integrationType === 'string' ? { integrationType } : {}),
    fields: {
      ...(isObject(config) ? { config: knownFields(config) } : {}),
      ...(isObject(contract) ? { contract: writableContract(contract) } : {}),
      ...(typeof secure === 'boolean' ? { secure } : {}),
    },
  };
}

type Check = [pointer: Pointer, expected: string, fits: (value: Json) => boolean];

const isText = (value: Json): boolean => typeof value === 'string';
const isTextMap = (value: Json): boolean => isObject(value) && Object.values(value).every(isText);

/** What an export may hold, as the document's schema would check it: nobody has read the file as a document. */
const checks: Check[] = [
  [
    '/config/timeoutSeconds',
    'an integer from 1 to 60',
    (v) => Number.isInteger(v) && Number(v) >= 1 && Number(v) <= 60,
  ],
  ['/config/request/requestUrlTemplate', 'a text', isText],
  ['/config/request/requestTemplate', 'a text', isText],
  [
    '/config/request/requestType',
    'GET, PUT, POST, PATCH or DELETE',
    (v) => /^(GET|PUT|POST|PATCH|DELETE)$/.test(String(v)),
  ],
  ['/config/request/headers', 'a map of texts', isTextMap],
  ['/config/response/translationMap', 'a map of texts', isTextMap],
  ['/config/response/translationMapDefaults', 'a map of texts', isTextMap],
  ['/config/response/successTemplate', 'a text', isText],
  ['/contract/input/inputSchema', 'a JSON Schema', isObject],
  ['/contract/output/successSchema', 'a JSON Schema', isObject],
  ['/secure', 'true or false', (v) => typeof v === 'boolean'],
];

/** The part of a config that this tool knows and has checked; URIs and whatever else an export carries are the server's. */
function knownFields(config: JsonObject): JsonObject {
  const known = checks.flatMap(([pointer]) =>
    pointer.startsWith('/config/') ? [pointer.slice('/config'.length)] : [],
  );
  return known.reduce<JsonObject>((result, pointer) => {
    const value = getAt(config, pointer);
    return value === undefined || value === null ? result : setAt(result, pointer, value);
  }, {});
}

/** The two schemas that can be written; `errorSchema` and the rest are the server's. */
function writableContract(contract: JsonObject): JsonObject {
  const { input, output } = contract;
  return {
    ...(isObject(input) && isObject(input['inputSchema']) ? { input: { inputSchema: input['inputSchema'] } } : {}),
    ...(isObject(output) && isObject(output['successSchema'])
      ? { output: { successSchema: output['successSchema'] } }
      : {}),
  };
}

/** Problems of the export itself, found offline. */
export function checkExport(resource: Resource): Problem[] {
  const file = resource.files['/spec/file'];
  if (file === undefined) return [];
  const problem = (code: Problem['code'], message: string): Problem[] => [
    { code, message, resource: resourceId(resource), pointer: '/spec/file' },
  ];
  const { value } = file;
  if (!isObject(value))
    return problem('export-invalid', `${file.path} is not an export of a data action: it holds no object`);
  if (value['actionType'] === 'customAuth') {
    return problem(
      'custom-auth-action',
      `${file.path} ("${String(value['name'])}") is a custom authentication action; Genesys makes and hides it with its integration, so it cannot be managed here. Change it in the integration's configuration`,
    );
  }
  const missing = ['config', 'contract'].filter((part) => !isObject(value[part]));
  if (missing.length > 0) {
    return problem(
      'export-invalid',
      `${file.path} is not an export of a data action: it has no ${missing.join(' and no ')}`,
    );
  }
  return checks.flatMap(([pointer, expected, fits]) => {
    const found = getAt(value, pointer);
    if (found === undefined || found === null || fits(found)) return [];
    const message = `${dotted(pointer)} in ${file.path} must be ${expected}`;
    return [{ code: 'export-invalid', message, resource: resourceId(resource), pointer: `/spec/file${pointer}` }];
  });
}
