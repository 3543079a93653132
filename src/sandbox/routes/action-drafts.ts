import { randomUUID } from 'node:crypto';
import { viewAction, viewWritten } from '../action-view.ts';
import {
  type ActionPatch,
  copyToDraft,
  deleteDraft,
  findDraft,
  patchDraft,
  publishDraft,
  validateDraft,
} from '../actions.ts';
import { type Endpoint, noContent } from '../endpoint.ts';
import { publishDraftInput, updateDraftInput } from '../request-shapes.ts';
import { viewOptions } from './data-actions.ts';
import { actionPermissions, integrationScopes } from './permissions.ts';

const root = '/api/v2/integrations/actions/{actionId}/draft';
const edit = { permissions: actionPermissions.edit, scopes: integrationScopes.write };

/** `integrations/actions/{actionId}/draft`: the one draft that an action may have. */
export const actionDrafts: Endpoint[] = [
  {
    method: 'GET',
    path: root,
    permissions: actionPermissions.view,
    scopes: integrationScopes.read,
    serve: (call) => {
      const draft = findDraft(call.world, call.params['actionId']!, call.lag);
      return viewAction(call.world, draft, { ...viewOptions(call), draft: true });
    },
  },
  {
    method: 'POST',
    path: root,
    ...edit,
    serve: ({ world, params, actor }) => viewWritten(world, copyToDraft(world, params['actionId']!, actor), true),
  },
  {
    method: 'PATCH',
    path: root,
    ...edit,
    body: updateDraftInput,
    serve: ({ world, params, body, actor }) =>
      viewWritten(world, patchDraft(world, params['actionId']!, body as unknown as ActionPatch, actor), true),
  },
  {
    method: 'DELETE',
    path: root,
    permissions: actionPermissions.delete,
    scopes: integrationScopes.write,
    serve: ({ world, params, actor }) => {
      deleteDraft(world, params['actionId']!, actor);
      return noContent;
    },
  },
  {
    method: 'GET',
    path: `${root}/validation`,
    permissions: actionPermissions.edit,
    scopes: integrationScopes.read,
    serve: ({ world, params, lag }) => {
      const errors = validateDraft(world, findDraft(world, params['actionId']!, lag));
      return { valid: errors.length === 0, errors: errors.map((error) => error.toBody(randomUUID())) };
    },
  },
  {
    method: 'POST',
    path: `${root}/publish`,
    ...edit,
    body: publishDraftInput,
    serve: ({ world, params, body, actor }) =>
      viewWritten(world, publishDraft(world, params['actionId']!, body['version'] as number, actor)),
  },
];
