import type { Call, Query } from '../endpoint.ts';
import { ApiError } from '../errors.ts';
import type { FlowRecord } from './flow-records.ts';
import { typeOfApi } from './flow-types.ts';
import { versionOf } from './flows.ts';

type Filter = (flow: FlowRecord) => boolean;

/** Deleted flows are in a list only when it asks for them. */
export const exists = ({ query }: Call, flow: FlowRecord): boolean => !flow.deleted || query.flag('deleted') === true;

/** What the query of a list asks for. Ids are asked for alone: nothing else of the query is then looked at. */
export function flowFilter({ query, world }: Call): Filter {
  const ids = query.list('id');
  const filters =
    ids.length > 0
      ? [(flow: FlowRecord) => ids.includes(flow.id)]
      : [
          ...texts(query, world.quirks.has('flow-name-contains')),
          ...types(query),
          ...divisions(query, (id) => world.divisions.get(id) !== undefined),
          ...locks(query),
          ...publication(query),
        ];
  return (flow) => filters.every((filter) => filter(flow));
}

function texts(query: Query, contains: boolean): Filter[] {
  const filter = (parameter: string, fields: (flow: FlowRecord) => string[]): Filter[] => {
    const pattern = query.text(parameter);
    if (pattern === undefined) return [];
    const matches = matcher(pattern, contains);
    return [(flow) => fields(flow).some(matches)];
  };
  return [
    ...filter('name', ({ name }) => [name]),
    ...filter('description', ({ description }) => [description]),
    ...filter('nameOrDescription', ({ name, description }) => [name, description]),
  ];
}

function matcher(pattern: string, contains: boolean): (text: string) => boolean {
  const whole = contains ? `*${pattern}*` : pattern;
  const source = whole.split('*').map((part) => part.replace(/[.+?^$()|[\]\\{}]/g, '\\$&'));
  const expression = new RegExp(`^${source.join('.*')}$`, 'is');
  return (text) => expression.test(text);
}

function types(query: Query): Filter[] {
  const wanted = query.list('type').map((name) => {
    // `speech` is a published type, and no flow of the sandbox is of it.
    const type = typeOfApi(name);
    if (!type && name.toLowerCase() !== 'speech') throw new ApiError('architect.invalid.flow.type');
    return type;
  });
  return wanted.length === 0 ? [] : [(flow) => wanted.includes(flow.type)];
}

function divisions(query: Query, known: (id: string) => boolean): Filter[] {
  const wanted = query.list('divisionId');
  if (!wanted.every(known)) throw new ApiError('architect.division.invalid');
  return wanted.length === 0 ? [] : [(flow) => wanted.includes(flow.divisionId)];
}

function locks(query: Query): Filter[] {
  const [user, client, editor] = [query.text('lockedBy'), query.text('lockedByClientId'), query.text('editableBy')];
  const holder = ({ lockedBy }: FlowRecord) => (lockedBy && 'user' in lockedBy ? lockedBy.user.id : undefined);
  return [
    ...(user === undefined ? [] : [(flow: FlowRecord) => holder(flow) === user]),
    ...(client === undefined
      ? []
      : [
          ({ lockedBy }: FlowRecord) => lockedBy !== undefined && 'client' in lockedBy && lockedBy.client.id === client,
        ]),
    ...(editor === undefined ? [] : [(flow: FlowRecord) => flow.lockedBy === undefined || holder(flow) === editor]),
  ];
}

function publication(query: Query): Filter[] {
  const [id, after, before] = [
    query.text('publishVersionId'),
    time(query, 'publishedAfter'),
    time(query, 'publishedBefore'),
  ];
  const at = (flow: FlowRecord) => versionOf(flow, flow.published)?.publishedAt;
  query.choice('secure', 'any', 'checkedin', 'published');
  query.flag('includeSchemas');
  const agents = query.flag('virtualAgentEnabled');
  return [
    ...(agents === true ? [() => false] : []),
    ...(id === undefined ? [] : [(flow: FlowRecord) => flow.published === id]),
    ...(after === undefined ? [] : [(flow: FlowRecord) => (at(flow) ?? Number.NEGATIVE_INFINITY) > after]),
    ...(before === undefined ? [] : [(flow: FlowRecord) => (at(flow) ?? Number.POSITIVE_INFINITY) < before]),
  ];
}

function time(query: Query, parameter: string): number | undefined {
  const value = query.text(parameter);
  if (value === undefined) return undefined;
  const at = Date.parse(value);
  if (Number.isNaN(at)) throw new ApiError('invalid.date', { parameter });
  return at;
}
