import type { Acceptance, Drifted } from '../../model/contracts.ts';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { formatPointer, getAt, type Pointer } from '../../model/pointer.ts';
import type { Resource } from '../../model/resource.ts';
import { isSealed } from '../../model/seal.ts';
import { asWritten } from '../accepted.ts';
import { exportedAction } from './export-file.ts';

/** Templates that may stand in a file of their own. */
export const templates = [
  { file: 'requestTemplateFile', field: '/config/request/requestTemplate' },
  { file: 'successTemplateFile', field: '/config/response/successTemplate' },
] as const;

/** What may be cleared in a document; all else that is not there any more is left out of it. */
const clearable: readonly Pointer[] = [
  '/config/timeoutSeconds',
  '/config/request/requestTemplate',
  '/config/request/headers',
  '/config/response/translationMap',
  '/config/response/translationMapDefaults',
  '/config/response/successTemplate',
];

/** Where a document says what moved: a template's file, the document itself, the export, in the order in which they count. */
export function acceptAction(resource: Resource, { live, fields }: Drifted): Acceptance[] {
  return fields.flatMap(({ path, to }): Acceptance[] => {
    const now = getAt(live, path);
    const template = templates.find(
      ({ file, field }) => field === path && resource.files[`/spec/${file}`] !== undefined,
    );
    if (template !== undefined) {
      return [{ pointer: `/spec/${template.file}`, text: typeof now === 'string' ? now : '' }];
    }
    const own = getAt(resource.spec, path);
    const inExport = own === undefined ? exportedIn(resource, path) : undefined;
    const pointer: Pointer = inExport === undefined ? `/spec${path}` : `/spec/file${path}`;
    if (now === undefined || now === null) {
      return [
        inExport === undefined && clearable.includes(path) ? { pointer, value: null } : { pointer, remove: true },
      ];
    }
    const written = own ?? inExport;
    // A patch shows the lines that it takes out.
    const kept = sealedIn(to as Json).filter((name) => getAt(now, formatPointer([name])) === undefined);
    const value = asWritten(now, to as Json, written);
    const why = 'it is sensitive, and live it is gone; take it out by hand';
    return [
      ...kept.map((name): Acceptance => ({ pointer: pointer + formatPointer([name]), why })),
      { pointer, value: isObject(value) && isObject(written) ? { ...value, ...pick(written, kept) } : value },
    ];
  });
}

/** The names of a map whose values are sealed: headers. */
function sealedIn(value: Json): string[] {
  return isObject(value) ? Object.keys(value).filter((name) => isSealed(value[name])) : [];
}

function pick(map: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => (map[name] === undefined ? [] : [[name, map[name]]])));
}

/** What the export says there, where it is what counts. */
function exportedIn(resource: Resource, path: Pointer): Json | undefined {
  const exported = exportedAction(resource);
  if (exported === undefined) return undefined;
  return path === '/name' ? exported.name : getAt(exported.fields, path);
}

/** The timeout of one action becomes an exception, since the others of its integration have not moved. */
export function acceptTimeout(resource: Resource, { live, summary, fields, index }: Drifted): Acceptance[] {
  if (fields.length === 0) return [];
  const now = getAt(live, '/config/timeoutSeconds');
  const entry = index.all('data-action').find(({ id }) => id !== undefined && id === summary?.id);
  const name = entry?.name ?? summary?.name ?? String(live['name']);
  const written = resource.spec['exceptions'];
  const exceptions = Array.isArray(written) ? written : [];
  const at = exceptions.findIndex((one) => getAt(one, '/name') === name);
  if (typeof now !== 'number') {
    const why = `"${name}" has no timeout of its own any more, which a Timeout cannot say`;
    return [{ pointer: at === -1 ? '/spec/timeoutSeconds' : `/spec/exceptions/${at}/timeoutSeconds`, why }];
  }
  if (at !== -1) return [{ pointer: `/spec/exceptions/${at}/timeoutSeconds`, value: now }];
  return [{ pointer: '/spec/exceptions', add: [{ name, timeoutSeconds: now }] }];
}
