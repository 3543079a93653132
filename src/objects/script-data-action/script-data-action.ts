import type { Contributed, ExportedDocument, Field, Index, Kind } from '../../model/contracts.ts';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { keyOf } from '../../model/key.ts';
import { type Resource, resourceId } from '../../model/resource.ts';
import { accept } from './accept.ts';
import { slotLists, slotsOf } from './spec.ts';
import { contributeUses, flowType, usesOf } from './used-by.ts';

/** What reads Python, once a repository has some: whoever has none need not wait for it at every start. */
let reader: typeof import('./check.ts') | undefined;

/** A data action that is a Python script, owned; and the steps of flows that call it, as far as that goes. */
export const scriptDataActionKind: Kind = {
  name: 'ScriptDataAction',
  surface: 'tutorial',
  apiVersion: 'tutorial.genesys-gitops/v1',
  // For `usedBy`: a client that has `architect:flow:write` in the place of `admin:flow` names its own with the target's `scopes`.
  scopes: ['task:write', 'task:read', 'view:flow', 'admin:flow'],
  schema: 'script-data-action.schema.json',
  object: 'script-data-action',
  owns: true,
  prepare: async () => {
    reader = await import('./check.ts');
  },
  check: (resource) => reader!.check(resource),
  advise: (...asked) => reader!.advise(...asked),
  looksUp: (resource) => (usesOf(resource).length === 0 ? [] : [flowType]),
  wants: (resource) => usesOf(resource).map(({ flowId }) => ({ type: flowType, id: flowId })),
  contribute,
  toDocument,
  accept,
};

export function nameOf({ spec, name }: Resource): string {
  return typeof spec['name'] === 'string' ? spec['name'] : name;
}

function contribute(resource: Resource, index: Index): Contributed {
  const { spec, files } = resource;
  const name = nameOf(resource);
  const definition = isObject(spec['definition']) ? spec['definition'] : {};
  const declared: [string, Json | undefined][] = [
    ['/description', spec['description']],
    ['/definition/name', definition['name']],
    ['/definition/description', definition['description']],
    ['/script', files['/spec/script']?.text],
    ['/language', 'python3'],
    ...slotLists.map((which): [string, Json | undefined] => [`/${which}`, slotsOf(spec[which], which)]),
  ];
  const fields = declared.flatMap(([path, value]): Field[] =>
    value === undefined ? [] : [{ path, at: `/spec${path}`, value }],
  );
  const uses = contributeUses(resource, name, index);
  return {
    contributions: [
      {
        by: resourceId(resource),
        owns: true,
        target: { type: 'script-data-action', key: keyOf(name), name },
        fields: [{ path: '/name', at: '/spec/name', value: name }, ...fields],
        // A definition has to be called something; what, is the document's business only where it says so.
        onCreate: definition['name'] === undefined ? [{ path: '/definition/name', value: name }] : [],
      },
      ...uses.contributions,
    ],
    problems: uses.problems,
  };
}

/** Its script is a file beside the document. What calls it stands in flows, and is not known here. */
function toDocument(live: JsonObject): ExportedDocument | { why: string } {
  const { name = null, description, script, unreadable, language } = live;
  if (typeof script !== 'string') return { why: String(unreadable ?? 'it has no script') };
  if (language !== undefined && language !== 'python3')
    return { why: `its script is no Python but ${String(language)}` };
  const definition = isObject(live['definition']) ? live['definition'] : {};
  const texts = Object.entries(definition).filter(([, text]) => text !== '' && text !== null);
  return {
    apiVersion: 'tutorial.genesys-gitops/v1',
    kind: 'ScriptDataAction',
    spec: {
      name,
      ...(description === undefined || description === '' || description === null ? {} : { description }),
      ...(texts.length === 0 ? {} : { definition: Object.fromEntries(texts) }),
      ...Object.fromEntries(slotLists.map((which) => [which, written(live[which])])),
    },
    files: { '/script': { suffix: '.py', text: script } },
  };
}

/** As a person would write them: no default. */
export function written(slots: Json | undefined): Json {
  return (Array.isArray(slots) ? slots : []).filter(isObject).map(({ required, ...slot }) => ({
    ...slot,
    ...(required === true ? { required } : {}),
  }));
}
