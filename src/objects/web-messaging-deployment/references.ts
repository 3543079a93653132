import type { Field, Index, IndexEntry, Use } from '../../model/contracts.ts';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import type { Problem } from '../../model/problem.ts';
import { type LookUp, lookUp, type Reference } from '../lookup.ts';

/** The type of flow that answers messages. */
const flowType = 'inboundShortMessage';

export interface Referred {
  fields: Field[];
  uses: Use[];
  problems: Problem[];
}

/** Whether the value names something: `null` clears, and needs nothing to be looked up. */
export function isNamed(value: Json | undefined): value is Reference {
  return typeof value === 'string' || isObject(value);
}

/**
 * The configuration with its version. `latest` is whatever the newest published version is by the time that the deployment
 * is written: an attribute of the configuration, which a change of it moves.
 */
export function configurationOf({ configuration, version = 'latest' }: JsonObject, index: Index, by: string): Referred {
  const found = lookUp(configuration as Reference, index, {
    type: 'web-messaging-configuration',
    label: 'web messaging configuration',
    resource: by,
    pointer: '/spec/configuration',
    notFound: 'configuration-not-found',
    advice: 'it is neither live nor in this repository',
  });
  if ('problem' in found) return { fields: [], uses: [], problems: [found.problem] };
  const { entry } = found;
  const { type, key, id, name } = entry;
  const at = '/spec/configuration';
  const title = `configuration "${name}"`;
  const fields: Field[] = [
    id === undefined
      ? { path: '/configuration/id', at, title, ref: { type, key }, attribute: 'id' }
      : { path: '/configuration/id', at, title, value: id },
    version === 'latest'
      ? { path: '/configuration/version', at: '/spec/version', ref: { type, key }, attribute: 'version' }
      : { path: '/configuration/version', at: '/spec/version', value: String(version) },
  ];
  const isOne = index.find(type, key).length === 1;
  const twins = version === 'latest' && entry.owner === undefined && !isOne;
  // Whether a number was ever published, the configuration tells; of two of one name the other may be told.
  const use = { type, key, ...(version !== 'latest' && isOne ? { look: true } : {}) };
  return { fields, uses: [use], problems: twins ? [twice(entry, by)] : [] };
}

/** References go by name, which is that of the one that is managed here; among others the newest version is nobody's. */
function twice({ name }: IndexEntry, resource: string): Problem {
  const message = `several configurations are called "${name}", so it cannot be told which one's latest version is meant; rename one, or give the version by its number`;
  return { code: 'ambiguous-identity', message, resource, pointer: '/spec/version' };
}

/** The flow and the supported content profile: by id and name where they are there, so that a plan can tell their names. */
export function othersOf({ flow, supportedContent }: JsonObject, index: Index, by: string): Referred {
  const result: Referred = { fields: [], uses: [], problems: [] };
  const refer = (
    field: 'flow' | 'supportedContent',
    wanted: Json | undefined,
    how: Omit<LookUp, 'resource' | 'pointer'>,
  ) => {
    if (wanted === undefined) return;
    const [path, at] = [`/${field}`, `/spec/${field}`];
    if (!isNamed(wanted)) {
      result.fields.push({ path, at, value: null });
      return;
    }
    const found = lookUp(wanted, index, { ...how, resource: by, pointer: at });
    if ('problem' in found) {
      result.problems.push(found.problem);
      return;
    }
    const { type, key, id, name } = found.entry;
    const ref = { type, key };
    result.fields.push(
      id === undefined ? { path: `${path}/id`, at, ref, attribute: 'id' } : { path, at, value: { id, name } },
    );
    result.uses.push(ref);
  };
  refer('flow', flow, {
    type: 'flow',
    label: 'inbound message flow',
    notFound: 'flow-not-found',
    advice: otherFlow(flow, index) ?? 'it is neither live nor in this repository',
    among: isMessageFlow,
  });
  refer('supportedContent', supportedContent, {
    type: 'supported-content',
    label: 'supported content profile',
    notFound: 'supported-content-not-found',
    advice: 'make it in the admin pages first',
  });
  return result;
}

function isMessageFlow({ attributes }: IndexEntry): boolean {
  return attributes['type'] === flowType;
}

/** A flow of another type that is called so, or has this id. */
function otherFlow(wanted: Json | undefined, index: Index): string | undefined {
  const isIt = ({ name, id }: IndexEntry): boolean => (isObject(wanted) ? id === wanted['id'] : name === wanted);
  const other = index.all('flow').find((entry) => isIt(entry) && !isMessageFlow(entry));
  if (other === undefined) return undefined;
  return `the flow "${other.name}" is of type ${String(other.attributes['type'])}, and messages need ${flowType}`;
}
