import type { Contributed, Field, Index, Kind, Summary, Use } from '../../model/contracts.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import { keyOf } from '../../model/key.ts';
import type { Problem } from '../../model/problem.ts';
import { type Resource, resourceId } from '../../model/resource.ts';
import { didYouMean } from '../../model/suggest.ts';
import { accept } from './accept/accept.ts';
import { categoryOf, findAction, timeoutPath, usesOf } from './compose.ts';
import type { Call } from './model.ts';
import { sourceText } from './source-text.ts';
import { substitute } from './yaml/substitutions.ts';

/** An Architect flow, owned: its file, name and division. */
export const flowKind: Kind = {
  name: 'Flow',
  surface: 'platform',
  apiVersion: 'genesys-gitops/v1',
  schema: 'flow.schema.json',
  object: 'flow',
  owns: true,
  check: (resource) => sourceText(resource).problems,
  advise: (resource) => sourceText(resource).warnings,
  contribute,
  toDocument,
  accept,
};

function contribute(resource: Resource, index: Index): Contributed {
  const by = resourceId(resource);
  const { flow } = sourceText(resource);
  // Problems of the file stop the run before anything is planned.
  if (flow === undefined) return { contributions: [], problems: [] };
  const { type, name, division, content, calls, placeOf, flows, schedules } = flow;
  const fields: Field[] = [
    { path: '/name', value: name },
    ...(division === undefined ? [] : [{ path: '/division', value: division }]),
    { path: '/content', value: content },
    // A rename that was interrupted may have left our own lock; nobody else can work on the flow until it is gone.
    { path: '/locked', value: null },
    // A step without a timeout has one as well, once Genesys made one up for it: then that is what it is compared with.
    ...calls.map(({ key, title, timeout }) => ({ path: timeoutPath(key), title, value: timeout ?? null })),
  ];
  const at = (code: Problem['code'], call: Call, message: string): Problem => {
    const place = placeOf(call);
    return { code, message, resource: by, ...(place === undefined ? {} : { place }) };
  };
  return {
    contributions: [
      {
        by,
        owns: true,
        target: { type: 'flow', key: keyOf(type, name), name },
        fields,
        attributes: { type },
        uses: [
          ...usesOf(calls, index),
          ...flows.map((used): Use => ({ type: 'flow', key: keyOf(used.type, used.name) })),
          ...schedules.map((used): Use => ({ type: used.type, key: keyOf(used.name) })),
        ],
        directives: directivesOf(resource),
      },
    ],
    problems: calls.flatMap((call) =>
      findAction(call, index) === undefined ? [at('action-not-found', call, notFound(call, index))] : [],
    ),
    warnings: calls.flatMap((call) =>
      findAction(call, index)?.leaving === true ? [at('action-leaving', call, leaving(call))] : [],
    ),
  };
}

/** What to do about somebody's lock or unpublished work. */
function directivesOf({ spec, annotations }: Resource): JsonObject {
  const { onLocked } = spec;
  const forceUnlock = annotations['genesys-gitops/force-unlock'];
  return {
    ...(onLocked === undefined ? {} : { onLocked }),
    ...(forceUnlock === undefined ? {} : { forceUnlock }),
  };
}

function notFound({ title, category, action }: Call, index: Index): string {
  const actions = index.all('data-action');
  const inCategory = actions.filter((entry) => categoryOf(entry) === category).map((entry) => entry.name);
  const why =
    inCategory.length > 0
      ? `the category "${category}" has no data action "${action}"${didYouMean(action, inCategory)}`
      : `there is no category "${category}" of data actions${didYouMean(category, new Set(actions.map(categoryOf)))}`;
  return `the step "${title}" calls a data action that is not there, neither live nor in this repository: ${why}`;
}

function leaving({ title, action }: Call): string {
  return `the step "${title}" calls "${action}", which left the repository; it stays as long as a flow uses it`;
}

/** The published flow as a document and its file. What looks like a token in it stands for itself. */
function toDocument(live: JsonObject, summary: Summary): ReturnType<Kind['toDocument']> {
  const content = live['content'];
  if (summary.readOnly !== undefined) return undefined;
  if (!isObject(content)) return { why: 'it was never published' };
  const { type = '', division = '' } = summary.attributes;
  const { text, substitutions } = withTokens(String(content['text']));
  return {
    apiVersion: 'genesys-gitops/v1',
    kind: 'Flow',
    spec: {
      type,
      name: summary.name,
      ...(division === '' || division === 'Home' ? {} : { division }),
      ...(Object.keys(substitutions).length === 0 ? {} : { substitutions }),
    },
    files: { '/file': { suffix: '.architect.yaml', text } },
  };
}

/** What looks like a token stands for itself, as it is spelt: `{{ x }}` gets a token of its own beside `{{x}}`. */
function withTokens(text: string): { text: string; substitutions: Record<string, string> } {
  const found = substitute(text, {}).missing;
  const names = new Set(found.map(({ token }) => token));
  const bySpelling = new Map<string, string>();
  let result = '';
  let from = 0;
  for (const { token, offset } of found) {
    const spelling = text.slice(offset, text.indexOf('}}', offset) + 2);
    let name = bySpelling.get(spelling);
    if (name === undefined) {
      name = token;
      for (let n = 2; spelling !== `{{${token}}}` && names.has(name); n++) name = `${token}-${n}`;
      names.add(name);
      bySpelling.set(spelling, name);
    }
    result += `${text.slice(from, offset)}{{${name}}}`;
    from = offset + spelling.length;
  }
  const substitutions = Object.fromEntries([...bySpelling].map(([spelling, name]) => [name, spelling]));
  return { text: result + text.slice(from), substitutions };
}
