import { isObject, type JsonObject } from '../../model/json.ts';
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
      ...(isObject(config) ? { config } : {}),
      ...(isObject(contract) ? { contract: writableContract(contract) } : {}),
      ...(typeof secure === 'boolean' ? { secure } : {}),
    },
  };
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
  return [];
}
