import type { Field, Index } from '../../model/contracts.ts';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import type { Difference } from '../../model/plan.ts';
import { dotted, getAt, type Pointer, setAt } from '../../model/pointer.ts';
import type { Problem } from '../../model/problem.ts';
import { type LookUp, lookUp, type Reference } from '../lookup.ts';

interface Named extends Pick<LookUp, 'type' | 'label' | 'notFound' | 'advice'> {
  /** Where the document names it, within the spec. */
  at: Pointer;
  /** Where the API has its id. */
  id: Pointer;
  /** What is cleared where nothing is named any more. */
  whole: Pointer;
}

const knowledgeBase = {
  type: 'knowledge-base',
  label: 'knowledge base',
  notFound: 'knowledge-base-not-found',
  advice: 'make it in the admin pages first',
} as const;

/** What a configuration names and the API has by id. */
export const references: readonly Named[] = [
  ...['/messenger/apps/knowledge/knowledgeBase', '/supportCenter/knowledgeBase'].map((at) => ({
    ...knowledgeBase,
    at,
    id: `${at}/id`,
    whole: at,
  })),
  {
    type: 'integration',
    label: 'integration',
    notFound: 'integration-not-found',
    advice: 'make it in the admin pages first',
    at: '/authenticationSettings/integration',
    id: '/authenticationSettings/integrationId',
    whole: '/authenticationSettings/integrationId',
  },
];

/** Types that a spec names something of. */
export function typesNamed(spec: JsonObject): string[] {
  return references.filter(({ at }) => isNamed(getAt(spec, at))).map(({ type }) => type);
}

/** Whether the value names something: `null` clears, and needs nothing to be looked up. */
function isNamed(value: Json | undefined): value is Reference {
  return typeof value === 'string' || isObject(value);
}

/** The spec without what it names, and that as fields; or what cannot be found. */
export function resolved(
  spec: JsonObject,
  index: Index,
  resource: string,
): { rest: JsonObject; fields: Field[]; problems: Problem[] } {
  const fields: Field[] = [];
  const problems: Problem[] = [];
  let rest = spec;
  for (const { at, id, whole, ...how } of references) {
    const wanted = getAt(spec, at);
    if (wanted === undefined) continue;
    rest = without(rest, at);
    if (!isNamed(wanted)) {
      fields.push({ path: whole, at: `/spec${at}`, value: null });
      continue;
    }
    const found = lookUp(wanted, index, { ...how, resource, pointer: `/spec${at}` });
    if ('problem' in found) problems.push(found.problem);
    else
      fields.push({ path: id, at: `/spec${at}`, title: `${dotted(at)} "${found.entry.name}"`, value: found.entry.id! });
  }
  return { rest, fields, problems };
}

/** The document's form of live content: names in the place of ids. An id that nothing has any more is left out. */
export function named(content: JsonObject, index: Index): JsonObject {
  let spec = content;
  for (const { at, id, whole, type } of references) {
    const live = getAt(content, id);
    if (live === undefined) continue;
    const entry = index.all(type).find((one) => one.id === live);
    spec = without(spec, whole);
    if (entry !== undefined) spec = setAt(spec, at, entry.name);
  }
  return spec;
}

/** An id says nothing to a person: it is told with the name of what is wished there. */
export function differences(
  path: Pointer,
  { wanted, live, title }: { wanted: Json; live?: Json; title?: string },
): Difference[] | undefined {
  const at = references.find(({ id }) => id === path)?.at;
  if (at === undefined || wanted === null) return undefined;
  return wanted === live
    ? []
    : [{ at: title ?? dotted(at), ...(live === undefined ? {} : { from: live }), to: wanted }];
}

/** A copy without what stands at the pointer. */
export function without(base: JsonObject, pointer: Pointer): JsonObject {
  const end = pointer.lastIndexOf('/');
  const parent = getAt(base, pointer.slice(0, end));
  const name = pointer.slice(end + 1);
  if (!isObject(parent) || !Object.hasOwn(parent, name)) return base;
  const { [name]: _gone, ...kept } = parent;
  return end === 0 ? kept : setAt(base, pointer.slice(0, end), kept);
}
