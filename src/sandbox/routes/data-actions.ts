import { askedFor, viewAction, viewWritten } from '../action-view.ts';
import {
  type ActionInput,
  type ActionPatch,
  createAction,
  createDraft,
  deleteAction,
  findAction,
  patchAction,
} from '../actions.ts';
import { type Call, type Endpoint, noContent } from '../endpoint.ts';
import { ApiError } from '../errors.ts';
import { listing, page, sorted } from '../paging.ts';
import type { ActionRecord } from '../records.ts';
import { postActionInput, updateActionInput } from '../request-shapes.ts';
import { visible } from '../visibility.ts';
import { actionPermissions, integrationScopes } from './permissions.ts';

const read = { permissions: actionPermissions.view, scopes: integrationScopes.read };
const add = { permissions: actionPermissions.add, scopes: integrationScopes.write };
const root = '/api/v2/integrations/actions';
const sortFields = ['id', 'name', 'category', 'integrationId', 'version', 'secure'] as const;

/** The published limit of the filter `ids`. */
const maxIds = 50;

/** `integrations/actions`: published data actions. */
export const dataActions: Endpoint[] = [
  {
    method: 'GET',
    path: root,
    ...read,
    serve: (call) => listActions(call, call.world.actions.list(call.lag), false),
  },
  {
    method: 'POST',
    path: root,
    ...add,
    body: postActionInput,
    serve: ({ world, body, actor }) => viewWritten(world, createAction(world, body as unknown as ActionInput, actor)),
  },
  {
    method: 'GET',
    path: `${root}/drafts`,
    ...read,
    serve: (call) => listActions(call, call.world.drafts.list(call.lag), true),
  },
  {
    method: 'POST',
    path: `${root}/drafts`,
    ...add,
    body: postActionInput,
    serve: ({ world, body, actor }) =>
      viewWritten(world, createDraft(world, body as unknown as ActionInput, actor), true),
  },
  { method: 'GET', path: `${root}/categories`, ...read, serve: listCategories },
  {
    method: 'GET',
    path: `${root}/{actionId}`,
    ...read,
    serve: (call) =>
      viewAction(call.world, findAction(call.world, call.params['actionId']!, call.lag), viewOptions(call)),
  },
  {
    method: 'PATCH',
    path: `${root}/{actionId}`,
    permissions: actionPermissions.edit,
    scopes: integrationScopes.write,
    body: updateActionInput,
    serve: ({ world, params, body, actor }) =>
      viewWritten(world, patchAction(world, params['actionId']!, body as unknown as ActionPatch, actor)),
  },
  {
    method: 'DELETE',
    path: `${root}/{actionId}`,
    permissions: actionPermissions.delete,
    scopes: integrationScopes.write,
    serve: ({ world, params, actor }) => {
      deleteAction(world, params['actionId']!, actor);
      return noContent;
    },
  },
];

/** What the query of a single GET asks for. */
export function viewOptions({ query }: Call) {
  return askedFor(query.choice('expand', 'contract'), query.flag('includeConfig'), query.flag('flatten'));
}

function listActions(call: Call, actions: ActionRecord[], draft: boolean) {
  const { query, world } = call;
  const ids = query.list('ids');
  if (ids.length > maxIds) {
    const allowed = `at most ${maxIds} ids`;
    throw new ApiError('invalid.query.param.value', { value: `${ids.length} ids`, parameter: 'ids', allowed });
  }
  const [name, category] = [query.text('name')?.toLowerCase(), query.text('category')];
  const [secure, auth, config] = [query.flag('secure'), query.flag('includeAuthActions'), query.flag('includeConfig')];
  const found = visible(call.caller, actions).filter(
    (action) =>
      (auth || !action.auth) &&
      (ids.length === 0 || ids.includes(action.id)) &&
      (name === undefined || action.name.toLowerCase().includes(name)) &&
      (category === undefined || action.category === category) &&
      (secure === undefined || action.secure === secure),
  );
  return listing(call, sorted(call, found, sortFields), (action) =>
    viewAction(world, action, { config: config ?? false, draft }),
  );
}

function listCategories(call: Call) {
  const secure = call.query.flag('secure');
  const actions = visible(call.caller, call.world.actions.list(call.lag)).filter((action) => !action.auth);
  const counted = actions.filter((action) => secure === undefined || action.secure === secure);
  const names = [...new Set(counted.map((action) => action.category))];
  return page(
    call,
    sorted(
      call,
      names.map((name) => ({ name })),
      ['name'],
    ),
  );
}
