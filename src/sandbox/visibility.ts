import { ApiError, invalid, notFound } from './errors.ts';
import type { Caller } from './oauth.ts';
import type { ActionRecord, OAuthClientRecord } from './records.ts';
import type { World } from './world.ts';

/** What a client does not see: its lists come shorter, without a word, and what it asks for by id is refused. */
export interface HiddenActions {
  /** By id or by name. */
  actions: string[];
  /** The same for flows, which jobs then do not find either. */
  flows?: string[];
  /** The answer to a call for one of them by its id; default 403. */
  answer?: 403 | 404;
}

/** @throws ApiError 403 or 404 when the call is for an action that is hidden from its client */
export function refuseHidden(world: World, { client: { hidden } }: Caller, params: Record<string, string>): void {
  const id = params['actionId'];
  if (!hidden || id === undefined) return;
  const names = [world.actions.get(id)?.name, world.drafts.get(id)?.name];
  if (![id, ...names].some((name) => name !== undefined && hidden.actions.includes(name))) return;
  throw hidden.answer === 404 ? notFound() : new ApiError('not.authorized');
}

/** @throws ApiError 403 or 404 when the call is for a flow that is hidden from its client */
export function refuseHiddenFlow(world: World, { client }: Caller, id: string | undefined): void {
  const flow = id === undefined ? undefined : world.flows.get(id);
  if (!flow || seesFlow(client, flow)) return;
  throw client.hidden?.answer === 404 ? new ApiError('architect.flow.not.found') : new ApiError('not.authorized');
}

/** Whether a client sees a flow; one that is unknown sees all. */
export function seesFlow(
  client: Pick<OAuthClientRecord, 'hidden'> | undefined,
  { id, name }: { id: string; name: string },
): boolean {
  const hidden = client?.hidden?.flows ?? [];
  return !hidden.includes(id) && !hidden.includes(name);
}

/** Those of these actions that the caller sees in a list. */
export function visible({ client: { hidden } }: Caller, actions: ActionRecord[]): ActionRecord[] {
  if (!hidden) return actions;
  return actions.filter(({ id, name }) => !hidden.actions.includes(id) && !hidden.actions.includes(name));
}

/** Changes what a client may do or see, from its next call on. @throws ApiError 400 on an unknown client */
function changeClient(
  world: World,
  id: string,
  change: (client: OAuthClientRecord) => Partial<OAuthClientRecord>,
): void {
  const client = world.clients.get(id);
  if (!client) throw invalid(`There is no client ${id}`, 'client');
  world.clients.set(id, { ...client, ...change(client) });
}

/** Takes permissions from a client, also from one that may do everything, until they are given back. */
export function takePermissions(world: World, clientId: string, permissions: readonly string[]): void {
  changeClient(world, clientId, ({ withheld = [] }) => ({ withheld: [...withheld, ...permissions] }));
}

/** Gives back what was taken; a client with a list of permissions gets them in any case. */
export function givePermissions(world: World, clientId: string, given: readonly string[]): void {
  changeClient(world, clientId, ({ withheld = [], permissions }) => ({
    withheld: withheld.filter((name) => !given.includes(name)),
    ...(permissions && { permissions: [...new Set([...permissions, ...given])] }),
  }));
}

/** Takes scopes from a client and its tokens, also from one that has all, until they are given back. */
export function takeScopes(world: World, clientId: string, scopes: readonly string[]): void {
  changeClient(world, clientId, ({ withheldScopes = [] }) => ({ withheldScopes: [...withheldScopes, ...scopes] }));
}

/** Gives back what was taken; a client with a list of scopes gets them in any case, for its next token. */
export function giveScopes(world: World, clientId: string, given: readonly string[]): void {
  changeClient(world, clientId, ({ withheldScopes = [], scopes }) => ({
    withheldScopes: withheldScopes.filter((scope) => !given.includes(scope)),
    ...(scopes && { scopes: [...new Set([...scopes, ...given])] }),
  }));
}

/** Hides actions from a client, in place of those that were; without `hidden` it sees everything again. */
export function hideActions(world: World, clientId: string, hidden?: HiddenActions): void {
  changeClient(world, clientId, () => ({ hidden }));
}
